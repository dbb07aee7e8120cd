"""What reports say of known features, of runs of one image set; a section that does not fit is none."""

from __future__ import annotations

import math
from typing import Any

from explorer.data import load_image_set
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.computed.colouring import factor_names

PARTS = ("keeping", "between", "apart", "swap")
#: Lists with one number for each feature, in the parts that have them.
COLUMNS = {
    "keeping": ("n", "kept", "original", "chance"),
    "between": ("n", "row", "fade", "original", "rebuilt", "blurred"),
    "swap": ("n", "became", "others", "other_features"),
    "apart": ("entropy_bits", "guessing"),
}


def measured(run: Run) -> dict[str, Any]:
    """The parts of a run's section on features that are whole, {} without one; whoever sent a run wrote its report."""
    section = run.report.get("factors")
    names = list(factor_names(run.config.data))
    if not isinstance(section, dict) or not names or section.get("names") != names:
        return {}
    return {part: section[part] for part in PARTS if _fits(part, section.get(part), len(names))}


def measured_runs(data: str) -> list[Run]:
    """The runs of a set, as the page orders them, that say what they keep."""
    if not load_image_set(data).factors:
        return []
    return [run for run in catalog.read_runs(catalog.runs_of(data)) if "keeping" in measured(run)]


def _fits(part: str, found: object, features: int) -> bool:
    if not isinstance(found, dict):
        return False
    columns = all(_column(found.get(name), features) for name in COLUMNS[part])
    return columns and (part != "apart" or _table(found, features)) and (part != "swap" or _units(found, features))


def _table(found: dict[str, Any], features: int) -> bool:
    """Whether the tables of units are whole: as many units in every row, and as many cells as the grid has."""
    bits, above, best = (_rows(found.get(name), features) for name in ("bits", "above_chance", "best"))
    units = len(bits[0]) if bits and isinstance(bits[0], list) else 0
    if not (units and above and best and all(_column(row, units) for row in (*bits, *above))):
        return False
    grid = found.get("grid")
    fits = grid is None or (_indices(grid, 1 << 10) and len(grid) == 2 and grid[0] * grid[1] == units)
    return fits and all(_best(row, units) for row in best)


def _rows(values: object, count: int) -> list[Any]:
    """A list of that many entries, [] if it is none."""
    return values if isinstance(values, list) and len(values) == count else []


def _best(row: object, units: int) -> bool:
    return isinstance(row, list) and all(
        isinstance(found, list) and len(found) == 3 and _indices(found[1], units) and _column([found[0], found[2]], 2)
        for found in row
    )


def _units(found: dict[str, Any], features: int) -> bool:
    units = found.get("units")
    return isinstance(units, list) and len(units) == features and all(_indices(row, 1 << 20) for row in units)


def _indices(values: object, below: int) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < below for value in values)


def _column(values: object, count: int) -> bool:
    """`count` numbers, each None where there is none."""
    return isinstance(values, list) and len(values) == count and all(v is None or _number(v) for v in values)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < 1e9
