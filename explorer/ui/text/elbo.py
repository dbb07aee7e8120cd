"""Sentences of the tab ELBO, by key."""

ELBO: dict[str, tuple[str, str]] = {
    "tab.elbo": ("ELBO", "证据下界"),
    "elbo.see": (
        "The VAE's loss as its two parts, in nats: what the picture loses, and what z costs. Below, how far that "
        "bound is from log p(x) itself.",
        "VAE 的损失分成两部分，单位奈特：图像损失了多少，z 花费多少。下面是这个下界离 log p(x) 本身有多远。",
    ),
    "elbo.try": (
        "Resample ε, or drag it, and watch z and the picture answer. Choose a point of the β sweep to load that run, "
        "and compare what its units carry.",
        "重抽 ε，或拖动它，看 z 和图像如何回应。点 β 扫描图上的点即可载入那个模型，比较各单元承载多少。",
    ),
    # nothing to show
    "elbo.no_vae": (
        "Neither side shows a VAE. An AE has no posterior and a VQ-VAE no KL to give up: choose a VAE on the left.",
        "两边都不是 VAE。AE 没有后验，VQ-VAE 没有可让步的 KL：请在左边选一个 VAE。",
    ),
    "elbo.no_codes": (
        "Neither side shows a VQ-VAE: choose one on the right to see its own bound.",
        "两边都不是 VQ-VAE：请在右边选一个，看看它自己的下界。",
    ),
    "elbo.no_integral": (
        "This latent has {numbers} numbers. log p(x) is an integral over all of them, and a grid that is fine enough "
        "exists for two only: here the bounds are all there is. Choose a VAE with z = 2 to see log p(x) itself.",
        "这个隐变量有 {numbers} 个数。log p(x) 是对全部这些数的积分，足够细的网格只在两维时可行：这里只有下界可看。"
        "请选择 z = 2 的 VAE，看看 log p(x) 本身。",
    ),
    "elbo.missing": (
        "Not measured yet. Measure: python -m explorer evidence {run} --write",
        "还没有测量。测量：python -m explorer evidence {run} --write",
    ),
    # the loss
    "elbo.loss.title": ("The loss in two parts", "损失的两部分"),
    "elbo.loss.what": (
        "−ELBO = −E log p(x|z) + KL(q(z|x) ‖ p(z)), in nats. The first part asks z to say which picture it was, the "
        "second asks it to say as little as possible. Here β is 1, whatever the run was trained with.",
        "−ELBO = −E log p(x|z) + KL(q(z|x) ‖ p(z))，单位奈特。前一项要 z 说清是哪张图，后一项要它尽量少说。"
        "这里 β 一律为 1，不论训练时取多少。",
    ),
    "elbo.trained_with": ("Trained with β = {beta}; reported with β = 1.", "训练时 β = {beta}；报告时 β = 1。"),
    "elbo.bar.image": ("This image", "这张图"),
    "elbo.bar.set": ("{n} test images, mean", "{n} 张测试图像的均值"),
    "elbo.part.error": ("reconstruction, SSE/2s²", "重建，SSE/2s²"),
    "elbo.part.kl": ("KL", "KL"),
    "elbo.part.elbo": ("ELBO {nats} nats", "证据下界 {nats} 奈特"),
    "elbo.part.sentence": (
        "{whose}: reconstruction {error} nats, KL {kl} nats, ELBO {elbo} nats",
        "{whose}：重建 {error} 奈特，KL {kl} 奈特，证据下界 {elbo} 奈特",
    ),
    "elbo.constant": (
        "−log p(x|z) = SSE/2s² + (d/2)·log 2πs². The last part is {constant} nats for every image and no bar shows it; "
        "s² = {s2} is the training images' error, fixed when training ended. It is a density, so the ELBO may be above "
        "0. This image: mean of {draws} draws of z.",
        "−log p(x|z) = SSE/2s² + (d/2)·log 2πs²。最后一部分对每张图都是 {constant} 奈特，条形中不画；"
        "s² = {s2} 是训练图像的误差，训练结束时固定。这是密度，所以证据下界可以大于 0。这张图取 {draws} 个 z 的均值。",
    ),
    # units
    "elbo.units.title": ("What each unit carries", "每个单元承载多少"),
    "elbo.units.what": (
        "Bar: KL of the set, mean; tick: this image. On the right, this image's posterior, μ ± σ, against the prior's "
        "± 2.",
        "条形：图像集的平均 KL；刻度线：这张图。右侧：这张图的后验 μ ± σ，对照先验的 ± 2。",
    ),
    "elbo.unit": ("z {number}", "z {number}"),
    "elbo.unit.cell": ("{channel} · row {row}, column {column}", "{channel} · 第 {row} 行第 {column} 列"),
    "elbo.unit.sentence": (
        "{name}: KL {kl} nats, mean of the set {set}; posterior {mean} ± {sigma}",
        "{name}：KL {kl} 奈特，图像集均值 {set}；后验 {mean} ± {sigma}",
    ),
    "elbo.units.all": ("Show all {count} units", "显示全部 {count} 个单元"),
    "elbo.units.fewer": ("Show the first {count}", "只显示前 {count} 个"),
    "elbo.active": (
        "{active} of {total} units are active by the usual rule, Var(μ_j) > {variance} over {n} test images. The rule "
        "alone is too lax: read it beside the bars. Of all {total}, {silent} are silent: less than {limit} nats.",
        "按通常的规则（{n} 张测试图像上 Var(μ_j) > {variance}），{total} 个单元中有 {active} 个是活跃的。"
        "只看这条规则太宽松，请与条形对照。全部 {total} 个中，{silent} 个失活：KL 不到 {limit} 奈特。",
    ),
    "elbo.active.missing": (
        "Active units are not measured yet: python -m explorer evaluate {run} --write",
        "还没有测量活跃单元：python -m explorer evaluate {run} --write",
    ),
    # the posterior under the hand
    "elbo.draw.title": ("Reparametrisation: z = μ + σ·ε", "重参数化：z = μ + σ·ε"),
    "elbo.draw.what": (
        "ε comes from N(0, I) and knows nothing of the picture; μ and σ come from the encoder. So the gradient passes "
        "through μ and σ, and not through chance.",
        "ε 取自 N(0, I)，与图像无关；μ 和 σ 来自编码器。所以梯度经过 μ 和 σ，而不经过随机数。",
    ),
    "elbo.draw.epsilon": ("ε, drag it", "ε，可拖动"),
    "elbo.draw.epsilon.label": (
        "ε in two of its numbers. Arrow keys move it; press Resample for another.",
        "ε 的其中两个数。方向键移动它；按“重抽”换一个。",
    ),
    "elbo.draw.plane": ("z on the plane, to scale", "平面上的 z，按比例"),
    "elbo.draw.close": ("z close up: 1, 2, 3 σ", "z 的近景：1、2、3 σ"),
    "elbo.draw.picture": ("the picture answers", "图像随之变化"),
    "elbo.draw.original": ("original", "原图"),
    "elbo.draw.resample": ("Resample ε", "重抽 ε"),
    "elbo.draw.centre": ("ε = 0", "ε = 0"),
    "elbo.draw.says": (
        "This z: reconstruction {error} nats; mean over draws {mean}.",
        "这个 z：重建 {error} 奈特；多次抽样的均值 {mean}。",
    ),
    "elbo.draw.units": (
        "Shown are the two units with the largest KL, {first} and {second}; all others were drawn too.",
        "画出的是 KL 最大的两个单元：{first} 和 {second}；其余单元也一并抽取。",
    ),
    "elbo.draw.waiting": ("The decoder is loading.", "解码器正在载入。"),
    # the sweep
    "elbo.sweep.title": ("From an AE to nothing: β", "β：从近似 AE 到后验坍塌"),
    "elbo.sweep.what": (
        "β weighs the KL while a VAE trains: the larger it is, the more a unit has to do for the picture to be worth "
        "its KL, and the q of one that is not falls onto the prior (posterior collapse). Choose a point to load its "
        "run.",
        "β 是 VAE 训练时 KL 的权重：β 越大，单元对图像的贡献就要越大才抵得上它的 KL；抵不上的单元，"
        "其 q 塌到先验上（后验坍塌）。点一个点即可载入那个模型。",
    ),
    "elbo.sweep.beta": ("β, weight of the KL while training", "β，训练时 KL 的权重"),
    "elbo.sweep.rate": ("rate: KL, nats per image", "码率：KL，奈特/图"),
    "elbo.sweep.distortion": ("distortion: MSE per value, z ~ q", "失真：每个值的 MSE，z ~ q"),
    "elbo.sweep.active": ("active units, share", "活跃单元的比例"),
    "elbo.sweep.ae": ("AE, z = {z}: β = 0", "AE，z = {z}：β = 0"),
    "elbo.sweep.group.vector": ("z = {z}", "z = {z}"),
    "elbo.sweep.group.spatial": ("{z} × grid", "{z} × 网格"),
    "elbo.sweep.caption": (
        "{runs} VAEs of this set, β from {low} to {high}; one training run each, test images.",
        "这个图像集的 {runs} 个 VAE，β 从 {low} 到 {high}；每个只训练一次，测试图像。",
    ),
    "elbo.sweep.silent": (
        "Silent units (less than {limit} nats) are in {silent} of the {runs}, the smallest β of these being {lowest}.",
        "其中 {silent} 个模型（共 {runs} 个）有失活单元（KL 不到 {limit} 奈特），这些模型中最小的 β 是 {lowest}。",
    ),
    "elbo.sweep.silent.none": (
        "None of them has a silent unit (less than {limit} nats), up to β = {high}.",
        "直到 β = {high}，没有一个模型有失活单元（KL 不到 {limit} 奈特）。",
    ),
    "elbo.sweep.empty": (
        "This set has no measured VAE: train one with python -m explorer train --model vae --beta 0.5",
        "这个图像集没有测量过的 VAE：可以用 python -m explorer train --model vae --beta 0.5 训练一个",
    ),
    "elbo.waste.title": ("Two ways to waste a latent", "浪费隐变量的两种方式"),
    "elbo.waste.what": (
        "Posterior collapse is the mirror of codebook collapse. A VAE's unit falls silent because its KL is not worth "
        "paying; a VQ-VAE's code dies because it is nearest to no vector. Either way the latent is smaller than it "
        "looks.",
        "后验坍塌是码本坍塌的镜像。VAE 的单元失活，是因为它带来的好处抵不上所付的 KL；"
        "VQ-VAE 的码向量死去，是因为没有向量以它为最近。"
        "无论哪种，隐变量都比看上去的小。",
    ),
    "elbo.waste.vae.axis": ("active units of all", "活跃单元占全部的比例"),
    "elbo.waste.vqvae.axis": ("used codes of all", "用到的码向量占全部的比例"),
    # bounds and the evidence
    "elbo.evidence.title": ("Bound and evidence", "下界与证据"),
    "elbo.evidence.what": (
        "The ELBO is a lower bound of the evidence log p(x), one of many, and not the tightest. log p(x) = ELBO + "
        "KL(q(z|x) ‖ p(z|x)): maximising the ELBO raises the bound, and the gap is how far q is from the true "
        "posterior.",
        "证据下界是证据 log p(x) 的一个下界，下界有许多，它并不是最紧的。log p(x) = ELBO + KL(q(z|x) ‖ p(z|x))："
        "最大化 ELBO 就是把下界抬高，差距就是 q 离真实后验有多远。",
    ),
    "elbo.evidence.iwae": (
        "IWAE-k averages k draws inside the logarithm: it rises with k and stays below log p(x), in expectation. Where "
        "q lies beside the true posterior, even many draws leave part of the gap open.",
        "IWAE-k 在对数里面对 k 个样本取平均：就期望而言，它随 k 上升，并始终低于 log p(x)。"
        "如果 q 偏在真实后验的旁边，再多的样本也补不齐差距。",
    ),
    "elbo.evidence.more": (
        "Turn on Expert for IWAE-k, which rises from the ELBO towards log p(x), with its errors, and for the whole "
        "set.",
        "打开“专家”可看到 IWAE-k 如何从证据下界升向 log p(x)、它的误差，以及整个图像集。",
    ),
    "elbo.iwae.image": ("The selected image", "所选图像"),
    "elbo.iwae.k": ("k, draws inside the logarithm", "k，对数里面的样本数"),
    "elbo.iwae.nats": ("nats", "奈特"),
    "elbo.iwae.bound": ("IWAE-k (k = 1 is the ELBO)", "IWAE-k（k = 1 即证据下界）"),
    "elbo.iwae.evidence": ("log p(x), integrated", "log p(x)，积分所得"),
    "elbo.iwae.elbo": ("ELBO", "证据下界"),
    "elbo.iwae.caption": (
        "{draws} draws of z, cut into groups of k. Bars: one Monte-Carlo standard error, by the spread of the groups; "
        "with fewer than 10 groups by that of the weights, which is then too small where few weights carry the sum.",
        "{draws} 个 z，每 k 个一组。误差线：一个蒙特卡洛标准误，由各组的离散程度估计；不足 10 组时由权重估计，"
        "若少数权重占了大部分，这个估计会偏小。",
    ),
    "elbo.iwae.drawing": ("{done} of {total} draws", "{total} 个样本中的 {done} 个"),
    "elbo.posterior.title": ("Two posteriors", "两个后验"),
    "elbo.posterior.what": (
        "What the encoder says, q(z|x), beside what is true under this decoder, p(z|x), from the integration's grid. "
        "Rings hold 39, 86 and 99 %.",
        "编码器所说的 q(z|x)，与在这个解码器下真实的 p(z|x)（来自积分的网格）并排。各圈含 39、86 和 99 %。",
    ),
    "elbo.posterior.true": ("true posterior p(z|x)", "真实后验 p(z|x)"),
    "elbo.posterior.q": ("encoder's q(z|x)", "编码器的 q(z|x)"),
    "elbo.posterior.integrating": ("Integrating over the plane", "正在对平面积分"),
    "elbo.axis": ("z {number}", "z {number}"),
    "elbo.evidence.log_px": ("log p(x)", "证据 log p(x)"),
    "elbo.evidence.gap": ("gap KL(q ‖ p(z|x))", "差距 KL(q ‖ p(z|x))"),
    "elbo.evidence.sum": ("ELBO + gap", "证据下界 + 差距"),
    "elbo.evidence.nats": ("{value} nats", "{value} 奈特"),
    "elbo.posterior.accepted": (
        "Integrated on squares down to {step}; halving them last moved log p(x) by {moved} nats (accepted below "
        "{limit}); {decoded} points decoded for this image.",
        "积分所用方格最小边长 {step}；最后一次减半使 log p(x) 变动 {moved} 奈特（小于 {limit} 才接受）；"
        "为这张图解码了 {decoded} 个点。",
    ),
    "elbo.posterior.refused": (
        "Not accepted: at squares of {step} halving still moved log p(x) by {moved} nats, more than {limit}, after "
        "{decoded} points. Do not rely on this number.",
        "未被接受：方格边长 {step} 时再减半仍使 log p(x) 变动 {moved} 奈特，超过 {limit}，已解码 {decoded} 个点。"
        "请不要依赖这个数。",
    ),
    "elbo.set.title": ("The set", "图像集"),
    "elbo.set.errors": (
        "Mean of {n} fixed test images, {draws} draws each. Two errors: Monte-Carlo at most ± {monte_carlo} (bars); "
        "which images were taken ± {images}, the same images for every k, so it does not blur the rise.",
        "{n} 张固定测试图像的均值，每张 {draws} 个样本。两种误差：蒙特卡洛至多 ± {monte_carlo}（误差线）；"
        "取到哪些图像 ± {images}，各 k 用的是同一批图像，所以它不影响上升的幅度。",
    ),
    "elbo.set.exact": (
        "log p(x) {log_px} by integration ({accepted} of {n} accepted), ELBO {elbo}, IWAE-{k} {last}; mean gap "
        "KL(q ‖ p(z|x)) {gap} ± {error} over images.",
        "积分所得 log p(x) 为 {log_px}（{n} 个中接受 {accepted} 个），证据下界 {elbo}，IWAE-{k} {last}；"
        "平均差距 KL(q ‖ p(z|x)) 为 {gap} ± {error}（图像间）。",
    ),
    "elbo.set.split": (
        "What the KL of {kl} nats is made of: information I(x; z) {information}, and KL(q(z) ‖ p(z)) {mismatch}, the "
        "mismatch of the aggregate with the prior; {n} test images ({half}: {half_information} and {half_mismatch}; "
        "the first cannot exceed ln N).",
        "{kl} 奈特的 KL 由什么组成：信息 I(x; z) {information}，以及聚合后验与先验的不匹配 "
        "KL(q(z) ‖ p(z)) {mismatch}；{n} 张测试图像（{half} 张时为 {half_information} 和 {half_mismatch}；"
        "前者不能超过 ln N）。",
    ),
    # codes without training
    "elbo.quantize.title": ("From a VAE to codes, without training", "从 VAE 到码向量：无需训练"),
    "elbo.quantize.what": (
        "Draw K codes from N(0, 1) for each unit and replace every posterior mean by the nearest one (Gaussian "
        "quantisation, arXiv 2512.06609). The KL in bits and log2 K stand on one axis: once log2 K is beyond the KL, "
        "the nearest code is closer than σ, and the picture is that of the mean.",
        "为每个单元从 N(0, 1) 抽取 K 个码向量，把每个后验均值换成最近的一个（高斯量化，arXiv "
        "2512.06609）。以比特计的 KL "
        "与 log2 K 在同一条轴上：一旦 log2 K 超过 KL，最近的码向量就比 σ 更近，图像也就与解码均值所得的一样。",
    ),
    "elbo.quantize.size": ("K = {codes} codes a unit: {bits} bits", "每个单元 K = {codes} 个码向量：{bits} 比特"),
    "elbo.quantize.bits": ("log2 K, bits a unit", "log2 K，比特/单元"),
    "elbo.quantize.error": ("|code − μ| in σ", "|码向量 − μ|，以 σ 计"),
    "elbo.quantize.mean": ("mean error", "平均误差"),
    "elbo.quantize.median": ("median error", "误差中位数"),
    "elbo.quantize.theory": ("theory: ∫ (1 − p(ε))^K dε", "理论：∫ (1 − p(ε))^K dε"),
    "elbo.quantize.joint": ("both units at once, by (μ − c)/σ", "两个单元一起，按 (μ − c)/σ"),
    "elbo.quantize.mse": ("MSE of the picture", "图像的 MSE"),
    "elbo.quantize.decoded_mean": ("μ decoded", "解码 μ"),
    "elbo.quantize.decoded_code": ("code decoded", "由码向量解码"),
    "elbo.quantize.kl": ("KL", "KL"),
    "elbo.quantize.measured": (
        "{n} test images, {draws} codebooks of each size (bars: least and largest). KL a unit: {kl} bits on average, "
        "{low} to {high} for the middle 80 % of images and units (band).",
        "{n} 张测试图像，每种大小 {draws} 个码本（误差线：最小到最大）。每个单元的 KL 平均 {kl} 比特，"
        "中间 80 % 的图像与单元在 {low} 到 {high} 之间（色带）。",
    ),
    "elbo.quantize.crossed": (
        "The mean error falls below 1 σ at {bits} bits, the KL is {kl}. The mean is ruled by images far out, where "
        "random codes are rare; the median falls like 1/K.",
        "平均误差在 {bits} 比特处降到 1 σ 以下，KL 为 {kl}。均值由远处的图像支配，那里随机码向量很少；"
        "中位数按 1/K 下降。",
    ),
    "elbo.quantize.bound": (
        "With {bits} bits a unit, {missed} % of numbers are off by more than σ; the theorem allows {bound} %.",
        "每个单元 {bits} 比特时，{missed} % 的数偏离超过 σ；定理允许 {bound} %。",
    ),
    "elbo.quantize.silent": (
        "{silent} of {total} units are silent (KL below {limit} bits), and pay log2 K all the same.",
        "{total} 个单元中有 {silent} 个失活（KL 低于 {limit} 比特），却照样要付 log2 K。",
    ),
    "elbo.quantize.used": (
        "Of the {codes} codes of the largest size {used} are chosen, the mean over units and codebooks.",
        "最大的码本有 {codes} 个码向量，其中 {used} 个有命中（对单元和码本取平均）。",
    ),
    "elbo.quantize.one": (
        "{codes} codes a unit, {bits} bits for this image (its KL: {kl}). Mean error {error} σ; PSNR {code} dB, "
        "μ decoded {mean} dB.",
        "每个单元 {codes} 个码向量，这张图共 {bits} 比特（其 KL：{kl}）。平均误差 {error} σ；PSNR {code} dB，"
        "解码 μ 为 {mean} dB。",
    ),
    # the bound of the codes
    "elbo.codes.title": ("The VQ-VAE's own bound", "VQ-VAE 自己的下界"),
    "elbo.codes.what": (
        "log p(x) ≥ log p(x|z_q) + log P(codes): one term of the sum over all grids of codes. A better prior over the "
        "codes raises the bound without touching a pixel. It cannot be compared with a VAE's IWAE value: the one "
        "keeps a single term, the other averages over a posterior; read each beside its own rows only.",
        "log p(x) ≥ log p(x|z_q) + log P(码)：对所有码网格求和中的一项。更好的码向量先验能抬高下界，而不动任何像素。"
        "它不能与 VAE 的 IWAE 值相比：一个只留下一项，另一个对后验取平均；各自只与自己的几行对照。",
    ),
    "elbo.codes.likelihood": ("log p(x|z_q) of this image: {nats} nats.", "这张图的 log p(x|z_q)：{nats} 奈特。"),
    "elbo.codes.prior": ("Prior over codes", "码向量的先验"),
    "elbo.codes.cost": ("−log P(codes), this image", "−log P(码)，这张图"),
    "elbo.codes.image": ("Bound, this image", "下界，这张图"),
    "elbo.codes.of_set": ("Bound, the set", "下界，图像集"),
    "elbo.codes.prior.uniform": ("Uniform", "均匀"),
    "elbo.codes.prior.frequencies": ("Frequencies of each position", "各位置的频率"),
    "elbo.codes.prior.learned": ("Learned prior", "学到的先验"),
    "elbo.codes.set": (
        "The set: {n} fixed test images, ± one standard error over images. Nats.",
        "图像集：{n} 张固定测试图像，± 图像间的一个标准误。单位奈特。",
    ),
    "elbo.codes.no_prior": (
        "This run has no prior of its own yet: python -m explorer train-prior {run}",
        "这个模型还没有自己的先验：python -m explorer train-prior {run}",
    ),
}
