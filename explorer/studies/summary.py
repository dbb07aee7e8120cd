"""What the members of a study say together: one summary a cell, with a value for each seed and no mean of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from explorer.studies.files import STUDIES_ROOT, load_records
from explorer.studies.plan import SEEDS, STUDIES, Cell


@dataclass(frozen=True)
class CellSummary:
    """One cell of the plan and its finished members; all tuples are in the order of `seeds`.

    Attributes:
        cell: what was asked for.
        seeds: of the members that are finished.
        dead: codes without a hit on the test split, of `cell.num_embeddings`.
        perplexity: of those hits.
        psnr_db: pooled, test split.
        distortion: mean `(z_e - e)²` over the variance of z_e: the share of it that quantizing loses.
        restarts: codes restarted while training.
    """

    cell: Cell
    seeds: tuple[int, ...]
    dead: tuple[int, ...]
    perplexity: tuple[float, ...]
    psnr_db: tuple[float, ...]
    distortion: tuple[float, ...]
    restarts: tuple[int, ...]


@dataclass(frozen=True)
class Interval:
    """Median, lowest and highest of a few seeds, and how many."""

    middle: float
    low: float
    high: float
    n: int


def summaries(study: str = "codebook", folder: Path | None = None) -> list[CellSummary]:
    """Every cell of codes of the plan in its order; those without a finished member have empty tuples."""
    records = records_of(study, folder)
    return [_summary(cell, records.get(cell.id, [])) for cell in STUDIES[study]() if isinstance(cell, Cell)]


def records_of(study: str, folder: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """Cell -> the records of its finished members, by seed."""
    by_cell: dict[str, list[dict[str, Any]]] = {}
    for record in load_records((STUDIES_ROOT if folder is None else folder.parent) / study):
        by_cell.setdefault(record["cell"], []).append(record)
    return {cell: sorted(records, key=_seed) for cell, records in by_cell.items()}


def interval(values: tuple[float, ...]) -> Interval | None:
    """Of one value for each seed; None without any."""
    return Interval(median(values), min(values), max(values), len(values)) if values else None


def planned_members(found: list[CellSummary]) -> int:
    """Runs that the whole study has."""
    return len(SEEDS) * len(found)


def _seed(record: dict[str, Any]) -> int:
    return int(record["seed"])


def _summary(cell: Cell, records: list[dict[str, Any]]) -> CellSummary:
    tests = [record["test"] for record in records]
    return CellSummary(
        cell=cell,
        seeds=tuple(map(_seed, records)),
        dead=tuple(test["dead"] for test in tests),
        perplexity=tuple(test["perplexity"] for test in tests),
        psnr_db=tuple(test["psnr_db"] for test in tests),
        distortion=tuple(test["distortion"] / test["latent_variance"] for test in tests if test["latent_variance"]),
        restarts=tuple(record["restarts"] for record in records),
    )
