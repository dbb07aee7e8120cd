"""Published remedies for dead codes, one record each.

From these come the study's cells, the tests that train each one, the tips of the tab Train, the table of remedies on
the page and the one in docs/codebook-study.md. A new remedy is one class and one line in a registry of
`explorer.models`, and one record here.
"""

from __future__ import annotations

from explorer.studies.remedies_by_quantizer import BY_QUANTIZER
from explorer.studies.remedy import DATA, DEEP_CODES, DEEP_DIM, Pair, Remedy

__all__ = ["DATA", "DEEP_CODES", "DEEP_DIM", "REMEDIES", "Pair", "Remedy"]

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        "restart",
        ("Restart (Dhariwal 2020)", "重启（Dhariwal 2020）"),
        "Dhariwal et al. 2020, arXiv:2005.00341",
        {"dead_codes": "restart"},
        "hold",
        "normal",
        (
            "A code without a hit for a whole window is put on a random encoder output; its count, sum and optimizer "
            "moments begin anew.",
            "整个窗口都没有命中的码向量放到一个随机的编码器输出上；它的计数、和与优化器动量重新开始。",
        ),
        (
            "A counter per code, and a jump of the codes that the decoder has to follow.",
            "每个码向量一个计数器；码向量会跳动，解码器要跟上。",
        ),
    ),
    Remedy(
        "kmeans",
        ("k-means start", "k-means 起点"),
        "Zeghidour et al. 2021, arXiv:2107.03312",
        {"codebook_init": "kmeans"},
        "hold",
        "uniform",
        (
            "The codebook begins as the centres of the untrained encoder's outputs.",
            "码本从未训练编码器输出的聚类中心开始。",
        ),
        (
            "10·K encoder outputs and 20 rounds of k-means, once.",
            "一次性：10·K 个编码器输出和 20 轮 k-means。",
        ),
    ),
    Remedy(
        "rotation",
        ("Rotation trick (Fifty 2024)", "旋转技巧（Fifty 2024）"),
        "Fifty et al. 2024, arXiv:2410.06424, section 4",
        {"gradient_estimator": "rotation"},
        "hold",
        "uniform",
        (
            "The decoder's gradient is turned and scaled as z_e would be to become its code, in place of being copied.",
            "解码器的梯度不是直接复制，而是按 z_e 变成其码向量所需的旋转与缩放来变换。",
        ),
        (
            "Three dot products per vector in the backward pass.",
            "反向传播时每个向量三次点积。",
        ),
    ),
    *BY_QUANTIZER,
    Remedy(
        "entropy",
        ("Entropy loss (Yu 2023)", "熵损失（Yu 2023）"),
        "Yu et al. 2023, arXiv:2310.05737",
        {"regularizer": "entropy"},
        "gradient",
        "uniform",
        (
            "A loss term asks for sure vectors and evenly used codes; its gradient reaches codes that nothing chose.",
            "一个损失项要求每个向量选得明确、各码向量用得均匀；它的梯度能到达没人选的码向量。",
        ),
        (
            "An N × K matrix of probabilities each step, a weight and a temperature to choose.",
            "每步一个 N × K 的概率矩阵；还要选一个权重和一个温度。",
        ),
    ),
    Remedy(
        "anchors",
        ("Online anchors, CVQ (Zheng 2023)", "在线锚点 CVQ（Zheng 2023）"),
        "Zheng & Vedaldi 2023, arXiv:2307.15139; anchors unique and at random, by Euclidean distance",
        {"dead_codes": "anchors"},
        "gradient",
        "uniform",
        (
            "At each step a code is pulled toward a vector of the batch, the harder the less it is used.",
            "每一步都把码向量拉向批次中的一个向量，用得越少拉得越狠。",
        ),
        (
            "A running share per code, and unused codes that jump at every step.",
            "每个码向量一个滑动占比；没用上的码向量每步都在跳。",
        ),
    ),
    Remedy(
        "anchors-closest",
        ("CVQ as its main.py has it (Zheng 2023)", "CVQ：其 main.py 的设置（Zheng 2023）"),
        "lyndonzheng/CVQ-VAE, main.py: --distance cos, --anchor closest; quantise.py, lines 82-103",
        {"dead_codes": "anchors-closest"},
        "gradient",
        "uniform",
        (
            "The less a code is used, the harder it is pulled toward the vector of the batch at the smallest angle.",
            "码向量用得越少，就越用力地把它拉向批次中与它夹角最小的向量。",
        ),
        (
            "A K × N table of similarities each step, and codes that are pulled to the same vector.",
            "每步一个 K × N 的相似度表；几个码向量会被拉到同一个向量上。",
        ),
        beside={"distance": "cosine"},
        beside_word="cosine",
        word="cosine-anchors-closest",
    ),
    Remedy(
        "anchors-probable",
        ("CVQ as its class has it (Zheng 2023)", "CVQ：其类的默认设置（Zheng 2023）"),
        "lyndonzheng/CVQ-VAE, quantise.py, lines 21-22: distance cos, anchor probrandom",
        {"dead_codes": "anchors-probable"},
        "gradient",
        "uniform",
        (
            "The less a code is used, the harder it is pulled toward a vector drawn by the softmax of their cosines.",
            "码向量用得越少，就越用力地把它拉向按余弦的 softmax 抽出的一个向量。",
        ),
        (
            "A K × N table of probabilities each step.",
            "每步一个 K × N 的概率表。",
        ),
        beside={"distance": "cosine"},
        beside_word="cosine",
        word="cosine-anchors-probable",
    ),
    Remedy(
        "replace",
        ("Replacement beside used codes (Vali 2025)", "放到在用的码向量旁边（Vali 2025）"),
        "Vali et al. 2025, arXiv:2509.26469, settings as in their diveq.py, lines 143-147 and "
        "`_replace_unused_entries`",
        {"dead_codes": "replace"},
        "gradient",
        "uniform",
        (
            "Every 100 steps a code that fewer than 1 % of them used is put beside a code that is used.",
            "每 100 步，把使用它的步数不到 1% 的码向量放到一个在用的码向量旁边。",
        ),
        (
            "A counter per code; the two codes begin as one and have to part.",
            "每个码向量一个计数器；两个码向量起初重合，之后要分开。",
        ),
    ),
    Remedy(
        "diveq",
        ("DiVeQ (Vali 2025)", "DiVeQ 可微量化（Vali 2025）"),
        "Vali et al. 2025, arXiv:2509.26469; their diveq.py, lines 129-137, with its replacement of unused codes on "
        "both sides; from U(-1/K, 1/K), theirs from U(0, 1/K)",
        {"gradient_estimator": "directed-noise", "commitment_cost": 0.0},
        "gradient",
        "uniform",
        (
            "The decoder trains on z_e plus an error of the right length and nearly the right direction: the code "
            "gets the gradient along the error, the encoder what is across it. There is no other loss.",
            "训练时解码器得到 z_e 加上一个长度正确、方向几乎正确的误差：沿误差方向的梯度给码向量，与之垂直的给编码器；"
            "没有别的损失。",
        ),
        (
            "A random vector for each z_e; nothing but the decoder holds outputs and codes together.",
            "每个 z_e 一个随机向量；除了解码器，没有别的东西把输出和码向量拉在一起。",
        ),
        beside={"dead_codes": "replace"},
        beside_word="replace",
        word="replace-diveq",
    ),
    Remedy(
        "wasserstein",
        ("Wasserstein term (Fang 2025)", "Wasserstein 项（Fang 2025）"),
        "Fang et al. 2025, arXiv:2506.15078; VQ-Research/Wasserstein-VQ at 17f714c, wasserstein_quantizer.py, "
        "`calc_wasserstein_loss`, gamma 0.5; the batch in place of its queue, and from U(±1/K), theirs from N(0, .01²)",
        {"regularizer": "wasserstein", "regularizer_weight": 0.5},
        "gradient",
        "uniform",
        (
            "A loss term pulls mean and covariance of the codebook to those of the encoder's outputs: it reaches codes "
            "that nothing chose.",
            "一个损失项把码本的均值和协方差拉向编码器输出的均值和协方差：没人选的码向量也能得到梯度。",
        ),
        (
            "Two eigenvalue problems of size D each step, and a weight; places beyond mean and spread are not matched.",
            "每步两个 D 维的特征值问题，还要选一个权重；均值与散布之外的形状并不匹配。",
        ),
    ),
    Remedy(
        "expire",
        ("Expiry below 2 hits a step", "每步命中低于 2 即过期"),
        "vector_quantize_pytorch, threshold_ema_dead_code = 2 (off by default there); N/K was 6.1 hits a step here",
        {"dead_codes": "expire"},
        "hold",
        "normal",
        (
            "A code whose average of hits a step falls below 2 is put on a random encoder output.",
            "某个码向量每步的平均命中数低于 2 时，就放到一个随机的编码器输出上。",
        ),
        (
            "A threshold that has to be chosen beside N/K: rare codes are moved away though they were needed.",
            "阈值要对照 N/K 来选：少用但有用的码向量也会被移走。",
        ),
    ),
    Remedy(
        "nsvq",
        ("Noise for the error, NSVQ (Vali 2022)", "噪声代替误差 NSVQ（Vali 2022）"),
        "Vali & Bäckström 2022, IEEE Access 10; start, and no commitment loss, as in their NSVQ.py",
        {"gradient_estimator": "noise", "commitment_cost": 0.0},
        "gradient",
        "normal",
        (
            "The decoder trains on z_e plus noise as long as the error: through that length the code gets a gradient.",
            "训练时解码器得到的是 z_e 加上与误差等长的噪声：它的梯度经由这个长度到达码向量。",
        ),
        (
            "A random vector for each z_e. Codes that nothing chooses get no gradient: the authors replace them, "
            "which is not done here.",
            "每个 z_e 一个随机向量。没人选的码向量得不到梯度；作者会替换它们，这里没有这样做。",
        ),
    ),
)
