"""Published remedies for dead codes, one record each.

From these come the study's cells, the tests that train each one, the tips of the tab Train, the table of remedies on
the page and the one in docs/codebook-study.md. A new remedy is one class and one line in a registry of
`explorer.models`, and one record here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Pair = tuple[str, str]

#: What every remedy is tried on, and the numbers a code and codes that it has there.
DATA, DEEP_DIM, DEEP_CODES = "fashion", 64, 512


@dataclass(frozen=True)
class Remedy:
    """One published remedy, and how the study tries it.

    Attributes:
        name: its key, and the variant of its cell.
        title: what it is called and who published it, in English and Chinese.
        paper: where it is written down.
        setting: of `RunConfig`; all that tells it from its twin.
        rule: of both: a key of `explorer.studies.plan.RULES`.
        init: of the twin's codebook, and of the remedy's unless `setting` says another.
        does, costs: one sentence each, in English and Chinese.
        embedding_dim: D of both.
        beside: of `RunConfig`; what both have beyond the study's plain cells.
        beside_word: names it in the twin's cell.
        word: names the remedy in its cell; "" is its name.
    """

    name: str
    title: Pair
    paper: str
    setting: dict[str, Any]
    rule: str
    init: str
    does: Pair
    costs: Pair
    embedding_dim: int = DEEP_DIM
    beside: dict[str, Any] = field(default_factory=dict)
    beside_word: str = ""
    word: str = ""

    @property
    def variant(self) -> str:
        """Of its cell; a start is named by the cell's init already."""
        return "" if set(self.setting) == {"codebook_init"} else self.word or self.name

    @property
    def cell(self) -> str:
        """The study's cell that tries it."""
        return self._cell(self.setting.get("codebook_init", self.init), self.variant)

    @property
    def plain(self) -> str:
        """The study's cell without it."""
        return self._cell(self.init, self.beside_word)

    def _cell(self, init: str, variant: str) -> str:
        parts = [DATA, f"d{self.embedding_dim}", f"k{DEEP_CODES}", self.rule, init]
        return "-".join([*parts, variant] if variant else parts)


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
            "整个窗口都没有命中的码放到一个随机的编码器输出上；它的计数、和与优化器动量重新开始。",
        ),
        (
            "A counter per code, and a jump of the codes that the decoder has to follow.",
            "每个码一个计数器；码会跳动，解码器要跟上。",
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
            "解码器的梯度不是直接复制，而是按 z_e 变成其码所需的旋转与缩放来变换。",
        ),
        (
            "Three dot products per vector in the backward pass.",
            "反向传播时每个向量三次点积。",
        ),
    ),
    Remedy(
        "simvq",
        ("SimVQ (Zhu 2024)", "SimVQ 线性层（Zhu 2024）"),
        "Zhu et al. 2024, arXiv:2411.02038, equation 7; start as in youngsheen/SimVQ, quantize.py, lines 28-33",
        {"quantizer": "simvq"},
        "gradient",
        "linear",
        (
            "Codes are a frozen random matrix through one learned linear layer: a hit of any code moves all of them.",
            "码 = 固定的随机矩阵经过一个可学的线性层：任何一个码有命中，所有码都会动。",
        ),
        (
            "A K × D × D product each step, and codes can no longer move one by one.",
            "每步一次 K × D × D 的乘法；码不能再单独移动。",
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
            "同样的线性层，但从单位矩阵和 N(0, 1) 的码开始：码远长于编码器的输出，成败取决于尺度。",
        ),
        (
            "Nothing more; it stands here to show what a start is worth.",
            "没有别的代价；放在这里是为了说明起点有多重要。",
        ),
        word="simvq",
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
            "D 必须小，K 必须是各等级数之积；码不能跟随数据。",
        ),
        embedding_dim=3,  # 512 = 8 x 8 x 8: with 64 numbers per code there is no such grid
    ),
    Remedy(
        "cosine",
        ("Cosine codes (Yu 2021)", "余弦码（Yu 2021）"),
        "Yu et al. 2021, arXiv:2110.04627",
        {"distance": "cosine"},
        "gradient",
        "normal",
        (
            "Vectors and codes are put on the unit sphere and then compared: no code is out of reach for its length.",
            "比较之前先把向量和码放到单位球面上：没有码会因为长度而够不着。",
        ),
        (
            "Two normalizations a step, and the length of z_e is lost.",
            "每步两次归一化；z_e 的长度丢失了。",
        ),
    ),
    Remedy(
        "entropy",
        ("Entropy loss (Yu 2023)", "熵损失（Yu 2023）"),
        "Yu et al. 2023, arXiv:2310.05737",
        {"regularizer": "entropy"},
        "gradient",
        "uniform",
        (
            "A loss term asks for sure vectors and evenly used codes; its gradient reaches codes that nothing chose.",
            "一个损失项要求每个向量选得明确、各码用得均匀；它的梯度能到达没人选的码。",
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
            "每一步都把码拉向批次中的一个向量，用得越少拉得越狠。",
        ),
        (
            "A running share per code, and unused codes that jump at every step.",
            "每个码一个滑动占比；没用上的码每步都在跳。",
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
            "码用得越少，就越用力地把它拉向批次中与它夹角最小的向量。",
        ),
        (
            "A K × N table of similarities each step, and codes that are pulled to the same vector.",
            "每步一个 K × N 的相似度表；几个码会被拉到同一个向量上。",
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
            "码用得越少，就越用力地把它拉向按余弦的 softmax 抽出的一个向量。",
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
        "expire",
        ("Expiry below 2 hits a step", "每步命中低于 2 即过期"),
        "vector_quantize_pytorch, threshold_ema_dead_code = 2 (off by default there); N/K was 6.1 hits a step here",
        {"dead_codes": "expire"},
        "hold",
        "normal",
        (
            "A code whose average of hits a step falls below 2 is put on a random encoder output.",
            "某个码每步的平均命中数低于 2 时，就放到一个随机的编码器输出上。",
        ),
        (
            "A threshold that has to be chosen beside N/K: rare codes are moved away though they were needed.",
            "阈值要对照 N/K 来选：少用但有用的码也会被移走。",
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
            "训练时解码器得到的是 z_e 加上与误差等长的噪声：它的梯度经由这个长度到达码。",
        ),
        (
            "A random vector for each z_e. Codes that nothing chooses get no gradient: the authors replace them, "
            "which is not done here.",
            "每个 z_e 一个随机向量。没人选的码得不到梯度；作者会替换它们，这里没有这样做。",
        ),
    ),
)
