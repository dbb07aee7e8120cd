"""The Chinese twins of `explorer.reports.diagnosis.sentences`: same keys, same holes."""

CHINESE_CAUSES: dict[str, str] = {
    "too_few": "只数了 {number:.0f} 个向量，不足 {codes} 个码向量的 10 倍：有些码向量可能只是还没轮到。",
    "foreign": "记录的索引中只有 {number:.0%} 指向同一帧码本里最近的码向量。",
    "ranks": "各进程的码本不一致，平方长度相差 {number:.1%}。",
    "encoder": "编码器的输出坍塌了：{dim} 个方向中只在 {number:.1f} 个方向上变化。",
    "identical": "{number:.0%} 的码向量与另一个码向量是同一个点，只差舍入误差。",
    "narrow": "起始码本的散布只有编码器输出的 {number:.2g} 倍：大多数码向量没有机会。",
    "wide": "起始码本的散布是编码器输出的 {number:.2g} 倍：大多数码向量在点云之外。",
    "drift": "编码器的输出已离开在用的码向量，距离是自身散布的 {number:.2g} 倍。",
    "half": "码本用 {dtype} 保存：小于数值的 {number:.1g} 的更新会丢失，计数也会停止增长。",
    "loss_scale": (
        "承诺项的权重是它在所有数上的平均值的 {number:.3g} 倍：它是求和，其余是平均，因此淹没了解码器对编码器的要求。"
    ),
    "commitment": (
        "按梯度看，承诺项是码本项的 {number:.2g} 倍，通常是 1 比 4："
        "大于 1 时编码器迁就码向量，远小于此则没有什么能拉住编码器。"
    ),
    "restart": "每步平均每个码向量有 {number:.2g} 个向量，而低于 {other:.2g}（或几乎总是）就会重启：没有码向量能安稳。",
    "restart_late": "对这 {codes} 个码向量，重启要等 {number:.0f} 步，而训练只有 {other:.0f} 步。",
    "carried": "远离所有输出的码向量中，有 {number:.0%} 在其间有过命中：它们被放到那里，又被带走。",
    "class": "类别 {other:.0f} 的向量只在 {number:.2g} 个码向量中选择，远少于其他类别。",
    "never_born": "{number:.0%} 的死码从记录开始就没有过命中。",
    "killed": "{number:.0%} 的死码曾有命中，后来失去了向量。",
}
CHINESE_REMEDIES: dict[str, str] = {
    "too_few": "先多记录几步，或数一遍整个验证集，再做改动。",
    "foreign": "请记录选出这些索引的码本（更新之前），以及真正参与比较的 z_e：经过投影，余弦距离时还要归一化。",
    "ranks": "在 EMA 之前跨进程求和，或由一个进程广播码本：torch.distributed.broadcast(codebook, 0)。",
    "encoder": "降低承诺系数或其学习率，并检查重建损失的尺度：编码器已分不清输入，任何码本都无济于事。",
    "identical": '用数据初始化（init="kmeans"），并把死码重启到编码器输出上（dead_codes="restart"）。',
    "narrow": '按数据的散布开始：init="kmeans"，或把起始码本放大 {scale:.2g} 倍。',
    "wide": '按数据的散布开始：init="kmeans"，或把起始码本乘以 {scale:.2g}。',
    "drift": "让码向量跟得更快：更小的衰减（0.99 到 0.9）、更大的码本学习率，或更小的编码器学习率。",
    "half": "码本、计数与总和都用 float32：quantizer.float()，并置于 autocast 之外。",
    "loss_scale": (
        "像其他项一样对承诺项取平均：F.mse_loss(z_e, z_q.detach())，不要 .sum()；或把它的权重除以 {number:.0f}。"
    ),
    "commitment": (
        "把权重放在编码器一侧：loss = mse + F.mse_loss(z_q, z_e.detach()) + 0.25 * F.mse_loss(z_e, z_q.detach())。"
    ),
    "restart": (
        "让重启阈值低于每步 {number:.2g} 次命中的十分之一（threshold_ema_dead_code={tenth:.2g}），"
        "或用更大的批次、更小的 K。"
    ),
    "restart_late": "让每个码向量等待的向量更少（RestartDead(vectors_per_code=10)），或训练更久。",
    "carried": (
        "重置记着旧位置的状态：EMA 总和用 quantizer.place(rows, vectors)，Adam 的动量用 "
        "quantizer.reset_optimizer_rows(optimizer, rows)；手工做则令 count = 1、sum = 向量、动量 = 0。"
    ),
    "class": (
        "先看看类别 {other:.0f} 的输入：如果向量都一样，就不需要更多的码向量；如果不一样，"
        "给它更大的权重或更高的出现频率。"
    ),
    "never_born": '用数据初始化（init="kmeans"），或重启死码（dead_codes="restart"）。',
    "killed": '重启死码（dead_codes="restart"），并把被放置的行的动量与 EMA 总和一并重置。',
}
