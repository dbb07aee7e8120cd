"""The tab Codebook, which pair it shows and by what the two differ."""

CASES: dict[str, tuple[str, str]] = {
    "codebook.differ.one": (
        "Twins: the same first encoder and the same batches. They differ in one setting: {listed}.",
        "对照训练：编码器的初始权重与批次都相同，仅一项设置不同：{listed}。",
    ),
    "codebook.differ.many": (
        "Twins: the same first encoder and the same batches. They differ in: {listed}.",
        "对照训练：编码器的初始权重与批次都相同。不同的设置：{listed}。",
    ),
    "codebook.differ.strangers": (
        "Two trainings that did not begin alike. Their settings differ in: {listed}.",
        "两次起点不同的训练。不同的设置：{listed}。",
    ),
    "codebook.differ.each": ("{name}: {left} on the left, {right} on the right", "{name}：左 {left}，右 {right}"),
    "codebook.differ.and": ("; ", "；"),
    "codebook.differ.nothing": ("nothing", "无"),
    "codebook.say.tally": ("{side}: {name}, {label}", "{side}：{name}，{label}"),
    "codebook.say.tally.of": ("of {total} codes dead", "/ {total} 个死码"),
    "codebook.cases": ("Cases, dead codes of the test split", "案例：测试集上的死码"),
    "codebook.cases.tip": (
        "Each loads two trainings that differ in exactly one setting. The numbers are dead codes of the final weights "
        "on the whole test split, from the runs’ reports.",
        "载入只差一项设置的两次训练。数字：最终权重在整个测试集上的死码数，取自报告。",
    ),
    "codebook.case.cure": (
        "{size}, {rule}: {left} dead, with {cure} {right}",
        "{size}，{rule}：{left} 个死码，加{cure}后 {right} 个",
    ),
    "codebook.case.cure.restart": ("restarts", "重启"),
    "codebook.case.cure.anchors": ("anchors", "锚点"),
    "codebook.case.rules": (
        "{size}: {one} {left} dead, {other} {right}",
        "{size}：死码数，{one} {left}，{other} {right}",
    ),
    "codebook.case.both": (
        "{size}: {one} and {other} both keep all",
        "{size}：{one} 与 {other} 都没有死码",
    ),
    "codebook.case.snippet": (
        "snippet: thrown {far} away, back at step {step}",
        "笔记代码：码向量被抛到 {far} 倍远处，第 {step} 步回来",
    ),
    "codebook.case.other": (
        "{size}, {rule}, dead: {one} {left}, {other} {right}",
        "{size}，{rule}，死码数：{one} {left}，{other} {right}",
    ),
    "codebook.case.rule.gradient": ("gradient", "梯度码本"),
    "codebook.case.rule.ema": ("EMA", "EMA 码本"),
    "codebook.case.rule.vqvae": ("codebook", "码本"),
    "codebook.chip.opening": (
        "The sides above are not two codebooks, so this tab opens on twins that differ much: {left} and {right} of "
        "{codes} codes are dead on the test split. To see {asked}, choose a VQ-VAE on the left too.",
        "上方两侧不都是码本，这里先显示差别明显的一对对照训练：测试集上 {codes} 个码向量中各有 {left}、{right} 个死码。"
        "要看 {asked}，左侧也选 VQ-VAE。",
    ),
}
