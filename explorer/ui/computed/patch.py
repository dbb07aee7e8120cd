"""What one code of a run draws: its own patch of the picture, and how far beyond that its decoder carries it."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.latent.influence import decoder_field
from explorer.runs import Run
from explorer.ui.text import text


@dataclass(frozen=True)
class Patch:
    """Along one side of a picture.

    Attributes:
        cell: pixels of one code's own patch.
        field: pixels that it can change at most, itself in the middle: the decoder's receptive field from behind.
        size: pixels of the picture.
        grid: codes.
    """

    cell: int
    field: int
    size: int
    grid: int

    @property
    def share(self) -> float:
        """Of the picture that it can change at most, in %."""
        return 100 * (self.field / self.size) ** 2


def patch_of(run: Run) -> Patch:
    """Of a run with codes."""
    size, grid = run.model.shape.height, run.model.shape.grid
    field = decoder_field(run.model.decoder)
    return Patch(size // grid, min(size, field.before + field.after + 1), size, grid)


def draws_text(run: Run, lang: str, key: str = "patch.draws") -> str:
    """The same in a sentence."""
    found = patch_of(run)
    return text(
        key,
        lang,
        cell=found.cell,
        field=found.field,
        size=found.size,
        grid=found.grid,
        cells=found.grid**2,
        share=f"{found.share:.0f}",
    )
