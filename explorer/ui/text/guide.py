"""The Guide: its panel, and what its steps say and ask. What is measured is said in `guide_answers.py`."""

GUIDE: dict[str, tuple[str, str]] = {
    "guide.title": ("Guide", "导览"),
    "guide.invite": ("Guide: the story in {steps} steps", "导览：{steps} 步看懂"),
    "guide.resume": ("Guide: back to step {step}", "导览：回到第 {step} 步"),
    "guide.at": ("{step} of {steps}", "第 {step} / {steps} 步"),
    "guide.back": ("Back", "上一步"),
    "guide.next": ("Next", "下一步"),
    "guide.first": ("From the start", "从头开始"),
    "guide.fold": ("Fold the guide away", "收起导览"),
    "guide.smaller": ("Show only its title", "只显示标题"),
    "guide.larger": ("Show all of it", "全部展开"),
    "guide.reset": ("Set the page up for this step", "把页面设为这一步的样子"),
    "guide.print": ("Print all steps", "打印全部步骤"),
    "guide.try": ("Try", "试一试"),
    "guide.note": ("A doubt", "存疑"),
    "guide.predict": ("Predict", "先猜一猜"),
    "guide.reveal": ("Reveal", "揭晓"),
    "guide.revealed": ("Measured", "实测"),
    "guide.guess": ("your guess", "你的猜测"),
    "guide.truth": ("measured", "实测"),
    "guide.right": ("You were right.", "你猜对了。"),
    "guide.measuring": ("Measuring …", "正在测量……"),
    "guide.elsewhere": (
        "This step speaks of the tab {tab}.",
        "这一步讲的是标签页“{tab}”。",
    ),
    "guide.printed": (
        "The guide of VAE vs VQ-VAE, for {data}. Every number was read from the runs’ reports, films and latents when "
        "this page was made.",
        "VAE 与 VQ-VAE 的导览，图像集：{data}。所有数字都是生成本页时从各运行的报告、影片和隐变量中读出的。",
    ),
    "guide.printed.option": ("Choices: {options}.", "选项：{options}。"),
    "guide.printed.runs": ("Runs: {left} and {right}.", "运行：{left} 与 {right}。"),
    "guide.printed.without": ("For a class: without the answers", "课堂用：不带答案"),
    "guide.printed.with": ("With the answers", "带答案"),
    "guide.printed.back": ("Back to the page", "回到页面"),
    "guide.figure.worlds": (
        "Means of test pictures on the VAE’s plane, coloured by class; circles at 1, 2 and 3 σ of the prior.",
        "VAE 平面上测试图像的均值，按类别着色；圆圈为先验的 1、2、3 σ。",
    ),
    "guide.figure.ae": (
        "Test pictures on the AE’s plane, coloured by class.",
        "AE 平面上的测试图像，按类别着色。",
    ),
    "guide.figure.blur": (
        "Test images; below them the VAE’s and then the VQ-VAE’s reconstructions.",
        "测试图像；其下依次是 VAE 与 VQ-VAE 的重建。",
    ),
    "guide.figure.dead": (
        "Dead codes over training steps: dashed the left codebook, solid the right one.",
        "死码数随训练步的变化：虚线为左侧码本，实线为右侧。",
    ),
    # 1
    "guide.worlds.title": ("Distributions in and out", "分布进，分布出"),
    "guide.worlds.say": (
        "A generative model turns a distribution that is easy to draw from into the distribution of pictures. Encoding "
        "goes the other way: every picture lands somewhere. On the left it lands on one point z of a plane; on the "
        "right it becomes {cells} pieces, each with a point of its own.",
        "生成模型把一个容易抽样的分布变成图像的分布；编码则反过来，每张图都会落到某处。左边，一张图是平面上的一个点 z；"
        "右边，一张图拆成 {cells} 块，每块各有自己的点。",
    ),
    "guide.worlds.try": (
        "Move over the left plane: every place decodes to a picture, also where no point lies.",
        "在左边平面上移动：每个位置都会解码成一张图，没有点的地方也一样。",
    ),
    "guide.worlds.ask": (
        "The prior N(0, I) keeps 95 % of its mass within a radius of {radius}. What share of the test pictures have "
        "their point in there?",
        "先验 N(0, I) 有 95 % 的质量在半径 {radius} 之内。测试图像中有多大比例的点落在里面？",
    ),
    # 2
    "guide.ae.title": ("The autoencoder", "自编码器（AE）"),
    "guide.ae.say": (
        "An encoder squeezes the picture x into a few numbers z, a decoder draws it back, and both learn from one "
        "error "
        "alone: how far the drawn picture is from x. Nothing says where z should lie, or how near two pictures may "
        "come.",
        "编码器把图像 x 压成几个数 z，解码器再画回来，两者只从一个误差学习：画出的图离 x 有多远。"
        "没有任何东西规定 z 该在哪里，或两张图可以靠得多近。",
    ),
    "guide.ae.try": (
        "Read the axes: no prior tells the AE how large its numbers should be.",
        "看看坐标轴：没有先验告诉 AE 它的数该有多大。",
    ),
    "guide.ae.ask": (
        "The AE has {ae} numbers for a picture, the VAE {vae}. Whose pictures are closer to the originals?",
        "AE 用 {ae} 个数表示一张图，VAE 用 {vae} 个。谁的重建更接近原图？",
    ),
    "guide.ae.option.ae": ("the AE’s", "AE 的"),
    "guide.ae.option.vae": ("the VAE’s", "VAE 的"),
    "guide.ae.option.tie": ("no more than 0.1 dB apart", "相差不到 0.1 dB"),
    # 3
    "guide.plane.title": ("Why its plane is not enough", "为什么 AE 的平面还不够"),
    "guide.plane.say": (
        "To generate, one has to know where to draw z. An AE leaves no such distribution behind: its cloud has a shape "
        "of its own, and gaps that no picture was ever asked to fill. The usual claim goes further: a small step in it "
        "may land anywhere.",
        "要生成，就得知道从哪里抽 z。AE 没有留下这样的分布：它的点云形状随意，还有从未要求任何图像去填的空隙。"
        "常见的说法更进一步：在其中走一小步，可能落到任何地方。",
    ),
    "guide.plane.try": (
        "Move into the gaps and beyond the cloud. Further down, the AE’s plane stands beside the VAE’s, with the same "
        "step in both.",
        "移到空隙里和点云之外看看。再往下，AE 与 VAE 的平面并排，走同样大小的一步。",
    ),
    "guide.plane.note": ("Can an AE not generate, then?", "那么 AE 就不能生成吗？"),
    "guide.plane.ask": (
        "From test pictures, take steps of {size} % of the AE cloud’s spread, in random directions. After what "
        "share of "
        "them does a classifier see another class?",
        "从测试图像出发，朝随机方向走 AE 点云散布的 {size} % 那么大的一步。有多大比例的步之后，"
        "分类器看到的是另一个类别？",
    ),
    # 4
    "guide.vae.title": ("The VAE: a cloud for each picture", "VAE：每张图是一小团云"),
    "guide.vae.say": (
        "The VAE’s encoder answers with a distribution: a centre μ and a width σ for each number. z is drawn as μ + "
        "σ·ε, "
        "so that the gradient reaches μ and σ through the draw (the reparametrisation trick). A second term pulls "
        "every "
        "cloud towards N(0, I): all pictures have to share its room.",
        "VAE 的编码器给出一个分布：每个数有中心 μ 和宽度 σ。z 按 μ + σ·ε 抽取，梯度就能穿过抽样到达 μ 和 "
        "σ（重参数化）。"
        "另有一项把每团云拉向 N(0, I)：所有图像共用它的空间。",
    ),
    "guide.vae.try": (
        "Press “Resample ε” below the left plane: z is drawn again. Watch how much of the picture moves with it.",
        "按左边平面下的“重抽 ε”：重新抽取 z。看看图像随之变了多少。",
    ),
    "guide.vae.ask": (
        "The prior’s σ is 1. How wide is the posterior of the selected image, number {image}?",
        "先验的 σ 是 1。所选图像（编号 {image}）的后验有多宽？",
    ),
    "guide.vae.option.wide": ("σ of 0.3 or more", "σ 不小于 0.3"),
    "guide.vae.option.middle": ("between 0.03 and 0.3", "0.03 到 0.3 之间"),
    "guide.vae.option.narrow": ("below 0.03", "小于 0.03"),
    # 5
    "guide.bound.title": ("The loss and the ELBO", "损失与变分下界（ELBO）"),
    "guide.bound.say": (
        "Reconstruction wants z to say much; the KL term makes it pay for every nat it says. Their sum with the sign "
        "turned is the ELBO, the evidence lower bound. For any q it lies below log p(x), by exactly "
        "KL(q(z|x) ‖ p(z|x)): how far q is from the true posterior.",
        "重建希望 z 多说；KL 项让它为说出的每个奈特付费。两者之和变号就是变分下界（ELBO）。"
        "对任何 q，它都低于 log p(x)，差距恰好是 KL(q(z|x) ‖ p(z|x))：q 离真后验有多远。",
    ),
    "guide.bound.try": (
        "Choose other images: some cost more bits than others.",
        "换几张图看看：有的图比别的图更费比特。",
    ),
    "guide.bound.note": (
        "Is the ELBO the “lowest bound” of the evidence?",
        "ELBO 是证据的“最低界”吗？",
    ),
    "guide.bound.ask": (
        "How many bits does the latent of {run} cost on average for one image: KL / ln 2?",
        "{run} 的隐变量平均每张图花多少比特（KL / ln 2）？",
    ),
    # 6
    "guide.grid.title": ("The VQ-VAE’s grid", "VQ-VAE 的码网格"),
    "guide.grid.say": (
        "The encoder’s convolutions shrink the picture to {grid} × {grid} vectors z_e. Each is replaced by the nearest "
        "of K = {codes} code vectors, the codebook, and the decoder sees only those: {cells} whole numbers name the "
        "picture.",
        "编码器的卷积把图像缩成 {grid} × {grid} 个向量 z_e。每个都换成码本里 K = {codes} 个码向量中最近的一个，"
        "解码器只看得到这些：{cells} 个整数就是这张图的名字。",
    ),
    "guide.grid.try": (
        "Point at a code on the right plane: its cells light up in the picture. Drag a code, and the picture follows.",
        "指向右边平面上的一个码：它在图中的格子会亮起来。拖动一个码，图像跟着变。",
    ),
    "guide.grid.note": ("Is a VQ-VAE really that different from a VAE?", "VQ-VAE 和 VAE 真的那么不同吗？"),
    "guide.grid.ask": (
        "Lay image {image} over image {other}. In how many of the {cells} cells do both have the same code?",
        "把图像 {image} 和图像 {other} 叠在一起。{cells} 格中有多少格两者的码相同？",
    ),
    # 7
    "guide.codes.title": ("One z or many codes", "一个 z，还是许多码"),
    "guide.codes.say": (
        "A VAE’s z stands for the whole picture, a code for one place in it. Who answers to a change can be seen: move "
        "one number, decode, and look at which pixels are different.",
        "VAE 的 z 代表整张图，一个码只代表其中一处。谁会对变化作出回应是看得见的：改动一个数，解码，看哪些像素变了。",
    ),
    "guide.codes.try": (
        "Below the planes, under “Who answers?”, move one unit of z, then exchange one code.",
        "在平面下方的“哪些像素会变？”里，先移动 z 的一个单元，再换掉一个码。",
    ),
    "guide.codes.note": (
        "Does a VQ-VAE decouple the features from the picture?",
        "VQ-VAE 把特征从图像中解耦出来了吗？",
    ),
    "guide.codes.ask": (
        "Exchange one code, at a random cell. How large a share of the picture answers?",
        "随机选一格换掉它的码。图像中有多大比例会作出回应？",
    ),
    # 8
    "guide.blur.title": ("Blur and sharpness", "模糊与清晰"),
    "guide.blur.say": (
        "Trained on squared error, a decoder draws the average of all pictures that fit what it is told: the less "
        "it is "
        "told, the more it averages. Both models blur in this way, so a sharpness without its rate says little. Here "
        "the left one is told {vae_bits} bits about an image, the right one {vq_bits}.",
        "用平方误差训练的解码器，画的是与它得到的信息相符的所有图像的平均：得到的越少，平均得越多。"
        "两个模型都这样变模糊，"
        "所以不谈码率的清晰度说明不了什么。这里左边每张图得到 {vae_bits} 比特，右边 {vq_bits} 比特。",
    ),
    "guide.blur.try": (
        "Compare the rows and their numbers; further down stand sharpness by frequency and quality over rate.",
        "比较各行和它们的数字；再往下是按频率的清晰度，以及质量与码率。",
    ),
    "guide.blur.note": ("Are discrete codes sharper by nature?", "离散的码天生更清晰吗？"),
    "guide.blur.ask": (
        "The VAE nearest in rate is {run}: {near} bits, against {vq} of the VQ-VAE under its learned prior. Which "
        "blurs "
        "less?",
        "码率最接近的 VAE 是 {run}：{near} 比特；VQ-VAE 在学到的先验下是 {vq} 比特。谁更不模糊？",
    ),
    "guide.blur.option.vae": ("that VAE", "那个 VAE"),
    "guide.blur.option.vq": ("the VQ-VAE", "那个 VQ-VAE"),
    "guide.blur.option.tie": ("no more than 0.03 px apart", "相差不到 0.03 像素"),
    # 9
    "guide.gradient.title": ("A codebook moved by its gradient", "用梯度更新码本"),
    "guide.gradient.say": (
        "Going to the nearest code has no slope. The straight-through estimator hands the decoder’s gradient to the "
        "encoder as if nothing had been replaced, and gives the codebook none. So the codebook gets a term of its own, "
        "and a third one, weighted by β = {beta}, keeps the encoder near its codes; sg[·] stops a gradient.",
        "换成最近的码这一步没有斜率。直通估计把解码器的梯度当作什么都没换过一样交给编码器，码本则什么也得不到。"
        "所以码本有自己的一项；第三项权重 β = {beta}，让编码器待在码的附近；sg[·] 表示梯度到此为止。",
    ),
    "guide.gradient.try": (
        "Further down, under “One step, opened up”, point at the lines of the update one by one.",
        "再往下，在“拆开一步”里逐行指过去。",
    ),
    "guide.gradient.ask": (
        "In the update after step {step} of {run}, {vectors} vectors choose among {codes} codes. How many rows of the "
        "codebook’s gradient are exactly zero?",
        "{run} 第 {step} 步之后的那次更新里，{vectors} 个向量在 {codes} 个码中选择。码本的梯度有多少行恰好为零？",
    ),
    # 10
    "guide.dead.title": ("Dead codes", "死码"),
    "guide.dead.say": (
        "A code that no vector chooses gets nothing in this step: its gradient is exactly zero, and under EMA there "
        "is no mean to move to. It is dead now, not for ever: the encoder’s outputs may come back to it, or somebody "
        "puts it among them. How many count as dead depends on how many vectors one looks at: here {vectors}, or "
        "{each} for each code.",
        "没有向量选它的码，这一步什么也得不到：梯度恰好为零，在 EMA 下也没有可以移去的均值。它现在是死码，"
        "但不一定永远是：编码器的输出可能再来到它附近，也可能有人把它放回其中。算出多少死码，取决于看了多少向量："
        "这里是 {vectors} 个，平均每码 {each} 个。",
    ),
    "guide.dead.try": (
        "Play the film. Click a hollow code and follow it. Change what counts as dead, and ask again.",
        "播放影片。点一个空心的码跟着它走。改一改什么算死码，再猜一次。",
    ),
    "guide.dead.ask": (
        "How many of the {codes} codes of {run}, on the left, will be dead at the end, step {step}?",
        "到最后（第 {step} 步），左边的 {run} 的 {codes} 个码中会有多少个死码？",
    ),
    # 11
    "guide.ema.title": ("EMA instead of a gradient", "用 EMA 代替梯度"),
    "guide.ema.say": (
        "For each code, the count N of the vectors that chose it and their sum m are averaged over past steps, and the "
        "code goes to their mean, m / N. No optimizer moves it; γ = {decay} says how slowly the past fades. It is "
        "SGD in "
        "disguise, with a rate of its own for each code.",
        "对每个码，选它的向量的个数 N 与总和 m 都在过去的步上做平均，码移到均值 m / N。不由优化器移动；"
        "γ = {decay} 决定过去淡出得多慢。它其实是换了样子的 SGD，每个码有自己的学习率。",
    ),
    "guide.ema.try": (
        "Compare the curves of both codebooks; further down stands the study, one dot for each seed.",
        "比较两个码本的曲线；再往下是整个研究，每个种子一个点。",
    ),
    "guide.ema.note": ("What is EMA short for?", "EMA 是什么的缩写？"),
    "guide.ema.ask": (
        "In the study on “{data}” images, with codes of {d} numbers, K = {codes} and the init “{init}”: which rule "
        "leaves fewer dead codes after {steps} steps?",
        "在 {data} 图像的研究中，码有 {d} 个数、K = {codes}、初始化为 {init} 时：{steps} 步之后"
        "哪种规则留下的死码更少？",
    ),
    "guide.ema.option.gradient": ("the gradient, for every seed", "梯度，所有种子都如此"),
    "guide.ema.option.ema": ("EMA, for every seed", "EMA，所有种子都如此"),
    "guide.ema.option.overlap": ("the seeds overlap", "各种子互有高低"),
    # 12
    "guide.sampling.title": ("How does it generate?", "怎样生成？"),
    "guide.sampling.say": (
        "The VAE brings its distribution along: draw z from N(0, I) and decode. A VQ-VAE has none, since nothing asked "
        "its codes to follow one. It needs a prior over grids of codes: uniform ones, then frequencies for each "
        "position, then a model that has learned to write a grid code by code.",
        "VAE 自带分布：从 N(0, I) 抽 z，再解码。VQ-VAE 没有，因为没有什么要求它的码服从某个分布。"
        "它需要码网格上的先验：先是均匀的，再是每个位置的频率，最后是一个学会逐码书写网格的模型。",
    ),
    "guide.sampling.try": (
        "Compare the rungs of the ladder on the right; below, watch one grid being written.",
        "比较右边阶梯的各级；再往下，看一张网格怎样被写出来。",
    ),
    "guide.sampling.note": ("What does a better prior change?", "更好的先验改变了什么？"),
    "guide.sampling.ask": (
        "Whose samples are closest to real pictures (KID-clf, in the features of a small classifier)?",
        "谁的样本最接近真实图像（KID-clf，在小分类器的特征里量）？",
    ),
    "guide.sampling.option.vae": ("the VAE’s, from N(0, I)", "VAE，从 N(0, I) 抽样"),
    "guide.sampling.option.uniform": ("the VQ-VAE’s, from uniform codes", "VQ-VAE，均匀的码"),
    "guide.sampling.option.learned": ("the VQ-VAE’s, from its learned prior", "VQ-VAE，学到的先验"),
}
