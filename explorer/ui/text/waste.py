"""Words of the table that sets dead codes and silent units side by side, on the tab Codebook."""

from __future__ import annotations

WASTE: dict[str, tuple[str, str]] = {
    "waste.title": ("Two ways to waste a latent", "浪费隐变量的两种方式"),
    "waste.lead": (
        "A dead code is nearest to no encoder output and gets no update. A silent unit costs more KL than it brings, "
        "so its posterior becomes the prior and it says nothing. Each row is one idea and what it did on either side: "
        "without → with, medians over seeds, lowest to highest in brackets.",
        "死码不是任何编码器输出的最近码向量，得不到更新。"
        "失活单元付出的 KL 多于带来的信息，于是后验退化为先验，不含图像的信息。"
        "每一行是一个想法，以及它在两边的效果：不用 → 用，各种子的中位数，括号内是最低到最高。",
    ),
    "waste.column.idea": ("The idea", "想法"),
    "waste.column.codes": ("Let codes live: VQ-VAE", "让码向量活着：VQ-VAE"),
    "waste.column.units": ("Let units speak: VAE", "让单元起作用：VAE"),
    "waste.begin": ("Begin where nothing is lost yet", "从尚未坍塌的地方开始"),
    "waste.again": ("Bring them back, again and again", "一次次救回来"),
    "waste.reach": ("Reach those that nothing asks for", "让未被用到的也得到更新"),
    "waste.measure": ("Change what counts", "改变衡量方式"),
    "waste.decoder": ("Change what the decoder gives", "改变解码器那一边"),
    "waste.even": ("Give each the same share", "让每个得到相同的份额"),
    "waste.fault": ("The commonest way into it", "最常见的成因"),
    "waste.count.codes": ("dead {without} → {with_it} of {total}", "死码 {without} → {with_it}（共 {total} 个）"),
    "waste.count.units": ("silent {without} → {with_it} of {total}", "失活 {without} → {with_it}（共 {total} 个）"),
    "waste.behind": ("n = {n} (seeds {seeds}), {steps} steps", "n = {n}（种子 {seeds}），{steps} 步"),
    "waste.one": ("; too few seeds to tell", "；种子太少，还不能判断"),
    "waste.alone": ("; its twin without it is not trained", "；不用它的对照训练还没有"),
    "waste.apart": ("; no seed of one is among the other’s", "；两边的种子互不重叠"),
    "waste.overlap": ("; the seeds overlap: no difference shown", "；两边的种子有重叠：看不出差别"),
    "waste.open": ("not trained", "尚未训练"),
}
