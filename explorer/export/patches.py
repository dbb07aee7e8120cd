"""How one scene differs from another, as places and values: scenes of neighbouring Views share nearly everything.

`host/patches.js` is the other half.
"""

from __future__ import annotations

from typing import Any

#: A place in plain JSON values: keys and positions from the top down, and what stands there.
Change = tuple[list[str | int], Any]
#: Lists of so many values at most are compared value by value.
SHORT = 4
PLAIN = (str, int, float, bool, type(None))


def changes(before: Any, after: Any) -> list[Change]:
    """Places at which `after` differs from `before`, with its values there.

    Lists of another length, longer lists of plain values and objects with other keys are taken as a whole.
    """
    return list(_changes(before, after, []))


def _changes(before: Any, after: Any, place: list[str | int]) -> list[Change]:
    if same(before, after):
        return []
    keys: Any = None
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        keys = before.keys()
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        keys = range(len(before)) if len(after) <= SHORT or not all(isinstance(item, PLAIN) for item in after) else None
    if keys is None:
        return [(place, after)]
    return [change for key in keys for change in _changes(before[key], after[key], [*place, key])]


def same(one: Any, other: Any) -> bool:
    """Whether two plain JSON values are written alike: True is not 1, and 1 is not 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def changed(value: Any, by: list[Change]) -> Any:
    """`value` with changes made; itself and what the changes bring are untouched, what does not change is shared."""
    for place, new in by:
        value = _set(value, place, new)
    return value


def _set(value: Any, place: list[Any], new: Any) -> Any:
    if not place:
        return new
    copied = value.copy()
    copied[place[0]] = _set(value[place[0]], place[1:], new)
    return copied
