"""The tab Codebook, which pair it shows and by what the two differ."""

CASES: dict[str, tuple[str, str]] = {
    "codebook.differ.one": (
        "Twins: the same first encoder and the same batches. They differ in one setting: {listed}.",
        "孪生：编码器的起始权重与批次都相同。只有一项设置不同：{listed}。",
    ),
    "codebook.differ.many": (
        "Twins: the same first encoder and the same batches. They differ in: {listed}.",
        "孪生：编码器的起始权重与批次都相同。不同的设置：{listed}。",
    ),
    "codebook.differ.strangers": (
        "Two trainings that did not begin alike. Their settings differ in: {listed}.",
        "两次起点不同的训练。不同的设置：{listed}。",
    ),
    "codebook.differ.each": ("{name}: {left} on the left, {right} on the right", "{name}：左 {left}，右 {right}"),
    "codebook.differ.and": ("; ", "；"),
    "codebook.differ.nothing": ("nothing", "无"),
    "codebook.chip.opening": (
        "No codebook was chosen yet, so the tab opens on twins that differ much: {left} and {right} of {codes} codes "
        "are dead at the end. For {asked}, choose a VQ-VAE for the left side too.",
        "还没有选定码本，所以这里先显示差别明显的一对孪生：最终 {codes} 个码中分别有 {left} 个和 {right} 个死码。"
        "想看 {asked}，请把左侧也选为 VQ-VAE。",
    ),
}
