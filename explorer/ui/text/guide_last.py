"""The Guide's last step: what lies between two pictures, and in what the two models differ at all."""

GUIDE_LAST: dict[str, tuple[str, str]] = {
    "guide.between.title": ("Do we need what lies between?", "我们需要两者之间的东西吗？"),
    "guide.between.say": (
        "A VAE’s decoder takes any z, so a straight line from one picture to another decodes at every step. Codes have "
        "no such line: each cell’s output moves, and the nearest codes on its way are drawn. Who draws or edits "
        "pictures wants a middle that means something; who stores, names or compares those that exist needs none.",
        "VAE 的解码器接受任何 z，所以从一张图到另一张的直线，每一步都能解码。码向量没有这样的线："
        "每一格的编码器输出在移动，画出的是沿途最近的码向量。要画、要编辑图像，就需要有意义的中间；只是存储、命名或比较已有的图像，就不需要。",
    ),
    "guide.between.try": (
        "Press “Compare with…” and choose another second picture: one pair is one case.{dog}",
        "点“与…比较”，换一张作第二张：一对只是一个例子。{dog}",
    ),
    "guide.between.dog": (
        " The images “emoji” begin with a dog and a cat.",
        "图像集“emoji”的默认一对是狗和猫。",
    ),
    "guide.between.ask": (
        "Take {n} pairs of test pictures of different classes, and go half way on the VAE’s straight line. For what "
        "share does a classifier see a class there that neither end has, more surely than not?",
        "取 {n} 对不同类别的测试图像，沿 VAE 的直线走到一半。"
        "其中有多大比例，分类器在那里看到的类别是两端都没有的，且概率过半？",
    ),
    "guide.between.note": (
        "After all this: is a VQ-VAE really so different?",
        "说到底：VQ-VAE 真的那么不同吗？",
    ),
}

#: What it says of measurements.
GUIDE_LAST_ANSWERS: dict[str, tuple[str, str]] = {
    "guide.between.measured": (
        "For {vae} % of {n} pairs ({run}).",
        "{n} 对中的 {vae} %（{run}）。",
    ),
    "guide.between.others": (
        "For the VQ-VAE ({run}) {vq} %, for plainly mixed pixels {fade} %.",
        "VQ-VAE（{run}）为 {vq} %，单纯混合像素为 {fade} %。",
    ),
    "guide.between.more": (
        "More often than mixed pixels, beyond chance: the VAE’s line runs through other things, which neither end "
        "asked for.",
        "比混合像素更常见，超出偶然：VAE 的直线会穿过别的东西，而两端都没有要它。",
    ),
    "guide.between.less": (
        "Less often than mixed pixels, beyond chance. That is no praise by itself: a middle that is merely blurred "
        "leaves the classifier in doubt, and counts as none.",
        "比混合像素更少见，超出偶然。这本身不算优点：中间若只是模糊，分类器拿不准，也不计入。",
    ),
    "guide.between.alike": (
        "No more and no less often than mixed pixels, as far as chance lets one tell.",
        "与混合像素相比，没有超出偶然的差别。",
    ),
    "guide.between.trunk": (
        "The same: an encoder and a decoder of one convolutional trunk ({vae} and {vq} parameters), and the squared "
        "error of the picture.",
        "相同的：同一种卷积主干的编码器和解码器（{vae} 与 {vq} 个参数），以及图像的平方误差。",
    ),
    "guide.between.trunks": (
        "The same: the squared error of the picture. These two runs have trunks of different widths ({vae} and {vq} "
        "parameters), which is no part of the idea.",
        "相同的：图像的平方误差。这两个模型的主干宽度不同（{vae} 与 {vq} 个参数），但这与方法本身无关。",
    ),
    "guide.between.parted": (
        "Different: what goes from one to the other. Here {numbers} numbers, each blurred by a σ and held near "
        "N(0, I), which is the distribution to draw from; there {cells} choices among {codes} codes, whose "
        "distribution has to be learned afterwards.",
        "不同的：两者之间传递什么。一边是 {numbers} 个数，各自带着 σ 的模糊，并被拉近 N(0, I)，抽样就从它开始；"
        "另一边是在 {codes} 个码向量中做 {cells} 次选择，它们的分布要事后再学。",
    ),
    "guide.between.told": (
        "What that is worth: {run} is the VAE nearest in rate ({near_bits} bits an image against {vq_bits}, under "
        "{rung}). Equivalent blur {near} px ({near_db} dB), of the VQ-VAE {vq} px ({vq_db} dB).",
        "差别有多大：码率最接近的 VAE 是 {run}（每张图 {near_bits} 比特，对 {vq_bits} 比特，按{rung}计）。"
        "等效模糊 {near} 像素（{near_db} dB），VQ-VAE {vq} 像素（{vq_db} dB）。",
    ),
}
