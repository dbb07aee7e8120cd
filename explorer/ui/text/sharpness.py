"""The tab Reconstruct's part on sharpness."""

SHARPNESS: dict[str, tuple[str, str]] = {
    "sharpness.title": ("Sharpness, beside the bits it was given", "清晰度，与所用的比特放在一起看"),
    # the sentence to take home
    "sharpness.headline": (
        "{rates}: {left} looks like the original blurred by {left_sigma} px, {right} like it blurred by {right_sigma} "
        "px, a difference of {gap} px (95 % interval {low} to {high}, n = {n}).",
        "{rates}：{left} 看起来像模糊了 {left_sigma} 像素的原图，{right} 像模糊了 {right_sigma} 像素的原图，"
        "右减左 {gap} 像素（95 % 区间 {low} 到 {high}，n = {n}）。",
    ),
    "sharpness.headline.even": (
        "{rates}: both look about equally blurred, {left} by {left_sigma} px, {right} by {right_sigma} px; the 95 % "
        "interval of the difference, {low} to {high} px, holds 0 (n = {n}, mean {gap}).",
        "{rates}：两者的模糊程度相当，{left} {left_sigma} 像素，{right} {right_sigma} 像素；"
        "差的 95 % 区间 {low} 到 {high} 像素包含 0（n = {n}，平均 {gap}）。",
    ),
    "sharpness.rates.close": (
        "Matched rates under {rung}, {left} against {right}, {apart} % apart",
        "码率匹配（{rung}下 {left} 对 {right}，相差 {apart} %）",
    ),
    "sharpness.rates.apart": (
        "Rates that do not match, {left} against {right} under {rung}: the larger is {ratio} times the smaller",
        "码率不匹配（{rung}下 {left} 对 {right}，大的是小的 {ratio} 倍）",
    ),
    "sharpness.rates.lower": (
        "Rates that nobody can call matched, {left} against {right} under {rung}",
        "还谈不上码率匹配（{rung}下 {left} 对 {right}）",
    ),
    "sharpness.rates.unknown": (
        "Rates that cannot be compared, {left} against {right}",
        "码率无法比较（{left} 对 {right}）",
    ),
    "sharpness.unlearned": (
        "{run} has no learned prior yet (python -m explorer train-prior {run}); a learned prior on one side alone "
        "would be an advantage of that side, so both stand on a lower rung.",
        "{run} 还没有学到的先验（python -m explorer train-prior {run}）；"
        "只有一边学到先验，就是那一边占便宜，所以两边都按低一级计。",
    ),
    "sharpness.paid": ("{bits} bits", "{bits} 比特"),
    "sharpness.scope": (
        "Measured with z drawn from q; both sides pay under priors of the same kind.",
        "z 从 q 抽取；两边用同一类先验计算比特。",
    ),
    "sharpness.scope.one": (
        "Each side is 1 training run: the interval covers test images only, not the luck of training.",
        "每边只有 1 次训练：区间只反映测试图像的选取，不反映训练的偶然性。",
    ),
    "sharpness.scope.alone": (
        "{run} is 1 training run: the interval covers test images only, not the luck of training.",
        "{run} 只有 1 次训练：区间只反映测试图像的选取，不反映训练的偶然性。",
    ),
    "sharpness.scope.many": (
        "{left} and {right} training runs, each a dot below: the interval covers test images only, the dots show the "
        "luck of training.",
        "左右各有 {left} 次和 {right} 次训练，每次是下图的一个点：区间只反映测试图像的选取，训练的偶然性见各点。",
    ),
    "sharpness.seeds": ("Training by training", "逐次训练"),
    "sharpness.seeds.tip": (
        "The same settings from other seeds: other first weights, other batches. Each dot is one training, a mean over "
        "the test images; trainings of one seed are joined. Three seeds make no interval, so none is drawn.",
        "相同设置、不同种子：初始权重与批次都不同。每个点是一次训练（对测试图像取平均），同一种子的训练用线相连。"
        "三个种子不足以构成区间，所以不画区间。",
    ),
    "sharpness.seed": ("seed {seed}", "种子 {seed}"),
    "sharpness.seeds.each": ("seed {seed}:", "种子 {seed}："),
    "sharpness.seeds.once": (
        "Right minus left where both were trained from one seed, with the interval over images: {listed}.",
        "同一种子的右减左，方括号内为对图像的区间：{listed}。",
    ),
    "sharpness.seeds.summary": (
        "Right minus left, with the interval over images of each training: {listed}. From {low} to {high} over {count} "
        "seeds.",
        "右减左，方括号内为各次训练对图像的区间：{listed}。{count} 个种子从 {low} 到 {high}。",
    ),
    "sharpness.warning": (
        "{run} draws fine detail that is not the original's: G − H reaches {excess} at {frequency} cycles per pixel "
        "(limit {limit}; 0.71 is the corner of the spectrum, where originals hold almost nothing). Sharp edges there "
        "may be invented.",
        "{run} 画出了原图没有的细节：在每像素 {frequency} 周处 G − H 达到 {excess}（上限 {limit}；0.71 "
        "是频谱的角，原图在那里几乎没有能量）。那里的锐利可能是凭空而来。",
    ),
    # a closer look
    "sharpness.closer": ("A closer look", "放大看"),
    "sharpness.between": ("|left − right|", "|左 − 右|"),
    "sharpness.blurred": ("original, blurred by {sigma} px", "原图，模糊 {sigma} 像素"),
    "sharpness.note": ("{psnr} dB · equivalent blur {sigma} px", "{psnr} dB · 等效模糊 {sigma} 像素"),
    "sharpness.swipe": ("Swipe between left and right", "在左右之间滑动"),
    "sharpness.zoom": ("Zoom all pictures", "同时缩放所有图"),
    "sharpness.order": ("Images by", "图像按"),
    "sharpness.order.strip": ("class", "类别"),
    "sharpness.order.differ": ("where the two differ most", "两者差别最大"),
    "sharpness.order.gain": ("how much sharper the right one is", "右边清晰多少"),
    "sharpness.order.left": ("error of the left one", "左边的误差"),
    "sharpness.order.right": ("error of the right one", "右边的误差"),
    "sharpness.own": ("Your own picture", "你自己的图"),
    "sharpness.own.tip": (
        "It is cut to a square, scaled to {size} × {size} pixels{grey} and then seen by both models exactly as shown "
        "under “Original”. It stays in this page.",
        "图片会被裁成正方形，缩放到 {size} × {size} 像素{grey}；两个模型看到的就是“原图”一栏的样子。图片只留在本页。",
    ),
    "sharpness.grey": (", made grey", "，转为灰度"),
    "sharpness.upload": ("Choose a picture …", "选择图片 …"),
    "sharpness.upload.failed": (
        "{name} is no picture that this browser can read: choose a PNG or JPEG.",
        "{name} 不是浏览器能读取的图片：请选择 PNG 或 JPEG。",
    ),
    "sharpness.draw": ("Draw one", "画一张"),
    "sharpness.clear": ("Clear", "清空"),
    "sharpness.back": ("Back to the test image", "回到测试图像"),
    # charts
    "sharpness.curves": ("Detail by frequency", "各频率的细节"),
    "sharpness.curves.tip": (
        "Lines: detail kept, H(f), the share of the original's detail that is in the reconstruction. Circles: detail "
        "drawn, G(f), the energy that is there, the original's or not. Where circles lie above their line, detail is "
        "invented. Dotted: what blurs of 0.5, 1 and 2 px keep.",
        "线：保留的细节 H(f)，即重建中含有的原图细节的份额。圈：画出的细节 G(f)，即重建中的能量，不论是否来自原图。"
        "圈高于线之处，细节是凭空而来的。点线：0.5、1、2 像素的模糊所保留的细节。",
    ),
    "sharpness.frequency": ("spatial frequency (cycles per pixel)", "空间频率（周/像素）"),
    "sharpness.share": ("share of the original's", "占原图的份额"),
    "sharpness.kept": ("kept, {name}", "保留，{name}"),
    "sharpness.drawn": ("drawn, {name}", "画出，{name}"),
    "sharpness.guide": ("a blur of {sigma} px", "{sigma} 像素的模糊"),
    "sharpness.no_curves": (
        "A report without sharpness: measure it with python -m explorer evaluate RUN --write",
        "报告中没有清晰度：用 python -m explorer evaluate RUN --write 测量",
    ),
    "sharpness.histogram": ("Image by image: right minus left", "逐图比较：右减左"),
    "sharpness.images": ("images", "图像数"),
    "sharpness.mean": ("mean {mean}", "平均 {mean}"),
    "sharpness.summary": (
        "{measure}: right minus left {mean} on average (95 % interval {low} to {high}, paired bootstrap over n = {n} "
        "images, {left_out} left out as flat); the right one has the higher value on {share} % of them.",
        "{measure}：右减左平均 {mean}（95 % 区间 {low} 到 {high}，对 n = {n} 张图配对自助法，"
        "{left_out} 张因平坦而未计）；右边的值在 {share} % 的图上更高。",
    ),
    "sharpness.measure.sigma_eq_px": ("Equivalent blur", "等效模糊"),
    "sharpness.measure.psnr_db": ("PSNR", "PSNR"),
    "sharpness.measure.ssim": ("SSIM", "SSIM"),
    "sharpness.difference.sigma_eq_px": (
        "difference of equivalent blur (px); below 0: right is sharper",
        "等效模糊之差（像素）；小于 0：右边更清晰",
    ),
    "sharpness.difference.psnr_db": (
        "difference of PSNR (dB); above 0: right is closer",
        "PSNR 之差（dB）；大于 0：右边更接近",
    ),
    "sharpness.difference.ssim": ("difference of SSIM; above 0: right is closer", "SSIM 之差；大于 0：右边更接近"),
    # quality over rate
    "sharpness.plane": ("Quality over rate: every run of these images", "质量与码率：这些图像的所有模型"),
    "sharpness.plane.tip": (
        "Each bar is one training; choose it to load it. It has a tick for each kind of prior that its latent was paid "
        "under: fixed (N(0, I), uniform codes), fitted position by position (a Gaussian, a histogram), and learned, "
        "all on test images, a VAE's pictures decoded from z ~ q. Compare marks of one kind only: the switch chooses "
        "which is drawn large. Lines join runs that differ in one setting, through one seed; other seeds are small "
        "marks beside them. Dashed: the best linear VAE, under N(0, I).",
        "每条横杠是一次训练，点一下可载入。每种先验一个刻度：固定的（N(0, I)、均匀的码向量）、逐位置拟合的（高斯、"
        "直方图）、"
        "学到的，都在测试图像上计算；VAE 的图像由 z ~ q 解码。只能比较同一种标记：开关决定哪一种画得大。"
        "实线与点线连接只差一项设置的模型（取一个种子），其他种子是旁边的小标记。虚线：N(0, I) 下最好的线性 VAE。",
    ),
    "sharpness.quality.psnr_db": ("PSNR (dB)", "PSNR（dB）"),
    "sharpness.quality.ssim": ("SSIM", "SSIM"),
    "sharpness.quality.sigma_eq_px": ("equivalent blur (px), lower is sharper", "等效模糊（像素），越低越清晰"),
    "sharpness.quality.sigma_eq_mean_px": (
        "equivalent blur (σ of an ideal Gaussian in px), mean of the images, lower is sharper",
        "等效模糊（理想高斯的 σ，像素），各图平均，越低越清晰",
    ),
    "sharpness.quality.mtf50": (
        "MTF50 (cycles per pixel), higher is sharper; below 0.05 not resolved",
        "MTF50（周/像素），越高越清晰；0.05 以下无法分辨",
    ),
    "sharpness.bits": ("bits per image", "每张图的比特"),
    "sharpness.rungs": ("Bits under", "比特按"),
    "sharpness.rung.fixed": ("fixed priors", "固定的先验"),
    "sharpness.rung.simple": ("priors fitted position by position", "逐位置拟合的先验"),
    "sharpness.rung.learned": ("learned priors", "学到的先验"),
    "sharpness.unpaid": (
        "Without a learned prior, and so without a mark of that kind: {count} (python -m explorer train-prior RUN).",
        "{count} 个还没有学到的先验，因此没有那种标记（python -m explorer train-prior RUN）。",
    ),
    "sharpness.group.vae": ("VAE, one vector", "VAE，一个向量"),
    "sharpness.group.vae_grid": ("VAE, a vector for each cell", "VAE，每格一个向量"),
    "sharpness.group.vqvae": ("VQ-VAE", "VQ-VAE"),
    "sharpness.line.size": ("by size of z", "按 z 的大小"),
    "sharpness.line.beta": ("by β", "按 β"),
    "sharpness.line.codes": ("by K", "按 K"),
    "sharpness.table": ("All runs (CSV)", "所有模型（CSV）"),
    "sharpness.data": ("All runs (JSON)", "所有模型（JSON）"),
    "sharpness.pca": ("the best linear VAE (PCA)", "最好的线性 VAE（PCA）"),
    "sharpness.left_out": (
        "Runs not drawn, for want of a bit count or of this measure: {count}.",
        "{count} 个没有比特数或没有这项测量的模型未画出。",
    ),
    "sharpness.classic": ("The classic pair: 2-D VAE against 2-D codes", "经典的一对：二维 VAE 对二维码本"),
    "sharpness.matched": (
        "At matched rates: {left} against {right}, {apart} % apart",
        "码率匹配的一对：{left} 对 {right}，相差 {apart} %",
    ),
    "sharpness.nearest": (
        "Nearest in rate, not matched: {left} against {right}, {apart} % apart under learned priors",
        "码率最接近但不匹配的一对：{left} 对 {right}，学到的先验下相差 {apart} %",
    ),
    "sharpness.csv": ("Table (CSV)", "表格（CSV）"),
    "sharpness.json": ("Numbers (JSON)", "数字（JSON）"),
}
