"""What the Guide says of measurements. Which sentence is said depends on the numbers: each must be true where it is."""

GUIDE_ANSWERS: dict[str, tuple[str, str]] = {
    "guide.worlds.measured": (
        "{share} % of the {n} test pictures ({run}).",
        "{n} 张测试图像中的 {share} %（{run}）。",
    ),
    "guide.worlds.fills": (
        "That is about what the prior holds: together the pictures fill it.",
        "与先验本身差不多：所有图像合起来正好填满它。",
    ),
    "guide.worlds.wider": (
        "Fewer than among draws from the prior: the cloud of pictures reaches farther out than N(0, I) does.",
        "少于从先验抽样的比例：图像的云比 N(0, I) 伸得更远。",
    ),
    "guide.worlds.narrower": (
        "More than among draws from the prior: the pictures crowd nearer to the middle than N(0, I) does.",
        "多于从先验抽样的比例：图像比 N(0, I) 更挤在中间。",
    ),
    "guide.plane.psnr": (
        "PSNR on the test split: AE {ae} dB, VAE {vae} dB (its mean μ decoded).",
        "测试集 PSNR：AE {ae} dB，VAE {vae} dB（解码均值 μ）。",
    ),
    "guide.plane.psnr.ae": (
        "The AE is closer: it pays nothing for keeping to a prior.",
        "AE 更接近：它不用为迁就先验付出代价。",
    ),
    "guide.plane.psnr.vae": (
        "The VAE is closer, although it also has to keep to a prior.",
        "VAE 更接近，尽管它还得迁就先验。",
    ),
    "guide.plane.psnr.tie": (
        "No difference to speak of: here, keeping to a prior costs next to no fidelity.",
        "差别不值一提：在这里，迁就先验几乎不损失保真度。",
    ),
    "guide.plane.measured": (
        "AE: after {ae} % of {steps} steps; VAE, with the same share of its own spread: {vae} %. After a jump to "
        "another "
        "picture of the AE’s: {jump} %.",
        "AE：{steps} 步中有 {ae} %；VAE 走自己散布的同样比例：{vae} %。在 AE 中跳到另一张图：{jump} %。",
    ),
    "guide.plane.rougher": (
        "The AE’s plane is the rougher one, beyond chance.",
        "AE 的平面更粗糙，超出偶然。",
    ),
    "guide.plane.smoother": (
        "The AE’s plane is the smoother one, beyond chance: the claim does not hold here.",
        "AE 的平面反而更平滑，超出偶然：这个说法在这里不成立。",
    ),
    "guide.plane.unsettled": (
        "Which of the two is rougher, these steps cannot tell.",
        "两者谁更粗糙，从这些步看不出来。",
    ),
    "guide.plane.ordered": (
        "But a small step is far from a jump: the AE’s plane is not without order. What it lacks is a known "
        "distribution to draw from.",
        "但小步远不同于跳跃：AE 的平面并非没有秩序。它缺的是一个已知的、可供抽样的分布。",
    ),
    "guide.plane.anywhere": (
        "A small step changes the mind about as readily as a jump: it may indeed land anywhere.",
        "小步和跳跃一样容易改变判断：确实可能落到任何地方。",
    ),
    "guide.plane.samples": (
        "Drawn from a Gaussian laid over its own cloud, the AE’s samples have KID-clf {ae} ± {ae_sd}; the VAE’s, from "
        "N(0, I), {vae} ± {vae_sd}; lower is closer to real pictures.",
        "从贴合自身点云的高斯抽样，AE 样本的 KID-clf 为 {ae} ± {ae_sd}；VAE 从 N(0, I) 抽样为 {vae} ± {vae_sd}；"
        "越低越接近真实图像。",
    ),
    "guide.plane.samples.alike": (
        "So it can, about as well as this VAE; but that Gaussian had to be measured afterwards.",
        "所以它能，而且与这个 VAE 差不多；只是那个高斯得事后去量。",
    ),
    "guide.plane.samples.worse": (
        "So it can, but worse than the VAE, whose training made room for the prior.",
        "所以它能，但不如训练时就为先验留出空间的 VAE。",
    ),
    "guide.plane.samples.better": (
        "So it can, and here even better than the VAE; but that Gaussian had to be measured afterwards.",
        "所以它能，在这里甚至比 VAE 更好；只是那个高斯得事后去量。",
    ),
    "guide.vae.measured": (
        "Image {image}: σ = {sigma} (geometric mean over {units} numbers). Median over {n} test images: {median}.",
        "图像 {image}：σ = {sigma}（{units} 个数的几何平均）。{n} 张测试图像的中位数：{median}。",
    ),
    "guide.vae.wide": (
        "A wide cloud: z says little about this image, and costs little.",
        "很宽的云：z 关于这张图说得很少，花费也少。",
    ),
    "guide.vae.middle": (
        "A small cloud: z places this image well within the prior, and pays for that.",
        "一小团云：z 在先验中把这张图定得相当准，并为此付费。",
    ),
    "guide.vae.narrow": (
        "Nearly a point, beside a prior of width 1: so sharply the images share out its room.",
        "与宽度为 1 的先验相比，几乎是一个点：图像把空间分得这么细。",
    ),
    "guide.bound.no": (
        "No: a lower bound, one of many. Every q gives one, and training raises it.",
        "不是：它是一个下界，而且是许多下界之一。每个 q 都给出一个，训练把它抬高。",
    ),
    "guide.bound.not_yet": (
        "How far it lies below others was not measured for this run yet: {command}",
        "它比别的下界低多少，这个模型还没有测过：{command}",
    ),
    "guide.bound.iwae": (
        "Over {n} of the {all} test images alone: ELBO {elbo} nats; with {k} draws of z for each image (IWAE) {iwae} "
        "nats.",
        "只在 {all} 张测试图像中的 {n} 张上：ELBO 为 {elbo} 奈特；每张图抽 {k} 次 z（IWAE）为 {iwae} 奈特。",
    ),
    "guide.bound.higher": (
        "The same model has the higher bound, so the ELBO is not the tightest one either.",
        "同一个模型有更高的下界，所以 ELBO 也不是最紧的。",
    ),
    "guide.bound.as_high": (
        "Here the two cannot be told apart: q is close to the true posterior.",
        "这里两者分不出高低：q 很接近真实后验。",
    ),
    "guide.bound.log_px": (
        "Integrated over the plane, log p(x) itself is {log_px} nats; the gap KL(q ‖ p(z|x)) is {gap} nats.",
        "在平面上积分，log p(x) 本身是 {log_px} 奈特；差距 KL(q ‖ p(z|x)) 为 {gap} 奈特。",
    ),
    "guide.bound.measured": (
        "{bits} bits, or {nats} nats, with an ELBO of {elbo} nats: means over all {n} test images.",
        "{bits} 比特，即 {nats} 奈特，ELBO 为 {elbo} 奈特：全部 {n} 张测试图像的平均。",
    ),
    "guide.bound.drawn": (
        "Drawing z once an image leaves the ELBO open by a standard error of {error} nats.",
        "每张图只抽一次 z，使 ELBO 带有 {error} 奈特的标准误差。",
    ),
    "guide.bound.cases": (
        "As many as it takes to name one of {cases} cases.",
        "足以从 {cases} 种情形里指明一种。",
    ),
    "guide.grid.measured": (
        "In {same} of {cells}. The first image uses {one} different codes, the second {other}.",
        "{cells} 格中有 {same} 格。第一张图用了 {one} 个不同的码向量，第二张 {other} 个。",
    ),
    "guide.blur.no_spatial": (
        "The fair partner would be a VAE with numbers on the same grid; none is here yet for these images.",
        "公平的对手应是在同样网格上放数的 VAE；这个图像集还没有这样的模型。",
    ),
    "guide.blur.spatial": (
        "Given the same grid, the VAE {run} reaches {spatial_db} dB at {spatial_bits} bits; the VQ-VAE {vq_db} dB at "
        "{vq_bits}, both under {rung}.",
        "给 VAE 同样的网格，{run} 在 {spatial_bits} 比特时为 {spatial_db} dB；VQ-VAE 在 {vq_bits} 比特时为 {vq_db} "
        "dB，都按{rung}计。",
    ),
    "guide.blur.spatial.alike": (
        "In fidelity they are alike: the grid makes more of a difference than the rounding.",
        "保真度相近：网格比取整更要紧。",
    ),
    "guide.blur.spatial.vq": (
        "The VQ-VAE is ahead in fidelity; compare the bits before calling it better.",
        "VQ-VAE 的保真度领先；先比比特数，再说谁更好。",
    ),
    "guide.blur.spatial.vae": (
        "The VAE is ahead in fidelity; compare the bits before calling it better.",
        "VAE 的保真度领先；先比比特数，再说谁更好。",
    ),
    "guide.grid.heard": (
        "One code can change up to {reach} % of the picture; what answers it is {code} % on average (footprint, {n} "
        "test images), and {unit} % for the first unit of the VAE’s z, moved by one standard deviation. One cell is "
        "{cell} % of the picture.",
        "一个码向量最多能影响图像的 {reach} %；实际有响应的平均是 {code} %（足迹，{n} 张测试图像），VAE 的 z "
        "的第一个单元移动一个标准差则是 {unit} %。一格占图像的 {cell} %。",
    ),
    "guide.grid.place": (
        "Codes split the picture by place; z is heard farther.",
        "码向量按位置把图像分开；z 传得更远。",
    ),
    "guide.grid.no_place": (
        "Here a code is heard no less far than z.",
        "在这里，一个码向量传得不比 z 近。",
    ),
    "guide.grid.bits": (
        "One code, wherever it stands, tells {bits} of the {all} bits of the class (chance, taken off: {null}).",
        "一个码向量，不论在哪一格，说出类别的 {all} 比特中的 {bits} 比特（已减去偶然值 {null}）。",
    ),
    "guide.grid.bits.little": (
        "Little: a code names a patch, not a feature of the picture. What it does separate is places: predict below "
        "how "
        "sharply.",
        "很少：一个码向量指的是一小块，而不是图像的某个特征。它分开的是位置：下面猜猜分得有多清。",
    ),
    "guide.grid.bits.much": (
        "A fair share for so small a part: here codes do carry something of the class.",
        "对这么小的一块来说不算少：这里的码向量确实带有类别的信息。",
    ),
    "guide.blur.measured": (
        "Equivalent blur: that VAE {near} px ({near_db} dB), the VQ-VAE {vq} px ({vq_db} dB).",
        "等效模糊：这个 VAE {near} 像素（{near_db} dB），VQ-VAE {vq} 像素（{vq_db} dB）。",
    ),
    "guide.blur.vae": ("The VAE blurs less.", "VAE 更清晰。"),
    "guide.blur.vq": ("The VQ-VAE blurs less.", "VQ-VAE 更清晰。"),
    "guide.blur.tie": ("Neither blurs less to speak of.", "两者的模糊不相上下。"),
    "guide.blur.fair": (
        "Their rates are close (a factor of {ratio}), both under {rung}: a fair match.",
        "两者码率相近（{ratio} 倍），都按{rung}计：这是公平的比较。",
    ),
    "guide.blur.more": (
        "But the VQ-VAE is still told {ratio} times as many bits: no fair match.",
        "但 VQ-VAE 得到的比特仍是 {ratio} 倍：不是公平的比较。",
    ),
    "guide.blur.less": (
        "But the VAE is still told {ratio} times as many bits: no fair match.",
        "但 VAE 得到的比特仍是 {ratio} 倍：不是公平的比较。",
    ),
    "guide.blur.usual": (
        "The pair of the other steps, {run} beside {vq_run}, mean of the test pictures: {vae} px of blur at {vae_bits} "
        "bits against {vq} px at {vq_bits}, under {rung}.",
        "其他步骤所用的一对，{run} 与 {vq_run}，测试图像的平均：{vae_bits} 比特时模糊 {vae} 像素，"
        "{vq_bits} 比特时 {vq} 像素（按{rung}）。",
    ),
    "guide.blur.usual.rate": (
        "The sharper one is the one that was told more, so this pair cannot tell.",
        "更清晰的正是得到更多比特的那个，所以这一对说明不了问题。",
    ),
    "guide.blur.usual.not_rate": (
        "Here rate alone does not explain who is sharper.",
        "在这里，光凭码率解释不了谁更清晰。",
    ),
    "guide.dead.measured": (
        "At step {now}, {then} of {codes} are dead on the left, {other} on the right ({right}). At the end "
        "of the film, step {last}: {end} and {other_end}.",
        "第 {now} 步：左边 {codes} 个码向量中有 {then} 个死码，右边（{right}）{other} 个。影片结束时（第 {last} 步）："
        "{end} 个和 {other_end} 个。",
    ),
    "guide.dead.back": (
        "Of the {count} that were dead on the left at step {now}, {back} were chosen again at some later frame.",
        "第 {now} 步时左边的 {count} 个死码中，有 {back} 个在之后的某一帧又有了命中。",
    ),
    "guide.dead.moved": (
        "Nobody moved them: the encoder did, and its outputs came back to them.",
        "没有人去移动它们：移动的是编码器，它的输出又来到了它们附近。",
    ),
    "guide.dead.fetched": (
        "They were put back among the encoder’s outputs.",
        "它们是被放回到编码器输出之中的。",
    ),
    "guide.dead.stayed": (
        "Of the {count} that were dead on the left at step {now}, none was chosen at any later frame.",
        "第 {now} 步时左边的 {count} 个死码，在之后的任何一帧都没有再命中。",
    ),
    "guide.ema.measured": (
        "After {steps} steps, of {codes} codes {gradient} are dead with the gradient and {ema} with EMA ({seeds} "
        "seeds).",
        "{steps} 步之后，{codes} 个码向量中梯度留下 {gradient} 个死码，EMA 留下 {ema} 个（{seeds} 个种子）。",
    ),
    "guide.ema.shown": (
        "The pair on the screen, final weights after {steps} steps over the whole test split (the film counts training "
        "batches): {left} of {codes} on the left, {right} on the right.",
        "屏幕上的这一对，{steps} 步之后的最终权重，按整个测试集计（影片按训练的小批量计）："
        "{codes} 个码向量中左边 {left} 个死码，右边 {right} 个。",
    ),
    "guide.ema.pairs": (
        "Over all {pairs} settings that differ in the rule alone: EMA has fewer in {ema}, the gradient in {gradient}, "
        "and in {overlap} the seeds overlap.",
        "在只有规则不同的全部 {pairs} 组设置里：EMA 更少的有 {ema} 组，梯度更少的有 {gradient} 组，种子互有高低的有 "
        "{overlap} 组。",
    ),
    "guide.ema.not_alone": (
        "So the rule alone does not decide: where codes begin, how many numbers they have and restarts count too.",
        "所以光看规则定不了：码向量从哪里开始、有几个数、是否重启，同样要紧。",
    ),
    "guide.ema.decides": (
        "In these settings the rule did decide.",
        "在这些设置里，规则确实起决定作用。",
    ),
    "guide.ema.half": (
        "Exponential moving average: at γ = {decay}, half of what it remembers is older than {steps} steps.",
        "指数移动平均（exponential moving average）：γ = {decay} 时，权重的半衰期是 {steps} 步。",
    ),
    "guide.ema.filmed": (
        "In the film of {run}, the counts of codes without a hit halved in {steps} steps (median of {codes} counts; "
        "films are float16).",
        "在 {run} 的影片里，没有命中的码向量的计数每 {steps} 步减半（{codes} 个计数的中位数；影片是 float16）。",
    ),
    "guide.sampling.measured": (
        "KID-clf, lower is closer: VAE {vae}, uniform codes {uniform}, learned prior {learned}. Real pictures against "
        "real ones: {real}.",
        "KID-clf，越低越接近：VAE {vae}，均匀的码 {uniform}，学到的先验 {learned}。真实图像之间：{real}。",
    ),
    "guide.sampling.vae": (
        "Here the VAE’s own prior is ahead of both priors over codes.",
        "在这里，VAE 自带的先验胜过码向量上的两种先验。",
    ),
    "guide.sampling.uniform": (
        "Uniform codes are ahead, which is a surprise: look at the pictures.",
        "均匀的码向量领先，出人意料：看看那些图像。",
    ),
    "guide.sampling.learned": (
        "The learned prior is ahead: a VQ-VAE generates as well as the prior that was put over its codes.",
        "学到的先验领先：VQ-VAE 生成得多好，要看码向量上放了多好的先验。",
    ),
    "guide.sampling.unfair": (
        "But no fair match of the two models: the codes take {vq_bits} bits an image, the VAE’s z {vae_bits}, both "
        "under {rung}.",
        "但两个模型之间不是公平的比较：每张图的码向量占 {vq_bits} 比特，VAE 的 z 占 {vae_bits} 比特，都按{rung}计。",
    ),
    "guide.sampling.rates": (
        "Bits for the codes of a test image: {uniform} uniform, {frequencies} by frequencies, {learned} by the learned "
        "prior.",
        "一张测试图像的码向量所需的比特：均匀 {uniform}，按频率 {frequencies}，学到的先验 {learned}。",
    ),
    "guide.sampling.rates.falls": (
        "What a prior can foretell, it need not pay for.",
        "先验能预料到的，就不必付费。",
    ),
    "guide.sampling.rates.not_falls": (
        "The order is not the expected one here: a prior can be too confident on new images.",
        "这里的次序与预期不同：先验在新图像上可能过于自信。",
    ),
    "guide.dead.rows": (
        "In one update of {run}, whose codes follow a gradient, after step {step}: {vectors} vectors chose among "
        "{codes} codes. {unchosen} were chosen by none: they stand in no term of the loss, "
        "and so their rows of its gradient are exactly zero.",
        "{run} 的码向量由梯度移动；它第 {step} 步之后的一次更新里，"
        "{vectors} 个向量在 {codes} 个码向量中选择。{unchosen} 个码向量没有命中："
        "它们不在损失的任何一项里，所以梯度中的这些行恰好为零。",
    ),
    "guide.beta.measured": (
        "At β = {beta}: {silent} of {units}. KL {kl} nats, PSNR {psnr} dB.",
        "β = {beta} 时：{units} 个中有 {silent} 个。KL {kl} 奈特，PSNR {psnr} dB。",
    ),
    "guide.beta.other": (
        "At β = {beta} ({run}): {silent} of {units}. KL {kl} nats, PSNR {psnr} dB.",
        "β = {beta} 时（{run}）：{units} 个中有 {silent} 个。KL {kl} 奈特，PSNR {psnr} dB。",
    ),
    "guide.beta.alone": (
        "On these images no other β was trained to set beside it.",
        "这个图像集上没有用别的 β 训练过的模型可作对照。",
    ),
    "guide.beta.more": (
        "More of them went silent than there: their posterior has collapsed onto the prior.",
        "失活的单元比那里多：它们的后验已经坍塌到先验上。",
    ),
    "guide.beta.fewer": (
        "Fewer of them are silent than there.",
        "失活的单元比那里少。",
    ),
    "guide.beta.same": (
        "As large a share of them is silent as there.",
        "失活的单元所占的比例与那里相同。",
    ),
}
