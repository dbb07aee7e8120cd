"""The tab Generate."""

GENERATE: dict[str, tuple[str, str]] = {
    "tab.generate": ("Generate", "生成"),
    "generate.see": (
        "Pictures that are in no data set. Left: points of the prior, decoded. Right: grids of {cells} codes from "
        "three priors, decoded by the same decoder.",
        "数据集里没有的图像。左边：从先验取点，再解码。右边：用三种先验写出 {cells} 个码向量，再由同一个解码器解码。",
    ),
    "generate.try": (
        "Choose a place between the samples on the left, also where the map says hole. On the right, walk from noise "
        "to pictures; then let the prior write one code at a time, and change one by hand.",
        "在左边的样本之间点一点，也点点标为空洞的地方。在右边，看着噪声一级级变成图像；"
        "再让先验一个一个地写码向量，并亲手改掉一个。",
    ),
    # what all galleries share
    "generate.seed": ("Seed", "种子"),
    "generate.seed.note": ("Same seed, same pictures; it is in the link.", "种子相同，图像相同；种子在链接里。"),
    "generate.another": ("Another seed", "换一个种子"),
    "generate.count": ("Samples", "样本数"),
    "generate.sample": ("Sample {k}", "样本 {k}"),
    "generate.stop": ("Stop", "停止"),
    "generate.learn": ("Train the learned prior", "训练学到的先验"),
    "generate.learn.none": ("Not trained yet for this run.", "这个模型还没有学到的先验。"),
    "generate.learn.queued": ("Trainings before it: {ahead}", "前面还有 {ahead} 个训练"),
    "generate.learn.training": (
        "Training the prior: step {step} of at most {steps}",
        "正在训练先验：第 {step} 步，最多 {steps} 步",
    ),
    "generate.learn.measuring": ("Measuring what it costs in bits", "正在测量它所需的比特数"),
    "generate.drawing": ("Drawing samples", "正在抽样"),
    "generate.bits": ("bits per image", "比特/图"),
    # vectors
    "generate.prior": ("Prior", "先验"),
    "generate.prior.normal": ("N(0, I)", "N(0, I)"),
    "generate.prior.normal.tip": (
        "The prior the VAE was trained with: its KL term pulls every posterior towards it.",
        "VAE 训练时的先验：KL 项把每个后验都往它拉。",
    ),
    "generate.prior.simple": ("Fitted Gaussian", "拟合的高斯"),
    "generate.prior.simple.tip": (
        "One full Gaussian with the mean and covariance of the training images' latents; of a grid one for each "
        "position. It knows where the encoder goes, not in what shapes.",
        "一个完整的高斯，均值和协方差取自训练图像的隐变量；网格则每个位置一个。它知道编码器去哪里，不知道是什么形状。",
    ),
    "generate.prior.learned": ("Learned prior", "学到的先验"),
    "generate.prior.learned.tip": (
        "Trained afterwards on the latents of the training images. Of a grid: a transformer over its positions, as for "
        "codes. Of one vector: the better on validation images of Gaussian mixtures and a small flow.",
        "训练之后，在训练图像的隐变量上学到。网格：对各位置的 transformer，与码向量的先验一样。"
        "单个向量：高斯混合与小型流之中，在验证图像上较好的一个。",
    ),
    "generate.prior.mixture": ("Gaussian mixture", "高斯混合"),
    "generate.prior.mixture.tip": (
        "Ten Gaussians fitted afterwards to the latents of the training images: it goes where the encoder really went.",
        "训练之后，用十个高斯拟合训练图像的隐变量：它去编码器真正去过的地方。",
    ),
    "generate.samples.vectors": ("Samples, decoded", "样本，已解码"),
    "generate.pinned": ("Your point", "你选的点"),
    "generate.pointer": ("Where you point", "所指处"),
    "generate.disc": ("95 % of the prior", "先验的 95 %"),
    "generate.no_plane": (
        "This latent has {size} numbers and no plane to point at: the samples below are drawn in all of them.",
        "这个隐变量有 {size} 个数，没有可点的平面：下面的样本是在全部维度上抽取的。",
    ),
    "generate.holes": ("map of holes", "空洞图"),
    "generate.holes.colours": ("Colours", "颜色"),
    "generate.holes.classes": ("classes", "类别"),
    "generate.holes.scale": ("as dense as the prior", "与先验同样密"),
    "generate.holes.mass": ("of the prior lies in holes", "的先验落在空洞里"),
    "generate.holes.mass.tip": (
        "P(q(z)/p(z) < 1/10) for z from the prior: how often a draw lands where the posteriors of {n} training images "
        "have less than a tenth of the prior's density. 95 % interval over draws: {low}–{high} %.",
        "对先验中的 z：P(q(z)/p(z) < 1/10)，即抽到的点处 {n} 张训练图像的后验密度不到先验的十分之一的频率。"
        "抽样的 95 % 区间：{low}–{high} %。",
    ),
    "generate.holes.caption": (
        "Each cell ({cell} × {cell}) is coloured by what the posteriors of {n} training images have there ({each} "
        "draws each) over what the prior has. Amber is a hole: the prior draws there, and the images have "
        "less than a tenth of what it has.",
        "每格（{cell} × {cell}）的颜色：{n} 张训练图像的后验（每张抽 {each} 次）落在此格的量，比先验在此格的量。"
        "琥珀色是空洞：先验会抽到那里，图像却不到先验的十分之一。",
    ),
    # codes
    "generate.rung.uniform": ("Uniform codes", "均匀的码向量"),
    "generate.rung.uniform.bits": (
        "P·log₂ K: every code of every cell costs the same. The same for all {n} test images.",
        "P·log₂ K：每一格的每个码向量代价相同。{n} 张测试图像都一样。",
    ),
    "generate.rung.uniform.why": (
        "Each code is drawn alone and all are equally likely: neighbours know nothing of each other, so the decoder is "
        "given patches that never stood together. That is why it is noise.",
        "每个码向量各自抽取，且机会均等：相邻的码向量互不知情，解码器拿到的是从未并排出现过的小块，所以看到的是噪声。",
    ),
    "generate.rung.frequencies": ("Frequencies of each position", "各位置的频率"),
    "generate.rung.frequencies.bits": (
        "Cross-entropy of the codes of {n} test images under one histogram for each cell, counted on training codes.",
        "{n} 张测试图像的码向量在逐格直方图下的交叉熵；直方图由训练码向量统计。",
    ),
    "generate.rung.frequencies.why": (
        "Each position draws from its own histogram: it knows where things are, not what goes with what.",
        "每个位置按自己的直方图抽取：它知道哪里有什么，不知道什么配什么。",
    ),
    "generate.rung.learned": ("Learned prior", "学到的先验"),
    "generate.rung.learned.bits": (
        "Cross-entropy of the codes of {n} test images under the learned prior.",
        "{n} 张测试图像的码向量在学到的先验下的交叉熵。",
    ),
    "generate.rung.learned.why": (
        "Each code is drawn given all codes before it, row by row. This is how a VQ-VAE generates.",
        "逐行写码向量，每个码向量都以前面所有的码向量为条件。VQ-VAE 就是这样生成的。",
    ),
    # one sample
    "generate.near.label": ("Nearest training images", "最近的训练图像"),
    "generate.near.what": (
        "Near means a small Euclidean distance between the {features} features of the set's small classifier "
        "({accuracy} % right on test images). Usual is the median distance of {n} test images to their nearest.",
        "“近”指该图像集小分类器的 {features} 个特征之间的欧氏距离小（它在测试图像上的准确率为 {accuracy} %）。"
        "“通常”是 {n} 张测试图像到最近训练图像距离的中位数。",
    ),
    "generate.near.usual": ("usual distance: {usual}", "通常距离：{usual}"),
    "generate.near.reading": ("Reading the training images", "正在读取训练图像"),
    "generate.near.stopped": ("Stopped. Choose a sample to look again.", "已停止。选一个样本即可再找。"),
    # code by code
    "generate.walk.title": ("Code by code", "逐码生成"),
    "generate.walk.what": (
        "The learned prior writes one grid, cell by cell, and says before each code how likely every code is. Take the "
        "pen: put another code into a cell, and it goes on from there.",
        "学到的先验一格一格地写满码网格，每写一个码向量之前都给出所有码向量的概率。你也可以自己写：在某一格换一个码向量，它就从那里接着写。",
    ),
    "generate.walk.origin": ("Begin with", "起点"),
    "generate.walk.origin.nothing": ("nothing", "空白"),
    "generate.walk.origin.image": (
        "the top {rows} of {grid} rows of the selected image",
        "所选图像的前 {rows} / {grid} 行",
    ),
    "generate.walk.first": ("To the first code", "回到第一个码向量"),
    "generate.walk.back": ("One code back", "退一个码向量"),
    "generate.walk.play": ("Play", "播放"),
    "generate.walk.pause": ("Pause", "暂停"),
    "generate.walk.step": ("One code on", "进一个码向量"),
    "generate.walk.last": ("To the last code", "到最后一个码向量"),
    "generate.walk.speed": ("Speed", "速度"),
    "generate.walk.speed.slow": ("slow", "慢"),
    "generate.walk.speed.plain": ("normal", "正常"),
    "generate.walk.speed.fast": ("fast", "快"),
    "generate.walk.temperature": ("Temperature", "温度"),
    "generate.walk.temperature.tip": (
        "Divides the logits: below 1 likely codes become likelier, above 1 unlikely ones get a chance.",
        "logits 除以它：小于 1 时大概率的码向量更占优，大于 1 时小概率的码向量也有机会。",
    ),
    "generate.walk.top_k": ("Top-k", "前 k 个"),
    "generate.walk.top_k.tip": ("Only the k likeliest codes may be drawn.", "只从概率最大的 k 个码向量里抽。"),
    "generate.walk.top_k.all": ("all", "全部"),
    "generate.walk.so_far": (
        "Decoded so far: {cell} of {total} codes. Veiled cells hold the most used code.",
        "目前解码结果：{total} 个码向量中的 {cell} 个。蒙住的格先填用得最多的码向量。",
    ),
    "generate.walk.whole": ("Decoded: all {total} codes are written.", "解码结果：{total} 个码向量全部写完。"),
    "generate.walk.grid": ("Grid of codes", "码网格"),
    "generate.walk.who": (
        "Plain: the prior wrote it. Filled: you did. Grey: from the image.",
        "无底色：先验写的。实底：你写的。灰底：来自图像。",
    ),
    "generate.walk.cell.prior": (
        "Row {row}, column {column}: code {code}, by the prior",
        "第 {row} 行第 {column} 列：码 {code}，先验所写",
    ),
    "generate.walk.cell.hand": (
        "Row {row}, column {column}: code {code}, by you",
        "第 {row} 行第 {column} 列：码 {code}，你写的",
    ),
    "generate.walk.cell.image": (
        "Row {row}, column {column}: code {code}, from the image",
        "第 {row} 行第 {column} 列：码 {code}，来自图像",
    ),
    "generate.walk.cell.empty": ("Row {row}, column {column}: not written yet", "第 {row} 行第 {column} 列：还没写"),
    "generate.walk.bars.prior": (
        "Code {cell} of {total}: the prior drew {code}. Press another to put it there.",
        "第 {cell} / {total} 个码向量：先验抽到 {code}。点别的码向量即可换上。",
    ),
    "generate.walk.bars.hand": (
        "Code {cell} of {total}: you put {code} there. The prior goes on from it.",
        "第 {cell} / {total} 个码向量：你放了 {code}。先验从这里接着写。",
    ),
    "generate.walk.bars.image": (
        "Code {cell} of {total}: the image has {code} here. The bars say what the prior expected.",
        "第 {cell} / {total} 个码向量：图像在这里是 {code}。条形是先验的预期。",
    ),
    "generate.walk.bar": ("Code {code}: {share}", "码 {code}：{share}"),
    "generate.walk.rest": ("{count} other codes: {share}", "其余 {count} 个码向量：{share}"),
    "generate.walk.plane": (
        "The same on the codebook's plane: a disc's area is the code's probability. Choose one to put it there.",
        "同一分布画在码本平面上：圆盘面积即概率。点一个即可换上。",
    ),
    "generate.walk.plane.projected": (
        "The same on the codebook's plane of largest variance: a disc's area is the code's probability. Choose one to "
        "put it there.",
        "同一分布画在码本方差最大的平面上：圆盘面积即概率。点一个即可换上。",
    ),
    "generate.walk.number": ("Any code by its number", "按编号选任意码向量"),
    "generate.walk.put": ("Put it there", "换上"),
    "generate.walk.label": ("Class", "类别"),
    "generate.walk.any_label": ("any", "任意"),
    # an autoencoder beside it
    "generate.prior.own_spread": ("its own spread", "自身的分布范围"),
    "generate.prior.own_spread.tip": (
        "An AE has no prior. Drawn from a Gaussian with the mean and the spread of its own training latents: the best "
        "that N(0, I) can be made to fit.",
        "AE 没有先验。这里从一个高斯里抽样，均值和标准差取自它自己的训练隐变量：这已是最贴合的高斯。",
    ),
    "generate.disc.own_spread": ("95 % of its Gaussian", "这个高斯的 95 %"),
    "generate.ae.title": ("A latent that was never asked to generate", "一个从未被要求生成的隐空间"),
    "generate.ae.what": (
        "Both models have the same trunk and decode the same random numbers. The VAE's latents were pulled towards "
        "N(0, I) while it learned; nothing said to the AE where its latents should lie, so a draw may fall between "
        "them. Look for pictures that are of nothing.",
        "两个模型主干相同，解码的是同一组随机数。VAE 学习时隐变量被拉向 N(0, I)；没有谁告诉 AE 隐变量该在哪里，"
        "抽到的点可能落在它们之间。找找那些什么都不是的图像。",
    ),
    "generate.ae.twin": ("The VAE from N(0, I)", "VAE，取自 N(0, I)"),
    "generate.ae.own": ("The AE from its own spread", "AE，取自它自身的分布范围"),
    "generate.ae.kid": (
        "{model}: KID-clf {value} ± {sd} (lower is better), precision {precision}, recall {recall}.",
        "{model}：KID-clf {value} ± {sd}（越低越好），精确率 {precision}，召回率 {recall}。",
    ),
    # how good the samples are
    "generate.quality.title": ("How good are the samples?", "样本有多好？"),
    "generate.quality.what": (
        "Measured in the features of the set's small classifier, so none of this is an FID. Read each number against "
        "the rows at the bottom: what real images, copies and blurred images score.",
        "在该图像集小分类器的特征里测量，所以都不是 FID。"
        "每个数都要对照最下面几行：真实图像、复制的图像和模糊的图像各得多少。",
    ),
    "generate.quality.samples": ("Samples", "样本"),
    "generate.quality.missing": (
        "Not measured yet. Measure: python -m explorer generation {run}",
        "还没有测量。测量：python -m explorer generation {run}",
    ),
    "generate.quality.unseen": (
        "Not measured: samples are seen through a small classifier, which only the bundled image sets have.",
        "没有测量：样本要由小分类器来看，而只有随程序附带的图像集才有分类器。",
    ),
    "generate.quality.calibration": ("To read the numbers by", "读数参照"),
    "generate.quality.row.normal": ("N(0, I)", "N(0, I)"),
    "generate.quality.row.normal.tip": (
        "z drawn from N(0, I), the prior the VAE was trained with.",
        "z 取自 N(0, I)，即 VAE 训练时的先验。",
    ),
    "generate.quality.row.simple": ("Fitted Gaussian", "拟合的高斯"),
    "generate.quality.row.simple.tip": (
        "z drawn from one Gaussian, fitted afterwards to the latents of the training images.",
        "z 取自训练之后对训练图像的隐变量拟合的一个高斯。",
    ),
    "generate.quality.row.mixture": ("Gaussian mixture", "高斯混合"),
    "generate.quality.row.mixture.tip": (
        "z drawn from ten Gaussians, fitted afterwards to the latents of the training images.",
        "z 取自训练之后对训练图像的隐变量拟合的十个高斯。",
    ),
    "generate.quality.row.own_spread": ("Its own spread", "自身的分布范围"),
    "generate.quality.row.own_spread.tip": (
        "z drawn from one Gaussian with the mean and spread of the AE's training latents: an AE has no prior.",
        "z 取自一个高斯，均值和标准差来自 AE 的训练隐变量：AE 没有先验。",
    ),
    "generate.quality.row.uniform": ("Uniform codes", "均匀的码向量"),
    "generate.quality.row.uniform.tip": (
        "Each cell takes any code, all as likely: what a codebook without a prior draws.",
        "每格任取一个码向量，概率相同：没有先验的码本只能这样抽。",
    ),
    "generate.quality.row.frequencies": ("Frequencies of each position", "各位置的频率"),
    "generate.quality.row.frequencies.tip": (
        "Each cell takes a code as often as it stood there in training images, whatever its neighbours are.",
        "每格按训练图像中该位置的频率取码，不看相邻格。",
    ),
    "generate.quality.row.learned": ("Learned prior", "学到的先验"),
    "generate.quality.row.learned.tip": (
        "Codes written one by one, each given those before it.",
        "逐个写出码向量，每个都依据之前的码向量。",
    ),
    "generate.quality.row.real_half": ("Real: the other half of the test set", "真实：测试集的另一半"),
    "generate.quality.row.real_half.tip": (
        "Real images that were not the reference: as good as samples can be.",
        "未作参照的真实图像：样本最好也就如此。",
    ),
    "generate.quality.row.train_copies": ("Copies of training images", "复制的训练图像"),
    "generate.quality.row.train_copies.tip": (
        "What a model would draw that only repeats its training images: good figures, but the copy check tells.",
        "只会重复训练图像的模型会抽出的样本：别的指标好，但复制检查看得出来。",
    ),
    "generate.quality.row.blurred_real": ("Real, blurred (σ = 1 pixel)", "真实但模糊（σ = 1 像素）"),
    "generate.quality.row.blurred_real.tip": (
        "Real images through a Gaussian of one pixel: what blur alone costs in each figure.",
        "真实图像经一个像素的高斯模糊：单是模糊在各指标上的代价。",
    ),
    "generate.quality.kid": ("KID-clf", "KID-clf"),
    "generate.quality.kid.better": ("lower is better", "越低越好"),
    "generate.quality.kid.tip": (
        "Kernel distance (unbiased, Bińkowski et al. 2018) between classifier features of samples and of real images; "
        "0 for the same distribution, and it may fall below. ± is the standard deviation over subsets.",
        "样本与真实图像的分类器特征之间的核距离（无偏，Bińkowski 等，2018）；同分布时期望为 0，可略低于 0。"
        "± 为各子集的标准差。",
    ),
    "generate.quality.precision": ("Precision", "精确率"),
    "generate.quality.precision.better": ("higher is better", "越高越好"),
    "generate.quality.precision.tip": (
        "Share of samples that lie among real images (within some real image's ball of 5 neighbours; Kynkäänniemi et "
        "al. 2019).",
        "落在真实图像之中的样本比例（某张真实图像的 5 近邻球内；Kynkäänniemi 等，2019）。",
    ),
    "generate.quality.recall": ("Recall", "召回率"),
    "generate.quality.recall.better": ("higher is better", "越高越好"),
    "generate.quality.recall.tip": (
        "Share of real images that lie among the samples: how much of the set is covered.",
        "落在样本之中的真实图像比例：图像集被覆盖了多少。",
    ),
    "generate.quality.density": ("Density", "密度"),
    "generate.quality.density.better": ("1 is real", "1 为真实"),
    "generate.quality.density.tip": (
        "Balls of real images that a sample lies in, over 5 (Naeem et al. 2020). About 1 for real images; above 1 "
        "where samples crowd in typical places.",
        "一个样本落入多少个真实图像的球，除以 5（Naeem 等，2020）。真实图像约为 1；样本挤在典型处时大于 1。",
    ),
    "generate.quality.coverage": ("Coverage", "覆盖率"),
    "generate.quality.coverage.better": ("higher is better", "越高越好"),
    "generate.quality.coverage.tip": (
        "Share of real images whose ball of 5 neighbours holds a sample (Naeem et al. 2020); real images: about .97.",
        "5 近邻球内有样本的真实图像比例（Naeem 等，2020）；真实图像约 0.97。",
    ),
    "generate.quality.c2st": ("C2ST", "C2ST"),
    "generate.quality.c2st.better": (".5 is best", "0.5 最好"),
    "generate.quality.c2st.tip": (
        "Classifier two-sample test: held-out accuracy of telling samples from real images. .5: it cannot; 1: always.",
        "分类器双样本检验：在留出样本上分辨真假的准确率。0.5 表示分不出，1 表示总能分出。",
    ),
    "generate.quality.copies": ("Copy check", "复制检查"),
    "generate.quality.copies.better": ("as real images", "应与真实图像相同"),
    "generate.quality.copies.tip": (
        "Share of samples nearer to a training image than to as many held-out ones. Clearly above what real images "
        "score, at the bottom of the table: it remembers. That is .5 only where the classifier never saw the "
        "training images.",
        "比起同样多的留出图像，更接近某张训练图像的样本比例。明显高于表底真实图像的分数，说明在背诵。只有分类器没见过"
        "训练图像时，那个分数才是 0.5。",
    ),
    "generate.quality.classes": ("Classes", "类别"),
    "generate.quality.classes.better": ("in label order", "按标签顺序"),
    "generate.quality.classes.tip": (
        "Share of samples that the classifier gives each class, with its 95 % interval.",
        "分类器判给各类的样本比例，附 95 % 区间。",
    ),
    "generate.quality.bar": ("{name}: {share} ({low}–{high})", "{name}：{share}（{low}–{high}）"),
    "generate.quality.caption": (
        "{n} samples against {reference} held-out images. KID-clf: {subsets} subsets of {size}. Intervals are 95 % and "
        "cover which samples were drawn; one training run, one reference, one classifier ({accuracy} % right on "
        "{tested} test images).",
        "{n} 个样本对 {reference} 张留出图像。KID-clf：{subsets} 个子集，每个 {size}。区间为 95 %，只涵盖抽到哪些样本；"
        "训练、参照图像和分类器（在 {tested} 张测试图像上准确率 {accuracy} %）各只有一个。",
    ),
    "generate.quality.redrawn": (
        "Those of C2ST and the copy check cover another reference and another split too.",
        "C2ST 与复制检查的区间还涵盖换一组参照图像、换一种划分。",
    ),
}
