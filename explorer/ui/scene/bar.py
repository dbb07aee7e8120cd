"""The bar: image set, runs, language."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.data import describe_set
from explorer.ui.computed import catalog
from explorer.ui.text import TEXTS, text
from explorer.ui.view import View

LABELS = (
    *("data", "left", "right", "language", "copy"),
    *("class", "class.tip", "expert", "expert.tip", "present", "present.tip", "reset", "reset.tip"),
)


@dataclass(frozen=True)
class Option:
    """One entry of a list."""

    id: str
    label: str


@dataclass(frozen=True)
class Group:
    """Runs of one kind: those with a film, or those of a sweep."""

    kind: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Bar:
    """Lists and labels of the bar; what is chosen stands in the View."""

    labels: dict[str, str]
    sets: tuple[Option, ...]
    runs: tuple[Group, ...]


def bar_of(view: View) -> Bar:
    """Only runs of the chosen set are listed, for both sides alike: each tab draws what it can of them.

    Sweeps stand in groups of their own, behind all others: the list that a reader meets first stays short.
    """
    return Bar(
        labels={key: text(f"bar.{key}", view.lang) for key in LABELS},
        sets=tuple(Option(name, set_label(name, view.lang)) for name in catalog.image_sets()),
        runs=tuple(
            group for sweep in (False, True) for kind in catalog.KINDS if (group := _group(view, kind, sweep)).options
        ),
    )


def set_label(name: str, lang: str) -> str:
    """An image set's title; one that does not come with the program has its own, in no language but its own."""
    info = describe_set(name)
    return text(f"data.{name}", lang) if f"data.{name}" in TEXTS or info is None else info.title


def _group(view: View, kind: str, sweep: bool) -> Group:
    name = text(f"kind.{kind}", view.lang)
    own = {info.id for info in catalog.own_runs()}
    yours = text("bar.yours", view.lang)
    options = tuple(
        Option(
            info.id,
            f"{name} · {catalog.label_of(info, view.lang)}" + (f" · {yours} {info.id[-4:]}" if info.id in own else ""),
        )
        for info in catalog.runs_of(view.data)
        if info.config.model == kind and catalog.is_sweep(info.config) == sweep
    )
    return Group(kind, text("bar.sweep", view.lang, kind=name) if sweep else name, options)
