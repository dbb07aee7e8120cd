"""The Chinese twins of `explorer.collapse_report.FINDINGS`: same keys, same holes."""

CHINESE_FINDINGS: dict[str, str] = {
    "transposed": (
        "这个矩阵的行比列少。它按 {codes} 个码、每个 {dim} 个数读取；如果它其实是 (D, K)，下面的一切都不对："
        "请保存 codebook.T 再报告一次。"
    ),
    "whole": "所有的值都是从 0 起的整数：如果它们是码索引，请用 .long() 存成整数类型。",
    "dead": "{codes} 个码中有 {dead} 个（{share:.1%}）在这 {vectors} 个向量里一次也没有被选中。",
    "all_used": "{codes} 个码全部被选中过。",
    "few_vectors": "{vectors} 个向量不足 {codes} 个码的 10 倍：有些码可能只是还没轮到。",
    "at_least": "没有给出 K，所以 K ≥ {codes}：最大索引之后可能还有码，而且是死的。",
    "ignored": "{ignored} 项是填充（索引 {index}），没有计入。",
    "uneven": "困惑度 {perplexity:.1f}：在 {used} 个在用的码中选择，信息量只相当于在 {perplexity:.0f} 个码中均匀选择。",
    "duplicates": "{compared} 个码中有 {merged} 个与另一个码的距离不到散布的 1 %：互不相同的有 {distinct} 个。",
    "sampled": "近似重复是在 {codes} 个码的 {compared} 个抽样中查找的。",
    "zero": "{zero} 个码恰好是 0：sonnet 的零去偏起点下，从未被分配的 EMA 码就是这样。",
    "far": "{far} 个没有被选中的码比任何在用的码长 100 倍以上：snippet 的 EMA 起点之后就是这样。",
    "short": "没有被选中的码很短：长度 {dead:.2g}，在用的码是 {used:.2g}（均为中位数）：离 0 太近，成不了最近的码。",
    "two_lengths": "{far} 个码比中位长度长 100 倍以上：两群之一多半是死的，有了选中次数才知道是哪一群。",
    "point": "所有码都是同一个点。",
    "no_counts": "每个码用了多少次：只有向量是看不出来的。请加上验证集的索引。",
    "no_vectors": "码在哪里、哪些近似重复：只有索引是看不出来的。请加上码本。",
    "which_split": "索引是否来自评估模式下的留出数据：它们来自哪些向量，只有你知道。",
    "why": "码为什么死：这需要训练过程的记录，例如每一步的选中次数和长度。",
    "quality": "解码器的图像好不好：这需要模型本身。",
}
