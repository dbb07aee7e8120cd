"""The tab Collapse."""

from explorer.collapse.sketch import WORDS

#: Chinese twins of what axes and series of small figures are called.
CHINESE_WORDS: dict[str, str] = {
    "step": "训练步",
    "rank": "码向量，从高到低",
    "hits": "命中次数",
    "length": "长度",
    "used": "在用",
    "dead": "死码",
    "codes": "码向量",
    "first": "第一轴",
    "second": "第二轴",
    "dead_share": "没有命中的码向量的占比",
    "spread": "散布",
    "spread_codes": "码向量的散布",
    "spread_outputs": "编码器输出的散布",
    "distance": "距离，以输出的散布为单位",
    "direction": "方向，从最宽的起",
    "variance": "占方差的比例",
    "agreement": "指向最近码向量的索引占比",
    "vectors": "计数的向量",
    "needed": "每码 10 个",
    "rank_axis": "进程",
    "squared": "码本的平方长度",
    "gradient": "占编码器梯度的比例",
    "weight": "承诺损失 / 码本损失",
    "weight_axis": "记录值 / 平均值",
    "hit_far": "远处的码向量中，其间有命中的",
    "jumped": "跳动的码向量的占比",
    "count": "已数，所需",
    "class": "类别",
    "codes_used": "在用的码向量",
    "distinct": "互不相同的码向量",
}

