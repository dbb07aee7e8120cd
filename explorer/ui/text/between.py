"""Between two pictures, and the AE's plane beside the VAE's."""

BETWEEN: dict[str, tuple[str, str]] = {
    "between.title": ("Between two pictures", "两张图之间"),
    "between.lead": (
        "Nine pictures from one to the other in even steps. AE and VAE move the latent in a straight line; the VQ-VAE "
        "moves the encoder output of every grid cell and then takes the nearest codes; the cross-fade only mixes "
        "pixels. Point at a picture and its place appears on the planes.",
        "从一张图到另一张，等步走九张。AE 和 VAE 沿直线移动隐变量；VQ-VAE 移动每一格的编码器输出，再取最近的码向量；"
        "“像素混合”只混合像素。指向一张图，它的位置会出现在各平面上。",
    ),
    "between.swap": ("Swap the two", "交换两张图"),
    "between.compare": ("Compare with…", "与…比较"),
    "between.choosing": (
        "Choose the second picture; Escape lets go. With a mouse: Shift and a click in the strip on top, or in "
        "Reconstruct.",
        "选第二张图；按 Esc 取消。在上方图像条或“重建”页中按住 Shift 点击也可以。",
    ),
    "between.clear": ("Back to the usual pair", "恢复默认的一对"),
    "between.fade": ("Cross-fade", "像素混合"),
    "between.fade.name": ("pixels mixed", "逐像素混合"),
    "between.loading": ("Looking at both…", "正在计算……"),
    "between.ratio": ("Path", "路径"),
    "between.ratio.tip": (
        "Path ratio Σ‖Δf‖ / ‖f₁ − f₀‖ in the classifier's features f: 1 is the straight way, 2 is a way twice as long. "
        "f₀ and f₁ are the row's own ends.",
        "路径比 Σ‖Δf‖ / ‖f₁ − f₀‖，f 是分类器的特征：1 表示直线，2 表示两倍长。f₀、f₁ 是这一行自己的两端。",
    ),
    "between.largest": ("Largest step", "最大一步"),
    "between.largest.tip": (
        "Largest step max‖Δf‖ / Σ‖Δf‖ in the classifier's features: eight even steps give 12.5 %, one jump 100 %.",
        "最大一步 max‖Δf‖ / Σ‖Δf‖（分类器特征）：均匀的八步是 12.5 %，一步跳完是 100 %。",
    ),
    "between.middle": ("Half way", "中点"),
    "between.middle.tip": (
        "The classifier's most probable class for the fifth picture, and how sure it is. A sure answer is no proof of "
        "a good picture: it may be a third class.",
        "分类器对第五张图给出的最可能类别及其把握。把握大不等于图好：也可能是第三个类别。",
    ),
    # what the numbers say
    "between.eye": (
        "Seen by the project's small classifier of {classes} classes: right on {accuracy} % of {n} test images. "
        "Largest steps and paths are those of exactly these nine pictures.",
        "由本项目的小分类器（{classes} 类）来看：在 {n} 张测试图像上的准确率为 {accuracy} %。"
        "路径与最大一步算的正是这九张图。",
    ),
    "between.unseen": (
        "No figures: they are measured with a small classifier, which only the bundled image sets have.",
        "没有数值：它们由小分类器度量，而只有随程序附带的图像集才有分类器。",
    ),
    "between.question": (
        "Do we need what lies between “{a}” and “{b}”?",
        "我们需要“{a}”与“{b}”之间的东西吗？",
    ),
    "between.seen": ("{model} {confidence} % {cls}", "{model} {confidence} %（{cls}）"),
    "between.halfway": ("Half way the classifier says of the class: {seen}.", "走到一半，分类器对类别的判断：{seen}。"),
    "between.middle.third": (
        "The {model}'s way leads through something that neither picture is ({confidence} % {cls}).",
        "{model} 的路经过了两张图都不是的东西（{confidence} % {cls}）。",
    ),
    "between.middle.surer": (
        "The {model}'s middle is a more definite picture than mixed pixels ({confidence} % against {fade} %).",
        "{model} 的中点比像素混合更确定（{confidence} % 对 {fade} %）。",
    ),
    "between.middle.fade": (
        "The {model}'s middle is not clearly more definite than mixed pixels ({confidence} % against {fade} %).",
        "{model} 的中点并不明显比像素混合更确定（{confidence} % 对 {fade} %）。",
    ),
    "between.middle.thirds": (
        "Half way a class that neither picture is shows on these ways: {ways}.",
        "走到一半，出现了两张图都不是的类别的有：{ways}。",
    ),
    # where more than one way, or the cross-fade, shows such a class
    "between.answer.mixed": (
        "Mixed pixels alone lead to such a class here, so it is no model's own. It is one pair: choose others.",
        "这里单靠像素混合就会得到这样的类别，所以它不是哪个模型自己的东西。这只是一对：换几对再看。",
    ),
    "between.answer.shared": (
        "Mixed pixels show no such class, but more than one model does: it is not one model's own. It is one pair: "
        "choose others.",
        "像素混合没有这样的类别，但不止一个模型有：它不是某一个模型独有的。这只是一对：换几对再看。",
    ),
    "between.answer.ways": (
        "Half way these show what mixed pixels do not, a class of neither picture or a surer one: {ways}. It is one "
        "pair: choose others.",
        "走到一半，给出像素混合给不出的东西（两张图都不是的类别，或更确定的图）的有：{ways}。这只是一对：换几对再看。",
    ),
    # which of the two, VAE and VQ-VAE, has something of its own there
    "between.answer.00": (
        "Between these two neither model shows anything that a cross-fade would not.",
        "这两张图之间，两个模型都没有给出像素混合给不出的东西。",
    ),
    "between.answer.10": (
        "Between these two the VAE has something of its own and the VQ-VAE has not. It is one pair: choose others.",
        "这两张图之间，VAE 有自己的东西，VQ-VAE 没有。这只是一对：换几对再看。",
    ),
    "between.answer.01": (
        "Here it is the VQ-VAE that has something of its own between them: a smooth latent is no promise of a middle "
        "that means something. It is one pair: choose others.",
        "这里反而是 VQ-VAE 在两者之间有自己的东西：隐空间平滑，并不保证中间有意义。这只是一对：换几对再看。",
    ),
    "between.answer.11": (
        "Both models put something of their own between the two, which mixed pixels do not show.",
        "两个模型都在两张图之间放了像素混合给不出的东西。",
    ),
    "between.taken_for": ("“{image}” for {cls}", "把“{image}”看成{cls}"),
    "between.mistaken": (
        "The classifier is wrong about the originals themselves (it takes {wrong}): weigh its opinion accordingly.",
        "分类器连原图也看错了（{wrong}）：这里它的意见要打折扣。",
    ),
    # known features that are neither half way
    "between.half.judge": (
        "Here the classifier's judges of single features speak, not the judge of the class above: they may disagree.",
        "以下是分类器中判断单个特征的裁判，而不是上面判断类别的裁判：两者可能不一致。",
    ),
    "between.half": ("{model}: {what}.", "{model}：{what}。"),
    "between.half.none": (
        "every feature in which the two differ is one or the other half way",
        "两张图不同的每个特征，在中点都是其中一种",
    ),
    "between.half.there": (
        "{feature}: half there ({percent} %), which no picture of this set has",
        "{feature}：半有半无（{percent} %），这个图像集里没有这样的图",
    ),
    "between.half.value": (
        "{feature}: neither one nor the other (likeliest {value}, {percent} %)",
        "{feature}：哪种都不是（最像{value}，{percent} %）",
    ),
    "between.half.more": ("and {more} more", "另有 {more} 个"),
    "between.half.count": ("{model} {count}", "{model} {count} 张"),
    "between.half.counts": (
        "Of the {pictures} pictures of a row so many carry a feature that is neither (no value likelier than .8): "
        "{counts}. Looked at: {features}; features about which the judge doubts in more than a tenth of the originals "
        "are left out, and a judge may doubt because of blur.",
        "每行 {pictures} 张中，带有“哪种都不是”的特征（没有一个取值的概率超过 0.8）的张数：{counts}。"
        "看的特征：{features}；在超过十分之一的原图上裁判都拿不准的特征不计，而且裁判也可能因为模糊而拿不准。",
    ),
    "between.middle.value": ("{value} % {cls}", "{value} % {cls}"),
    "between.comma": (", ", "，"),
    "between.space": (" ", ""),
    # the AE beside the VAE
    "between.ae.title": ("Is an AE's latent unorganised?", "AE 的隐空间是杂乱的吗？"),
    "between.ae.lead": (
        "The same step in both, relative to the spread of each latent: from many test images, in random directions. "
        "How often does the classifier change its mind, how far do the pixels move?",
        "在两个隐空间里走同样的一步（相对于各自的散布）：从许多测试图像出发，方向随机。分类器多久改一次主意？像素移动多远？",
    ),
    "between.ae.loading": ("Taking the steps…", "正在逐步测量……"),
    "between.ae.size": ("Step", "步长"),
    "between.ae.hint": (
        "Choose a step: the circles on both planes show it to scale around the selected image.",
        "选一个步长：两个平面上的圆按比例画出以所选图像为中心的这一步。",
    ),
    "between.ae.mind": ("Class changes", "类别改变"),
    "between.ae.mind.tip": (
        "Share of steps after which the classifier's most probable class differs from that of the picture before the "
        "step. In brackets the 95 % interval: bootstrap over the test images.",
        "走一步之后，分类器最可能的类别与走之前不同的比例。括号内是 95 % 区间：对测试图像做自助法。",
    ),
    "between.ae.pixels": ("Pixels move", "像素移动"),
    "between.ae.pixels.tip": (
        "Root of the mean squared difference (RMSE) of the two decoded pictures in percent of the full range of "
        "values, mean over all steps, with its 95 % interval.",
        "两张解码图的均方根差（RMSE），以像素值满量程的百分数表示，对所有步取平均，附 95 % 区间。",
    ),
    "between.ae.jump": ("a jump", "跳跃"),
    "between.ae.jump.tip": (
        "For scale: not a step but a jump to the latent of another random test image. A latent in which a small step "
        "may land anywhere would reach this at every size.",
        "作为参照：不是一步，而是跳到另一张随机测试图像的隐变量。若走一小步就可能落到任何地方，每个步长都会达到这个数。",
    ),
    "between.ae.measured": (
        "{steps} steps of {size} % of the spread, from {images} test images: the class changes in {ae} % for the AE "
        "and {vae} % for the VAE, a difference of {difference} points ({low} to {high}).",
        "从 {images} 张测试图像出发，走 {steps} 步、步长为散布的 {size} %：类别改变的比例 AE 为 {ae} %，"
        "VAE 为 {vae} %，AE 减 VAE 为 {difference} 个百分点（{low} 至 {high}）。",
    ),
    "between.ae.rougher": (
        "So this AE's latent is rougher than this VAE's.",
        "因此这个 AE 的隐空间比这个 VAE 的更粗糙。",
    ),
    "between.ae.smoother": (
        "So this AE's latent is the smoother one: the usual claim does not hold for this pair.",
        "因此这个 AE 的隐空间反而更平滑：通常的说法在这一对上不成立。",
    ),
    "between.ae.unsettled": (
        "The interval holds 0: this does not show that one is rougher than the other.",
        "区间包含 0：这不足以说明哪一个更粗糙。",
    ),
    "between.ae.pixel_verdict": (
        "Pixels move by {ae} % and {vae} % of the full range.",
        "像素分别移动满量程的 {ae} % 和 {vae} %。",
    ),
    "between.ae.ordered": (
        "A jump to a random test image changes it in {jump} %: “unorganised” says too much.",
        "跳到随机测试图像时改变的比例是 {jump} %，远多于走一步，说它“杂乱”就过头了。",
    ),
    "between.ae.anywhere": (
        "A jump to a random test image changes it in {jump} %, hardly more than a step: “unorganised” fits.",
        "跳到随机测试图像时改变的比例是 {jump} %，只比走一步略多：说它“杂乱”是合适的。",
    ),
    "between.ae.sizes_differ": (
        "The two latents have {ae} and {vae} numbers: part of any difference is that.",
        "两个隐变量各有 {ae} 和 {vae} 个数：差别有一部分来自这里。",
    ),
    "between.ae.one_run": (
        "One training run each: the interval covers test images and directions, not training.",
        "每个模型只训练了一次：区间只涵盖测试图像和方向，不涵盖训练的随机性。",
    ),
    "value.percent": ("{value} %", "{value} %"),
    "value.interval": ("({low}–{high})", "({low}–{high})"),
}
