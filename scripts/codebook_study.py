"""Writes the tables of docs/codebook-study.md anew from the finished runs: `python scripts/codebook_study.py`.

Each table stands between `<!-- table NAME -->` and `<!-- end -->`; the prose around them is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from explorer.studies.in_levels import beside_one_codebook  # noqa: E402
from explorer.studies.plan import SEEDS, Cell  # noqa: E402
from explorer.studies.remedies import REMEDIES  # noqa: E402
from explorer.studies.starts import measure_starts, read_starts, start_of  # noqa: E402
from explorer.studies.summary import CellSummary, interval, planned_members, summaries  # noqa: E402
from scripts.marked_tables import refreshed  # noqa: E402

DOCUMENT = ROOT / "docs/codebook-study.md"
HEAD = (
    "| cell | n | steps | start | dead codes | perplexity | PSNR (dB) | distortion / var(z_e) |\n"
    "|---|---|---|---|---|---|---|---|"
)


def said(values: Iterable[float], digits: int = 0) -> str:
    """Median, and lowest to highest in brackets; "" of nothing."""
    found = interval(tuple(map(float, values)))
    if found is None:
        return ""
    if found.n == 1:
        return f"{found.middle:.{digits}f}"
    return f"{found.middle:.{digits}f} ({found.low:.{digits}f}–{found.high:.{digits}f})"


def row(summary: CellSummary) -> str:
    """One line of a table of cells."""
    k = summary.cell.num_embeddings
    cells = [
        f"`{summary.cell.id}`",
        str(len(summary.seeds)) + ("" if len(summary.seeds) >= len(SEEDS) else " (not all)"),
        f"{summary.cell.config(0).steps:,}",
        start(summary.cell),
        f"{said(summary.dead)} of {k}",
        said(summary.perplexity),
        said(summary.psnr_db, 2),
        said(summary.distortion, 3),
    ]
    return "| " + " | ".join(cells) + " |"


def start(cell: Cell) -> str:
    """The codebook's spread over that of z_e at step 0."""
    ratio = start_of(cell, read_starts())
    return "" if ratio is None else f"{ratio:.3g}"


def table(keep: Callable[[CellSummary], bool]) -> Callable[[list[CellSummary]], str]:
    """A table of the finished cells that `keep` takes."""

    def write(found: list[CellSummary]) -> str:
        rows = [row(summary) for summary in found if summary.seeds and keep(summary)]
        return "\n".join([HEAD, *rows]) if rows else "No run of these cells is finished yet."

    return write


def standing(found: list[CellSummary]) -> str:
    """How much of the plan is there."""
    done = sum(len(summary.seeds) for summary in found)
    whole = sum(len(summary.seeds) >= len(SEEDS) for summary in found)
    begun = sum(bool(summary.seeds) for summary in found)
    return (
        f"{done} of {planned_members(found)} runs are finished: {whole} of {len(found)} cells with {len(SEEDS)} seeds, "
        f"{begun - whole} with fewer, {len(found) - begun} not begun."
    )


def remedies(found: list[CellSummary]) -> str:
    """Each remedy beside its twin without it."""
    cells = {summary.cell.id: summary for summary in found}
    lines = [
        "| remedy | n without, with | start without, with | dead without | dead with | PSNR without | PSNR with |",
        "|---|---|---|---|---|---|---|",
    ]
    for remedy in REMEDIES:
        plain, own = cells[remedy.plain], cells[remedy.cell]
        dead = said(own.dead) if own.seeds else "not trained yet"
        lines.append(
            f"| {remedy.name} | {len(plain.seeds)}, {len(own.seeds)} | {start(plain.cell)}, {start(own.cell)} "
            f"| {said(plain.dead)} | {dead} "
            f"| {said(plain.psnr_db, 2)} | {said(own.psnr_db, 2)} |"
        )
    return "\n".join(lines)


def grid(size: str) -> Callable[[CellSummary], bool]:
    """Rule against init on Fashion-MNIST at one size."""
    return lambda summary: summary.cell.group == "grid" and summary.cell.size == size


def in_levels(_: list[CellSummary]) -> str:
    """Levels and groups beside one codebook of as many codes."""
    lines = [
        "| cell | n | codebooks × codes | dead codes | PSNR (dB) | dead codes of one | its PSNR | apart, by seed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for pair in beside_one_codebook():
        own, plain = pair.composed, pair.plain
        apart = ", ".join(f"{value:+.2f}" for value in pair.apart_db)
        lines.append(
            f"| `{own.cell.id}` | {len(own.seeds)} | {pair.codebooks} × {own.cell.num_embeddings} | {said(own.dead)} "
            f"| {said(own.psnr_db, 2)} | {said(plain.dead)} of {plain.cell.num_embeddings} "
            f"| {said(plain.psnr_db, 2)} | {apart} |"
        )
    return "\n".join(lines)


TABLES: dict[str, Callable[[list[CellSummary]], str]] = {
    "standing": standing,
    "plane": table(grid("d2-k256")),
    "middle": table(grid("d8-k512")),
    "deep": table(grid("d64-k512")),
    "restart": table(lambda summary: summary.cell.group == "restart"),
    "start": table(lambda summary: summary.cell.group == "start"),
    "long": table(lambda summary: summary.cell.group == "long"),
    "faces": table(lambda summary: summary.cell.group == "faces"),
    "twin": table(lambda summary: summary.cell.group == "twin"),
    "rate": table(lambda summary: summary.cell.group == "rate"),
    "emoji": table(lambda summary: summary.cell.group == "emoji"),
    "width": table(lambda summary: summary.cell.group == "width"),
    "remedies": remedies,
    "levels": in_levels,
}


if __name__ == "__main__":
    found = summaries()
    measure_starts([summary.cell for summary in found if summary.seeds])
    written = {name: partial(write, found) for name, write in TABLES.items()}
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text(), written))
