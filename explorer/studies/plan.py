"""What the codebook study trains: one cell for each combination of settings, several seeds of each.

Cells of one image set, size and seed are twins: they begin from the same encoder, decoder and batches, and from the
same codebook where they share its init. The order is that of worth: a study that is stopped early has said most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from explorer.studies.remedies import DATA, DEEP_CODES, DEEP_DIM, REMEDIES, Remedy
from explorer.studies.silent import silent_cells
from explorer.training.config import RunConfig

SEEDS = (0, 1, 2)

#: Shared by every cell. The trunk is half as wide as the shipped runs': a study asks for many runs, not for good ones.
COMMON: dict[str, Any] = {
    "model": "vqvae",
    "steps": 2000,
    "batch_size": 64,
    "lr": 2e-3,
    "lr_schedule": "cosine",
    "width": 16,
}
SIZES = ((2, 256), (8, 512), (DEEP_DIM, DEEP_CODES))  # (D, K)
INITS = ("uniform", "normal", "data", "kmeans")


@dataclass(frozen=True)
class Cell:
    """One combination of settings, to be trained once per seed.

    Attributes:
        group: the question it answers: "grid", "start", "restart", "rate", "remedy", "twin" (of one), "long", "emoji",
            "faces" or "width".
        data: image set.
        embedding_dim, num_embeddings: D and K.
        rule: what is shown for the update rule: "gradient", "hold", "ones", "sonnet" or "snippet".
        variant: what else differs from the group's plain cells, "" if nothing does.
        settings: of `RunConfig`, beyond `COMMON`, the image set and the size.
    """

    group: str
    data: str
    embedding_dim: int
    num_embeddings: int
    rule: str
    variant: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> str:
        """Readable: "d2-k256"."""
        return f"d{self.embedding_dim}-k{self.num_embeddings}"

    @property
    def init(self) -> str:
        """Where its codebook begins."""
        return "normal" if self.rule == "snippet" else str(self.settings.get("codebook_init", "uniform"))

    @property
    def id(self) -> str:
        """Unique in the plan: "fashion-d2-k256-hold-normal-restart"."""
        parts = [self.data, self.size, self.rule, self.init]
        return "-".join([*parts, self.variant] if self.variant else parts)

    def config(self, seed: int) -> RunConfig:
        """The settings of one member. Seed 0 of a plane codebook keeps its film."""
        filmed = self.embedding_dim == 2 and seed == 0
        size = {"embedding_dim": self.embedding_dim, "num_embeddings": self.num_embeddings}
        own = {"data": self.data, "seed": seed, "trace": "codebook" if filmed else "scalars"}
        return RunConfig(**(COMMON | RULES[self.rule] | size | own | self.settings))


RULES: dict[str, dict[str, Any]] = {
    "gradient": {"codebook_update": "gradient"},
    "hold": {"codebook_update": "ema", "ema_start": "hold"},
    "ones": {"codebook_update": "ema", "ema_start": "ones"},
    "sonnet": {"codebook_update": "ema", "ema_start": "sonnet"},
    "snippet": {"codebook_update": "snippet"},
}


def codebook_cells() -> list[Cell]:
    """Every cell of the codebook study, the most telling first."""
    plane, middle, deep = SIZES
    cells = [*_grid("fashion", plane, deep), *_restarts("fashion", plane, deep), *_rates("fashion", deep)]
    cells += [cell for remedy in REMEDIES for cell in (remedy_cell(remedy), twin_cell(remedy))]
    cells += [*_starts("fashion", deep, plane), *_long("fashion", deep), *_faces(plane, deep), *_emoji(plane, deep)]
    cells += [*_grid("fashion", middle), *_restarts("fashion", middle), *_width("fashion", plane, deep)]
    unique: dict[str, Cell] = {}
    for cell in cells:  # restart, the k-means start and most twins stand among them already
        unique.setdefault(cell.id, cell)
    return list(unique.values())


def _grid(data: str, *sizes: tuple[int, int]) -> list[Cell]:
    """Rule against init. `ones` and `sonnet` begin from `normal`, as `snippet` must: only the EMA start differs."""
    pairs = [(rule, init) for init in INITS for rule in ("gradient", "hold")]
    pairs[4:4] = [("snippet", "uniform"), ("ones", "normal"), ("sonnet", "normal")]
    return [
        Cell("grid", data, d, k, rule, settings={} if rule == "snippet" else {"codebook_init": init})
        for rule, init in pairs
        for d, k in sizes
    ]


def _restarts(data: str, *sizes: tuple[int, int]) -> list[Cell]:
    return [
        Cell("restart", data, d, k, rule, "restart", {"codebook_init": init, "dead_codes": "restart"})
        for init in ("normal", "data")
        for rule in ("gradient", "hold")
        for d, k in sizes
    ]


def _rates(data: str, size: tuple[int, int]) -> list[Cell]:
    """The codebook's learning rate and γ: how fast a rule moves codes is not how it moves them."""
    rates = [Cell("rate", data, *size, "gradient", f"lr{x}", {"codebook_lr": x * COMMON["lr"]}) for x in (10, 100)]
    return rates + [Cell("rate", data, *size, "hold", f"decay{decay}", {"decay": decay}) for decay in (0.9, 0.999)]


