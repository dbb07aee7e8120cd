"""The tab Reconstruct."""

RECONSTRUCT: dict[str, tuple[str, str]] = {
    "tab.reconstruct": ("Reconstruct", "重建"),
    "reconstruct.see": (
        "The same test images through both models, what each of them loses, and how many bits it had for it.",
        "同一批测试图像分别经过两个模型：各自丢了什么，各自又有多少比特可用。",
    ),
    "reconstruct.try": (
        "Look for one small thing (a strap, glasses, a print), and follow it down the column. Choose an image to take "
        "it to every tab.",
        "挑一处小细节（一条肩带、一副眼镜、一块印花），顺着这一列往下看。点一张图，所有标签页都换成它。",
    ),
    # what the pictures may be compared for
    "reconstruct.banner.right": (
        "{left} against {right} bits per image{note}: the right picture was given {ratio} times the room. The better "
        "picture alone does not make the better model.",
        "每张图 {left} 对 {right} 比特{note}：右边的图可用的空间是左边的 {ratio} 倍。单凭图更好，不能说明模型更好。",
    ),
    "reconstruct.banner.left": (
        "{left} against {right} bits per image{note}: the left picture was given {ratio} times the room. The better "
        "picture alone does not make the better model.",
        "每张图 {left} 对 {right} 比特{note}：左边的图可用的空间是右边的 {ratio} 倍。单凭图更好，不能说明模型更好。",
    ),
    "reconstruct.banner.same": (
        "{left} against {right} bits per image{note}: both were given about the same room.",
        "每张图 {left} 对 {right} 比特{note}：两边的空间大致相同。",
    ),
    "reconstruct.banner.close": (
        "Matched rates: {left} against {right} bits per image{note}, {apart} % apart. Both were given the same room.",
        "码率匹配：每张图 {left} 对 {right} 比特{note}，相差 {apart} %。两边的空间相同。",
    ),
    "reconstruct.banner.ae": (
        "An AE has no bit count: its latent is a list of real numbers without a prior, and nothing says what they "
        "cost. So the two sides cannot be compared at equal room.",
        "AE 没有比特数：它的隐变量是一串没有先验的实数，无从计算代价。因此两边无法在同等空间下比较。",
    ),
    "reconstruct.note": (" (both under {rung})", "（两边都按{rung}）"),
    "reconstruct.note.unlearned": (
        " (both under {rung}; no learned prior yet: {runs})",
        "（两边都按{rung}；还没有学到的先验：{runs}）",
    ),
    "reconstruct.learned": (", {bits} under the learned prior", "，学到的先验 {bits} 比特"),
    "reconstruct.fidelity": (
        "PSNR and SSIM say how close a picture is (fidelity), not how sharp it is: a blurred one can score well. "
        "Numbers under a picture are of this image.",
        "PSNR 和 SSIM 说的是有多接近原图（保真度），不是有多清晰：模糊的图也可能得高分。图下的数字只属于这张图。",
    ),
    # rows
    "reconstruct.original": ("Original", "原图"),
    "reconstruct.decoded.vae": ("decoded from the posterior mean", "由后验均值解码"),
    "reconstruct.decoded.ae": ("decoded from its z", "由它的 z 解码"),
    "reconstruct.decoded.vqvae": ("decoded from its codes", "由它的码向量解码"),
    "reconstruct.error": ("|error|", "|误差|"),
    "reconstruct.error.scale": (
        "The same scale everywhere: 0 to {limit} of the range of values, more is drawn as {limit}; mean over colours.",
        "处处同一标尺：取值范围的 0 到 {limit}，更大的按 {limit} 画；对颜色通道取平均。",
    ),
    "reconstruct.of": ("{model}: {image}", "{model}：{image}"),
    # numbers
    "reconstruct.psnr": ("PSNR", "PSNR"),
    "reconstruct.psnr.tip": (
        "Peak signal-to-noise ratio of this image, −10·log₁₀(MSE) on values clipped to [0, 1]. Higher is closer.",
        "这张图的峰值信噪比，−10·log₁₀(MSE)，像素值截到 [0, 1]。越高越接近原图。",
    ),
    "reconstruct.ssim": ("SSIM", "SSIM"),
    "reconstruct.ssim.tip": (
        "Structural similarity of this image (Wang et al. 2004): 7×7 windows, data range 1, mean over colours. "
        "1 is identical.",
        "这张图的结构相似度（Wang 等，2004）：7×7 窗口，数据范围 1，对颜色通道取平均。1 为完全相同。",
    ),
    "reconstruct.bits.vae": (
        "What this image's latent costs: KL(q(z|x) ‖ N(0, I)) / ln 2.",
        "这张图的隐变量的代价：KL(q(z|x) ‖ N(0, I)) / ln 2。",
    ),
    "reconstruct.bits.vqvae": (
        "{cells} codes of log₂ {codes} bits if every code is equally likely, the same for each image. With a histogram "
        "for each position: {mean} bits{learned}, mean of the test split.",
        "若各码向量等可能：{cells} 个码向量，每个 log₂ {codes} 比特，每张图都一样。"
        "若每个位置各用一个直方图：{mean} 比特{learned}（测试集平均）。",
    ),
    "reconstruct.bits.ae": (
        "No bit count: an AE has no prior, so nothing says what its numbers cost.",
        "没有比特数：AE 没有先验，无从计算这些数的代价。",
    ),
    "reconstruct.rate": ("Fixed bits", "固定比特"),
    "reconstruct.no_bits": ("no bit count", "无比特数"),
    "reconstruct.unit.db": ("dB", "dB"),
    "reconstruct.unit.bits": ("bits", "比特"),
    # the whole test split
    "reconstruct.pooled.vae": (
        "Whole test split (n = {n}), with z drawn from q: {psnr} dB, SSIM {ssim}, {fixed} bits under N(0, I), {simple} "
        "under fitted Gaussians{learned}. With the posterior mean: {centre} dB.",
        "整个测试集（n = {n}），z 从 q 抽取：{psnr} dB，SSIM {ssim}，N(0, I) 下 {fixed} 比特，"
        "拟合的高斯下 {simple}{learned}。用后验均值：{centre} dB。",
    ),
    "reconstruct.pooled.ae": (
        "Whole test split (n = {n}): {psnr} dB, SSIM {ssim}, no bit count.",
        "整个测试集（n = {n}）：{psnr} dB，SSIM {ssim}，没有比特数。",
    ),
    "reconstruct.pooled.vqvae": (
        "Whole test split (n = {n}): {psnr} dB, SSIM {ssim}, {fixed} bits uniform, {simple} with a histogram of "
        "codes at each position{learned}.",
        "整个测试集（n = {n}）：{psnr} dB，SSIM {ssim}，均匀 {fixed} 比特，"
        "每个位置各用一个直方图 {simple} 比特{learned}。",
    ),
    # pages
    "reconstruct.choose": ("Test images: choose one", "测试图像：选一张"),
    "reconstruct.page": ("{first}–{last} of {total}", "第 {first}–{last} 张，共 {total} 张"),
    "reconstruct.earlier": ("Earlier images", "前面的图"),
    "reconstruct.later": ("More images", "后面的图"),
}
