"""Codes in levels or groups beside one codebook of as many codes: what the study found, seed by seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from explorer.studies.plan import PLAIN_OF_LEVELS
from explorer.studies.summary import CellSummary, summaries


@dataclass(frozen=True)
class Beside:
    """Two finished cells of equal bits a position.

    Attributes:
        composed: several codebooks.
        plain: one, with as many codes as the others have tuples.
    """

    composed: CellSummary
    plain: CellSummary

    @property
    def codebooks(self) -> int:
        """Levels or groups."""
        config = self.composed.cell.config(0)
        return config.num_levels or 1

    @property
    def apart_db(self) -> tuple[float, ...]:
        """PSNR of `composed` minus that of `plain` with the same seed."""
        alone = dict(zip(self.plain.seeds, self.plain.psnr_db, strict=True))
        both = zip(self.composed.seeds, self.composed.psnr_db, strict=True)
        return tuple(value - alone[seed] for seed, value in both if seed in alone)


def beside_one_codebook(root: Path | None = None) -> list[Beside]:
    """Every cell of levels that is finished on both sides, in the plan's order.

    Args:
        root: folder of all studies; the shipped one if None.
    """
    folders = (None, None) if root is None else (root / "codebook", root / "levels")
    plain = {summary.cell.id: summary for summary in summaries("codebook", folders[0])}
    pairs = [
        Beside(composed, plain[PLAIN_OF_LEVELS[composed.cell.embedding_dim]])
        for composed in summaries("levels", folders[1])
    ]
    return [pair for pair in pairs if pair.apart_db]
