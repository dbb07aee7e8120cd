"""The Chinese twins of `explorer.reports.diagnosis.sentences`: same keys, same holes."""

CHINESE_CAUSES: dict[str, str] = {
    "too_few": "只数了 {number:.0f} 个向量，不足 {codes} 个码的 10 倍：有些码可能只是还没轮到。",
    "foreign": "记录的索引中只有 {number:.0%} 指向同一帧码本里最近的码。",
    "ranks": "各进程的码本不一致，平方长度相差 {number:.1%}。",
    "encoder": "编码器的输出坍塌了：{dim} 个方向中只在 {number:.1f} 个方向上变化。",
    "identical": "{number:.0%} 的码与另一个码是同一个点，只差舍入误差。",
    "narrow": "起始码本的散布只有编码器输出的 {number:.2g} 倍：大多数码没有机会。",
    "wide": "起始码本的散布是编码器输出的 {number:.2g} 倍：大多数码在点云之外。",
    "drift": "编码器的输出已离开在用的码，距离是自身散布的 {number:.2g} 倍。",
    "half": "码本用 {dtype} 保存：小于数值的 {number:.1g} 的更新会丢失，计数也会停止增长。",
    "never_born": "{number:.0%} 的死码从记录开始就没有被选中过。",
    "killed": "{number:.0%} 的死码曾被选中，后来失去了向量。",
}
CHINESE_REMEDIES: dict[str, str] = {
    "too_few": "先多记录几步，或数一遍整个验证集，再做改动。",
    "foreign": "请记录选出这些索引的码本（更新之前），以及真正参与比较的 z_e：经过投影，余弦距离时还要归一化。",
    "ranks": "在 EMA 之前跨进程求和，或由一个进程广播码本：torch.distributed.broadcast(codebook, 0)。",
    "encoder": "降低承诺代价或其学习率，并检查重建损失的尺度：编码器已分不清输入，任何码本都无济于事。",
    "identical": '从数据开始（init="kmeans"），并把死码重启到编码器输出上（dead_codes="restart"）。',
    "narrow": '按数据的散布开始：init="kmeans"，或把起始码本放大 {scale:.2g} 倍。',
    "wide": '按数据的散布开始：init="kmeans"，或把起始码本乘以 {scale:.2g}。',
    "drift": "让码跟得更快：更小的衰减（0.99 到 0.9）、更大的码本学习率，或更小的编码器学习率。",
    "half": "码本、计数与总和都用 float32：quantizer.float()，并置于 autocast 之外。",
    "never_born": '从数据开始（init="kmeans"），或重启死码（dead_codes="restart"）。',
    "killed": '重启死码（dead_codes="restart"），并把被放置的行的动量与 EMA 总和一并重置。',
}
