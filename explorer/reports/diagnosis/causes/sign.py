"""What a cause answers, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from explorer.collapse.sketch import Sketch
from explorer.reports.diagnosis.evidence import Evidence


@dataclass(frozen=True)
class Sign:
    """What a cause found.

    Attributes:
        number: its evidence.
        sure: in [0, 1].
        sketch: the evidence as a figure.
        other: a second number that its sentence names.
    """

    number: float
    sure: float
    sketch: Sketch | None = None
    other: float = 0.0


class Cause(Protocol):
    """What a cause offers."""

    name: ClassVar[str]

    def sign(self, evidence: Evidence) -> Sign | None:
        """What speaks for it, or None."""
