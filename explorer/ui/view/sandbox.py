"""What a sandbox is set to, and its twin in the link: `adam_hold-restart_uniform_256_64_0.99_1_0.02_0`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from explorer.errors import ViewError
from explorer.ui.computed import catalog
from explorer.ui.view import values

GRADIENT = ("sgd", "adam")
EMA = ("hold", "ones", "sonnet", "snippet")
RULES = (*GRADIENT, *EMA, "kmeans")
INITS = ("uniform", "reference", "normal", "data")
SIZES = (16, 32, 64, 128, 256, 512)
BATCHES = (16, 32, 64, 128, 256)
MAX_SEED = 1_000_000
RESTART = "-restart"


@dataclass(frozen=True)
class How:
    """How one codebook moves: its rule, one of `RULES`, and whether its dead codes are restarted."""

    rule: str
    restart: bool = False


@dataclass(frozen=True)
class Sandbox:
    """Two codebooks that learn from one start on the same mini-batches, in the order in which the link names them.

    Attributes:
        left, right: how each of them moves.
        init: where codes begin, one of `INITS`.
        codes: K.
        batch: encoder outputs in a mini-batch.
        decay: γ of the EMA.
        sgd, adam: learning rates of the two gradient rules.
        seed: of start, mini-batches and restarts.
    """

    left: How = How("adam")
    right: How = How("hold")
    init: str = "uniform"
    codes: int = 256
    batch: int = 64
    decay: float = 0.99
    sgd: float = 1.0
    adam: float = 0.02
    seed: int = 0

    def to_text(self) -> str:
        """What the link says; "" for the default."""
        return "" if self == Sandbox() else "_".join(_written(getattr(self, f.name)) for f in fields(self))


def sandbox_of(value: str) -> Sandbox:
    """The sandbox that a link names; the default for "".

    Raises:
        ViewError: a value that is none.
    """
    if not value:
        return Sandbox()
    parts = value.split("_")
    if len(parts) != len(PARSERS):
        raise ViewError("view_choice", key="sandbox", got=catalog.readable(value), known=Sandbox(seed=1).to_text())
    read = {name: parse(part) for (name, parse), part in zip(PARSERS.items(), parts, strict=True)}
    return Sandbox(**read)  # type: ignore[arg-type]


def as_text(value: str) -> str:
    """A link's value as it is written, once it has been read.

    Raises:
        ViewError: likewise.
    """
    return sandbox_of(value).to_text()


def _how(value: str) -> How:
    rule = values.one_of("sandbox", RULES)(value.removesuffix(RESTART))
    return How(rule, value.endswith(RESTART) and rule != "kmeans")


def _written(value: object) -> str:
    if isinstance(value, How):
        return value.rule + RESTART * value.restart
    return values.as_query(value)


PARSERS: dict[str, Callable[[str], object]] = {
    "left": _how,
    "right": _how,
    "init": values.one_of("sandbox", INITS),
    "codes": values.number_of("sandbox", SIZES),
    "batch": values.number_of("sandbox", BATCHES),
    "decay": values.between("sandbox", 0, 0.9999),
    "sgd": values.between("sandbox", 0.001, 10),
    "adam": values.between("sandbox", 1e-4, 1),
    "seed": values.below("sandbox", MAX_SEED),
}
