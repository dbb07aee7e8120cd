"""The workbench Code grid. The browser fills these in: `{name}` is replaced there, without format specification."""

WORKBENCH: dict[str, tuple[str, str]] = {
    "workbench.title": ("Code grid", "码网格"),
    "workbench.intro": (
        "How the selected image becomes {cells} numbers and a picture again. Point at a cell: the same place lights in "
        "every stage and on the plane above. Then take one of the {codes} codes and paint.",
        "所选图像怎样变成 {cells} 个编号、又变回一张图。指向一格：每一步和上方平面中的同一位置都会亮起。"
        "再从 {codes} 个码向量中取一个来涂画。",
    ),
    "workbench.untouched": ("As encoded: the image's own codes", "未改动：图像自己的码向量"),
    "workbench.edited": (
        "Edited: {edited} of {total} cells differ from the image",
        "已改动：{total} 格中有 {edited} 格与原图不同",
    ),
    "workbench.restore": ("Put the image's codes back", "恢复图像自己的码向量"),
    # stages
    "workbench.stage.original": ("picture", "图像"),
    "workbench.stage.features": ("encoder features", "编码器特征"),
    "workbench.stage.codes": ("codes", "码向量的编号"),
    "workbench.stage.quantized": ("quantised", "量化后"),
    "workbench.stage.decoded": ("decoded from these codes", "由这些码向量解码"),
    "workbench.arrow.encoder": ("encode", "编码"),
    "workbench.arrow.nearest": ("nearest code", "最近的码向量"),
    "workbench.arrow.lookup": ("look up", "查表"),
    "workbench.arrow.decoder": ("decode", "解码"),
    "workbench.grid.label": (
        "Grid of codes, {rows} rows and {columns} columns. Arrow keys move, Enter uses the tool, Shift with an arrow "
        "paints on, P takes the code here, Control Z undoes.",
        "{rows} 行 {columns} 列的码网格。方向键移动，回车使用工具，Shift 加方向键连续涂画，P "
        "取此处的码向量，Ctrl+Z 撤销。",
    ),
    "workbench.read.cell": ("row {row}, column {column}", "第 {row} 行第 {column} 列"),
    "workbench.read.vectors": (
        "zₑ = {z}, code vector {e}, {distance} apart",
        "zₑ = {z}，码向量 {e}，相距 {distance}",
    ),
    "workbench.read.code": (
        "code {code}, used {hits} times in the test set",
        "码 {code}，测试集中用了 {hits} 次",
    ),
    "workbench.read.dead": ("code {code}, dead: no test image uses it", "码 {code}，死码：没有测试图像用到它"),
    "workbench.read.painted": ("painted; the image has code {own}", "已涂改；原图此处是码 {own}"),
    "workbench.key.plane": (
        "Colour is the place on the plane above: hue the direction from the middle of the codes in use, strength the "
        "distance. A number on a tile is the code; a dark corner marks a painted cell.",
        "颜色表示在上方平面中的位置：色相是相对在用码向量中心的方向，浓淡是距离。格中的数是码向量的编号；深色角标记涂改过的格。",
    ),
    "workbench.key.projected": (
        "Vectors of {size} numbers, coloured by their place on the {method} map above (fitted on encoder outputs): hue "
        "the direction from the middle of the codes in use, strength the distance. What looks near there may be far "
        "apart in {size} dimensions.",
        "每个向量有 {size} 个数，颜色取其在上方 {method} 图（由编码器输出拟合）中的位置："
        "色相是相对在用码向量中心的方向，"
        "浓淡是距离。图上相近的码向量在 {size} 维中仍可能相距很远。",
    ),
    "workbench.key.number": (
        "Vectors of one number make no plane: colours only tell codes apart.",
        "每个向量只有一个数，不成平面：颜色只用来区分各码向量。",
    ),
    # tools
    "workbench.tools": ("Tools", "工具"),
    "workbench.tool.pick": ("Pick", "取码"),
    "workbench.tool.paint": ("Paint", "涂画"),
    "workbench.tool.fill": ("Fill", "填充"),
    "workbench.tool.copy": ("Copy from…", "从别图复制…"),
    "workbench.hint.pick": (
        "Choose a cell to take its code; or take one from the plane, the palette or the atlas.",
        "点一格取它的码向量；也可以从平面、调色板或图册中取。",
    ),
    "workbench.hint.paint": (
        "Drag over codes or over the decoded picture. The picture follows.",
        "在码网格或解码图上拖动，图像随之改变。",
    ),
    "workbench.hint.fill": (
        "Choose a cell: it and its neighbours of the same code change.",
        "点一格：它和码向量相同的邻格一起改变。",
    ),
    "workbench.hint.copy": (
        "Mark a region of another image, then choose where its middle should go.",
        "在另一张图上框一块，再点它的中心要放到哪里。",
    ),
    "workbench.steps": ("Steps", "操作"),
    "workbench.undo": ("Undo", "撤销"),
    "workbench.redo": ("Redo", "重做"),
    "workbench.clear": ("Clear", "清除"),
    "workbench.all": ("Fill all", "全部填充"),
    "workbench.random": ("Random codes", "随机码向量"),
    "workbench.permute": ("Permute cells", "打乱格子"),
    "workbench.palette": ("Palette of codes", "码向量的调色板"),
    "workbench.sort": ("Palette by", "调色板按"),
    "workbench.sort.use": ("use", "使用次数"),
    "workbench.sort.colour": ("colour", "颜色"),
    "workbench.swatch": ("code {code}, used {hits} times", "码 {code}，用了 {hits} 次"),
    "workbench.swatch.dead": ("code {code}, dead", "码 {code}，死码"),
    "workbench.hand": ("In hand: code {code}, used {hits} times", "手中：码 {code}，用了 {hits} 次"),
    "workbench.hand.dead": ("In hand: code {code}, dead", "手中：码 {code}，死码"),
    # copying
    "workbench.source.hint": (
        "Choose an image, drag a rectangle over it, then copy it to the same place or choose a cell of the grid.",
        "选一张图，在上面拖出一个矩形，再复制到同一位置，或点码网格中的一格。",
    ),
    "workbench.source.label": (
        "Image to copy from. Arrow keys move the rectangle, with Shift they change its size, Enter copies it.",
        "要复制的图像。方向键移动矩形，加 Shift 改变大小，回车复制。",
    ),
    "workbench.other": ("from: {name}", "来源：{name}"),
    "workbench.paste": ("Copy to the same place", "复制到同一位置"),
    "workbench.swap": ("Try: 🐶's ears on 🐱", "试试：把 🐶 的耳朵给 🐱"),
    "workbench.swap.glasses": ("Try: another face's glasses", "试试：戴上另一张脸的眼镜"),
    # who answers
    "workbench.waiting": ("Measuring…", "正在测量……"),
    "workbench.answers.title": ("Who answers?", "哪些像素会变？"),
    "workbench.footprint.tip": (
        "Footprint = (Σ|Δ|)² / (P·ΣΔ²) over the picture's P pixels, Δ the change of a pixel as it is shown (mean over "
        "colours). 1 if all pixels change alike, m/P if m of them do, whatever the strength.",
        "足迹 = (Σ|Δ|)² / (P·ΣΔ²)，对图像的 P 个像素求和，Δ 是像素显示值的变化（对颜色取平均）。"
        "所有像素变得一样多时为 1，只有 m 个像素同等变化时为 m/P，与变化强弱无关。",
    ),
    "workbench.answers.intro": (
        "Change one number of the latent and look which pixels follow. Bright: changed most. Dashed: what the "
        "decoder's convolutions could reach at most, its theoretical receptive field.",
        "改动隐变量中的一个数，看哪些像素跟着变。越亮变得越多。虚线：解码器的卷积最多能到达的范围，即理论感受野。",
    ),
    "workbench.answers.unit.ae": (
        "Move one unit of z by one standard deviation of the test set's z.",
        "把 z 的一个分量移动测试集 z 的一个标准差。",
    ),
    "workbench.answers.unit.vae": (
        "Move one unit of z by one standard deviation of the test set's posterior means.",
        "把 z 的一个分量移动测试集后验均值的一个标准差。",
    ),
    "workbench.answers.code": (
        "Exchange one code for the one in hand. Choose another cell to move there.",
        "把一个码向量换成手中的码向量。点其他格可换位置。",
    ),
    "workbench.answers.moved": ("{unit} + {amount}", "{unit} + {amount}"),
    "workbench.answers.exchanged": (
        "row {row}, column {column}: code {here} → {other}",
        "第 {row} 行第 {column} 列：码 {here} → {other}",
    ),
    "workbench.answers.before": ("before", "之前"),
    "workbench.answers.after": ("after", "之后"),
    "workbench.answers.map": ("change", "变化"),
    "workbench.answers.average": ("average change", "平均变化"),
    "workbench.answers.nothing": ("nothing changes", "没有变化"),
    "workbench.answers.peak": ("footprint; at most {peak} per pixel", "足迹；单个像素最多变 {peak}"),
    "workbench.answers.n": (
        "footprint, mean ± SD over {n} of {total} test images; at most {peak} per pixel",
        "足迹，{total} 张测试图像中 {n} 张的均值 ± 标准差；单个像素最多变 {peak}",
    ),
    "workbench.answers.verdict": (
        "Over {n} test images each: {unit} of the {kind} answers with {left} of the picture, one code of the VQ-VAE, "
        "at any cell and exchanged for another by use, with {right}: {times} times less. One z is the whole picture, "
        "one code is a patch.",
        "各取 {n} 张测试图像：{kind} 的 {unit} 牵动全图的 {left}；VQ-VAE "
        "任一格的码向量按使用频率换成别的码向量，只牵动 "
        "{right}，为前者的 1/{times}。一个 z 是整张图，一个码向量只是一小块。",
    ),
    # atlas
    "workbench.atlas.title": ("Atlas of the codes", "码向量的图册"),
    "workbench.atlas.tip": (
        "Left: the middle 3 × 3 cells of a decoded grid with this code in the middle and, around it, the code that "
        "most often stands at each distance from it. Right: the mean of the original pixels around every cell that "
        "fell to this code.",
        "左：把这个码向量放在格子正中、周围放上在各个相对位置最常见的码向量，解码后的正中 3 × 3 格。"
        "右：所有归到这个码向量的格子周围原图像素的平均。",
    ),
    "workbench.atlas.intro": (
        "What each code draws among its usual neighbours, and beside it the mean of the patches that used it; by use, "
        "counted over {n} cells of the test set: {used} of {total} codes are in use. Choose one to take it in hand.",
        "每个码向量在常见邻居之间画出的样子，旁边是用到它的图块的平均；按使用次数排列，对测试集的 {n} 格计数："
        "{total} 个码向量中 {used} 个在用。点一个拿到手中。",
    ),
    "workbench.atlas.too_large": (
        "This codebook is too large for an atlas: choose a run with fewer codes.",
        "这个码本太大，没有图册：请选择码向量更少的模型。",
    ),
    "workbench.atlas.more": ("Show {more} more of {total}", "再显示 {more} 个（共 {total} 个）"),
    "workbench.atlas.card": (
        "code {code}: {hits} of {total} cells of the test set; take it in hand",
        "码 {code}：测试集 {total} 格中的 {hits} 格；拿到手中",
    ),
    "workbench.atlas.card.dead": (
        "code {code}: dead, none of {total} cells uses it ({hits}); take it in hand",
        "码 {code}：死码，{total} 格中无一使用（{hits}）；拿到手中",
    ),
    "workbench.atlas.dead": ("dead", "死码"),
    # information
    "workbench.information.title": ("What a code knows of the class", "一个码向量知道多少类别"),
    "workbench.information.tip": (
        "Mutual information of the code at a position and the image's class, in bits, counted over the test set. A "
        "count finds some by chance alone: the mean of the same count with shuffled labels is taken off, and drawn "
        "beside it.",
        "某位置的码向量与图像类别的互信息，单位比特，在测试集上计数。单凭偶然也会数出一些："
        "已减去打乱标签后同样计数的平均值，并画在旁边。",
    ),
    "workbench.information.intro": (
        "Does VQ take features apart from the picture, so that one code would be an ear and another a sleeve? Then a "
        "code alone should tell the class.",
        "VQ 会不会把特征从图像中拆出来，比如一个码向量是耳朵、另一个码向量是袖子？若是，单凭一个码向量就该能说出类别。",
    ),
    "workbench.information.bits": ("bits over chance", "超出偶然的比特"),
    "workbench.information.null": ("by chance alone", "仅凭偶然"),
    "workbench.information.scale": ("{top} bits", "{top} 比特"),
    "workbench.information.read": (
        "row {row}, column {column}: {bits} of {all} bits; by chance {null} ± {spread}",
        "第 {row} 行第 {column} 列：{all} 比特中的 {bits}；仅凭偶然 {null} ± {spread}",
    ),
    "workbench.information.found": (
        "The class has {all} bits ({n} test images). With its place, a code says {mean} of them on average and {best} "
        "at best; without its place, {anywhere}. Chance alone: {null} (mean of {times} shuffles, taken off).",
        "类别共 {all} 比特（{n} 张测试图像）。连同位置，一个码向量平均说出 {mean}、最多 {best}；"
        "不看位置只说出 {anywhere}。仅凭偶然：{null}（{times} 次打乱的均值，已减去）。",
    ),
    "workbench.information.place": (
        "So codes here are strokes and tones, not ears and sleeves: what one means comes from where it stands. The "
        "picture is taken apart by place, not by feature. Test it above: 🐶's ears are copied as pieces of a picture.",
        "可见这里的码向量是笔触和色调，而不是耳朵和袖子：一个码向量的意义来自它站的位置。图像是按位置拆开的，"
        "不是按特征。可在上面验证：🐶 的耳朵是作为图块被复制的。",
    ),
    "workbench.information.alone": (
        "So here a code says much even without its place: some codes do belong to some classes. That is still far from "
        "a part such as an ear: look in the atlas at what they draw.",
        "可见这里即使不看位置，一个码向量也能说出不少：有些码向量确实属于某些类别。"
        "但这离“一只耳朵”还很远：在图册里看看它们画的是什么。",
    ),
}
