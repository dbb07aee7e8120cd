"""What goes into an export: image sets, pairs of runs, and pictures of each set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import permutations
from pathlib import Path

from explorer.errors import ExplorerError, ViewError
from explorer.ui.computed import cases, catalog
from explorer.ui.computed.catalog import readable
from explorer.ui.computed.records import serve_records
from explorer.ui.computed.strip import STRIP_LENGTH, strip_by_rounds, strip_images
from explorer.ui.scene.guide import place_of
from explorer.ui.view import GUIDE_STEPS, View, default_view

Pair = tuple[str, str]


@dataclass(frozen=True)
class Chosen:
    """What is exported of one image set.

    Attributes:
        data: its name.
        pairs: (left, right) run ids; the one that the set opens on is the first.
        images: ids of test images that can be selected, and be the second one.
        steps: open steps of the guide that can be walked to, from 1.
    """

    data: str
    pairs: tuple[Pair, ...]
    images: tuple[int, ...]
    steps: tuple[int, ...]

    @property
    def opening(self) -> View:
        """What the page shows of the set first."""
        return default_view(self.data)


def chosen(
    sets: Sequence[str] = (), runs: Sequence[str] = (), images: int = STRIP_LENGTH, *, guide: bool = True
) -> tuple[Chosen, ...]:
    """What to export.

    Args:
        sets: names of image sets; those of `runs` if there are any, else the page's first.
        runs: ids: each pair of them that is of one set, beside the set's opening pair; without any, the pairs whose
            outcome is known (`explorer.ui.computed.cases`) and those that the guide speaks of.
        images: how many of the strip's images, of all classes.
        guide: whether the guide's steps are walked.

    Raises:
        ViewError: a set or a run that is not here.
    """
    known = {info.id: info.config.data for name in catalog.image_sets() for info in catalog.runs_of(name)}
    if missing := [run for run in runs if run not in known]:
        raise ViewError("export_run", got=readable(missing[0]))
    if missing := [name for name in sets if name not in catalog.image_sets()]:
        raise ViewError("export_set", got=readable(missing[0]), known=", ".join(catalog.image_sets()))
    names = tuple(dict.fromkeys((*sets, *(known[run] for run in runs)))) or (default_view().data,)
    return tuple(_of_set(name, [run for run in runs if known[run] == name], images, guide=guide) for name in names)


def about_records(folders: Sequence[Path]) -> None:
    """Let the tab Collapse show records of trainings.

    Raises:
        RecordError: one of them is none.
    """
    serve_records(folders)


def _of_set(data: str, runs: list[str], images: int, *, guide: bool) -> Chosen:
    view = default_view(data)
    steps = tuple(range(1, GUIDE_STEPS + 1)) if guide else ()
    pairs = [(view.left, view.right)]
    if runs:
        pairs += permutations(runs, 2) if len(runs) > 1 else _beside(runs[0], view)
    else:
        pairs += [(case.left, case.right) for case in cases.cases_of(data)]
        pairs += [(place.left, place.right) for place in places(view, steps)]
    rounds = set(strip_by_rounds(data)[:images]) | {view.image}
    ids = [image for image in strip_images(data) if image in rounds]
    ids += [image for place in places(view, steps) for image in (place.image, place.image_b) if image is not None]
    return Chosen(data, tuple(dict.fromkeys(pairs)), tuple(dict.fromkeys(ids)), steps)


def _beside(run: str, view: View) -> list[Pair]:
    """One run alone stands beside the other kind of the opening pair."""
    is_codebook = catalog.run(run).config.is_vq
    return [(view.left, run)] if is_codebook else [(run, view.right)]


def places(view: View, steps: Sequence[int]) -> Iterator[View]:
    """Where the guide's steps lead, from a view and from the step before, as far as they stay with its image set."""
    walked = view
    for step in steps:
        for start in (view, walked):
            if (led := _led(start, step)) is not None and led.data == view.data:
                walked = led
                yield led


def _led(view: View, step: int) -> View | None:
    names = {field.name for field in fields(View)}
    try:
        return replace(view, **{key: value for key, value in place_of(step, view).items() if key in names})
    except ExplorerError:
        return None
