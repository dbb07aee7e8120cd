"""The Chinese twins of `explorer.collapse.findings.FINDINGS`: same keys, same holes."""

CHINESE_FINDINGS: dict[str, str] = {
    "transposed": (
        "这个矩阵的行比列少。它按 {codes} 个码向量、每个 {dim} 个数读取；如果它其实是 (D, K)，下面的一切都不对："
        "请保存 codebook.T 再报告一次。"
    ),
    "turned": (
        "这个矩阵按 (D, K) 读取：{codes} 个码向量、每个 {dim} 个数，因为索引恰好指到 {codes} 列中的每一列，"
        "而没有指到 {dim} 行中后面的任何一行。"
    ),
    "one_hot": "{name} 的每一行是独热编码：{vectors} 个向量，{codes} 个码向量。",
    "wrapped": "{name} 中大于 {limit} 的索引溢出成了负数：这里按无符号数读取，码向量不超过 {codes} 个时这是对的。",
    "levels": "共有 {levels} 个码本，分别报告。",
    "levels_seen": (
        "{name} 的最后一轴按 {levels} 层读取，每层一个码本，因为其中一层用的码向量比另一层少得多；"
        "如果这一轴是图像的一部分，请用 --levels 1 再报告一次。"
    ),
    "level_used": "第 {level} 层：{codes} 个码向量中用了 {used} 个，困惑度 {perplexity:.1f}。",
    "level_distinct": "第 {level} 层：{compared} 个码向量中互不相同的有 {distinct} 个。",
    "linear": "报告的是实际使用的码向量：存储的码向量经过 {parts} 之后的结果。",
    "affine": "报告的是实际使用的码向量：由 {parts} 平移、缩放到批次的均值和散布。",
    "cosine": "报告的是实际使用的码向量：除以各自的长度，余弦量化器就是这样用的。",
    "projected": (
        "{name} 与码本放在一起：如果码向量在使用前要经过它，那么实际使用的并不是这里的码向量；"
        "请保存真正与编码器输出比较的那些向量。"
    ),
    "unused_file": "{name} 没有用到：其中没有与已读内容相配的张量。",
    "averaged": "使用情况来自滑动计数，每步共 {vectors} 次命中：低于 {least:.2g} 的码向量算作没有使用。",
    "summed": "使用情况来自文件里的命中次数。",
    "fresh": "码本旁边的计数全都相等，就像第一次更新之前那样：它们说明不了使用情况。",
    "faded": "{codes} 个码向量中有 {dead} 个（{share:.1%}）几乎没有命中。",
    "as_stored": "码向量是否按存储的样子使用：如果你的量化器先把码向量除以其长度（余弦），请说明，命令行为 --cosine。",
    "whole": "所有的值都是从 0 起的整数：如果它们是码索引，请用 .long() 存成整数类型。",
    "dead": "{codes} 个码向量中有 {dead} 个（{share:.1%}）在这 {vectors:,} 个向量里一次也没有命中。",
    "all_used": "{codes} 个码向量全部命中过。",
    "few_vectors": "{vectors} 个向量不足 {codes} 个码向量的 10 倍：有些码向量可能只是还没轮到。",
    "at_least": "没有给出 K，所以 K ≥ {codes}：最大索引之后可能还有码向量，而且是死的。",
    "ignored": "{ignored} 项是填充（索引 {index}），没有计入。",
    "uneven": (
        "困惑度 {perplexity:.1f}：在 {used} 个在用的码向量中选择，信息量只相当于在 {perplexity:.0f} "
        "个码向量中均匀选择。"
    ),
    "duplicates": (
        "{compared} 个码向量中有 {merged} 个与另一个码向量的距离不到散布的 1 %，或只差舍入误差："
        "互不相同的有 {distinct} 个。"
    ),
    "sampled": "近似重复是在 {codes} 个码向量的 {compared} 个抽样中查找的。",
    "zero": "{zero} 个码向量恰好是 0：Sonnet 库的零去偏起点下，从未被分配的 EMA 码向量就是这样。",
    "far": "{far} 个没有命中的码向量比任何在用的码向量长 100 倍以上：笔记代码的 EMA 起点之后就是这样。",
    "short": (
        "没有命中的码向量很短：长度 {dead:.2g}，在用的码向量是 {used:.2g}（均为中位数）：离 0 太近，"
        "成不了最近的码向量。"
    ),
    "two_lengths": "{far} 个码向量比中位长度长 100 倍以上：两群之一多半是死的，有了命中次数才知道是哪一群。",
    "point": "所有码向量都是同一个点。",
    "no_counts": "每个码向量用了多少次：只有向量是看不出来的。请加上验证集的索引。",
    "no_vectors": "码向量在哪里、哪些近似重复：只有索引是看不出来的。请加上码本。",
    "which_split": "索引是否来自评估模式下的留出数据：它们来自哪些向量，只有你知道。",
    "why": "码向量为什么死：这需要训练过程的记录，例如每一步的命中次数和长度。",
    "quality": "解码器的图像好不好：这需要模型本身。",
}
