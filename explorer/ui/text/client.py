"""Sentences the client fills in: `{name}` is replaced in the browser, so no format specification may stand in them."""

CLIENT: dict[str, tuple[str, str]] = {
    "client.point": ("z = ({x}, {y})", "z = ({x}, {y})"),
    "client.centre": ("the prior's centre", "先验中心"),
    "client.centre_ae": ("z = (0, 0); an AE has no prior", "z = (0, 0)；AE 没有先验"),
    "client.pinned": ("pinned · z = ({x}, {y})", "已固定 · z = ({x}, {y})"),
    "client.code": ("code {code} · {hits} of {total} vectors", "码 {code} · {total} 个向量中的 {hits} 个"),
    "client.code_dead": ("code {code} · dead: none of {total} vectors", "码 {code} · 死码：{total} 个向量无一命中"),
    "client.code_here": ("{cells} of {total} cells", "{total} 格中的 {cells} 格"),
    "client.code_moved": (
        "code {code}, moved: {now} of {drawn} drawn vectors, {before} before",
        "码 {code}，已移动：画出的 {drawn} 个向量中的 {now} 个，原为 {before} 个",
    ),
    "client.moved": ("with the codes you moved", "使用你移动过的码向量"),
    "client.point_at_code": ("drag a ringed code, or point at any", "拖动带环的码向量，或指向任意一个"),
    "client.point_at_code.touch": ("tap a ringed code, then drag it", "先点一个带环的码向量，再拖动它"),
    "client.panel": ("{side}: {model}", "{side}：{model}"),
    "client.side.left": ("left", "左侧"),
    "client.side.right": ("right", "右侧"),
    "client.side.ae": ("for comparison", "作为对照"),
    "client.spoken.near": ("{place}; the nearest test image: {name}", "{place}；最近的测试图像：{name}"),
    "client.spoken.pinned": ("{said}; pinned", "{said}；已固定"),
    "client.draw": ("draw {draw}: z = ({x}, {y})", "第 {draw} 次抽样：z = ({x}, {y})"),
    "client.magnified": ("×{factor} · 1, 2 σ", "×{factor} · 1、2 σ"),
    "client.thumbs_shown": ("{count} of {total} images", "{total} 张图中的 {count} 张"),
    "client.thumbs_failed": ("The pictures could not be loaded.", "图像载入失败。"),
    # patches of a code
    "client.patches": (
        "Code {code} in test images: {shown} of {total} patches. A patch is what the encoder saw (18 × 18 pixels); "
        "framed: the code's own cell. Choose one to select its image.",
        "测试图像中的码 {code}：{total} 个图块中的 {shown} 个。图块是编码器看到的区域（18 × 18 像素）；"
        "框内是这个码向量自己的格子。点一个即可选中它所在的图。",
    ),
    "client.patches_dead": (
        "Code {code} is dead: no patch of the test images falls to it.",
        "码 {code} 是死码：没有任何测试图像的图块归到它。",
    ),
    "client.patches_moved": (
        "The code is where the run has it, not where you moved it.",
        "这里的码向量在模型原来的位置，不在你移动到的位置。",
    ),
    "client.patch": ("Image {image}, cell {cell}", "图像 {image}，第 {cell} 格"),
    "client.close": ("Close", "关闭"),
    # tools under a plane
    "client.tool.thumbs": ("Pictures", "图像"),
    "client.tool.thumbs.tip": (
        "Draw test images in place of dots: as many as fit. Zoom in for more.",
        "用测试图像代替圆点，放得下多少画多少；放大可看到更多。",
    ),
    "client.tool.manifold": ("Decoded map", "解码图"),
    "client.tool.manifold.tip": (
        "What every place of the plane decodes to, behind the points.",
        "平面上每个位置解码成什么，画在点的后面。",
    ),
    "client.tool.resample": ("Resample ε", "重抽 ε"),
    "client.tool.resample.tip": (
        "Draw z = μ + σ·ε from the selected image's posterior and decode it.",
        "从所选图像的后验中抽取 z = μ + σ·ε 并解码。",
    ),
    "client.tool.putBack": ("Put back ({count})", "放回（{count}）"),
    "client.tool.putBack.tip": (
        "Moved codes go back to where the run has them.",
        "把移动过的码向量放回这个模型原来的位置。",
    ),
    "client.tool.out": ("Zoom out (−)", "缩小（−）"),
    "client.tool.in": ("Zoom in (+)", "放大（+）"),
    "client.tool.home": ("Whole plane (0, or two taps or clicks)", "整个平面（0 或双击）"),
    "client.tool.linked": ("Zoom both planes together", "两个平面一起缩放"),
    "client.label.tip": (
        "z = 2: two numbers for each image; 2 × grid: two for each cell of a grid. D: numbers of a code, K: codes, "
        "then what moves them. β: weight of the KL, if not 1; seed: if not 0.",
        "z = 2：每张图两个数；2 × 网格：网格每格两个数。D：每个码向量的维数，K：码数，其后是更新码向量的方式。"
        "β：KL 的权重（不为 1 时）；种子：随机种子（不为 0 时）。",
    ),
    "client.plane.axes": (
        "Across: {x}. Up: {y}. One scale for both.",
        "横轴：{x}。纵轴：{y}。两轴同一比例。",
    ),
    "client.grid": (
        "{distinct} codes in {total} cells, a grey for each code",
        "{total} 格，用到 {distinct} 个码向量，每个码向量一种灰",
    ),
    "client.points_outside": ("{count} points outside", "{count} 个点在图外"),
    "client.outside": ("codes outside: {count}", "{count} 个码向量在图外"),
    "client.copied": ("Copied", "已复制"),
    "client.copied_own": (
        "Copied: who has it sees your trainings, and changes none",
        "已复制：拿到链接的人能看到你的训练，但不能改动",
    ),
    "client.copied_steer": ("Copied: who has it steers your trainings", "已复制：拿到链接的人能控制你的训练"),
    "client.foreign.watch": (
        "These trainings belong to whoever gave you the link: you see them, and change none.",
        "这些训练属于给你链接的人：你可以查看，但不能改动。",
    ),
    "client.foreign.steer": (
        "These trainings belong to whoever made the link: whatever you start, stop or delete here is theirs.",
        "这些训练属于制作链接的人：你在这里开始、停止或删除的都是他们的训练。",
    ),
    "client.copy_failed": ("Copy it from the address bar", "请从地址栏复制"),
    "client.weights_failed": (
        "The decoder could not be loaded: reload the page.",
        "解码器载入失败：请刷新页面。",
    ),
    "client.points_failed": ("The points could not be loaded: reload the page.", "数据点载入失败：请刷新页面。"),
    "client.chart.line": (
        "{title}: {count} values from {from} at {first} to {to} at {last}; lowest {low}, highest {high}",
        "{title}：{count} 个值，从 {first} 处的 {from} 到 {last} 处的 {to}；最低 {low}，最高 {high}",
    ),
    "client.chart.one": ("{title}: {y} at {x}", "{title}：{x} 处为 {y}"),
    "client.chart.values": ("values", "数值"),
    "client.chart.more": ("and {count} more", "另有 {count} 组"),
    "client.chart_failed": ("The charts could not be loaded: reload the page.", "图表载入失败：请刷新页面。"),
    "client.chart_reset": ("Undo zoom", "撤销缩放"),
    "client.chart_save": ("Save as {format}", "存为 {format}"),
    "client.offline": (
        "The server does not answer. What you see is the last state.",
        "服务器没有响应，当前显示的是最后的状态。",
    ),
    "client.map": ("Drawn by", "绘制方式"),
    "client.map.pca.tip": (
        "The flat shadow of largest variance: straight lines stay straight.",
        "方差最大的平面投影：直线仍是直线。",
    ),
    "client.map.umap.tip": (
        "Neighbours side by side: what is near stays near, but distances mean little.",
        "把相邻者放在一起：近的仍近，但距离没有多大意义。",
    ),
    "client.map.absent": ("{run} brings no UMAP.", "{run} 没有自带 UMAP。"),
    "client.map.make": ("Make it (about a minute)", "计算（约一分钟）"),
    "client.map.neighbours": ("UMAP: looking for neighbours…", "UMAP：正在寻找近邻……"),
    "client.map.epoch": ("UMAP: epoch {epoch} of {epochs}", "UMAP：第 {epoch} / {epochs} 轮"),
    "client.map.cancel": ("Cancel", "取消"),
    "client.map.cancelled": ("Cancelled.", "已取消。"),
    "client.map.failed": (
        "The UMAP could not be made: the server's log says why.",
        "UMAP 计算失败：原因见服务器日志。",
    ),
    "client.lifted": ("on the plane at ({x}, {y})", "平面上 ({x}, {y}) 处"),
    "client.lifted_pinned": ("pinned · on the plane at ({x}, {y})", "已固定 · 平面上 ({x}, {y}) 处"),
    "client.plane.gaussian": (
        "{model}: {points} test images as points; {image} lies at ({x}, {y}) with σ = ({sigma})",
        "{model}：{points} 张测试图像画成点；{image} 位于 ({x}, {y})，σ = ({sigma})",
    ),
    "client.plane.points": (
        "{model}: {points} test images as points; {image} lies at ({x}, {y})",
        "{model}：{points} 张测试图像画成点；{image} 位于 ({x}, {y})",
    ),
    "client.plane.codes": (
        "{model}: {codes} codes ({dead} of them dead) among {points} of {total} encoder outputs; "
        "{image} uses {distinct} of them",
        "{model}：{total} 个编码器输出中的 {points} 个，{codes} 个码向量（{dead} 个死码）；{image} "
        "用到 {distinct} 个码向量",
    ),
    "client.plane.pinned": ("Pinned at ({x}, {y})", "固定在 ({x}, {y})"),
    "client.plane.code": ("Code {code} is pinned: {hits} vectors fall to it", "已固定码 {code}：{hits} 个向量归于它"),
    "client.plane_point": (
        "Latent plane. Arrow keys move a point, Enter pins it, Escape lets go; plus and minus zoom, 0 shows all.",
        "隐空间平面。方向键移动，回车固定，Esc 松开；加减号缩放，0 显示全部。",
    ),
    "client.plane_codes": (
        "Codebook plane. Arrow keys go from code to code, with Shift they move it; Enter pins one, Escape lets go, "
        "Delete puts moved codes back; plus and minus zoom, 0 shows all.",
        "码本平面。方向键在码向量之间移动，按住 Shift 则移动这个码向量；回车固定，Esc 松开，Delete 放回移动过的码向量；"
        "加减号缩放，0 显示全部。",
    ),
    "client.measuring": (
        "Measuring both models on the whole test split: some seconds, once for each run …",
        "正在整个测试集上测量两个模型：每个模型只测一次，需要几秒 …",
    ),
    "client.features.knows": (
        "{unit} knows {bits} of {entropy} bits of {feature}",
        "{unit}说出了“{feature}”的 {bits} / {entropy} 比特",
    ),
    "client.features.chance": (
        "{unit} knows no more of {feature} than chance",
        "{unit}对“{feature}”不比偶然知道得多",
    ),
    "client.between.picture": (
        "{model}, picture {step} of {total}: {cls}, {confidence} %",
        "{model}，第 {step} / {total} 张：{cls}，{confidence} %",
    ),
    "client.between.unseen": ("{model}, picture {step} of {total}", "{model}，第 {step} / {total} 张"),
    "client.between.compare": ("Compare with {image}", "与{image}比较"),
}
