"""Known features: what a latent keeps of them, and which of its parts knows them."""

from __future__ import annotations

FEATURES: dict[str, tuple[str, str]] = {
    "features.title": ("Does a latent keep it, and is it taken apart?", "隐变量保留了它吗？拆开了吗？"),
    "features.lead": (
        "Every feature of these pictures is known. Choose one: the map shows which cell (or number) of each "
        "latent says how "
        "much about it, in bits above what chance alone would show; hollow: no more than chance.",
        "这些图的每个特征都是已知的。选一个：图中显示每个隐变量的哪一格（或哪个数）说出了多少，单位是比特，"
        "已减去偶然的部分；"
        "空心：不超过偶然。",
    ),
    "features.feature": ("Feature", "特征"),
    "features.matrix": (
        "All features and all units; point at one, or move with the arrow keys",
        "全部特征与全部单元；用指针或方向键查看",
    ),
    "features.none": ("Nothing was measured yet.", "尚未测量。"),
    "features.missing": (
        "Nothing was measured for this run: `python -m explorer factors {run} --write` does it, in some minutes.",
        "这个模型尚未测量：运行 `python -m explorer factors {run} --write`，需要几分钟。",
    ),
    "features.unit": ("number {unit}", "第 {unit} 个数"),
    "features.cell": ("row {row}, column {column}", "第 {row} 行第 {column} 列"),
    "features.keeps": ("What reconstructions keep, by run and rate", "各模型、各码率的重建保留了什么"),
    "features.keeps.lead": (
        "How often a judge still names the right value in reconstructions of the test images that show it. A bar "
        "begins at "
        "guessing and ends, if all is kept, at the originals.",
        "在显示该特征的测试图像的重建上，裁判说对的比例。条形从瞎猜开始；若全部保留，就到原图的水平。",
    ),
    "features.original": ("originals", "原图"),
    "features.chance": ("guessing", "瞎猜"),
    "features.bits": ("bits", "比特"),
    "features.run_bits": ("{bits} bits", "{bits} 比特"),
    "features.no_bits": ("no rate", "无码率"),
    "features.kept": (
        "Reconstructions keep it in {kept} % of {n} test images (originals {original} %, guessing {chance} %).",
        "{n} 张测试图像的重建中有 {kept} % 保留了它（原图 {original} %，瞎猜 {chance} %）。",
    ),
    "features.best.units": (
        "From the best {counts} numbers alone it is told right in {shares} % of {n} test images (guessing in these: "
        "{chance} %).",
        "只用最好的 {counts} 个数，在 {n} 张测试图像上说对的比例分别是 {shares} %（这些图上瞎猜 {chance} %）。",
    ),
    "features.best.cells": (
        "From the best {counts} cells alone it is told right in {shares} % of {n} test images (guessing in these: "
        "{chance} %).",
        "只用最好的 {counts} 格，在 {n} 张测试图像上说对的比例分别是 {shares} %（这些图上瞎猜 {chance} %）。",
    ),
    "features.half": (
        "Of nine pictures between two that differ in it ({n} pairs) {row} are neither; cross-fade {fade}. As many "
        "of nine "
        "reconstructions: {rebuilt}; of originals blurred as much: {blurred}; of originals: {original}.",
        "在该特征不同的两张图之间（{n} 对），九张中有 {row} 张哪种都不是；像素混合 {fade} 张。九张重建中有 "
        "{rebuilt} 张；"
        "同样模糊的原图 {blurred} 张；原图 {original} 张。",
    ),
    "features.half.more": (
        "So the way itself makes things that are neither, beyond what the reconstructions leave in doubt.",
        "可见这条路本身造出了哪种都不是的东西，多于重建本身留下的疑问。",
    ),
    "features.half.same": (
        "So the way adds no doubt to what the reconstructions leave open.",
        "可见这条路没有在重建留下的疑问之外再添疑问。",
    ),
    "features.half.less": (
        "So the way is in less doubt than the reconstructions at its ends.",
        "可见这条路上的疑问比两端的重建还少。",
    ),
    "features.swap.cells": (
        "With the {units} cells that know most of it taken from another picture, {feature} becomes the other's in "
        "{became} % of "
        "{pairs} pairs, and {others} of {total} features of other things change too.",
        "把最知道它的 {units} 格换成另一张图的，{pairs} 对中有 {became} % 的{feature}变成另一张的，"
        "其他事物的 {total} 个特征中平均有 {others} 个也变了。",
    ),
    "features.swap.unit": (
        "With the number that knows most of it taken from another picture, {feature} becomes the other's in "
        "{became} % of "
        "{pairs} pairs, and {others} of {total} features of other things change too.",
        "把最知道它的那个数换成另一张图的，{pairs} 对中有 {became} % 的{feature}变成另一张的，"
        "其他事物的 {total} 个特征中平均有 {others} 个也变了。",
    ),
    "features.mig": (
        "MIG {mig}: the lead of its best number over the second best, as a share of the feature's entropy (Chen "
        "et al. "
        "2018); 1 if one number alone says all.",
        "MIG {mig}：最好的数比第二好的多说的部分，占特征熵的比例（Chen 等 2018）；若一个数说出全部则为 1。",
    ),
    "features.mig.none": (
        "No MIG: neighbouring cells share what they see by convolution, so that a lead over the second best says "
        "nothing.",
        "没有 MIG：相邻的格因卷积而看到同样的东西，比第二好的多说多少没有意义。",
    ),
    "features.dci": (
        "Of all features: disentanglement {disentanglement} (1 if every unit serves one feature), completeness "
        "{completeness} "
        "(1 if every feature is served by one unit); DCI, Eastwood & Williams 2018, with forests of 100 trees.",
        "对全部特征：解耦度 {disentanglement}（每个单元只管一个特征则为 1），完备度 "
        "{completeness}（每个特征只由一个单元管则为 1）；"
        "DCI，Eastwood 与 Williams 2018，100 棵树的森林。",
    ),
}
