"""Dead codes and silent units side by side: which remedies of the two studies do the same thing to either waste."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from explorer.studies.measured import silent_of
from explorer.studies.remedies import DATA, DEEP_CODES, DEEP_DIM, REMEDIES, Pair
from explorer.studies.silent import AVERAGED, UNIT_REMEDIES
from explorer.studies.summary import Interval, interval, records_of

Counted = Callable[[dict[str, Any]], int]
#: What both remedies of a row do: (name, the remedy for codes, the one for units).
PAIRS: tuple[tuple[str, str, str], ...] = (
    ("begin", "kmeans", "warm-up"),
    ("again", "restart", "cyclical"),
    ("reach", "entropy", "free-bits"),
    ("measure", "cosine", "beta"),
    ("decoder", "rotation", "weak-decoder"),
    ("even", "fsq", "target"),
)
_CODES = f"{DATA}-d{DEEP_DIM}-k{DEEP_CODES}-hold"
#: The commonest way into each: codes that begin far from the data, a loss averaged where it must be summed.
WIDE: Pair = ("Codes begun far wider than the data", "码向量的起点比数据宽得多")


@dataclass(frozen=True)
class Tried:
    """What a study measured of one change; counts are medians over seeds with their range, of `total`.

    Attributes:
        title: what was changed, in English and Chinese.
        without, with_it: dead codes or silent units; None where no member is trained.
        total: K, or units.
        psnr: (without, with), dB; None likewise.
        steps: of the training, of the cell with the change.
        seeds: of the cell with the change.
    """

    title: Pair
    without: Interval | None
    with_it: Interval | None
    total: int
    psnr: tuple[Interval | None, Interval | None]
    steps: int
    seeds: tuple[int, ...]

    @property
    def apart(self) -> bool | None:
        """Whether no seed of one is among those of the other; None with fewer than two seeds on a side."""
        one, other = self.without, self.with_it
        if one is None or other is None or min(one.n, other.n) < 2:
            return None
        return one.high < other.low or other.high < one.low


def code_tries() -> dict[str, Tried]:
    """What was tried against dead codes, by remedy, and "wide", the fault."""
    records = records_of("codebook")
    found = {
        remedy.name: _tried(remedy.title, records.get(remedy.plain, []), records.get(remedy.cell, []), _dead)
        for remedy in REMEDIES
    }
    return found | {"wide": _tried(WIDE, records.get(f"{_CODES}-data", []), records.get(f"{_CODES}-normal", []), _dead)}


def unit_tries() -> dict[str, Tried]:
    """What was tried against silent units, by remedy, and "averaged", the fault."""
    records = records_of("silent")
    return {
        remedy.name: _tried(remedy.title, records.get(remedy.plain, []), records.get(remedy.cell, []), silent_of)
        for remedy in (*UNIT_REMEDIES, AVERAGED)
    }


def _dead(test: dict[str, Any]) -> int:
    return int(test["dead"])


def _tried(title: Pair, plain: list[dict[str, Any]], own: list[dict[str, Any]], count: Counted) -> Tried:
    tests = [[record["test"] for record in records] for records in (plain, own)]
    counts = [interval(tuple(float(count(test)) for test in each)) for each in tests]
    psnr = [interval(tuple(float(test["psnr_db"]) for test in each)) for each in tests]
    first: dict[str, Any] = next((record for record in [*own, *plain]), {"config": {}, "test": {}})
    total = first["test"].get("units") or first["test"].get("used", 0) + first["test"].get("dead", 0)
    steps = int(first["config"].get("steps", 0))
    seeds = tuple(int(record["seed"]) for record in own)
    return Tried(title, counts[0], counts[1], int(total), (psnr[0], psnr[1]), steps, seeds)
