"""Words of codes in levels, below the planes of the tab Latent."""

from __future__ import annotations

LEVELS: dict[str, tuple[str, str]] = {
    "levels.title": ("Level by level", "逐层展开"),
    "levels.what.residual": (
        "Each level quantises what the levels before it leave over: K codes at each of L levels name K^L points. Left "
        "the points that the first levels name together and one vector's way to its own; right what is left over, "
        "with this level's codes.",
        "每一层量化前面各层剩下的部分：L 层、每层 K 个码向量，组合出 K^L 个点。"
        "左边是前几层共同给出的点，以及一个向量走向"
        "自己那个点的路；右边是剩下的部分和这一层的码向量。",
    ),
    "levels.what.grouped": (
        "Each group of a code's numbers has a codebook of its own: G groups of K codes name K^G points.",
        "码向量的每组数各有一个码本：G 组、每组 K 个码向量，组合出 K^G 个点。",
    ),
    "levels.slider": ("Levels in use", "使用的层数"),
    "levels.after": ("after {level}", "{level} 层之后"),
    "levels.residual": (
        "After {level} of {total} levels: one of {points} points at each position, PSNR {psnr} dB.",
        "{total} 层中的前 {level} 层：每个位置是 {points} 个点之一，PSNR {psnr} dB。",
    ),
    "levels.grouped": (
        "With {level} of {total} groups, the others 0: one of {points} points, PSNR {psnr} dB.",
        "{total} 组中的前 {level} 组，其余取 0：{points} 个点之一，PSNR {psnr} dB。",
    ),
    "levels.rates": (
        "The whole run: {bits} bits an image, PSNR {psnr} dB.",
        "整体：每张图 {bits} 比特，PSNR {psnr} dB。",
    ),
    "levels.partner": (
        "One codebook of {codes} codes: {bits} bits, PSNR {psnr} dB.",
        "单个码本、{codes} 个码向量：{bits} 比特，PSNR {psnr} dB。",
    ),
    "levels.no_partner": (
        "One codebook that says as much would have {codes} codes, and a step of training has {vectors} vectors: one "
        "for {each} codes, so that most would never learn. Levels share the work; that is what they buy.",
        "单个码本要说这么多就得有 {codes} 个码向量，而训练的一步只有 {vectors} 个向量：每 {each} 个码向量才分到一个，"
        "大多数学不到东西。分层让它们分担，这就是层的好处。",
    ),
    "levels.study": (
        "In short trainings on {data} ({steps} steps, {n} seeds): {parts} codebooks of {codes} codes leave {dead} dead "
        "and reach {psnr} dB; one of {many}, as many bits, leaves {plain_dead} dead at {plain_psnr} dB.",
        "{data} 上的短训练（{steps} 步，{n} 个种子）：{parts} 个各有 {codes} 个码向量的码本有 {dead} 个死码，"
        "达到 {psnr} dB；比特数相同、有 {many} 个码向量的单个码本有 {plain_dead} 个死码，{plain_psnr} dB。",
    ),
    "levels.bits": ("bits an image, nothing learned of the codes (fixed)", "每张图的比特（对码向量一无所知，固定）"),
    "levels.prefixes": ("the first 1, 2, … levels", "前 1、2、… 层"),
    "levels.others": ("other runs of codes", "其他用码向量的模型"),
    "levels.vectors": ("encoder outputs", "编码器输出"),
    "levels.points": ("points of the first {level} levels", "前 {level} 层的点"),
    "levels.way": ("one vector's way", "一个向量的路"),
    "levels.rest": ("left over before level {level}", "第 {level} 层之前剩下的"),
    "levels.codes": ("codes of level {level}", "第 {level} 层的码向量"),
}
