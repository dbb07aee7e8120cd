"""The tab Codebook, part "Bring your own collapse"."""

COLLAPSE: dict[str, tuple[str, str]] = {
    "codebook.report.title": ("Bring your own collapse", "带上你自己的坍塌"),
    "codebook.report.lead": (
        "A (K, D) codebook, an array of code indices, or both: .npy, .npz or .safetensors, up to {limit} MB. The files "
        "are read once and deleted; nobody else sees them. python -m explorer report does the same without a limit.",
        "一个 (K, D) 码本、一组码索引，或两者一起：.npy、.npz 或 .safetensors，最多 {limit} MB。"
        "文件只读一次便删除，别人看不到。python -m explorer report 做同样的事，没有上限。",
    ),
    "codebook.report.choose": ("Choose one or two files…", "选择一个或两个文件…"),
    "codebook.report.drop": ("or drop them here", "或拖放到这里"),
    "codebook.report.examples": ("Examples", "示例"),
    "codebook.report.example.gradient": ("gradient, D = 64: codebook and indices", "梯度，D = 64：码本与索引"),
    "codebook.report.example.codebook": ("EMA, D = 2: codebook alone", "EMA，D = 2：只有码本"),
    "codebook.report.example.indices": ("EMA with restarts: padded indices", "EMA 加重启：带填充的索引"),
    "codebook.report.k": ("K, for bare indices", "K（只有索引时）"),
    "codebook.report.ignore": ("Index to ignore", "忽略的索引"),
    "codebook.report.key": ("Tensor name", "张量名"),
    "codebook.report.levels": ("Levels in the last axis", "最后一轴的层数"),
    "codebook.report.levels.tip": (
        "How many codebooks indices of shape (..., L) are of, as residual or grouped quantizers return them; 1 if the "
        "last axis is a part of the picture.",
        "形状为 (..., L) 的索引来自几个码本：残差或分组量化器会这样返回；如果最后一轴是图像的一部分，填 1。",
    ),
    "codebook.report.cosine": ("Cosine", "余弦"),
    "codebook.report.cosine.tip": (
        "Codes are compared by direction: they are reported at length 1, as such a quantizer uses them.",
        "码按方向比较：报告的是长度为 1 的码，这类量化器实际就是这样用的。",
    ),
    "codebook.report.level": ("Level {level}", "第 {level} 层"),
    "codebook.report.verdict": ("verdict", "结论"),
    "codebook.report.verdict.healthy": ("healthy", "健康"),
    "codebook.report.verdict.healthy.tip": (
        "At most a tenth of the codes is dead, by 10 vectors or more for each code; or every code has a hit.",
        "每码至少 10 个向量时，死码不超过十分之一；或者每个码都命中过。",
    ),
    "codebook.report.verdict.warning": ("warning", "警告"),
    "codebook.report.verdict.warning.tip": (
        "More than a tenth of the codes is dead, by 10 vectors or more for each code.",
        "每码至少 10 个向量，死码仍超过十分之一。",
    ),
    "codebook.report.verdict.collapse": ("collapse", "坍塌"),
    "codebook.report.verdict.collapse.tip": (
        "By 10 vectors or more for each code, more than half are dead or the perplexity is below 5 % of K; or all "
        "codes are one point.",
        "每码至少 10 个向量，死码仍超过一半，或困惑度低于 K 的 5 %；或者所有码都是同一个点。",
    ),
    "codebook.report.verdict.unknown": ("unknown", "未知"),
    "codebook.report.verdict.unknown.tip": (
        "The files cannot tell: no hits, fewer than 10 vectors for each code, or no K.",
        "这些文件说明不了：没有命中次数、每码不足 10 个向量，或没有给出 K。",
    ),
    "codebook.report.k.tip": (
        "How many codes there are: needed where a file holds indices alone: codes that never occur are not in it.",
        "码的总数：文件只有索引时需要，因为从未出现的码看不出来。",
    ),
    "codebook.report.ignore.tip": (
        "An index that stands for padding, often −1: it is not counted.",
        "表示填充的索引，常为 −1：不计入。",
    ),
    "codebook.report.key.tip": (
        "Which tensors of the file are the codebook and the indices, with a comma between them, where several fit.",
        "文件里有几个张量都相配时，哪些是码本和索引；用逗号隔开。",
    ),
    "codebook.report.number.perplexity.tip": (
        "exp of the entropy of use: as many codes, used evenly, would be as hard to guess.",
        "使用分布的熵取 exp：这么多个均匀使用的码同样难猜。",
    ),
    "codebook.report.number.dead.tip": (
        "No index in the file names them; with more vectors some may come to life.",
        "文件里没有索引指向它们；向量更多时，有些可能会被用到。",
    ),
    "codebook.report.again": ("Report again", "重新报告"),
    "codebook.report.busy": ("Reading {name}…", "正在读取 {name}…"),
    "codebook.report.sent": ("Sending {name}: {share} %", "正在发送 {name}：{share} %"),
    "codebook.report.stop": ("Stop", "停止"),
    "codebook.report.of": ("Report of {name}", "{name} 的报告"),
    "codebook.report.shows": ("What this shows", "它显示了什么"),
    "codebook.report.try": ("What to try first", "先试什么"),
    "codebook.report.try.jump": ("{name}: go to the remedies", "{name}：转到补救办法"),
    "codebook.cure.count": ("Count more vectors", "多数一些向量"),
    "codebook.cure.count.say": (
        "{needed} or more, 10 for each code, before anything else.",
        "先数到 {needed} 个以上（每码 10 个），再做别的。",
    ),
    "codebook.cure.restart": ("Restart dead codes", "重启死码"),
    "codebook.cure.restart.say": (
        "Put them on encoder outputs (--dead-codes restart).",
        "把它们放到编码器输出上（--dead-codes restart）。",
    ),
    "codebook.cure.restart.study": ("Study: {plain} → {own} of 512 dead.", "研究：512 个码中死码 {plain} → {own}。"),
    "codebook.cure.rotation": ("Rotation trick", "旋转技巧"),
    "codebook.cure.rotation.say": (
        "Another gradient for the encoder (--gradient-estimator rotation).",
        "换一种给编码器的梯度（--gradient-estimator rotation）。",
    ),
    "codebook.cure.rotation.study": ("Study: {plain} → {own} of 512 dead.", "研究：512 个码中死码 {plain} → {own}。"),
    "codebook.cure.kmeans": ("Begin at the data", "从数据开始"),
    "codebook.cure.kmeans.say": (
        "So that no code begins out of reach (--codebook-init kmeans, or data).",
        "使码一开始就够得着（--codebook-init kmeans 或 data）。",
    ),
    "codebook.cure.kmeans.study": (
        "Study: {plain} → {own} of 512 dead, from data {data}.",
        "研究：512 个码中死码 {plain} → {own}，从数据开始为 {data}。",
    ),
    "codebook.cure.size": ("Smaller K or D", "减小 K 或 D"),
    "codebook.cure.size.say": (
        "{used} codes do all the work here.",
        "这里全部工作由 {used} 个码完成。",
    ),
    "codebook.cure.size.study": (
        "Study: {deep} of 512 dead at D = 64, {flat} of 256 at D = 2.",
        "研究：D = 64 时 512 个码中死码 {deep}，D = 2 时 256 个码中死码 {flat}。",
    ),
    "codebook.cure.rule": ("The other rule, another rate", "换规则、换学习率"),
    "codebook.cure.rule.say": (
        "EMA against gradient (--codebook-update), or a higher --codebook-lr: alone seldom enough.",
        "EMA 或梯度（--codebook-update），或更大的 --codebook-lr：单独用往往不够。",
    ),
    "codebook.cure.rule.study": (
        "Study: gradient {gradient}, EMA {ema}, gradient at 10 times the rate {rate} of 512 dead.",
        "研究：512 个码中死码：梯度 {gradient}，EMA {ema}，梯度且 10 倍学习率 {rate}。",
    ),
    "codebook.cure.merge": ("Smaller K", "减小 K"),
    "codebook.cure.merge.say": (
        "Near-duplicates do one code’s work twice: {distinct} codes are distinct.",
        "近似重复的码做的是同一份工作：互不相同的只有 {distinct} 个。",
    ),
    "codebook.report.cannot": ("What it cannot tell", "它说明不了什么"),
    "codebook.report.paste": (
        "Three lines to paste into your own evaluation loop; collect the indices of the whole validation set in eval "
        "mode.",
        "把下面三行贴进你自己的评估循环。请在评估模式下收集整个验证集的索引。",
    ),
    "codebook.report.copy": ("Copy", "复制"),
    "codebook.report.copied": ("Copied", "已复制"),
    "codebook.report.number.size": ("codes × numbers", "码数 × 维数"),
    "codebook.report.number.used": ("used", "在用"),
    "codebook.report.number.dead": ("dead", "死码"),
    "codebook.report.number.perplexity": ("perplexity", "困惑度"),
    "codebook.report.number.step": ("hits a step", "每步命中次数"),
    "codebook.report.number.vectors": ("vectors counted", "计数的向量"),
    "codebook.report.number.distinct": ("distinct, of those compared", "互不相同 / 参与比较"),
    "codebook.report.number.length": ("median length", "长度中位数"),
    "codebook.report.chart.plane": ("The codes", "这些码"),
    "codebook.report.chart.usage": ("Hits, sorted", "命中次数，从高到低"),
    "codebook.report.chart.lengths": ("Lengths, sorted", "长度，从大到小"),
    "codebook.report.axis.used": ("used", "在用"),
    "codebook.report.axis.dead": ("dead", "死码"),
    "codebook.report.axis.codes": ("codes", "码"),
    "codebook.report.axis.x": ("first number", "第 1 维"),
    "codebook.report.axis.y": ("second number", "第 2 维"),
    "codebook.report.axis.pc1": (
        "first principal axis (both keep {kept} of the variance)",
        "第一主轴（两轴共保留方差的 {kept}）",
    ),
    "codebook.report.axis.pc2": ("second principal axis", "第二主轴"),
    "codebook.report.axis.rank": ("codes, from the highest", "码，从高到低"),
    "codebook.report.axis.hits": ("hits", "命中次数"),
    "codebook.report.axis.length": ("length", "长度"),
}
