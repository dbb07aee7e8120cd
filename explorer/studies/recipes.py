"""Settings that held in the codebook study, for a size: the fewest dead codes first, with n and seeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from explorer.errors import ConfigError
from explorer.studies.plan import COMMON, Cell
from explorer.studies.summary import CellSummary, summaries

#: Vectors of a training step of the study on 28 × 28 pictures.
STUDIED_VECTORS = COMMON["batch_size"] * 49
#: A recipe held where at most so large a share of codes was dead.
HELD, MOST = 0.1, 5
#: Fewer vectors a code and step than this: codes are hit too seldom for the study to speak.
LEAST_EACH = 1.0
#: Causes that settings of the study answer, and the flags that do.
AT_DATA, RESTARTS = (
    ("--codebook-init kmeans", "--codebook-init data", "--codebook-init cloud"),
    ("--dead-codes restart",),
)
ANSWERS: dict[str, tuple[str, ...]] = {
    "narrow": AT_DATA,
    "wide": AT_DATA,
    "identical": AT_DATA,
    "never_born": (*AT_DATA, *RESTARTS),
    "killed": RESTARTS,
    "carried": RESTARTS,
    "restart": RESTARTS,
    "restart_late": RESTARTS,
    "drift": ("--decay", *RESTARTS),
}


@dataclass(frozen=True)
class Recipe:
    """One cell of the study.

    Attributes:
        flags: of `explorer train`.
        dead: share of K, the median over seeds; `worst` the largest.
        seeds: `n` of them.
    """

    flags: str
    dead: float
    worst: float
    n: int
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Recipes:
    """What the study says for a size.

    Attributes:
        data, embedding_dim, num_embeddings: what was studied nearest to it.
        recipes: those that held, the fewest dead codes first; the best there is where none did.
        remarks: how far the answer carries.
        held: whether these held; False for the best of those that did not.
        away: doublings of K and D between the size asked for and the studied one.
    """

    data: str
    embedding_dim: int
    num_embeddings: int
    recipes: tuple[Recipe, ...]
    remarks: tuple[str, ...]
    held: bool
    away: float

    def for_cause(self, cause: str) -> Recipe | None:
        """The first that has what a cause of dead codes asks for, else the first of all; None for other causes."""
        if cause not in ANSWERS:
            return None
        fitting = (one for one in self.recipes if any(word in one.flags for word in ANSWERS[cause]))
        return next(fitting, self.recipes[0] if self.recipes else None)


def recipes(num_embeddings: int, embedding_dim: int, vectors: int, folder: Path | None = None) -> Recipes:
    """Of the studied size nearest to K, D.

    Args:
        num_embeddings: K.
        embedding_dim: D.
        vectors: encoder outputs of a training step.
        folder: of the study's runs; None is the shipped one.

    Raises:
        ConfigError: a size below 1, or no run of the study is here.
    """
    if min(num_embeddings, embedding_dim, vectors) < 1:
        raise ConfigError("recommend_sizes")
    trained = [one for one in summaries(folder=folder) if one.seeds and one.cell.group != "width"]
    if not trained:
        raise ConfigError("recommend_empty")

    def away(cell: Cell) -> float:
        codes, dim = math.log2(cell.num_embeddings / num_embeddings), math.log2(cell.embedding_dim / embedding_dim)
        return math.hypot(codes, dim)

    nearest = min((one.cell for one in trained), key=lambda cell: (away(cell), cell.data != "fashion"))
    same = ("data", "embedding_dim", "num_embeddings")
    fitting = [one for one in trained if all(getattr(one.cell, n) == getattr(nearest, n) for n in same)]
    found = sorted((_recipe(one) for one in fitting), key=lambda one: (one.dead, one.worst))
    held = tuple(one for one in found if one.worst <= HELD)[:MOST]
    remarks = _remarks(num_embeddings, vectors, away(nearest), bool(held))
    return Recipes(
        nearest.data,
        nearest.embedding_dim,
        nearest.num_embeddings,
        held or tuple(found[:1]),
        remarks,
        held=bool(held),
        away=away(nearest),
    )


def _recipe(one: CellSummary) -> Recipe:
    shares = [dead / one.cell.num_embeddings for dead in one.dead]
    config = one.cell.config(0).to_dict()
    names = ["codebook_update", "ema_start", "codebook_init"]
    names += [name for name in one.cell.settings if name not in (*names, "augment", "width")]
    if config["codebook_update"] != "ema":
        names.remove("ema_start")
    flags = " ".join(f"--{name.replace('_', '-')} {config[name]}" for name in names)
    return Recipe(flags, median(shares), max(shares), len(shares), one.seeds)


def _remarks(codes: int, vectors: int, away: float, held: bool) -> tuple[str, ...]:
    said = []
    if not held:
        said.append("nothing held at this size: what follows is the best there is")
    if away > 1:
        said.append("this size is more than twice the studied one, or less than half of it: try before you trust")
    if vectors / codes < LEAST_EACH:
        said.append(
            f"{vectors / codes:.2g} vectors a step for each code: restarts and EMA need larger batches or longer"
        )
    if not 0.25 <= vectors / STUDIED_VECTORS <= 4:
        said.append(f"the study had {STUDIED_VECTORS} vectors a step")
    return tuple(said)
