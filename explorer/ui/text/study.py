"""The tab Codebook, part "The study and the remedies"; each remedy brings its own sentences."""

from explorer.studies.remedies import REMEDIES

STUDY: dict[str, tuple[str, str]] = {
    "codebook.study.title": ("The study: which rule, which start, which size", "研究：哪种规则、哪种起点、哪种大小"),
    "codebook.study.lead": (
        "Short runs ({steps} steps) that differ in one thing at a time. Twins share the encoder's first weights, the "
        "batches and, where the init is the same, the first codebook: checked by hash. Each dot is a seed, the line "
        "runs from the lowest to the highest. Dead: no hit on {vectors} test vectors.",
        "短训练（{steps} 步），每次只改一处。对照训练共享编码器的初始权重、批次，初始化相同时还共享起始码本："
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
        "shipped runs have, in place of 16. 8000: so many steps. The rest are the remedies below.",
        "保持、计数从 1 起、Sonnet 库、笔记代码：EMA 的起点，见“拆开一步”。从…开始：码本的起点。"
        "32 通道：与随附模型同宽的主干，其余为 16。其他见补救办法。",
    ),
    "codebook.study.empty": (
        "No run of the study is here yet: make study trains them, and keeps each one the moment it is finished.",
        "这里还没有这项研究的模型：make study 会训练它们，每完成一个就立即保存。",
    ),
    "codebook.study.size": ("Images and size", "图像与大小"),
    "codebook.study.axis": ("dead codes, share of K", "死码占 K 的比例"),
    "codebook.study.dot": (
        "{cell}, seed {seed}: {dead} of {codes} dead, perplexity {perplexity}, PSNR {psnr} dB",
        "{cell}，种子 {seed}：{codes} 个码向量中 {dead} 个死码，困惑度 {perplexity}，PSNR {psnr} dB",
    ),
    "codebook.study.seeds": ("n = {n}", "n = {n}"),
    "codebook.study.rule.gradient": ("gradient", "梯度"),
    "codebook.study.rule.hold": ("EMA hold", "EMA，保持"),
    "codebook.study.rule.ones": ("EMA ones", "EMA，计数从 1 起"),
    "codebook.study.rule.sonnet": ("EMA sonnet", "EMA，Sonnet 库"),
    "codebook.study.rule.snippet": ("EMA snippet", "EMA，笔记代码"),
    "codebook.study.variant.lr": ("lr{value}", "码本学习率 × {value}"),
    "codebook.study.variant.decay": ("decay{value}", "衰减 {value}"),
    "codebook.study.variant.w": ("w{value}", "{value} 通道"),
    "codebook.study.variant.steps": ("{value}", "{value} 步"),
    "codebook.study.init.uniform": ("from uniform", "均匀分布初始化"),
    "codebook.study.init.reference": ("from reference", "参考代码的初始化"),
    "codebook.study.init.normal": ("from normal", "正态分布初始化"),
    "codebook.study.init.linear": ("from linear", "SimVQ 的初始化"),
    "codebook.study.init.cloud": ("from the cloud", "按点云的形状初始化"),
    "codebook.study.init.data": ("from data", "数据初始化"),
    "codebook.study.init.kmeans": ("from k-means", "k-means 初始化"),
    "codebook.remedy.title": ("Remedies", "补救办法"),
    "codebook.remedy.lead": (
        "Each is one setting of python -m explorer train, tried here on Fashion-MNIST at D = 64, K = 512 (FSQ and its "
        "twin: D = 3; BSQ and its: D = 9) beside its twin without it. Median over seeds, lowest to highest in "
        "brackets.",
        "每一项都是 python -m explorer train 的一个设置，这里在 Fashion-MNIST、D = 64、K = 512（FSQ 及其对照：D = 3；"
        "BSQ 及其对照：D = 9）上与不用它的对照训练比较。数字是各种子的中位数，括号内是最低到最高。",
    ),
    "codebook.remedy.name": ("Remedy", "办法"),
    "codebook.remedy.what": ("What it does", "做什么"),
    "codebook.remedy.cost": ("What it costs", "代价"),
    "codebook.remedy.dead": ("Dead without → with", "死码：不用 → 用"),
    "codebook.remedy.found": (
        "Dead without → with: {dead} (n = {n}; {without})",
        "死码：不用 → 用：{dead}（n = {n}；{without}）",
    ),
    "codebook.remedy.psnr": ("PSNR without → with (dB)", "PSNR：不用 → 用（dB）"),
    "codebook.remedy.n": ("Seeds", "种子数"),
    "codebook.remedy.without": ("without: {rule}, {init}", "不用时：{rule}，{init}"),
    "codebook.remedy.open": ("not trained yet", "尚未训练"),
} | {
    f"codebook.remedy.{remedy.name}{part}": pair
    for remedy in REMEDIES
    for part, pair in (("", remedy.title), (".what", remedy.does), (".cost", remedy.costs))
}
