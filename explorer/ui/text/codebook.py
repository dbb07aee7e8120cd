"""The tab Codebook. Keys `codebook.say.*` are filled in by the client: `{name}` without a format specification."""

CODEBOOK: dict[str, tuple[str, str]] = {
    "tab.codebook": ("Codebook", "码本"),
    "codebook.see": (
        "Filled discs are codes in use; hollow ones are dead: in the window, no encoder output chose them.",
        "实心圆是在用的码向量；空心的是死码：窗口内没有编码器输出选它。",
    ),
    "codebook.try": (
        "Play the film, then choose a code and follow it. Change what counts as dead. Open one step to see the "
        "arithmetic that moves a code, or leaves it where it is.",
        "播放影片，点一个码向量跟着它走；改一改什么算死码；再打开某一步，看怎样的计算移动一个码向量，或让它不动。",
    ),
    # sides
    "codebook.gradient": ("Gradient codebook", "梯度码本"),
    "codebook.ema": ("EMA codebook", "EMA 码本"),
    "codebook.other": ("Codebook", "码本"),
    "codebook.side.left": ("left", "左"),
    "codebook.side.right": ("right", "右"),
    "codebook.chip.stand_in": (
        "{asked} has no codebook: {run} stands in on this tab",
        "{asked} 没有码本：本页由 {run} 代替",
    ),
    "codebook.chip.not_twins": (
        "These two are no twins: they began from other weights or saw other batches, so not every difference is the "
        "rule's.",
        "这两次训练不是对照训练：初始权重或批次不同，差异不全来自更新规则。",
    ),
    "codebook.no_run": (
        "No VQ-VAE of these images is here yet. Train one: python -m explorer train --model vqvae --data {data}",
        "还没有用这些图像训练的 VQ-VAE。训练一个：python -m explorer train --model vqvae --data {data}",
    ),
    "codebook.no_film": (
        "{run} kept no film of its codebook (--trace scalars, or one number per code): only its curves can be drawn.",
        "{run} 没有保留码本影片（--trace scalars，或每个码向量只有一个数）：只能画曲线。",
    ),
    "codebook.caption.probes": (
        "Grey: {drawn} fixed encoder outputs. Discs: codes, larger when hit more; hollow: dead. Lines: where another "
        "code becomes the nearest. Tails: where codes came from.",
        "灰点：{drawn} 个固定的编码器输出。圆盘：码向量，命中越多越大；空心：死码。细线："
        "最近码向量的分界。拖尾：码向量的来路。",
    ),
    "codebook.caption.batch": (
        "Grey: {drawn} encoder outputs of each step's own mini-batch, on the plane of largest variance of the final "
        "ones ({explained} % of it). Discs: codes, larger when hit more; hollow: dead. Tails: where codes came from.",
        "灰点：各步小批量的 {drawn} 个编码器输出，在最终输出方差最大的平面上（{explained} %）。"
        "圆盘：码向量，命中多则大；空心：死码。拖尾：来路。",
    ),
    "codebook.caption.columns": (
        " The grey ones come from {columns} of the {grid} columns of each picture.",
        "灰点只来自每张图 {grid} 列中的 {columns} 列。",
    ),
    "codebook.evaluated": (
        "Final weights, whole test split: {dead} of {total} dead, perplexity {perplexity} ({n} vectors, {each} per "
        "code).",
        "最终权重、整个测试集：{total} 个码向量中 {dead} 个死码，困惑度 {perplexity}（{n} 个向量，"
        "平均每码 {each} 个）。",
    ),
    # the record of a training on the left
    "codebook.record": ("Recorded training", "记录的训练"),
    "codebook.record.of": ("A record on the left", "左侧显示记录"),
    "codebook.record.of.tip": (
        "The training of anybody’s codebook, recorded by explorer.recorder: bring one in the tab Collapse.",
        "任何人的码本训练，由 explorer.recorder 记录；可在“坍塌”页中带来。",
    ),
    "codebook.record.none": ("none: a run", "无：显示本页模型"),
    "codebook.record.example": ("the example", "示例"),
    "codebook.record.chip": (
        "On the left is the record of somebody’s training; how it differs from the run on the right is not known.",
        "左侧是一次训练的记录；它与右侧模型有何不同，无从得知。",
    ),
    "codebook.record.no_film": (
        "This record holds no codebook that can be drawn (none was logged, or a code is one number): the tab Collapse "
        "says what it shows.",
        "这份记录中没有可画的码本（没有记录，或每个码向量只有一个数）：它说明了什么，见“坍塌”页。",
    ),
    "codebook.record.caption": (
        "Grey: {drawn} encoder outputs of each frame’s own step. Discs: codes, larger when hit more since the frame "
        "before; hollow: dead. Lines: where another code becomes the nearest. Tails: where codes came from.",
        "灰点：每帧那一步的 {drawn} 个编码器输出。圆盘：码向量，自上一帧以来命中越多越大；空心：死码。"
        "细线：最近码向量的分界。拖尾：码向量的来路。",
    ),
    "codebook.record.caption.pca": (
        "Grey: {drawn} encoder outputs of each frame’s own step, on the plane of largest variance of the outputs of "
        "all frames ({explained} % of it). Discs: codes, larger when hit more since the frame before; hollow: dead. "
        "Tails: where codes came from.",
        "灰点：每帧那一步的 {drawn} 个编码器输出，投影到所有帧的输出方差最大的平面（占 {explained} %）。"
        "圆盘：码向量，自上一帧以来命中越多越大；空心：死码。拖尾：码向量的来路。",
    ),
    "codebook.record.caption.codes": (
        "No encoder outputs were recorded: codes on the plane of their own largest variance over all frames "
        "({explained} % of it), larger when hit more since the frame before; hollow: dead.",
        "没有记录编码器输出：各码向量画在它们自己在所有帧中方差最大的平面上（占 {explained} %），"
        "自上一帧以来命中越多越大；空心：死码。",
    ),
    "codebook.record.photos": (
        "No pictures here: a record holds no decoder, and does not say which picture an output came from.",
        "这里没有图片：记录不含解码器，也不知道输出来自哪张图片。",
    ),
    "codebook.record.step": (
        "A sample of {vectors} of {all} vectors. A record knows neither weights nor EMA counts: hits a step since the "
        "frame before stand for the counts, and a rate that it does not name is 0.001.",
        "{all} 个向量中的 {vectors} 个。记录里没有权重，也没有 EMA 计数：用自上一帧以来每步的命中数代替计数；"
        "记录未写明的学习率按 0.001 计。",
    ),
    "codebook.record.levels": (
        "Level 1 of {levels} is shown: outputs are recorded of the first alone.",
        "显示 {levels} 层中的第 1 层：只记录了这一层的输出。",
    ),
    # the rule, in the open
    "codebook.rule": ("A code counts as dead when", "满足下列条件的码向量算死码"),
    "codebook.rule.stale": ("nothing chose it in the window", "窗口内没有向量选它"),
    "codebook.rule.starved": ("it starves, or nothing chose it", "命中过少，或没有命中"),
    "codebook.rule.never": ("nothing was ever seen to choose it", "从未见过有向量选它"),
    "codebook.window": ("Window", "窗口"),
    "codebook.window.one": ("the recorded one", "已记录的窗口"),
    "codebook.window.many": ("the last {windows} recorded", "所记录的最近 {windows} 个"),
    "codebook.threshold": ("Starved below", "命中过少的阈值"),
    "codebook.rule.tip": (
        "Used: hit. Starved: hit, but by less than the threshold, a share of even use (1/K of all vectors). Stale: no "
        "hit in the window. Never hit: no hit in any recorded window so far, or since its restart. A window is the "
        "last steps before a frame, at least 20 steps and 100 vectors per code; steps between two frames' windows were "
        "not recorded. All counts come from the film's hits: nothing is trained again.",
        "在用：有命中。命中过少：有命中，但少于阈值（平均使用率 1/K 的一个比例）。久未命中：窗口内没有命中。"
        "从未命中：至今（或自重启以来）所有记录的窗口里都没有命中。"
        "窗口：一帧之前的最后若干步，至少 20 步、平均每码 100 个向量；窗口之间没有记录。计数都来自影片，不重新训练。",
    ),
    "codebook.merge.tip": (
        "Used codes left when near-duplicates are merged: two count as one when they are closer than {near} % of the "
        "used codes' root mean square distance from their mean.",
        "合并近似重复的码向量之后剩下的在用码数："
        "若两个码向量的距离小于在用码向量到其均值的均方根距离的 {near} %，就算作一个。",
    ),
    "codebook.state.used": ("used", "在用"),
    "codebook.state.starved": ("starved", "命中过少"),
    "codebook.state.stale": ("stale", "久未命中"),
    "codebook.state.never": ("never hit", "从未命中"),
    "codebook.dead": ("dead", "死码"),
    "codebook.say.counted": ("in the last {batches} batches", "最近 {batches} 批"),
    "codebook.perplexity": ("perplexity", "困惑度"),
    "codebook.perplexity.tip": (
        "exp of the entropy of use: as many codes, used evenly, would be as hard to guess. From 1 to K.",
        "使用分布的熵取 exp：相当于多少个均匀使用的码向量。介于 1 与 K 之间。",
    ),
    "codebook.distinct": ("distinct", "不重复"),
    "codebook.say.behind": (
        "{vectors} vectors behind these counts ({steps} steps), {each} per code",
        "这些计数基于 {vectors} 个向量（{steps} 步），平均每码 {each} 个",
    ),
    "codebook.say.few": (
        "{vectors} vectors, {each} per code: below 10 per code a count of dead codes says little",
        "{vectors} 个向量，平均每码 {each} 个：少于每码 10 个时，死码数说明不了什么",
    ),
    "codebook.say.none": ("Before the first step: nothing was counted yet", "第一步之前：尚未计数"),
    "codebook.say.unmoved": (
        "No hit in the last {window} steps: {count} codes; {moved} of them moved since step {from}",
        "最近 {window} 步没有命中的码向量：{count} 个；其中 {moved} 个自第 {from} 步起移动过",
    ),
    "codebook.say.blind": (" (hits of {blind} steps between are not recorded)", "（其间 {blind} 步的命中没有记录）"),
    "codebook.unmoved.tip": (
        "Moved: by more than 0.1 % of its length between two frames; the film is float16. What can move a code without "
        "a hit: a snippet start, a restart, Adam’s momentum after its last hit, or a hit that was not recorded.",
        "移动：两帧之间的位移超过其长度的 0.1 %；影片是 float16。没有命中也会动的原因：笔记代码的起点、重启、"
        "最后一次命中之后 Adam 的动量，或未被记录的命中。",
    ),
    "codebook.say.of": ("{value} of {total}", "{value} / {total}"),
    "codebook.say.percent": ("{value} % of even use", "平均使用率的 {value} %"),
    # the film
    "codebook.film": ("The film", "影片"),
    "codebook.play": ("Play", "播放"),
    "codebook.play.still": (
        "Straight to the last step: this device asks for no motion. ◀❙ and ❙▶ go step by step.",
        "直接到最后一步：本设备要求减少动画。◀❙ 和 ❙▶ 可逐步查看。",
    ),
    "codebook.say.code.followed": (
        "code {code}: {state}, {hits} hits; followed on both sides",
        "码 {code}：{state}，命中 {hits} 次；两侧都在跟踪",
    ),
    "codebook.say.plane.now": (
        "Step {step}: {dead} of {total} codes are dead. Used {used}, starved {starved}, stale {stale}, never {never}; "
        "{counted}.",
        "第 {step} 步：{total} 个码向量中 {dead} 个死码；在用 {used}，命中过少 {starved}，"
        "久未命中 {stale}，从未命中 {never}；{counted}。",
    ),
    "codebook.pause": ("Pause", "暂停"),
    "codebook.back": ("One frame back", "后退一帧"),
    "codebook.forward": ("One frame on", "前进一帧"),
    "codebook.slow": ("Slow", "慢放"),
    "codebook.scrub": ("Training step", "训练步"),
    "codebook.say.step": ("step {step} of {last}", "第 {step} / {last} 步"),
    "codebook.say.shows": ("{run} shows step {step}", "{run} 显示第 {step} 步"),
    "codebook.zoom.in": ("Zoom in", "放大"),
    "codebook.zoom.out": ("Zoom out", "缩小"),
    "codebook.zoom.here": ("Fit this step", "适应本步"),
    "codebook.zoom.end": ("Fit the end", "适应终点"),
    "codebook.say.plane": (
        "Film of the {side} codebook. Arrow keys go from code to code, Enter follows one, Escape lets go, plus and "
        "minus zoom, comma and full stop step through the film.",
        "{side}侧码本的影片。方向键在码向量之间移动，回车跟随，Esc 松开，加减号缩放，逗号和句号逐帧前后移动。",
    ),
    "codebook.say.code": ("code {code}: {state}, {hits} hits", "码 {code}：{state}，{hits} 次命中"),
    "codebook.say.failed": ("The film could not be loaded: reload the page.", "影片载入失败：请刷新页面。"),
    "codebook.loading": ("Loading the film …", "正在载入影片……"),
    # usage
    "codebook.usage": ("How evenly codes are used", "码向量的使用是否均匀"),
    "codebook.usage.tip": (
        "Codes from the most to the least used. A flat line at 1: all alike; a steep one: a few codes do the work.",
        "码向量按使用量从多到少排列。平直在 1：人人均等；陡降：少数码向量承担大部分。",
    ),
    "codebook.usage.rank": ("codes, the most used first", "码向量，按使用量从多到少"),
    "codebook.usage.hits": ("use (1 = even)", "使用量（1 = 均匀）"),
    "codebook.usage.label": (
        "Use of each code at this step, sorted, on a logarithmic axis; a code without hits has no place on it.",
        "本步每个码向量的使用量，从大到小，对数轴；没有命中的码向量不在线上。",
    ),
    # curves
    "codebook.curves": ("How codes live, over all steps", "码向量的一生：全部训练步"),
    "codebook.curves.label": (
        "Dead codes, usage, perplexity, commitment distance, reconstruction error and the dead codes' length over "
        "training steps, for both codebooks. Choose a place to go to its step.",
        "两个码本随训练步的变化：死码、使用率、困惑度、承诺损失、重建误差、死码的长度。点一处即跳到那一步。",
    ),
    "codebook.curves.steps": ("Steps", "步数轴"),
    "codebook.curves.log": ("logarithmic", "对数"),
    "codebook.curves.linear": ("linear", "线性"),
    "codebook.curves.axis": ("training step", "训练步"),
    "codebook.curves.dead": ("Dead codes", "死码数"),
    "codebook.curves.usage": ("Codes in use, %", "在用的码向量，%"),
    "codebook.curves.perplexity": ("Perplexity", "困惑度"),
    "codebook.curves.commitment": ("Commitment: mean (z − e)²", "承诺损失：(z − e)² 的均值"),
    "codebook.curves.error": ("Reconstruction error: MSE", "重建误差：MSE"),
    "codebook.curves.dead_norm": ("Median length of dead codes", "死码长度的中位数"),
    "codebook.curves.one": ("{side}: {name} (1 training run)", "{side}：{name}（1 次训练）"),
    "codebook.curves.many": ("{side}: {name}", "{side}：{name}"),
    "codebook.curves.median": ("median of {n} seeds", "{n} 个种子的中位数"),
    "codebook.curves.back": ("theory: back at step {step}", "理论值：第 {step} 步回到原长"),
    "codebook.curves.note": (
        "Used, dead and perplexity are of the window and rule above; commitment and error are of each step's own "
        "mini-batch. Breaks in the last panel: no code was dead then.",
        "在用、死码和困惑度按上面的窗口和规则计；承诺损失和误差取自各步自己的小批量。最后一幅的断线：当时没有死码。",
    ),
    # one code
    "codebook.code": ("One code, followed", "跟随一个码向量"),
    "codebook.code.pick": ("Code", "码向量"),
    "codebook.code.none": (
        "Choose a code on either plane, or write its number here. Twins draw the same number at the same place, so one "
        "number names two codes that began as one.",
        "在任一平面上点一个码向量，或在这里写下编号。对照训练里同号的码向量起点相同，所以一个编号指的是两个起初相同的码向量。",
    ),
    "codebook.code.try": ("Try one:", "试试："),
    "codebook.say.returned": ("{code} died and came back", "{code} 死过又复活"),
    "codebook.say.died": ("{code} was used and died", "{code} 用过后死去"),
    "codebook.say.unhit": ("{code} was never hit", "{code} 从未命中"),
    "codebook.say.busiest": ("{code} is the most used", "{code} 用得最多"),
    "codebook.code.drop": ("Let go", "松开"),
    "codebook.say.life": (
        "step {step}: {state} · {hits} hits · length {norm}",
        "第 {step} 步：{state} · {hits} 次命中 · 长度 {norm}",
    ),
    "codebook.say.story": (
        "First seen used at step {born}. Hits lost: {deaths}, found again: {returns}. Used at {used} of {frames} "
        "frames.",
        "第 {born} 步首次被使用。{deaths} 次断了命中，{returns} 次复活。{frames} 帧中有 {used} 帧在用。",
    ),
    "codebook.say.unborn": (
        "Nothing was seen to choose it at any of the {frames} frames.",
        "{frames} 帧中从未见到有向量选它。",
    ),
    "codebook.say.restarts": ("Restarts, as far as frames show: {count}.", "从各帧看，重启过 {count} 次。"),
    "codebook.say.users": (
        "{count} of the {drawn} drawn encoder outputs choose it at this step",
        "本步所画的 {drawn} 个编码器输出中有 {count} 个选它",
    ),
    "codebook.say.no_users": (
        "None of the {drawn} drawn encoder outputs chooses it at this step",
        "本步所画的 {drawn} 个编码器输出都没有选它",
    ),
    "codebook.say.no_code": ("This codebook has codes 0 to {last}.", "这个码本只有码 0 到 {last}。"),
    "codebook.strip": ("Life", "一生"),
    "codebook.say.strip": (
        "Life of code {code} on the {side}: state, hits and length at every frame",
        "{side}侧码 {code} 的一生：每帧的状态、命中数和长度",
    ),
    "codebook.strip.hits": ("hits", "命中"),
    "codebook.strip.norm": ("length", "长度"),
    "codebook.strip.restart": ("restarted", "重启"),
    # one step
    "codebook.step": ("One step, opened up", "拆开一步"),
    "codebook.step.lead": (
        "A codebook is a list of K vectors. Each step, every encoder output z picks the nearest one; then the vectors "
        "move towards those that picked them. That is all this code does, and here is all of it, on a real mini-batch "
        "of this run. Point at a line: what it computes lights up.",
        "码本就是 K 个向量。每一步，每个编码器输出 z 先选最近的一个；然后各向量朝选它的那些 z 移动。"
        "这段代码只做这件事，全部内容都在这里，用的是这个模型的一个真实小批量。指向某一行，它算出的东西就会亮起来。",
    ),
    "codebook.step.ema": (
        "EMA stands for exponential moving average: keep most of the old value, mix in a little of the new one; what "
        "is t steps old weighs γ^t as much, hence exponential. Here it is gradient descent in disguise: each code goes "
        "the share (1−γ)·n/N of the way to the mean of the vectors that chose it, which is a step of SGD on the "
        "codebook term with a rate of its own for each code.",
        "EMA 是指数移动平均：保留大部分旧值，掺进一点新值；t 步以前的值只剩 γ^t 的分量，“指数”由此而来。"
        "它其实就是换了样子的梯度下降："
        "每个码向量朝选它的那些向量的均值走 (1−γ)·n/N 这么大的一份，相当于对码本项做一步 SGD，"
        "只是每个码向量有自己的学习率。",
    ),
    "codebook.step.gradient": (
        "Here the optimizer moves the codebook along the gradient of the codebook loss. A code that no vector chose is "
        "in no term of that loss: its row of the gradient is not small, it is exactly zero.",
        "这里由优化器沿码本损失的梯度移动码本。没有命中的码向量不出现在损失的任何一项里：它那一行梯度不是很小，而是恰好为零。",
    ),
    "codebook.step.adam": (
        "The run's optimizer is Adam, in this update at {rate} (at first {lr}): it scales each coordinate by past "
        "gradients, which the film does not keep. The last line is plain SGD: the slope is the run's, the length of "
        "the step is not.",
        "这个模型的优化器是 Adam，这次更新的学习率为 {rate}（开始时 {lr}）：它按过去的梯度缩放每个坐标，"
        "而影片没有保存这些。最后一行是普通 SGD，斜率与训练一致，步长则不然。",
    ),
    "codebook.step.hold": (
        "Start “hold”: a row without hits keeps m/N as it is, so a dead code stays where it died.",
        "起点“保持”（hold）：没有命中的行保持 m/N 不变，死码停在它死去的地方。",
    ),
    "codebook.step.ones": (
        "Start “ones”: counts began at 1 and sums at the vectors. A code without hits holds while N is far above ε, "
        "and then shrinks to 0.",
        "起点“计数从 1 起”（ones）：累加和从码向量开始。没有命中的码向量在 N 远大于 ε 时不动，之后缩向 0。",
    ),
    "codebook.step.sonnet": (
        "Start “sonnet”: counts and sums began at 0, and both are divided by 1−γ^t. A code that was never hit is "
        "exactly 0.",
        "Sonnet 库的起点：计数和累加和都从 0 开始，并除以 1−γ^t。从未命中的码向量恰好是 0。",
    ),
    "codebook.step.snippet": (
        "Start “snippet”: counts began at 0 and sums at numbers that have nothing to do with the vectors, and the "
        "smoothed count is stored back. A code without hits is divided by almost nothing: it flies off by about 1/ε, "
        "and sweeps back in.",
        "笔记代码的起点（snippet）：计数从 0 开始，累加和取自与码向量无关的数，平滑后的计数又存了回去。"
        "没有命中的码向量几乎除以零：一步飞出约 1/ε 远，再慢慢扫回来。",
    ),
    "codebook.step.which": ("Codebook", "码本"),
    "codebook.step.kept": ("Steps with a whole mini-batch", "存有整个小批量的步"),
    "codebook.step.decay": ("decay γ", "衰减 γ"),
    "codebook.step.epsilon": ("smoothing ε", "平滑 ε"),
    "codebook.step.lr": ("learning rate η", "学习率 η"),
    "codebook.step.decay.tip": (
        "How much of the old counts and sums each step keeps; (1 − γ) is what the new batch weighs.",
        "每步保留旧计数与旧和的比例；(1 − γ) 是新批次的权重。",
    ),
    "codebook.step.epsilon.tip": (
        "Added to every count, so that none is zero; it matters only where a count is about as small.",
        "加到每个计数上，使其不为零；只有计数同样小时才有影响。",
    ),
    "codebook.step.lr.tip": (
        "How far a step of plain gradient descent goes; the run itself used Adam.",
        "普通梯度下降一步走多远；训练本身用的是 Adam。",
    ),
    "codebook.step.own": ("The run’s own", "恢复本次训练的值"),
    "codebook.step.empty": (
        "This run kept no mini-batches: choose one with a film to open a step.",
        "这个模型没有保存小批量：请选一个有影片的模型来拆开一步。",
    ),
    "codebook.say.update": (
        "Update {next}, after step {step}: {vectors} vectors, {hit} codes chosen, {unhit} left out.",
        "第 {step} 步之后的第 {next} 次更新：{vectors} 个向量，命中 {hit} 个码向量，剩下 {unhit} 个没有命中。",
    ),
    "codebook.say.whole": (
        "The whole mini-batch, encoded again with the weights kept from that step (float16).",
        "整个小批量，用当时保存的权重（float16）重新编码。",
    ),
    "codebook.say.sampled": (
        "A sample of {vectors} of {all} vectors: the film keeps whole weights only at the marked steps, so counts are "
        "smaller than the run’s.",
        "{all} 个向量中的 {vectors} 个：影片只在有标记的步保存完整权重，所以这里的计数比训练当时的小。",
    ),
    "codebook.say.columns": (
        "{vectors} of {all} vectors, from {columns} of the {grid} columns of each picture, so not what a whole batch "
        "would choose: the film keeps whole weights only at the marked steps.",
        "{all} 个向量中的 {vectors} 个，只来自每张图 {grid} 列中的 {columns} 列，"
        "所以与整个小批量的选择不同：影片只在有标记的步保存完整权重。",
    ),
    "codebook.say.last": (
        "The film ends here: the run never took this update.",
        "影片到此为止：训练没有再做这次更新。",
    ),
    "codebook.say.checked": (
        "With the run’s own γ and ε, against what the run itself recorded one step later: no code is off by more than "
        "{off} % of its length (the film is float16).",
        "用本次训练的 γ 和 ε，与训练自己一步之后的记录相比：没有一个码向量的偏差超过其长度的 {off} "
        "%（影片是 float16）。",
    ),
    "codebook.say.arrows": (
        "Arrows: from each code to its new place, drawn {times} times as long. Thin lines: to the mean of the vectors "
        "that chose it. Hollow: no hit, no arrow.",
        "箭头：从每个码向量到它的新位置，放大 {times} 倍。细线：到选它的向量的均值。空心：没有命中，没有箭头。",
    ),
    "codebook.say.arrows_unhit": (
        "Arrows: from each code to its new place, drawn {times} times as long. Codes without a hit that move too: "
        "{count}; only their division changed. Arrows from outside the plane are left out.",
        "箭头：从每个码向量到它的新位置，放大 {times} 倍。{count} 个没有命中的码向量也动了：变的只是除数。"
        "起点在图外的箭头不画。",
    ),
    "codebook.say.travelled": (
        "In the film, from step {here} to {next}, used codes really moved {median} per step (median net distance).",
        "影片中从第 {here} 步到第 {next} 步，在用的码向量实际每步移动 {median}（净距离的中位数）。",
    ),
    "codebook.say.zero_rows": (
        "{count} of {total} rows of the gradient are exactly zero.",
        "{total} 行梯度中有 {count} 行恰好为零。",
    ),
    "codebook.say.rows": (
        "{shown} of {total} codes",
        "{total} 个码向量中的 {shown} 个",
    ),
    "codebook.say.rows.followed": ("; the followed one first", "；跟随的在最前"),
    "codebook.step.all": ("Show all codes", "显示所有码向量"),
    "codebook.step.some": ("Show a few", "只显示几个"),
    "codebook.step.length": ("vectors by their length ‖·‖", "向量以长度 ‖·‖ 表示"),
    "codebook.step.plane": ("One update as arrows in the plane", "平面上的一次更新"),
    "codebook.step.table": ("One update, code by code", "一次更新，逐码列出"),
    # the lines of the update: what they say in words
    "codebook.line.hits": ("How many vectors chose each code.", "每个码向量有多少次命中。"),
    "codebook.line.sums": ("Add those vectors up, for each code.", "把命中每个码向量的向量加起来。"),
    "codebook.line.count": (
        "A smooth count: γ of the old one and 1−γ of the new.",
        "平滑的计数：旧值占 γ，新值占 1−γ。",
    ),
    "codebook.line.smoothed": (
        "Never divide by zero: every count a little up, the sum unchanged.",
        "避免除以零：每个计数略微抬高，总和不变。",
    ),
    "codebook.line.stored": (
        "The smoothed count is stored back: next time it is the old N.",
        "平滑后的计数存回去：下一步它就是旧的 N。",
    ),
    "codebook.line.total": ("The same average for the sums.", "对累加和做同样的平均。"),
    "codebook.line.codebook": (
        "Sum over count is a mean: the code’s new place.",
        "和除以计数就是均值：码向量的新位置。",
    ),
    "codebook.line.loss": (
        "The codebook loss: how far each z is from its code, squared.",
        "码本损失：每个 z 到它的码向量的距离的平方。",
    ),
    "codebook.line.gradient": (
        "Its slope for each code; n = 0 makes a whole row zero.",
        "它对每个码向量的斜率；n = 0 时整行为零。",
    ),
    "codebook.line.moved": ("A step against the slope.", "逆着斜率走一步。"),
    # columns
    "codebook.column.code": ("code", "码向量"),
    "codebook.column.hits": ("n", "n"),
    "codebook.column.sums": ("Σz", "Σz"),
    "codebook.column.count_before": ("N before", "原 N"),
    "codebook.column.count": ("N", "N"),
    "codebook.column.smoothed": ("Ñ", "Ñ"),
    "codebook.column.total": ("m", "m"),
    "codebook.column.before": ("e before", "原 e"),
    "codebook.column.codebook": ("e new", "新 e"),
    "codebook.column.rate": ("(1−γ)n/N", "(1−γ)n/N"),
    "codebook.column.gradient": ("∂L/∂e", "∂L/∂e"),
    "codebook.column.change": ("Δe", "Δe"),
}
