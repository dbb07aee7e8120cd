"""Remedies for dead codes that are another quantizer, or put vectors elsewhere before they are compared."""

from __future__ import annotations

from explorer.studies.remedy import Remedy

BY_QUANTIZER: tuple[Remedy, ...] = (
    Remedy(
        "simvq",
        ("SimVQ (Zhu 2024)", "SimVQ 线性层（Zhu 2024）"),
        "Zhu et al. 2024, arXiv:2411.02038, equation 7; start as in youngsheen/SimVQ, quantize.py, lines 28-33",
        {"quantizer": "simvq"},
        "gradient",
        "linear",
        (
            "Codes are a frozen random matrix through one learned linear layer: a hit of any code moves all of them.",
            "码向量 = 固定的随机矩阵经过一个可学的线性层：任何一个码向量有命中，所有码向量都会动。",
        ),
        (
            "A K × D × D product each step, and codes can no longer move one by one.",
            "每步一次 K × D × D 的乘法；码向量不能再单独移动。",
        ),
    ),
    Remedy(
        "simvq-wide",
        ("SimVQ begun too wide (ours)", "起点过宽的 SimVQ（我们的）"),
        "Zhu et al. 2024, arXiv:2411.02038, equation 7; from N(0, 1) with W = I, which is not its authors' start",
        {"quantizer": "simvq"},
        "gradient",
        "normal",
        (
            "The same layer, begun as the identity over codes from N(0, 1): they are far longer than the encoder's "
            "outputs, and scale decides.",
            "同样的线性层，但从单位矩阵和 N(0, 1) 的码向量开始：码向量远长于编码器的输出，成败取决于尺度。",
        ),
        (
            "Nothing more; it stands here to show what a start is worth.",
            "没有别的代价；放在这里是为了说明起点有多重要。",
        ),
        word="simvq",
    ),
    Remedy(
        "affine",
        ("Affine codes, of VQ-STE++ (Huh 2023)", "仿射码向量，取自 VQ-STE++（Huh 2023）"),
        "Huh et al. 2023, arXiv:2305.08842; minyoungg/vqtorch at 31cc833, affine.py, and rate 10 from k-means as in "
        "its examples/classification.py",
        {"quantizer": "affine"},
        "gradient",
        "kmeans",
        (
            "One learned scale and shift for the whole codebook: a hit of any code moves all of them toward the "
            "outputs' mean and spread.",
            "整个码本共用一个可学的缩放和平移：任何一个码向量有命中，所有码向量都会朝输出的均值和散布移动。",
        ),
        (
            "Two vectors of D numbers and a rate for them; the other two parts of VQ-STE++ are not here.",
            "两个 D 维向量和它们的速率；VQ-STE++ 的另外两个部分这里没有。",
        ),
    ),
    Remedy(
        "transport",
        ("Optimal transport, OptVQ (Zhang 2024)", "最优传输 OptVQ（Zhang 2024）"),
        "Zhang et al. 2024, arXiv:2412.15195; Sinkhorn and its settings as in zbr17/OptVQ, quantizer.py, lines "
        "194-264, from k-means as in its configs/mnsit/optvq.yaml",
        {"quantizer": "transport"},
        "gradient",
        "kmeans",
        (
            "In training the batch is shared out evenly among all codes at the least cost: a code that is nearest to "
            "nothing gets vectors too.",
            "训练时按最小代价把一批向量平均分给所有码向量：离谁都不最近的码向量也会分到向量。",
        ),
        (
            "An N × K table of costs and five rounds over it each step; in use the nearest code is taken, which is "
            "not the rule that was trained with.",
            "每步一个 N × K 的代价表，并在上面迭代五轮；使用时取最近的码向量，与训练时的规则不同。",
        ),
    ),
    Remedy(
        "fsq",
        ("FSQ (Mentzer 2023)", "FSQ 有限标量（Mentzer 2023）"),
        "Mentzer et al. 2023, arXiv:2309.15505",
        {"quantizer": "fsq"},
        "gradient",
        "uniform",
        (
            "No codebook is learned: each of a few bounded numbers is rounded to a few levels.",
            "不学码本：把几个有界的数各自取整到几个等级。",
        ),
        (
            "D must be small and K a product of level counts; the codes cannot follow the data.",
            "D 必须小，K 必须是各等级数之积；码向量不能跟随数据。",
        ),
        embedding_dim=3,  # 512 = 8 x 8 x 8: with 64 numbers per code there is no such grid
    ),
    Remedy(
        "bsq",
        ("BSQ, signs on the sphere (Zhao 2024)", "BSQ 球面二值码向量（Zhao 2024）"),
        "Zhao et al. 2024, arXiv:2406.07548; code and settings as in zhaoyue-zephyrus/bsq-vit at ee3982a, bsq.py and "
        "imagenet_128x128_bsqvit_stylegan_f8_fp16.yaml",
        {"quantizer": "bsq", "regularizer": "soft-entropy"},
        "gradient",
        "uniform",
        (
            "No codebook is learned: vectors are put on the unit sphere and only their signs are kept, with a loss "
            "that asks for sure signs and evenly used codes.",
            "不学码本：把向量放到单位球面上，只保留各数的正负号；再加一个损失，要求符号明确、各码向量用得均匀。",
        ),
        (
            "K must be 2^D, all codes have one length, and they cannot follow the data.",
            "K 必须等于 2^D，所有码向量长度相同，也不能跟随数据。",
        ),
        embedding_dim=9,  # 512 corners
    ),
    Remedy(
        "cosine",
        ("Cosine codes (Yu 2021)", "余弦码向量（Yu 2021）"),
        "Yu et al. 2021, arXiv:2110.04627",
        {"distance": "cosine"},
        "gradient",
        "normal",
        (
            "Vectors and codes are put on the unit sphere and then compared: no code is out of reach for its length.",
            "比较之前先把向量和码向量放到单位球面上：没有码向量会因为长度而够不着。",
        ),
        (
            "Two normalizations a step, and the length of z_e is lost.",
            "每步两次归一化；z_e 的长度丢失了。",
        ),
    ),
)
