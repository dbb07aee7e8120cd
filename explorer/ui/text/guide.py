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
    "guide.note": ("A doubt: {note}", "存疑：{note}"),
    "guide.question": ("A question: {note}", "提问：{note}"),
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
        "VAE 与 VQ-VAE 的导览，图像集：{data}。所有数字都是生成本页时从各模型的报告、影片和隐变量中读出的。",
    ),
    "guide.printed.option": ("Choices: {options}.", "选项：{options}。"),
    "guide.printed.runs": ("Runs: {left} and {right}.", "模型：{left} 与 {right}。"),
    "guide.printed.without": ("For a class: without the answers", "课堂用：不带答案"),
    "guide.printed.with": ("With the answers", "带答案"),
    "guide.printed.back": ("Back to the page", "回到页面"),
    "guide.figure.worlds": (
        "Means of test pictures on the VAE’s plane, coloured by class; circles at 1, 2 and 3 σ of the prior.",
        "VAE 平面上测试图像的均值，按类别着色；圆圈为先验的 1、2、3 σ。",
    ),
    "guide.figure.blur": (
        "Test images; below them the VAE’s and then the VQ-VAE’s reconstructions.",
        "测试图像；其下依次是 VAE 与 VQ-VAE 的重建。",
    ),
    "guide.figure.dead": (
        "Dead codes over training steps: dashed the left codebook, solid the right one.",
        "死码数随训练步的变化：虚线为左侧码本，实线为右侧。",
    ),
    "guide.worlds.title": ("Distributions in and out", "分布进，分布出"),
    "guide.worlds.try": (
        "Move over the VAE’s plane: every place decodes to a picture, also where no point lies.",
        "在 VAE 的平面上移动：每个位置都会解码成一张图，没有点的地方也一样。",
    ),
    "guide.worlds.ask": (
        "The prior N(0, I) keeps 95 % of its mass within a radius of {radius}. What share of the test pictures have "
        "their point in there?",
        "先验 N(0, I) 有 95 % 的概率质量在半径 {radius} 之内。测试图像中有多大比例的点落在里面？",
    ),
    "guide.plane.note": ("Can an AE not generate, then?", "那么 AE 就不能生成吗？"),
    "guide.plane.ask": (
        "From test pictures, take steps of {size} % of the AE cloud’s spread, in random directions. After what "
        "share of "
        "them does a classifier see another class?",
        "从测试图像出发，朝随机方向走 AE 点云散布的 {size} % 那么大的一步。有多大比例的步之后，"
        "分类器看到的是另一个类别？",
    ),
    "guide.vae.title": ("The VAE: a cloud for each picture", "VAE：每张图是一小团云"),
    "guide.vae.ask": (
        "The prior’s σ is 1. How wide is the posterior of the selected image, number {image}?",
        "先验的 σ 是 1。所选图像（编号 {image}）的后验有多宽？",
    ),
    "guide.vae.option.wide": ("σ of 0.3 or more", "σ 不小于 0.3"),
    "guide.vae.option.middle": ("between 0.03 and 0.3", "0.03 到 0.3 之间"),
    "guide.vae.option.narrow": ("below 0.03", "小于 0.03"),
    "guide.bound.note": (
        "Is the ELBO the “lowest bound” of the evidence?",
        "ELBO 是证据的“最低界”吗？",
    ),
    "guide.bound.ask": (
        "How many bits does the latent of {run} cost on average for one image: KL / ln 2?",
        "{run} 的隐变量平均每张图花多少比特（KL / ln 2）？",
    ),
    "guide.grid.title": ("The VQ-VAE’s grid", "VQ-VAE 的码网格"),
    "guide.grid.ask": (
        "Lay image {image} over image {other}. In how many of the {cells} cells do both have the same code?",
        "把图像 {image} 和图像 {other} 叠在一起。{cells} 格中有多少格两者的码向量相同？",
    ),
    "guide.blur.title": ("Blur and sharpness", "模糊与清晰"),
    "guide.blur.say": (
        "Trained on squared error, a decoder draws the average of all pictures that fit what it is told: the less "
        "it is "
        "told, the more it averages. Both models blur in this way, so a sharpness without its rate says little. Here "
        "the left one is told {vae_bits} bits about an image, the right one {vq_bits}, both under {rung}.",
        "用平方误差训练的解码器，画的是与它得到的信息相符的所有图像的平均：得到的越少，平均得越多。"
        "两个模型都这样变模糊，"
        "所以不比码率、只比清晰度没有意义。这里左边每张图得到 {vae_bits} 比特，右边 {vq_bits} 比特，都按{rung}计。",
    ),
    "guide.blur.note": ("Are discrete codes sharper by nature?", "离散的码向量天生更清晰吗？"),
    "guide.blur.ask": (
        "The VAE nearest in rate is {run}: {near} bits, against {vq} of the VQ-VAE, both under {rung}. Which "
        "blurs less?",
        "码率最接近的 VAE 是 {run}：{near} 比特；VQ-VAE 是 {vq} 比特，都按{rung}计。谁更清晰？",
    ),
    "guide.blur.option.vae": ("that VAE", "那个 VAE"),
    "guide.blur.option.vq": ("the VQ-VAE", "那个 VQ-VAE"),
    "guide.blur.option.tie": ("no more than 0.03 px apart", "相差不到 0.03 像素"),
    "guide.dead.ask": (
        "How many of the {codes} codes of {run}, on the left, will be dead at the end of the film, step {step}?",
        "影片结束时（第 {step} 步），左边的 {run} 的 {codes} 个码向量中会有多少个死码？",
    ),
    "guide.ema.say": (
        "For each code, the count N of the vectors that chose it and their sum m are averaged over past steps, and the "
        "code goes to their mean, m / N. No optimizer moves it; γ = {decay} says how slowly the past fades. It is "
        "SGD in "
        "disguise, with a rate of its own for each code.",
        "对每个码向量，选它的向量的个数 N 与总和 m 都在过去的步上做平均，码向量移到均值 m / N。不由优化器移动；"
        "γ = {decay} 决定过去淡出得多慢。它其实是换了样子的 SGD，每个码向量有自己的学习率。",
    ),
    "guide.ema.note": ("What is EMA short for?", "EMA 是什么的缩写？"),
    "guide.ema.ask": (
        "In the study on “{data}” images, with codes of {d} numbers, K = {codes} and the init “{init}”: which rule "
        "leaves fewer dead codes after {steps} steps?",
        "在“{data}”的研究中，码向量有 {d} 个数、K = {codes}，初始化：{init}。{steps} 步之后哪种规则留下的死码更少？",
    ),
    "guide.ema.option.gradient": ("the gradient, for every seed", "梯度，所有种子都如此"),
    "guide.ema.option.ema": ("EMA, for every seed", "EMA，所有种子都如此"),
    "guide.ema.option.overlap": ("the seeds overlap", "各种子互有高低"),
    "guide.sampling.title": ("How does it generate?", "怎样生成？"),
    "guide.sampling.say": (
        "The VAE brings its distribution along: draw z from N(0, I) and decode. A VQ-VAE has none, since nothing asked "
        "its codes to follow one. It needs a prior over grids of codes: uniform ones, then frequencies for each "
        "position, then a model that has learned to write a grid code by code.",
        "VAE 自带分布：从 N(0, I) 抽 z，再解码。VQ-VAE 没有，因为没有什么要求它的码向量服从某个分布。"
        "它需要码网格上的先验：先是均匀的，再是每个位置的频率，最后是一个学会逐码生成网格的模型。",
    ),
    "guide.sampling.note": ("What does a better prior change?", "更好的先验改变了什么？"),
    "guide.sampling.ask": (
        "Whose samples are closest to real pictures (KID-clf, in the features of a small classifier)?",
        "谁的样本最接近真实图像（KID-clf，在小分类器的特征里量）？",
    ),
    "guide.sampling.option.vae": ("the VAE’s, from N(0, I)", "VAE，从 N(0, I) 抽样"),
    "guide.sampling.option.uniform": ("the VQ-VAE’s, from uniform codes", "VQ-VAE，均匀的码向量"),
    "guide.sampling.option.learned": ("the VQ-VAE’s, from its learned prior", "VQ-VAE，学到的先验"),
    "guide.image": ("{image} ({name})", "{image}（{name}）"),
    "guide.figure.plane": (
        "Test pictures on the AE’s plane, coloured by class.",
        "AE 平面上的测试图像，按类别着色。",
    ),
    "guide.worlds.say": (
        "A generative model turns a distribution that is easy to draw from into the distribution of pictures. Encoding "
        "goes the other way: every picture lands somewhere. On the left it lands on one point z of a plane; on the "
        "right it becomes {cells} pieces, each with a point of its own.",
        "生成模型把一个容易抽样的分布变成图像的分布；编码则反过来，每张图都会落到某处。左边，一张图是平面上的一个点 z；"
        "右边，一张图拆成 {cells} 块，每块各有自己的点。",
    ),
    "guide.plane.title": ("The autoencoder, and what its plane lacks", "自编码器（AE），以及它的平面缺什么"),
    "guide.plane.say": (
        "An encoder squeezes the picture x into a few numbers z, a decoder draws it back, and both learn from one "
        "error alone: how far the drawn picture is from x. Nothing says where z should lie, so nobody knows where to "
        "draw z from. The usual claim goes further: a small step in this plane may land anywhere.",
        "编码器把图像 x 压成几个数 z，解码器再画回来，两者只从一个误差学习：画出的图离 x 有多远。没有任何东西规定 z 该"
        "在哪里，所以也没人知道该从哪里抽 z。常见的说法更进一步：在这个平面里走一小步，可能落到任何地方。",
    ),
    "guide.plane.try": (
        "Move into the gaps and beyond the cloud, and read the axes: no prior tells the AE how large its numbers "
        "should be.",
        "移到空隙里和点云之外，也看看坐标轴：没有先验告诉 AE 它的数该有多大。",
    ),
    "guide.vae.say": (
        "The VAE’s encoder answers with a distribution: a centre μ and a width σ for each number. z is drawn as "
        "μ + σ·ε, so that the gradient reaches μ and σ through the draw (the reparametrisation trick). A second term "
        "pulls every such q(z|x) towards N(0, I); laid over each other they are the aggregate posterior q(z), and that "
        "is what ought to look like the prior.",
        "VAE 的编码器给出一个分布：每个数有中心 μ 和宽度 σ。z 按 μ + σ·ε 抽取，梯度就能穿过抽样到达 μ 和 "
        "σ（重参数化）。另有一项把每个 q(z|x) 拉向 N(0, I)；把它们叠在一起就是聚合后验 q(z)，"
        "应当像先验的正是它。",
    ),
    "guide.vae.try": (
        "Press “Resample ε” below the plane: z is drawn again. Watch how much of the picture beside the plane "
        "moves with it.",
        "按平面下的“重抽 ε”：重新抽取 z。看看平面旁的图像随之变了多少。",
    ),
    "guide.bound.title": ("The loss, and the bound that it is", "损失，以及它所给出的下界"),
    "guide.bound.say": (
        "How likely is a picture under the model? log p(x) = log ∫ p(x|z) p(z) dz, over every z that could have drawn "
        "it: a density of the picture, and no probability of reconstructing it. The integral is out of reach, so one "
        "maximises the ELBO, reconstruction minus KL. For any q it lies below log p(x), by exactly "
        "KL(q(z|x) ‖ p(z|x)).",
        "一张图在模型下有多大可能？log p(x) = log ∫ p(x|z) p(z) dz，对所有可能画出它的 z 积分："
        "这是图像的概率密度，而不是重建它的概率。这个积分算不出来，于是最大化证据下界（ELBO）：重建减去 KL。"
        "对任何 q，它都低于 log p(x)，差距恰好是 KL(q(z|x) ‖ p(z|x))。",
    ),
    "guide.bound.try": (
        "Move ε in the panel: z moves by σ·ε, and the picture answers as far as z says something about it.",
        "在面板里移动 ε：z 随 σ·ε 移动；z 含有多少图像的信息，图像就变多少。",
    ),
    "guide.bound.more.derive": ("Where the bound comes from", "这个下界从哪里来"),
    "guide.bound.more.derive.say": (
        "Draw z from any q instead of from the prior and divide by q: the integral is a mean under q. The logarithm of "
        "a mean is no less than the mean of the logarithm (Jensen), and what is left falls into the two terms.",
        "不从先验、而从任意一个 q 抽 z，再除以 q：积分就成了 q 下的均值。均值的对数不小于对数的均值（Jensen 不等式），"
        "剩下的正好分成两项。",
    ),
    "guide.beta.title": ("β, and how a posterior collapses", "β 与后验坍塌"),
    "guide.beta.say": (
        "β weighs the KL term. The larger it is, the more every nat has to earn its keep, and a unit of z that does "
        "not goes back to the prior: its q(z|x) is the same for every picture, and it says nothing. That is posterior "
        "collapse, the VAE’s way to waste a latent, as dead codes are the VQ-VAE’s.",
        "β 是 KL 项的权重。β 越大，每一奈特就越要物有所值；做不到的单元会退回先验：它的 q(z|x) 对每张图都一样，什么也"
        "没说。这就是后验坍塌，是 VAE 浪费隐变量的方式，正如死码之于 VQ-VAE。",
    ),
    "guide.beta.try": (
        "Read the bars: one for each unit of z, as long as the nats that it carries.",
        "看这些横条：z 的每个单元一条，长度是它所带的奈特数。",
    ),
    "guide.beta.ask": (
        "{run} was trained with β = {beta}. How many of its {units} units carry less than {limit} nats, a mean over "
        "the test images?",
        "{run} 以 β = {beta} 训练。它的 {units} 个单元中，有多少个所带的不到 {limit} 奈特（测试图像的平均）？",
    ),
    "guide.grid.say": (
        "Two strides of 2 shrink {side} × {side} pixels to {grid} × {grid} vectors z_e. Each picks its nearest of "
        "K = {codes} code vectors: z_e picks its code, and the code then follows those that picked it, not the other "
        "way round. The decoder sees only the codes: {cells} whole numbers name the picture.",
        "两次步长为 2 的卷积把 {side} × {side} 像素缩成 {grid} × {grid} 个向量 z_e。每个 z_e 从 K = {codes} "
        "个码向量中选最近的一个：是 z_e 选码向量，码向量再跟随选它的那些 z_e，而不是反过来。解码器只看得到码向量："
        "{cells} 个整数就是这张图的名字。",
    ),
    "guide.grid.try": (
        "Point at a code on the VQ-VAE’s plane, or tap it: its cells light up in the picture beside it. Drag a code, "
        "and the picture follows.",
        "在 VQ-VAE 的平面上指向（或点按）一个码向量：它在旁边图里的格子会亮起来。拖动一个码向量，图像跟着变。",
    ),
    "guide.grid.note": (
        "Does a VQ-VAE decouple the features from the picture?",
        "VQ-VAE 把特征从图像中解耦出来了吗？",
    ),
    "guide.blur.try": (
        "Follow the ringed picture: the original, the left model’s, the right model’s.",
        "看圈出的这张图：原图、左边模型的重建、右边模型的重建。",
    ),
    "guide.dead.title": ("Dead codes, and what brings them back", "死码，以及什么能让它们复活"),
    "guide.dead.say": (
        "The choice of the nearest code has no slope: the decoder’s gradient goes past it to the encoder. {learn} It "
        "comes back if the encoder’s outputs return to it, or if somebody puts it among them, as a restart does. "
        "(sg[·] lets no gradient through.) Counted over {vectors} vectors, {each} for each code.",
        "选最近的码向量这一步不可导：解码器的梯度越过它直接交给编码器。{learn}"
        "编码器的输出再来到它附近，或者有人把它放回其中（重启），它才会复活。（sg[·] 不让梯度通过。）"
        "计数基于 {vectors} 个向量，平均每码 {each} 个。",
    ),
    "guide.dead.learn.gradient": (
        "On the left, codes learn from a term of their own; a third, weighted by β = {beta}, keeps z_e near its code. "
        "A code that no vector chooses is in no term: its gradient is exactly zero now.",
        "左边的码向量从自己的一项学习；第三项权重 β = {beta}，让 z_e 待在它的码向量附近。"
        "没有向量选它的码向量不在任何一项里：此刻梯度恰好为零。",
    ),
    "guide.dead.learn.hold": (
        "On the left, no gradient moves a code: it follows the average of the vectors that choose it (EMA, next step). "
        "A term weighted by β = {beta} keeps z_e near its code. A code that no vector chooses has nothing to "
        "follow and stands still now.",
        "左边的码向量不由梯度移动，而是跟随选它的向量的平均（EMA，见下一步）；"
        "权重为 β = {beta} 的一项让 z_e 待在它的码向量附近。没有向量选它的码向量无可跟随，此刻原地不动。",
    ),
    "guide.dead.learn.ema": (
        "On the left, no gradient moves a code: it follows the average of the vectors that choose it (EMA, next step). "
        "A term weighted by β = {beta} keeps z_e near its code. A code that no vector chooses learns nothing new now.",
        "左边的码向量不由梯度移动，而是跟随选它的向量的平均（EMA，见下一步）；"
        "权重为 β = {beta} 的一项让 z_e 待在它的码向量附近。没有向量选它的码向量此刻学不到新东西。",
    ),
    "guide.dead.learn.fixed": (
        "On the left, the codes never move. A term weighted by β = {beta} keeps z_e near its code.",
        "左边的码向量从不移动；权重为 β = {beta} 的一项让 z_e 待在它的码向量附近。",
    ),
    "guide.dead.try": (
        "Play the film and watch the two counts beside the player.",
        "播放影片，看播放器旁的两个计数。",
    ),
    "guide.dead.more.perplexity": ("And perplexity?", "困惑度又是什么？"),
    "guide.dead.more.perplexity.say": (
        "Used codes count alike, however rarely they are chosen. Perplexity weighs them: with p the share of the "
        "vectors that chose each code, it is the number of equally frequent codes that would surprise as much. It is K "
        "if all are chosen equally often, 1 if one takes everything, and never above the number of used codes. A "
        "single mini-batch shows less of it than the whole test split.",
        "只数“被用到的码向量”时，选得再少也算一个。困惑度则按比例加权：p 是选每个码向量的向量所占的份额，困惑度就是"
        "“同样出人意料的、等概率的码向量”的个数。所有码向量同样常用时它等于 K，一个码向量独占一切时等于 1，"
        "并且不会超过被用到的码数。只看一个小批量，得到的值会比整个测试集小。",
    ),
    "guide.dead.note": ("Is a gradient exactly zero there?", "那里的梯度真的恰好为零吗？"),
    "guide.ema.title": ("EMA instead of a gradient", "用 EMA 代替梯度"),
    "guide.ema.try": (
        "Play the film and compare the two counts beside the player.",
        "播放影片，比较播放器旁的两个计数。",
    ),
    "guide.sampling.try": (
        "Compare the three rungs: what does each know of a picture?",
        "比较这三级：每一级对图像知道多少？",
    ),
}
