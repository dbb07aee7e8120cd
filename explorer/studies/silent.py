"""Remedies for units of a VAE that fall silent, and the commonest cause of it, one record each: the twin of dead codes.

Every remedy is tried on top of that cause, a loss averaged where it must be summed, since a plain VAE of this size
silences nothing: with the sum all 32 units still spoke after 2,000 steps.

From these come the study's cells, its table, and the page's table of two ways to waste a latent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explorer.training.config import RunConfig

Pair = tuple[str, str]

#: What every remedy is tried on; more units than the images need.
DATA, UNITS = "fashion", 32
#: d of the study's images: what a mean over values is too small by where the KL is a sum.
VALUES = 28 * 28
#: As the codebook study's: the trunk is half as wide as the shipped runs'.
COMMON: dict[str, Any] = {
    "model": "vae",
    "data": DATA,
    "latent_dim": UNITS,
    "beta": float(VALUES),
    "steps": 300,  # of which the first hundred silence every unit
    "batch_size": 64,
    "lr": 2e-3,
    "lr_schedule": "cosine",
    "width": 16,
    "trace": "scalars",
}


@dataclass(frozen=True)
class UnitRemedy:
    """One remedy, or a cause, and how the study tries it.

    Attributes:
        name: its key, and the variant of its cell.
        title: what it is called and who published it, in English and Chinese.
        paper: where it is written down; "" for a cause.
        setting: of `RunConfig`; all that tells it from its twin.
        does, costs: one sentence each, in English and Chinese.
        twin: the variant of the cell without it; "" is the plain one.
        variant: of its cell; None is its name.
    """

    name: str
    title: Pair
    paper: str
    setting: dict[str, Any]
    does: Pair
    costs: Pair
    twin: str = ""
    variant: str | None = None

    @property
    def cell(self) -> str:
        """The study's cell that tries it."""
        return cell_id(self.name if self.variant is None else self.variant)

    @property
    def plain(self) -> str:
        """The study's cell without it."""
        return cell_id(self.twin)


@dataclass(frozen=True)
class UnitCell:
    """One combination of settings, to be trained once per seed.

    Attributes:
        variant: the remedy, "" for the plain cell.
        settings: beyond `COMMON`.
    """

    variant: str
    settings: dict[str, Any]
    data: str = DATA
    group: str = "silent"
    rule: str = "vae"

    @property
    def id(self) -> str:
        """Unique in the plan: "fashion-vae-z32-free-bits"."""
        return cell_id(self.variant)

    def config(self, seed: int) -> RunConfig:
        """The settings of one member."""
        return RunConfig(**(COMMON | {"seed": seed} | self.settings))


def cell_id(variant: str) -> str:
    """The id of a cell."""
    return f"{DATA}-vae-z{UNITS}" + (f"-{variant}" if variant else "")


#: The fault is no remedy: it is the plain cell, on which all remedies are tried, and its own twin is the ELBO itself.
AVERAGED = UnitRemedy(
    "averaged",
    ("Loss averaged where it must be summed", "本该求和的损失取了平均"),
    "",
    {"beta": float(VALUES)},
    (
        f"The error as a mean over the picture's {VALUES} values beside a KL that is a sum: the KL then weighs "
        f"{VALUES} times too much, as if β were {VALUES}.",
        f"误差是图像 {VALUES} 个数的平均，KL 却是求和：KL 的权重就大了 {VALUES} 倍，等于 β = {VALUES}。",
    ),
    (
        "Every unit falls silent, and all pictures come out as one.",
        "所有单元都失活，所有图片都变成同一张。",
    ),
    twin="beta",
    variant="",
)

UNIT_REMEDIES: tuple[UnitRemedy, ...] = (
    UnitRemedy(
        "warm-up",
        ("KL warm-up (Bowman 2016)", "KL 预热（Bowman 2016）"),
        "Bowman et al. 2016, arXiv:1511.06349, section 3.1; Sønderby et al. 2016, arXiv:1602.02282",
        {"kl_policy": "warm-up"},
        (
            "At first the KL costs nothing, so that the decoder learns to use every unit; then its price rises.",
            "起初 KL 不要钱，解码器学会使用每个单元；之后价格上升。",
        ),
        (
            "What is not worth its price falls silent once the price is whole.",
            "价格升满后，不值这个价的单元仍会失活。",
        ),
    ),
    UnitRemedy(
        "cyclical",
        ("Cyclical annealing (Fu 2019)", "循环退火（Fu 2019）"),
        "Fu et al. 2019, arXiv:1903.10145",
        {"kl_policy": "cyclical"},
        (
            "Four warm-ups, one after the other: each begins with what the one before it has learned.",
            "一连四次预热：每次都从上一次学到的东西开始。",
        ),
        (
            "The picture gets worse each time that the price rises.",
            "每次价格上升时，图片都会变差。",
        ),
    ),
    UnitRemedy(
        "free-bits",
        ("Free bits (Kingma 2016)", "自由比特（free bits，Kingma 2016）"),
        "Kingma et al. 2016, arXiv:1606.04934, equation 15",
        {"kl_policy": "free-bits"},
        (
            "Each unit may say half a nat for nothing: below that nothing pushes it into silence.",
            "每个单元免费说半个奈特：低于它时没有什么把它推向失活。",
        ),
        (
            "Units that are not needed say their free bits all the same.",
            "用不着的单元也照样说完免费的比特。",
        ),
    ),
    UnitRemedy(
        "beta",
        ("A smaller β, here the sum’s own 1 (Higgins 2017)", "更小的 β：这里是求和时的 1（Higgins 2017）"),
        "Higgins et al. 2017, β-VAE, ICLR; below 1 as in Alemi et al. 2018, arXiv:1711.00464",
        {"beta": 1.0},
        (
            "Every bit is cheaper, so that more units are worth theirs.",
            "每个比特更便宜，值得开口的单元就更多。",
        ),
        (
            "None where it undoes the average; below 1 the loss is no bound on log p(x), and the prior has holes.",
            "若只是撤销平均，就没有代价；小于 1 时损失不再是 log p(x) 的下界，先验会有空洞。",
        ),
    ),
    UnitRemedy(
        "weak-decoder",
        ("A weaker decoder (Chen 2017)", "更弱的解码器（Chen 2017）"),
        "Chen et al. 2017, arXiv:1611.02731, section 2; here by a quarter of the channels",
        {"decoder_width": 4},
        (
            "What the decoder cannot work out by itself has to come through z.",
            "解码器自己想不出来的，只能经由 z 传来。",
        ),
        (
            "A decoder that can do less: here, where none writes pixel by pixel, only that.",
            "解码器能力更小：这里没有逐像素书写的解码器，所以只剩这个代价。",
        ),
    ),
    UnitRemedy(
        "target",
        ("A target for the KL (Xu 2025)", "KL 定额（Xu 2025）"),
        "Xu et al. 2025, arXiv:2512.06609, section 3.3",
        {"kl_policy": "target", "kl_target": 2.0},
        (
            "Each number of z is held near as many bits, dear above them and nearly free below.",
            "z 的每个数都保持在同样多的比特附近，多了很贵，少了几乎免费。",
        ),
        (
            "Bits are spent whether the picture needs them or not.",
            "不管图片需不需要，比特都花掉了。",
        ),
    ),
)


def silent_cells() -> list[UnitCell]:
    """Every cell of the study, the plain one first."""
    return [UnitCell("", {}), *(UnitCell(each.name, each.setting) for each in UNIT_REMEDIES)]
