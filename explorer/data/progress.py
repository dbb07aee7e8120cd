"""How far a fetch or an import is, for a progress bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One report; a callback that raises ends what it reports on, and nothing half-made is left.

    Attributes:
        stage: "fetch" (bytes), "read" (files) or "store" (pictures).
        done: of `total`.
        total: known from the start.
        name: of the file that was just worked on, or "".
    """

    stage: str
    done: int
    total: int
    name: str = ""


OnProgress = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    """For callers who do not want to know."""
