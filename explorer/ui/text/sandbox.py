"""The sandbox: two codebooks that learn in the browser while the encoder stands still."""

from __future__ import annotations

SANDBOX: dict[str, tuple[str, str]] = {
    "sandbox.title": ("A codebook under your hand", "动手试码本"),
    "sandbox.what": (
        "The encoder stands still here: the dots are {points} encoder outputs of {run}, and both codebooks begin alike "
        "and learn from the same mini-batches of them, in your browser.",
        "这里编码器静止不动：点是 {run} 的 {points} 个编码器输出；两个码本从同一起点出发，"
        "用同样的小批量学习，全部在浏览器中计算。",
    ),
    "sandbox.film.gradient": (
        "In the real training of {run} the encoder moves: at step {step}, {count} codes were chosen by no vector, "
        "and their gradient was exactly zero. That is so now, not for ever: by step {by}, {back} of these {count} had "
        "been chosen again (of {last} steps).",
        "在 {run} 的真实训练中编码器会移动：第 {step} 步有 {count} 个码向量没有任何命中，"
        "其梯度恰好为零。"
        "但这只是当时如此：到第 {by} 步（共 {last} 步），这 {count} 个中有 {back} 个又有了命中。",
    ),
    "sandbox.film.other": (
        "In the real training of {run} the encoder moves: at step {step}, {count} codes were chosen by no vector; by "
        "step {by}, {back} of these {count} had been chosen again (of {last} steps).",
        "在 {run} 的真实训练中编码器会移动：第 {step} 步有 {count} 个码向量没有任何命中；"
        "到第 {by} 步（共 {last} 步），这 {count} 个中有 {back} 个又有了命中。",
    ),
    "sandbox.film.none": (
        "In the real training of {run}, none of the {count} codes that no vector chose at step {step} was chosen again "
        "by step {last}.",
        "在 {run} 的真实训练中，第 {step} 步没有任何命中的 {count} 个码向量，到第 {last} 步没有一个再命中。",
    ),
    "sandbox.none": (
        "The set {data} has no VQ-VAE with D = 2 here, whose codes could be drawn and dragged as they are.",
        "图像集 {data} 在这里没有 D = 2 的 VQ-VAE，因而没有可以直接绘制和拖动的码向量。",
    ),
    "sandbox.loading": ("Fetching the encoder outputs …", "正在获取编码器输出……"),
    "sandbox.failed": (
        "The encoder outputs could not be fetched: reload the page.",
        "无法获取编码器输出：请重新加载页面。",
    ),
    "sandbox.side.left": ("left", "左侧"),
    "sandbox.side.right": ("right", "右侧"),
    "sandbox.rule.of": ("How the codebook on the {side} moves", "{side}码本的更新方式"),
    "sandbox.rule.sgd": ("Gradient, SGD", "梯度，SGD"),
    "sandbox.rule.adam": ("Gradient, Adam", "梯度，Adam"),
    "sandbox.rule.hold": ("EMA, holds unhit codes", "EMA，保持未命中者"),
    "sandbox.rule.ones": ("EMA, start ones", "EMA，计数从 1 起"),
    "sandbox.rule.sonnet": ("EMA, start sonnet", "EMA，Sonnet 库"),
    "sandbox.rule.snippet": ("EMA, the note's snippet", "EMA，笔记代码"),
    "sandbox.rule.kmeans": ("k-means (Lloyd)", "k 均值（Lloyd）"),
    "sandbox.restart": ("restart dead codes", "重启死码"),
    "sandbox.init": ("Codes begin", "码本初始化"),
    "sandbox.init.tip": (
        "Both codebooks begin alike. The note's snippet brings a start of its own, N(0, 1).",
        "两个码本的起点相同。笔记中的代码自带起点：N(0, 1)。",
    ),
    "sandbox.init.uniform": ("uniform, ±1/K", "均匀分布，±1/K"),
    "sandbox.init.reference": ("reference, ±√(3/D)", "参考代码，±√(3/D)"),
    "sandbox.init.normal": ("normal, N(0, 1)", "正态分布，N(0, 1)"),
    "sandbox.init.data": ("on encoder outputs", "取自编码器输出"),
    "sandbox.codes": ("Codes, K", "码本大小 K"),
    "sandbox.codes.tip": (
        "A code is called dead if none of the cloud's points is nearest to it; with ten points or more for each code.",
        "若点云中没有任何一点以某个码向量为最近，就称它为死码；平均每个码向量至少有十个点。",
    ),
    "sandbox.batch": ("Mini-batch", "小批量"),
    "sandbox.batch.tip": (
        "Encoder outputs of one update, drawn at random from the cloud. k-means reads the whole cloud instead.",
        "每次更新从点云中随机抽取的编码器输出个数。k 均值则读取整个点云。",
    ),
    "sandbox.decay": ("EMA, γ", "EMA 的 γ"),
    "sandbox.decay.tip": (
        "How slowly counts and sums forget: the last 1/(1 − γ) updates weigh most.",
        "计数与和遗忘的快慢：最近 1/(1 − γ) 次更新的权重最大。",
    ),
    "sandbox.sgd": ("SGD, rate", "SGD 学习率"),
    "sandbox.sgd.tip": (
        "The codebook loss is a mean over all elements of the mini-batch, so that a rate near 1 is usual here.",
        "码本损失是对小批量全部元素取平均，因此这里的学习率在 1 附近是正常的。",
    ),
    "sandbox.adam": ("Adam, rate", "Adam 学习率"),
    "sandbox.adam.tip": (
        "Adam's steps are about as long as its rate, however small the gradient is.",
        "无论梯度多小，Adam 每步的长度都大约等于学习率。",
    ),
    "sandbox.seed": ("Another draw", "换一组随机数"),
    "sandbox.actions": ("What happens to both codebooks", "对两个码本的操作"),
    "sandbox.play": ("Play", "播放"),
    "sandbox.pause": ("Pause", "暂停"),
    "sandbox.jump": ("100 steps", "前进 100 步"),
    "sandbox.step": ("One step", "单步"),
    "sandbox.again": ("From the start", "从头开始"),
    "sandbox.kill": ("Kill half", "杀死一半"),
    "sandbox.add": ("Add {count} codes", "增加 {count} 个码向量"),
    "sandbox.speed": ("Speed", "速度"),
    "sandbox.speed.slow": ("slow", "慢"),
    "sandbox.speed.normal": ("one step a frame", "每帧一步"),
    "sandbox.speed.fast": ("fast", "快"),
    "sandbox.dead": ("Dead codes", "死码"),
    "sandbox.perplexity": ("Perplexity", "困惑度"),
    "sandbox.distortion": ("Distortion, mean (z − e)²", "失真，(z − e)² 的均值"),
    "sandbox.say.dead": ("of {total} codes are not chosen now", "个码向量此刻没有命中（共 {total} 个）"),
    "sandbox.say.more": (
        "{used} used, {starved} of them starved · perplexity {perplexity} · distortion {distortion}",
        "在用 {used} 个，其中 {starved} 个命中过少 · 困惑度 {perplexity} · 失真 {distortion}",
    ),
    "sandbox.say.restarted": ("Restarted so far: {count}.", "已重启：{count} 次。"),
    "sandbox.say.step": ("step {step}", "第 {step} 步"),
    "sandbox.say.curve": (
        "{label}: {left} on the left, dashed; {right} on the right, at step {step}",
        "{label}：第 {step} 步，左侧（虚线）{left}，右侧 {right}",
    ),
    "sandbox.say.plane": (
        "Codebook on the {side}: {rule}. Arrow keys go from code to code, Enter takes one up, Space plays",
        "{side}的码本：{rule}。方向键在码向量之间移动，Enter 拿起一个，空格键播放",
    ),
    "sandbox.say.code": ("Code {code}: nearest to {hits} points", "码向量 {code}：是 {hits} 个点的最近者"),
    "sandbox.say.held": ("Code {code} in your hand", "正拿着码向量 {code}"),
    "sandbox.fact.killed": (
        "{killed} killed: {still} lie exactly where they were put, {moved} have moved, {back} were chosen again.",
        "杀死 {killed} 个：{still} 个原地未动，{moved} 个移动了，{back} 个又有了命中。",
    ),
    "sandbox.fact.sgd": (
        "The gradient of a code that nothing chooses is exactly zero, and SGD leaves it where it is.",
        "没有命中的码向量梯度恰好为零，SGD 让它原地不动。",
    ),
    "sandbox.fact.adam": (
        "A code that has lost its points coasts on its old moments: so far by {coast} learning rates at most. A killed "
        "one has none and stays.",
        "失去数据点的码向量会靠旧的动量继续滑行：目前最多滑行了学习率的 {coast} 倍。"
        "被杀死的码向量动量已清零，因而不动。",
    ),
    "sandbox.fact.hold": (
        "A code without a hit keeps its mean, and stays exactly where it is.",
        "没有命中的码向量保持其均值，原地不动。",
    ),
    "sandbox.fact.ones": (
        "A code without a hit holds for a while, and then shrinks towards 0: kill half to see it.",
        "没有命中的码向量先停留一段时间，然后收缩到 0：杀死一半即可看到。",
    ),
    "sandbox.fact.sonnet": (
        "A code that was never hit is exactly 0 from the first step on; one that dies later shrinks towards 0.",
        "从未命中的码向量自第一步起恰好为 0；后来失去命中的则收缩到 0。",
    ),
    "sandbox.fact.snippet": (
        "A code that was never hit is thrown far away by the first step, and sweeps back inwards to end at 0.",
        "从未命中的码向量在第一步被抛到很远处，然后沿直线返回，最终到 0。",
    ),
    "sandbox.fact.shrunk": (
        "This start carries a killed code to 0: the median one has {share} % of its length left.",
        "这种起点会把被杀死的码向量带到 0：其长度的中位数还剩 {share} %。",
    ),
    "sandbox.fact.kmeans": (
        "A centre that wins no point of the cloud stays; it moves once for every pass over the cloud.",
        "没有赢得任何点的中心保持不动；每读完一遍点云移动一次。",
    ),
}
