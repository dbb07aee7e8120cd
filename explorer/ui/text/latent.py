"""The tab Latent."""

LATENT: dict[str, tuple[str, str]] = {
    "latent.see": (
        "Left: a picture is one point of a smooth plane. Right: a picture is {cells} pieces, and each piece falls to "
        "the nearest of a few code points.",
        "左边：一张图是光滑平面上的一个点。右边：一张图被拆成 {cells} 块，每块归到最近的一个码向量。",
    ),
    "latent.see.grid": (
        "Left: a picture is a grid of numbers, which make no plane. Right: a picture is {cells} pieces, and each piece "
        "falls to the nearest of a few code points.",
        "左边：一张图是一格一格的数，画不成平面。右边：一张图被拆成 {cells} 块，每块归到最近的一个码向量。",
    ),
    "latent.try.grid": (
        "On the right, point at a code to see which pieces it draws, then drag a ringed one.",
        "在右边指向一个码向量，看它画的是图中哪几块，再拖动一个带环的码向量。",
    ),
    "latent.try": (
        "Move over the left plane, also where no point lies: everything decodes to a picture. On the right, point at a "
        "code to see which pieces it draws, then drag a ringed one.",
        "在左边平面上移动，空白处也试试：每个位置都能解码成图。在右边指向一个码向量，看它画的是图中哪几块，再拖动一个带环的码向量。",
    ),
    "latent.classes": ("Classes", "类别"),
    "latent.coloured_by": ("Coloured by", "着色依据"),
    "latent.class": ("class", "类别"),
    "latent.unseen": ("cannot be seen: {share} of the pictures", "看不见：占图片的 {share}"),
    # in place of a run
    "latent.chip.stand_in": (
        "{asked} is no {kinds}: {run} stands in on this tab",
        "{asked} 不是 {kinds}：本页由 {run} 代替",
    ),
    "latent.or": ("{first} or {second}", "{first} 或 {second}"),
    "latent.no_run": (
        "No {kinds} of these images is here yet. Train one: python -m explorer train --model {model} --data {data}",
        "还没有用这些图像训练的 {kinds}。训练一个：python -m explorer train --model {model} --data {data}",
    ),
    "latent.no_plane.size": (
        "This latent has {size} numbers per {what}, which make no plane. The pictures beside it are exact.",
        "这里每{what}有 {size} 个数，画不成一个平面。旁边的图像是准确的。",
    ),
    "latent.image_unit": ("image", "张图"),
    "latent.cell_unit": ("grid cell", "格"),
    "latent.too_large": (
        "This decoder is too large to follow the pointer; pictures come from the server.",
        "这个解码器太大，无法实时跟随指针；图像由服务器给出。",
    ),
    # captions below the planes
    "latent.caption.vae": (
        "{n} test images at their posterior means; circles: the prior N(0, I) at 1, 2, 3 σ; ringed: the selected "
        "image, its posterior at 2 σ. All to scale.",
        "{n} 张测试图像，画在各自后验均值处；圆：先验 N(0, I) 的 1、2、3 σ；"
        "带环的：所选图像及其后验的 2 σ。均按真实比例。",
    ),
    "latent.caption.ae": (
        "{n} test images where the encoder puts them. An autoencoder has no prior, so nothing says how far to go.",
        "{n} 张测试图像，画在编码器给出的位置。自编码器没有先验，也就没有边界可依。",
    ),
    "latent.caption.vq": (
        "{drawn} of {n} encoder outputs. Discs: codes, larger when used more, hollow when dead; lines: where another "
        "code becomes the nearest; diamonds: the selected image's {cells} vectors.",
        "{n} 个编码器输出中的 {drawn} 个。圆盘：码向量，越大用得越多，空心为死码；细线：最近码向量的分界；"
        "菱形：所选图像的 {cells} 个向量。",
    ),
    "latent.caption.pca": (
        "{n} test images at their latents, on the plane of largest variance; ringed: the selected image.",
        "{n} 张测试图像的隐变量，投影到方差最大的平面上；带环的：所选图像。",
    ),
    "latent.caption.umap": (
        "{n} test images, neighbours side by side (UMAP). Axes and distances have no unit; ringed: the selected image.",
        "{n} 张测试图像，相邻者靠在一起（UMAP）。坐标轴和距离没有单位；带环的：所选图像。",
    ),
    "latent.caption.pca_codes": (
        "{drawn} of {n} encoder outputs, on their plane of largest variance. Discs: codes, larger when used more, "
        "hollow when dead; diamonds: the selected image's vectors.",
        "{n} 个编码器输出中的 {drawn} 个，投影到方差最大的平面上。圆盘：码向量，越大用得越多，空心为死码；"
        "菱形：所选图像的向量。",
    ),
    "latent.caption.umap_codes": (
        "{drawn} of {n} encoder outputs and all codes, neighbours side by side (UMAP). Axes and distances have no "
        "unit. Discs: codes, larger when used more, hollow when dead; diamonds: the selected image's vectors, each "
        "amid its 15 nearest.",
        "{n} 个编码器输出中的 {drawn} 个和全部的码向量，相邻者靠在一起（UMAP）。坐标轴和距离没有单位。"
        "圆盘：码向量，越大用得越多，空心为死码；菱形：所选图像的向量，各放在它的 15 个近邻之间。",
    ),
    "latent.faithfulness.pca": (
        "PCA keeps {explained} % of the variance. Of {n} points (seed {seed}, k = {k}): trustworthiness {trust}, "
        "continuity {continuity}, neighbours kept {kept} % (a random map: {chance} %).",
        "PCA 保留了 {explained} % 的方差。取 {n} 个点（种子 {seed}，k = {k}）：可信度 {trust}，连续度 {continuity}，"
        "保留的近邻 {kept} %（随机映射：{chance} %）。",
    ),
    "latent.faithfulness.umap": (
        "UMAP, seed {seed}. Of {n} points (k = {k}): trustworthiness {trust}, continuity {continuity}, neighbours kept "
        "{kept} % (a random map: {chance} %).",
        "UMAP，种子 {seed}。取 {n} 个点（k = {k}）：可信度 {trust}，连续度 {continuity}，"
        "保留的近邻 {kept} %（随机映射：{chance} %）。",
    ),
    "latent.inverse.pca": (
        "A place on the plane stands for one latent, with nothing along the other directions: that is what the pointer "
        "decodes. It is not the latent of the point beside it, which has {size} numbers.",
        "平面上的一处对应一个隐变量，其余方向上取均值：所指处解码的就是它。"
        "它不等于旁边那个点的隐变量，后者有 {size} 个数。",
    ),
    "latent.inverse.umap": (
        "UMAP has no inverse: a place between the points stands for no latent, so nothing is decoded there.",
        "UMAP 没有逆映射：点与点之间的位置不对应任何隐变量，因此所指处不解码。",
    ),
    "latent.inverse.pca_codes": (
        "It is a shadow: codes can be looked at here, but not dragged.",
        "这是一个投影：可以在这里查看码向量，但不能拖动。",
    ),
    "latent.inverse.umap_codes": (
        "UMAP has no inverse: codes can be looked at here, but not dragged.",
        "UMAP 没有逆映射：可以在这里查看码向量，但不能拖动。",
    ),
    # what one code draws
    "patch.draws": (
        "One code is for {cell} × {cell} of the {size} × {size} pixels, a cell of the {grid} × {grid} grid. Decoded, "
        "it can change {field} × {field} of them, so its neighbours change its own cell too.",
        "一个码向量对应 {size} × {size} 像素中的 {cell} × {cell}，即 {grid} × {grid} 网格的一格。"
        "解码时它最多能改变其中 {field} × {field} 像素，所以相邻的码向量也会改变它这一格。",
    ),
    "patch.framed": (
        "Framed: what chose the code, {cell} × {cell} of {size} × {size} pixels. Decoded, a code can change {field} × "
        "{field}, so neighbours change its patch too.",
        "框：选它的图块，{size} × {size} 像素中的 {cell} × {cell}。解码时一个码向量最多改变 "
        "{field} × {field} 像素，"
        "邻格也会改变这一块。",
    ),
    # pictures
    "latent.original": ("Original", "原图"),
    "latent.reconstruction": ("Reconstruction", "重建"),
    "latent.pointer": ("Where you point", "所指处"),
    "latent.centre": ("At z = 0", "z = 0 处"),
    "latent.posterior": ("Posterior", "后验"),
    "latent.codes": ("Codes", "码网格"),
    "latent.decoded": ("Decoded", "解码"),
    # numbers
    "fact.psnr": ("PSNR", "PSNR"),
    "fact.psnr.tip": (
        "Peak signal-to-noise ratio of this image, −10·log₁₀(MSE) on values in [0, 1]. Higher is closer. The whole "
        "test split: {mean} dB (n = {n}).",
        "这张图的峰值信噪比，−10·log₁₀(MSE)，像素值在 [0, 1]。越高越接近原图。整个测试集：{mean} dB（n = {n}）。",
    ),
    "fact.bits": ("Bits", "比特"),
    "fact.bits.vae.tip": (
        "What this image's latent costs: KL(q(z|x) ‖ N(0, I)) / ln 2. Mean of the test split: {mean} bits (n = {n}).",
        "这张图的隐变量的代价：KL(q(z|x) ‖ N(0, I)) / ln 2。测试集平均：{mean} 比特（n = {n}）。",
    ),
    "fact.bits.vq.tip": (
        "{cells} codes of log₂ {codes} bits if every code is equally likely. With a histogram for each position: "
        "{mean} bits (test split, n = {n}).",
        "若各码向量等可能：{cells} 个码向量，每个 log₂ {codes} 比特。"
        "若每个位置各用一个直方图：{mean} 比特（测试集，n = {n}）。",
    ),
    "fact.sigma": ("σ of z", "z 的 σ"),
    "fact.sigma.tip": (
        "Standard deviation of this image's posterior along the two axes, on a scale where the prior has 1.",
        "这张图后验分布沿两轴的标准差；先验为 1。",
    ),
    "fact.used": ("Codes used", "在用的码向量"),
    "fact.used.tip": (
        "Codes with at least one hit among the {n} encoder outputs of the test split; the others are dead. "
        "Perplexity {perplexity}.",
        "在测试集 {n} 个编码器输出中至少命中一次的码向量；其余是死码。困惑度 {perplexity}。",
    ),
    "fact.numbers": ("Latent", "隐变量"),
    "fact.numbers.tip": (
        "Numbers the encoder keeps of an image of {values} values.",
        "一张有 {values} 个数值的图，编码器保留下来的数的个数。",
    ),
    "value.db": ("{value} dB", "{value} dB"),
    "value.of": ("{value} of {total}", "{value} / {total}"),
    "value.exact": ("exact", "完全一致"),
    "value.sigma": ("{first} · {second}", "{first} · {second}"),
}
