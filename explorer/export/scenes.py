"""Scenes of the Views that are offered, as one scene a tab and what changes in it along each axis of choice.

A scene depends on the image set, both runs, the tab and the language; and along a few *axes* on single values of the
View: the selected image, the second one, the guide's step, and so on. Each axis is recorded alone, and two of them are
laid over each other: where that gives another scene than Python's, the change of both together is recorded too. All
other values of a View only stand in its scene again (`host/scenes.js` puts them there).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any

from explorer.export.patches import Change, changed, changes
from explorer.export.selection import Chosen, Pair
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.colouring import factor_names
from explorer.ui.computed.projected import umap_of
from explorer.ui.computed.records import PLAIN, shown_names
from explorer.ui.scene import scene
from explorer.ui.scene.guide import guide_of
from explorer.ui.view import LANGUAGES, WINDOWS, View

#: What the client fills in from the View itself.
ECHOED = ("view", "notes")
#: Axes on which only one part of a scene depends: (that part, what makes it).
NARROW: dict[str, tuple[str, Callable[[View], Any]]] = {"guide": ("guide", guide_of)}
Value = str | int | None


@dataclass
class Recorded:
    """The scenes of one pair of runs.

    Attributes:
        pair: run ids.
        scenes: (tab, language) -> the scene of the axes' first values, without what is echoed.
        along: (axis, value) -> (tab, language) -> changes; two axes together are `"image+image_b"` and `"3+5"`.
    """

    pair: Pair
    scenes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    along: dict[tuple[str, str], dict[tuple[str, str], list[Change]]] = field(default_factory=dict)


def axes_of(chosen: Chosen, pair: Pair) -> dict[str, tuple[Value, ...]]:
    """Axis -> the values that are recorded, the View's plain one first."""
    plain = chosen.opening
    runs = [catalog.run(run) for run in pair if run]
    axes: dict[str, tuple[Value, ...]] = {
        "image": (plain.image, *(image for image in chosen.images if image != plain.image)),
        "image_b": (None, *chosen.images),
        "guide": (0, *chosen.steps),
        "factor": ("", *(name for name in factor_names(chosen.data) if name)),
        "map": ("pca", *(["umap"] if any(_is_mapped(run) for run in runs) else [])),
        "windows": WINDOWS,
        "record": ("", *(name for name in shown_names() if PLAIN.fullmatch(name))),
    }
    return axes


def _is_mapped(run: Run) -> bool:
    return encoded.projectable(run) and umap_of(run) is not None


def record(chosen: Chosen, pair: Pair, tabs: tuple[str, ...], absent: tuple[str, ...] = ()) -> Recorded:
    """All scenes of a pair.

    Args:
        chosen: what is exported of its image set.
        pair: run ids.
        tabs: whose scenes are recorded.
        absent: tabs whose own part is left out: the page says in its place why.
    """
    made = Recorded(pair)
    axes = axes_of(chosen, pair)
    for tab in tabs:
        for lang in LANGUAGES:
            start = replace(chosen.opening, left=pair[0], right=pair[1], tab=tab, lang=lang)
            _record_tab(made, start, axes, absent)
    return made


def _record_tab(made: Recorded, start: View, axes: dict[str, tuple[Value, ...]], absent: tuple[str, ...]) -> None:
    tab = _Tab(made, start, plain_scene(start, absent), absent)
    made.scenes[tab.key] = tab.plain
    for axis, values in axes.items():
        tab.record_axis(axis, values[1:])
    for one, other in combinations(axes, 2):
        tab.record_both(one, other, axes)


class _Tab:
    """One tab of a pair in one language, as it is recorded."""

    def __init__(self, made: Recorded, start: View, plain: dict[str, Any], absent: tuple[str, ...]) -> None:
        self.made, self.start, self.plain, self.absent = made, start, plain, absent
        self.key = (start.tab, start.lang)

    def record_axis(self, axis: str, values: tuple[Value, ...]) -> None:
        """Each value by itself; none where the first one that could change anything changes nothing."""
        for number, value in enumerate(values):
            change = self.change({axis: value}, self.plain, NARROW.get(axis) if number else None)
            if not number and not change:
                return
            if not number and axis in NARROW and any(place[0] != NARROW[axis][0] for place, _ in change):
                raise AssertionError(f"{axis} changes more of a scene than {NARROW[axis][0]}")
            self.keep(axis, written(value), change)

    def record_both(self, one: str, other: str, axes: dict[str, tuple[Value, ...]]) -> None:
        """Two axes together where laying one over the other gives another scene than Python's.

        Whether they do is tried with the first and the last value of one (the first picture may be the one that is
        looked at anyway) beside the first of the other, and each of the guide's steps: those differ in what they speak
        of. Two pictures that are one and the same always do.
        """
        needed = [axis for axis in (one, other) if axis in NARROW] or [one, other]
        if not all(map(self.has, needed)) or min(len(axes[one]), len(axes[other])) < 2:
            return
        if (one, other) == ("image", "image_b"):
            for image in axes[one][1:]:
                self.record_combination(one, image, other, image)
                self.record_combination(one, image, other, axes[one][0])  # which were one where it was recorded
            return
        first, second = (other, one) if other in NARROW else (one, other)
        tried = axes[first][1:] if first in NARROW else axes[first][1:2]
        for value in tried:
            if any(self.record_combination(first, value, second, its) for its in (axes[second][1], axes[second][-1])):
                for mine in axes[first][1:] if first not in NARROW else (value,):
                    for its in axes[second][1:]:
                        self.record_combination(first, mine, second, its)

    def record_combination(self, one: str, mine: Value, other: str, its: Value) -> bool:
        """One combination; whether there was something to record."""
        laid = [*self.along(one, mine), *self.along(other, its)]
        narrow = NARROW.get(one) or NARROW.get(other)
        change = self.change({one: mine, other: its}, changed(self.plain, laid), narrow)
        if change:
            self.keep(f"{one}+{other}", f"{written(mine)}+{written(its)}", change)
        return bool(change)

    def change(
        self, values: dict[str, Value], before: dict[str, Any], narrow: tuple[str, Callable[[View], Any]] | None
    ) -> list[Change]:
        """From a scene to that of these values; of a narrow axis only its part is made."""
        view = replace(self.start, **values)  # type: ignore[arg-type]
        if narrow is None:
            return changes(before, plain_scene(view, self.absent))
        part, make = narrow
        return [([part, *place], new) for place, new in changes(before[part], _plain_json(make(view)))]

    def keep(self, axis: str, value: str, change: list[Change]) -> None:
        self.made.along.setdefault((axis, value), {})[self.key] = change

    def along(self, axis: str, value: Value) -> list[Change]:
        return self.made.along.get((axis, written(value)), {}).get(self.key, [])

    def has(self, axis: str) -> bool:
        return any(known == axis and self.key in found for (known, _), found in self.made.along.items())


def plain_scene(view: View, absent: tuple[str, ...] = ()) -> dict[str, Any]:
    """A scene as plain JSON values, without what is echoed and without the parts of absent tabs."""
    found = _plain_json(scene(view))
    kept = {key: value for key, value in found.items() if key not in ECHOED}
    return {key: None if key in absent else value for key, value in kept.items()}


def _plain_json(made: Any) -> Any:
    return json.loads(json.dumps(asdict(made)))


def written(value: Value) -> str:
    """A value of an axis as it stands in a file's name."""
    return "" if value is None else str(value)
