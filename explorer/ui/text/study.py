"""The tab Codebook, part "The study and the remedies"."""

STUDY: dict[str, tuple[str, str]] = {
    "codebook.study.title": ("The study: which rule, which start, which size", "研究：哪种规则、哪种起点、哪种大小"),
    "codebook.study.lead": (
        "Short runs ({steps} steps) that differ in one thing at a time. Twins share the encoder's first weights, the "
        "batches and, where the init is the same, the first codebook: checked by hash. Each dot is a seed, the line "
        "runs from the lowest to the highest. Dead: no hit on {vectors} test vectors.",
        "短训练（{steps} 步），每次只改一处。孪生模型共享编码器的起始权重、批次，初始化相同时还共享起始码本："
        "以哈希核对。每个点是一个种子，线从最低到最高。死码：在 {vectors} 个测试向量上一次也没有命中。",
    ),
    "codebook.study.standing": (
        "{done} of {planned} runs are finished; cells of fewer than 3 seeds say so. make study goes on with the rest.",
        "{planned} 个模型已完成 {done} 个；不足 3 个种子的格子会注明。make study 会接着训练其余的。",
    ),
    "codebook.study.whole": ("All {planned} runs are finished.", "{planned} 个模型全部完成。"),
    "codebook.study.labels": ("What the labels mean", "标签的含义"),
    "codebook.study.labels.tip": (
        "hold, ones, sonnet, snippet: where the counts and sums of EMA begin, as “One step, opened up” shows. from …: "
        "where the codebook begins. lr10: the codebook’s rate times 10. decay: γ. w32: a trunk of 32 channels, as the "
        "shipped runs have, in place of 16. The rest are the remedies below.",
        "hold、ones、sonnet、snippet：EMA 的计数与累加和从哪里开始，见“拆开一步”。从……开始：码本的起点。"
        "lr10：码本学习率乘 10。decay：γ。"
        "w32：主干 32 个通道（与随附的模型相同），而不是 16 个。其余见下面的补救办法。",
    ),
    "codebook.study.empty": (
        "No run of the study is here yet: make study trains them, and keeps each one the moment it is finished.",
        "这里还没有这项研究的模型：make study 会训练它们，每完成一个就立即保存。",
    ),
    "codebook.study.size": ("Images and size", "图像与大小"),
    "codebook.study.axis": ("dead codes, share of K", "死码占 K 的比例"),
    "codebook.study.dot": (
        "{cell}, seed {seed}: {dead} of {codes} dead, perplexity {perplexity}, PSNR {psnr} dB",
        "{cell}，种子 {seed}：{codes} 个码中 {dead} 个死码，困惑度 {perplexity}，PSNR {psnr} dB",
    ),
    "codebook.study.seeds": ("n = {n}", "n = {n}"),
    "codebook.study.rule.gradient": ("gradient", "梯度"),
    "codebook.study.rule.hold": ("EMA hold", "EMA，hold 起点"),
    "codebook.study.rule.ones": ("EMA ones", "EMA，ones 起点"),
    "codebook.study.rule.sonnet": ("EMA sonnet", "EMA，sonnet 起点"),
    "codebook.study.rule.snippet": ("EMA snippet", "EMA，snippet 起点"),
    "codebook.study.init.uniform": ("from uniform", "从 uniform 开始"),
    "codebook.study.init.normal": ("from normal", "从 normal 开始"),
    "codebook.study.init.data": ("from data", "从数据开始"),
    "codebook.study.init.kmeans": ("from k-means", "从 k-means 开始"),
    "codebook.remedy.title": ("Remedies", "补救办法"),
    "codebook.remedy.lead": (
        "Each is one setting of python -m explorer train, tried here on Fashion-MNIST at D = 64, K = 512 (FSQ: D = 3) "
        "beside its twin without it. Median over seeds, lowest to highest in brackets.",
        "每一项都是 python -m explorer train 的一个设置，这里在 Fashion-MNIST、D = 64、K = 512（FSQ：D = 3）上"
        "与不用它的孪生模型对比。数字是各种子的中位数，括号内是最低到最高。",
    ),
    "codebook.remedy.name": ("Remedy", "办法"),
    "codebook.remedy.what": ("What it does", "做什么"),
    "codebook.remedy.cost": ("What it costs", "代价"),
    "codebook.remedy.dead": ("Dead without → with", "死码：不用 → 用"),
    "codebook.remedy.psnr": ("PSNR without → with (dB)", "PSNR：不用 → 用（dB）"),
    "codebook.remedy.n": ("Seeds", "种子数"),
    "codebook.remedy.without": ("without: {rule}, {init}", "不用时：{rule}，{init}"),
    "codebook.remedy.open": ("not trained yet", "尚未训练"),
    "codebook.remedy.restart": ("Restart (Dhariwal 2020)", "重启（Dhariwal 2020）"),
    "codebook.remedy.restart.what": (
        "A code without a hit for a whole window is put on a random encoder output; its count, sum and optimizer "
        "moments begin anew.",
        "整个窗口都没有命中的码放到一个随机的编码器输出上；它的计数、和与优化器动量重新开始。",
    ),
    "codebook.remedy.restart.cost": (
        "A counter per code, and a jump of the codes that the decoder has to follow.",
        "每个码一个计数器；码会跳动，解码器要跟上。",
    ),
    "codebook.remedy.kmeans": ("k-means start", "k-means 起点"),
    "codebook.remedy.kmeans.what": (
        "The codebook begins as the centres of the untrained encoder's outputs.",
        "码本从未训练编码器输出的聚类中心开始。",
    ),
    "codebook.remedy.kmeans.cost": (
        "10·K encoder outputs and 20 rounds of k-means, once.",
        "一次性：10·K 个编码器输出和 20 轮 k-means。",
    ),
    "codebook.remedy.rotation": ("Rotation trick (Fifty 2024)", "旋转技巧（Fifty 2024）"),
    "codebook.remedy.rotation.what": (
        "The decoder's gradient is turned and scaled as z_e would be to become its code, in place of being copied.",
        "解码器的梯度不是直接复制，而是按 z_e 变成其码所需的旋转与缩放来变换。",
    ),
    "codebook.remedy.rotation.cost": (
        "Three dot products per vector in the backward pass.",
        "反向传播时每个向量三次点积。",
    ),
    "codebook.remedy.simvq": ("SimVQ (Zhu 2024)", "SimVQ 线性层（Zhu 2024）"),
    "codebook.remedy.simvq.what": (
        "Codes are a frozen random matrix times one learned D × D matrix: a hit of any code moves all of them.",
        "码 = 固定的随机矩阵 × 一个可学的 D × D 矩阵：任何一个码有命中，所有码都会动。",
    ),
    "codebook.remedy.simvq.cost": (
        "A K × D × D product each step, and codes can no longer move one by one.",
        "每步一次 K × D × D 的乘法；码不能再单独移动。",
    ),
    "codebook.remedy.fsq": ("FSQ (Mentzer 2023)", "FSQ 有限标量（Mentzer 2023）"),
    "codebook.remedy.fsq.what": (
        "No codebook is learned: each of a few bounded numbers is rounded to a few levels.",
        "不学码本：把几个有界的数各自取整到几个等级。",
    ),
    "codebook.remedy.fsq.cost": (
        "D must be small and K a product of level counts; the codes cannot follow the data.",
        "D 必须小，K 必须是各等级数之积；码不能跟随数据。",
    ),
    "codebook.remedy.cosine": ("Cosine codes (Yu 2021)", "余弦码（Yu 2021）"),
    "codebook.remedy.cosine.what": (
        "Vectors and codes are put on the unit sphere and then compared: no code is out of reach for its length.",
        "比较之前先把向量和码放到单位球面上：没有码会因为长度而够不着。",
    ),
    "codebook.remedy.cosine.cost": (
        "Two normalizations a step, and the length of z_e is lost.",
        "每步两次归一化；z_e 的长度丢失了。",
    ),
    "codebook.remedy.entropy": ("Entropy loss (Yu 2023)", "熵损失（Yu 2023）"),
    "codebook.remedy.entropy.what": (
        "A loss term asks for sure vectors and evenly used codes; its gradient reaches codes that nothing chose.",
        "一个损失项要求每个向量选得明确、各码用得均匀；它的梯度能到达没人选的码。",
    ),
    "codebook.remedy.entropy.cost": (
        "An N × K matrix of probabilities each step, a weight and a temperature to choose.",
        "每步一个 N × K 的概率矩阵；还要选一个权重和一个温度。",
    ),
    "codebook.remedy.anchors": ("Online anchors, CVQ (Zheng 2023)", "在线锚点 CVQ（Zheng 2023）"),
    "codebook.remedy.anchors.what": (
        "At each step a code is pulled toward a vector of the batch, the harder the less it is used.",
        "每一步都把码拉向批次中的一个向量，用得越少拉得越狠。",
    ),
    "codebook.remedy.anchors.cost": (
        "A running share per code, and unused codes that jump at every step.",
        "每个码一个滑动占比；没用上的码每步都在跳。",
    ),
}
