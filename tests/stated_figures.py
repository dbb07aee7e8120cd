"""Figures of a document that a file holds: each stands before a comment that names where.

    4.546<!-- figure checkpoints/RUN/prior.json val_bits_per_code min -->

FILE, the keys that lead to the value, and perhaps `min`, `last` or `sum` of what is there. A report's names are those
of today, whatever it was written with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.runs.report_format import report_of

FIGURE = re.compile(r"([\d,]*\.?\d+)[*`]*<!-- figure (\S+) (\S+)(?: (min|last|sum))? -->")
OF_MANY: dict[str, Callable[[list[float]], float]] = {"min": min, "last": lambda many: many[-1], "sum": sum}


@dataclass(frozen=True)
class Figure:
    """One figure as it is written, and what its file holds."""

    written: str
    held: float

    @property
    def agrees(self) -> bool:
        """Whether the file's value has these digits, once rounded to as many."""
        plain = self.written.replace(",", "")
        digits = len(plain.partition(".")[2])
        return float(plain) == round(self.held, digits)


def figures(document: str, root: Path) -> Iterator[Figure]:
    """Every figure that `document` says to stand in a file under `root`."""
    for written, file, keys, how in FIGURE.findall(document):
        content = (root / file).read_bytes()
        value: Any = report_of(content) if file.endswith("report.json") else json.loads(content)
        for key in keys.split("."):
            value = value[key]
        if how:
            value = OF_MANY[how](list(value.values()) if isinstance(value, dict) else list(value))
        yield Figure(written, float(value))