COLLAPSE: dict[str, tuple[str, str]] = {
    **{f"collapse.sketch.{key}": (WORDS[key], CHINESE_WORDS[key]) for key in WORDS},
    "tab.collapse": ("Collapse", "坍塌"),
    "collapse.see": (
        "What a codebook of yours, or its code indices, show: a verdict, what was found, and its evidence.",
        "你的码本或码索引显示了什么：结论、发现，以及证据。",
    ),
    "collapse.try": (
        "Choose an example, or bring a file. Then look at what brought most codes back in the study, and take its "
        "lines.",
        "选一个示例，或带一个文件来。再看看研究中哪种办法救回的码向量最多，把代码拿走。",
    ),
    "collapse.title": ("Your codebook", "你的码本"),
    "collapse.lead": (
        "A (K, D) codebook, an array of code indices, or both: .npy, .npz or .safetensors, up to {limit} MB; or the "
        "record of a training: the folder that explorer.recorder wrote, as a zip. Files are read once and deleted, "
        "unless you keep a record; nobody else sees them. python -m explorer report and diagnose do the same without a "
        "limit.",
        "一个 (K, D) 码本、一组码索引，或两者一起：.npy、.npz 或 .safetensors，最多 {limit} MB；"
        "或一次训练的记录：把 explorer.recorder 写出的文件夹压成 zip。文件只读一次便删除，除非你保留记录；别人看不到。"
        "python -m explorer report 和 diagnose 做同样的事，没有上限。",
    ),
    "collapse.keep": ("Keep this record", "保留这份记录"),
    "collapse.keep.tip": (
        "For you alone, as runs you bring are kept: replay it under other settings, see its film, link to it, and "
        "delete it whenever you like.",
        "只为你保留，与你带来的模型一样：可以换设置重放，看它的影片，链接到它，随时删除。",
    ),
    "collapse.own": ("Your records", "你的记录"),
    "collapse.delete": ("Delete this record", "删除这份记录"),
    "collapse.delete.sure": ("Really delete it?", "确定删除？"),
    "collapse.film": ("See its film in Codebook", "在“码本”页看它的影片"),
    "collapse.choose": ("Choose one or two files…", "选择一个或两个文件…"),
    "collapse.more": (
        "What the file does not say: K, padding, levels, names",
        "文件里没有说明的：K、填充、层数、张量名",
    ),
    "collapse.drop": ("or drop them here", "或拖放到这里"),
    "collapse.examples": ("Examples", "示例"),
    "collapse.example.run": (
        "{data}, EMA, D = {dim}: codebook and indices",
        "{data}，EMA，D = {dim}：码本与索引",
    ),
    "collapse.example.gradient": (
        "Fashion-MNIST, gradient, D = 64: codebook and indices",
        "Fashion-MNIST，梯度，D = 64：码本与索引",
    ),
    "collapse.example.record": (
        "Fashion-MNIST, record of a training: why codes died",
        "Fashion-MNIST，一次训练的记录：码向量为什么死",
    ),
    "collapse.example.codebook": ("Fashion-MNIST, EMA, D = 2: codebook alone", "Fashion-MNIST，EMA，D = 2：只有码本"),
    "collapse.example.indices": ("Emoji, EMA with restarts: padded indices", "Emoji 表情，EMA 加重启：带填充的索引"),
    "collapse.k": ("K, for bare indices", "K（只有索引时）"),
    "collapse.ignore": ("Index to ignore", "忽略的索引"),
    "collapse.key": ("Tensor name", "张量名"),
    "collapse.levels": ("Levels in the last axis", "最后一轴的层数"),
    "collapse.levels.tip": (
        "How many codebooks indices of shape (..., L) are of, as residual or grouped quantizers return them; 1 if the "
        "last axis is a part of the picture.",
        "形状为 (..., L) 的索引来自几个码本：残差或分组量化器会这样返回；如果最后一轴是图像的一部分，填 1。",
    ),
    "collapse.cosine": ("Cosine", "余弦"),
    "collapse.cosine.tip": (
        "Codes are compared by direction: they are reported at length 1, as such a quantizer uses them.",
        "码向量按方向比较：报告的是长度为 1 的码向量，这类量化器实际就是这样用的。",
    ),
    "collapse.level": ("Level {level}", "第 {level} 层"),
    "collapse.verdict": ("verdict", "结论"),
    "collapse.verdict.healthy": ("healthy", "健康"),
    "collapse.verdict.healthy.tip": (
        "At most a tenth of the codes is dead, by 10 vectors or more for each code; or every code has a hit.",
        "每码至少 10 个向量时，死码不超过十分之一；或者每个码向量都命中过。",
    ),
    "collapse.verdict.warning": ("warning", "警告"),
    "collapse.verdict.warning.tip": (
        "More than a tenth of the codes is dead, by 10 vectors or more for each code.",
        "每码至少 10 个向量，死码仍超过十分之一。",
    ),
    "collapse.verdict.collapse": ("collapse", "坍塌"),
    "collapse.verdict.collapse.tip": (
        "By 10 vectors or more for each code, more than half are dead or the perplexity is below 5 % of K; or all "
        "codes are one point.",
        "每码至少 10 个向量，死码仍超过一半，或困惑度低于 K 的 5 %；或者所有码向量都是同一个点。",
    ),
    "collapse.verdict.unknown": ("unknown", "未知"),
    "collapse.verdict.unknown.tip": (
        "The files cannot tell: no hits, fewer than 10 vectors for each code, or no K.",
        "这些文件说明不了：没有命中次数、每码不足 10 个向量，或没有给出 K。",
    ),
    "collapse.k.tip": (
        "How many codes there are: needed where a file holds indices alone: codes that never occur are not in it.",
        "码向量的总数：文件只有索引时需要，因为从未出现的码向量看不出来。",
    ),
    "collapse.ignore.tip": (
        "An index that stands for padding, often −1: it is not counted.",
        "表示填充的索引，常为 −1：不计入。",
    ),
    "collapse.key.tip": (
        "Which tensors of the file are the codebook and the indices, with a comma between them, where several fit.",
        "文件里有几个张量都相配时，哪些是码本和索引；用逗号隔开。",
    ),
    "collapse.number.perplexity.tip": (
        "exp of the entropy of use: as many codes, used evenly, would be as hard to guess.",
        "使用分布的熵取 exp：相当于多少个均匀使用的码向量。",
    ),
    "collapse.number.dead.tip": (
        "No index in the file names them; with more vectors some may come to life.",
        "文件里没有索引指向它们；向量更多时，有些可能会被用到。",
    ),
    "collapse.again": ("Report again", "重新报告"),
    "collapse.busy": ("Reading {name}…", "正在读取 {name}…"),
    "collapse.stop": ("Stop", "停止"),
    "collapse.of": ("Report of {name}", "{name} 的报告"),
    "collapse.record.about": (
        "Record of a training to step {step}: {frames} frames, {codes} codes of {dim} numbers",
        "训练记录，到第 {step} 步：{frames} 帧，{codes} 个码向量，每码 {dim} 个数",
    ),
    "collapse.causes": ("Why codes died", "码向量为什么死"),
    "collapse.causes.none": (
        "No clear cause: nothing that is known here speaks for itself. What follows is what the hits show.",
        "没有明确的原因：这里所知的原因都没有足够的迹象。下面是命中次数显示的情况。",
    ),
    "collapse.causes.healthy": ("Nothing speaks for a fault.", "没有迹象表明有错。"),
    "collapse.causes.do": ("Change", "改动"),
    "collapse.recipe": (
        "Held in the study ({data}, D = {dim}, K = {codes}): {dead} dead, at most {worst} (n = {n}, seeds {seeds})",
        "在研究中站住了（{data}，D = {dim}，K = {codes}）：死码 {dead}，最多 {worst}（n = {n}，种子 {seeds}）",
    ),
    "collapse.recipe.best": (
        "Nothing held in the study ({data}, D = {dim}, K = {codes}); the best: {dead} dead, at most {worst} (n = {n}, "
        "seeds {seeds})",
        "研究中没有设置站住（{data}，D = {dim}，K = {codes}）；"
        "最好的：死码 {dead}，最多 {worst}（n = {n}，种子 {seeds}）",
    ),
    "collapse.recipe.far": (
        "; that size is more than twice yours, or less than half of it",
        "；这个大小是你的两倍以上，或不到一半",
    ),
    "collapse.confidence.clear": ("clear", "明确"),
    "collapse.confidence.likely": ("likely", "很可能"),
    "collapse.confidence.possible": ("possible", "可能"),
    "collapse.replay": ("What if: replay these outputs", "假如：重放这些输出"),
    "collapse.replay.note": (
        "The encoder is as it was recorded: it does not answer to the other codebook. Vectors of each step are drawn "
        "with replacement from the two nearest kept frames.",
        "编码器就是所记录的样子，不会对另一个码本作出反应。每一步的向量从最近的两个保留帧中有放回地抽取。",
    ),
    "collapse.replay.measured": (
        " Beside {trainings} real trainings of {configurations} configurations the order of settings by dead codes "
        "agreed by {rank} (Spearman), and the share of dead codes was off by {error} of K (median; at most {worst}).",
        "与 {configurations} 种配置的 {trainings} 次真实训练相比：各设置按死码数排序的一致程度为 {rank}（Spearman），"
        "死码占 K 的比例相差 {error}（中位数；最多 {worst}）。",
    ),
    "collapse.replay.rule": ("Rule", "规则"),
    "collapse.replay.init": ("Start", "起点"),
    "collapse.replay.restart": ("Restart dead codes", "重启死码"),
    "collapse.replay.go": ("Replay", "重放"),
    "collapse.replay.busy": ("Replaying…", "正在重放…"),
    "collapse.replay.happened": (
        "It happened: {dead} of {codes} dead, perplexity {perplexity}, distortion {distortion} of the variance",
        "实际：{codes} 个码向量中死码 {dead}，困惑度 {perplexity}，失真占方差 {distortion}",
    ),
    "collapse.replay.replayed": (
        "Replayed: {dead} of {codes} dead, perplexity {perplexity}, distortion {distortion} of the variance",
        "重放：{codes} 个码向量中死码 {dead}，困惑度 {perplexity}，失真占方差 {distortion}",
    ),
    "collapse.replay.rule.ema": ("EMA", "EMA 滑动平均"),
    "collapse.replay.rule.gradient": ("gradient", "梯度"),
    "collapse.replay.init.recorded": ("as recorded", "与记录相同"),
    "collapse.replay.init.kmeans": ("k-means", "k-means 聚类"),
    "collapse.replay.init.data": ("data", "数据"),
    "collapse.replay.init.normal": ("normal", "正态"),
    "collapse.replay.init.uniform": ("uniform", "均匀"),
    "collapse.records": ("Records of this server", "本服务器的记录"),
    "collapse.read": ("How it was read", "是怎样读取的"),
    "collapse.remarks": ("All codebooks", "所有码本"),
    "collapse.save": ("Save this report as", "把这份报告存为"),
    "collapse.save.tip": (
        "One file that needs nothing beside it: HTML with its figures, Markdown for an issue, JSON for a program.",
        "一个不依赖其他文件的文件：HTML 自带图，Markdown 可贴进讨论，JSON 给程序用。",
    ),
    "collapse.code": ("Lines to paste", "可粘贴的代码"),
    "collapse.code.lead": (
        "For a codebook of {codes} codes of {dim} numbers. Names that the lines do not define are your own: z_e, "
        "indices, codebook, loss.",
        "适用于 {codes} 个码向量、每码 {dim} 个数的码本。"
        "代码里没有定义的名字来自你自己的程序：z_e、indices、codebook、loss。",
    ),
    "collapse.code.lead.plain": (
        "For 512 codes of 64 numbers; put in your own. Names that the lines do not define are your own: z_e, indices, "
        "codebook, loss.",
        "按 512 个码向量、每码 64 个数写成，请换成你自己的。"
        "代码里没有定义的名字来自你自己的程序：z_e、indices、codebook、loss。",
    ),
    "collapse.code.of": ("Lines of {name}", "{name} 的代码"),
    "collapse.code.library.package": ("PyTorch, this package", "PyTorch，本软件包"),
    "collapse.code.library.torch": ("PyTorch alone", "只用 PyTorch"),
    "collapse.code.library.vector_quantize_pytorch": ("vector_quantize_pytorch", "vector_quantize_pytorch 库"),
    "collapse.code.library.flags": ("This program’s study", "本程序的研究"),
    "collapse.code.none": (
        "vector_quantize_pytorch has no setting of its own for this: the lines of PyTorch alone work beside it.",
        "vector_quantize_pytorch 没有相应的设置：可以在它旁边使用“只用 PyTorch”的代码。",
    ),
    "collapse.shows": ("What this shows", "它显示了什么"),
    "collapse.first": ("What to try first", "先试什么"),
    "collapse.first.jump": ("{name}: go to the remedies", "{name}：转到补救办法"),
    "collapse.cure.count": ("Count more vectors", "多数一些向量"),
    "collapse.cure.count.say": (
        "{needed} or more, 10 for each code, before anything else.",
        "先数到 {needed} 个以上（每码 10 个），再做别的。",
    ),
    "collapse.cure.restart": ("Restart dead codes", "重启死码"),
    "collapse.cure.restart.say": (
        "Put them on encoder outputs (--dead-codes restart).",
        "把它们放到编码器输出上（--dead-codes restart）。",
    ),
    "collapse.cure.restart.study": (
        "Study: {plain} → {own} of 512 dead.",
        "研究：512 个码向量中死码 {plain} → {own}。",
    ),
    "collapse.cure.rotation": ("Rotation trick", "旋转技巧"),
    "collapse.cure.rotation.say": (
        "Another gradient for the encoder (--gradient-estimator rotation).",
        "换一种给编码器的梯度（--gradient-estimator rotation）。",
    ),
    "collapse.cure.rotation.study": (
        "Study: {plain} → {own} of 512 dead.",
        "研究：512 个码向量中死码 {plain} → {own}。",
    ),
    "collapse.cure.kmeans": ("Begin at the data", "用数据初始化"),
    "collapse.cure.kmeans.say": (
        "So that no code begins out of reach (--codebook-init kmeans, or data).",
        "使码向量一开始就够得着（--codebook-init kmeans 或 data）。",
    ),
    "collapse.cure.kmeans.study": (
        "Study: {plain} → {own} of 512 dead, from data {data}.",
        "研究：512 个码向量中死码 {plain} → {own}，用数据初始化时 {data}。",
    ),
    "collapse.cure.size": ("Smaller K or D", "减小 K 或 D"),
    "collapse.cure.size.say": (
        "{used} codes do all the work here.",
        "这里全部工作由 {used} 个码向量完成。",
    ),
    "collapse.cure.size.study": (
        "Study: {deep} of 512 dead at D = 64, {flat} of 256 at D = 2.",
        "研究：D = 64 时 512 个码向量中死码 {deep}，D = 2 时 256 个码向量中死码 {flat}。",
    ),
    "collapse.cure.rule": ("The other rule, another rate", "换规则、换学习率"),
    "collapse.cure.rule.say": (
        "EMA against gradient (--codebook-update), or a higher --codebook-lr: alone seldom enough.",
        "EMA 或梯度（--codebook-update），或更大的 --codebook-lr：单独用往往不够。",
    ),
    "collapse.cure.rule.study": (
        "Study: gradient {gradient}, EMA {ema}, gradient at 10 times the rate {rate} of 512 dead.",
        "研究：512 个码向量中死码：梯度 {gradient}，EMA {ema}，梯度且 10 倍学习率 {rate}。",
    ),
    "collapse.cure.merge": ("Smaller K", "减小 K"),
    "collapse.cure.merge.say": (
        "Near-duplicates do one code’s work twice: {distinct} codes are distinct.",
        "近似重复的码向量做的是同一份工作：互不相同的只有 {distinct} 个。",
    ),
    "collapse.cannot": ("What it cannot tell", "它说明不了什么"),
    "collapse.paste": (
        "Three lines to paste into your own evaluation loop; collect the indices of the whole validation set in eval "
        "mode.",
        "把下面三行贴进你自己的评估循环。请在评估模式下收集整个验证集的索引。",
    ),
    "collapse.copy": ("Copy", "复制"),
    "collapse.copied": ("Copied", "已复制"),
    "collapse.number.size": ("codes × numbers", "码数 × 维数"),
    "collapse.number.used": ("used", "在用"),
    "collapse.number.dead": ("dead", "死码"),
    "collapse.number.perplexity": ("perplexity", "困惑度"),
    "collapse.number.step": ("hits a step", "每步命中次数"),
    "collapse.number.vectors": ("vectors counted", "计数的向量"),
    "collapse.number.distinct": ("distinct, of those compared", "互不相同 / 参与比较"),
    "collapse.number.length": ("median length", "长度中位数"),
    "collapse.chart.plane": ("The codes", "这些码向量"),
    "collapse.chart.usage": ("Hits, sorted", "命中次数，从高到低"),
    "collapse.chart.lengths": ("Lengths, sorted", "长度，从大到小"),
    "collapse.axis.used": ("used", "在用"),
    "collapse.axis.dead": ("dead", "死码"),
    "collapse.axis.codes": ("codes", "码向量"),
    "collapse.axis.x": ("first number", "第 1 维"),
    "collapse.axis.y": ("second number", "第 2 维"),
    "collapse.axis.pc1": (
        "first principal axis (both keep {kept} of the variance)",
        "第一主轴（两轴共保留方差的 {kept}）",
    ),
    "collapse.axis.pc2": ("second principal axis", "第二主轴"),
    "collapse.axis.rank": ("codes, from the highest", "码向量，从高到低"),
    "collapse.axis.hits": ("hits", "命中次数"),
    "collapse.axis.length": ("length", "长度"),
}