def remedy_cell(remedy: Remedy) -> Cell:
    """Where a remedy is tried; its twin without it is the plan's cell `remedy.plain`."""
    settings = {"codebook_init": remedy.init} | remedy.beside | remedy.setting
    return Cell("remedy", DATA, remedy.embedding_dim, DEEP_CODES, remedy.rule, remedy.variant, settings)


def twin_cell(remedy: Remedy) -> Cell:
    """What differs from `remedy_cell` in the remedy alone."""
    settings = {"codebook_init": remedy.init} | remedy.beside
    return Cell("twin", DATA, remedy.embedding_dim, DEEP_CODES, remedy.rule, remedy.beside_word, settings)


def _starts(data: str, *sizes: tuple[int, int]) -> list[Cell]:
    """The authors' own init, and the obvious control: the cloud's width without its places."""
    return [
        Cell("start", data, d, k, rule, settings={"codebook_init": init})
        for d, k in sizes
        for init in ("reference", "cloud")
        for rule in ("gradient", "hold")
    ]


def _long(data: str, size: tuple[int, int]) -> list[Cell]:
    """Four times as many steps: how much of a collapse is early stopping."""
    return [Cell("long", data, *size, rule, "8000", {"steps": 8000}) for rule in ("hold", "gradient")]


def _faces(*sizes: tuple[int, int]) -> list[Cell]:
    """The headline cells on pictures for which none of these settings was chosen."""
    return [
        Cell("faces", "faces", d, k, rule, settings={"codebook_init": init})
        for d, k in sizes
        for init in ("uniform", "normal")
        for rule in ("gradient", "hold")
    ]


def _emoji(*sizes: tuple[int, int]) -> list[Cell]:
    chosen: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("gradient", "", {}),
        ("hold", "", {}),
        ("snippet", "", {}),
        ("gradient", "", {"codebook_init": "data"}),
        ("hold", "", {"codebook_init": "data"}),
        ("hold", "restart", {"codebook_init": "data", "dead_codes": "restart"}),
    )
    return [
        Cell("emoji", "emoji", d, k, rule, variant, settings | {"augment": True})
        for rule, variant, settings in chosen
        for d, k in sizes
    ]


def _width(data: str, *sizes: tuple[int, int]) -> list[Cell]:
    """Four cells again with the shipped runs' trunk: does what the study says depend on its width?"""
    return [Cell("width", data, d, k, rule, "w32", {"width": 32}) for rule in ("gradient", "hold") for d, k in sizes]


def levels_cells() -> list[Cell]:
    """What levels and groups buy at equal bits: 8 at D = 2, beside the codebook study's K = 256; 9 at D = 64."""
    plane = [(16, {"quantizer": "residual", "levels": 2}), (4, {"quantizer": "residual", "levels": 4})]
    plane.append((16, {"quantizer": "grouped", "groups": 2}))
    deep = [(8, {"quantizer": "residual", "levels": 3})]
    return [
        Cell("levels", DATA, d, k, "hold", "-".join(map(str, setting.values())), {"codebook_init": "data"} | setting)
        for d, settings in ((SIZES[0][0], plane), (DEEP_DIM, deep))
        for k, setting in settings
    ]


#: By bits and D, the codebook study's cell with one codebook that has as many.
PLAIN_OF_LEVELS = {2: f"{DATA}-d2-k256-hold-data", DEEP_DIM: f"{DATA}-d{DEEP_DIM}-k{DEEP_CODES}-hold-data"}


class StudyCell(Protocol):
    """What the runner asks of a cell, whichever study it is of.

    Attributes:
        id: unique in the plan.
        data: image set.
        group, rule, variant: what its record says of it.
    """

    @property
    def id(self) -> str: ...

    @property
    def data(self) -> str: ...

    @property
    def group(self) -> str: ...

    @property
    def rule(self) -> str: ...

    @property
    def variant(self) -> str: ...

    def config(self, seed: int) -> RunConfig:
        """The settings of one member."""
        ...


STUDIES: dict[str, Callable[[], Sequence[StudyCell]]] = {
    "codebook": codebook_cells,
    "levels": levels_cells,
    "silent": silent_cells,
}
