"""Everything a View shows, as plain data: the pure function behind the page.

`scene(view)` reads runs and image sets and computes what the panels say; heavy things are named by address and fetched
by the client. Handlers do nothing but call it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explorer.errors import ViewError
from explorer.jobs.tokens import watch_token
from explorer.ui.computed import catalog, encoded
from explorer.ui.scene.bar import Bar, bar_of
from explorer.ui.scene.between import Between, between_of, other_side
from explorer.ui.scene.codebook import Codebook, codebook_of
from explorer.ui.scene.collapse import Collapse, collapse_of
from explorer.ui.scene.elbo import Elbo, elbo_of
from explorer.ui.scene.generate import SIDES as GENERATE_SIDES
from explorer.ui.scene.generate import Generate, generate_of
from explorer.ui.scene.guide import Guide, guide_of
from explorer.ui.scene.legend import Legend, legend_of
from explorer.ui.scene.plain import plain
from explorer.ui.scene.reconstruct import Reconstruct, reconstruct_of
from explorer.ui.scene.sandbox import SandboxScene, sandbox_scene
from explorer.ui.scene.side import Side, side_of
from explorer.ui.scene.start import Start, start_of, start_runs
from explorer.ui.scene.strip import Strip, strip_of
from explorer.ui.scene.train import Train, train_of
from explorer.ui.scene.workbench import Workbench, workbench_of
from explorer.ui.text import class_name, client_texts, error_text, text
from explorer.ui.view import View

__all__ = ["Scene", "Words", "scene"]


@dataclass(frozen=True)
class Words:
    """The two lines above the tabs, and the page's fixed words."""

    title: str
    subtitle: str
    see_label: str
    see: str
    try_label: str
    try_: str
    close: str


@dataclass(frozen=True)
class Scene:
    """What the client draws.

    Attributes:
        view: the View it was made from.
        notes: sentences about values that fell back.
        classes: class names of the image set, in label order.
        legend: what points are coloured by.
        client: sentences the client fills in by itself.
        sides: "left" and "right", and on the tabs Latent and Generate "ae", the autoencoder that stands beside the VAE.
        between: of the tab Latent, while it is open.
        reconstruct, codebook, collapse, generate, elbo, train: the tabs of those names, while they are open.
        sandbox: two codebooks under the hand, while the tab Codebook or Start is open.
        start: the five screens, while that tab is open.
        workbench: the Code grid below the planes, while the tab Latent is open.
        guide: its open step, or how it invites.
        watch: the token for those who may look at what is the visitor's own; "" for nobody.
    """

    view: View
    notes: tuple[str, ...]
    words: Words
    bar: Bar
    strip: Strip
    classes: tuple[str, ...]
    legend: Legend
    sides: dict[str, Side]
    client: dict[str, str]
    between: Between | None = None
    reconstruct: Reconstruct | None = None
    codebook: Codebook | None = None
    collapse: Collapse | None = None
    sandbox: SandboxScene | None = None
    start: Start | None = None
    generate: Generate | None = None
    elbo: Elbo | None = None
    workbench: Workbench | None = None
    guide: Guide | None = None
    train: Train | None = None
    watch: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: plain(value) for name, value in vars(self).items()}


def scene(view: View, notes: Sequence[ViewError] = ()) -> Scene:
    """What the page shows for a view.

    Args:
        view: from `from_query`, so every id in it exists.
        notes: what `from_query` could not read.
    """
    with catalog.visiting(view.mine):
        return _scene(view, notes)


def _scene(view: View, notes: Sequence[ViewError]) -> Scene:
    sides = {
        name: side_of(name, start_runs(view) if view.tab == "start" else view, _kinds(name, view))
        for name in ("left", "right")
    }
    if view.tab in ("latent", "generate"):
        sides["ae"] = other_side(view, sides["left"].side)
    shown = {name: s.side for name, s in sides.items()}
    all_notes = [*notes, *(note for s in sides.values() for note in s.notes)]
    codebook = codebook_of(view) if view.tab == "codebook" else None
    return Scene(
        view=view,
        notes=tuple(error_text(note, view.lang) for note in all_notes),
        words=_words(view, codebook, shown["left"]),
        bar=bar_of(view),
        strip=strip_of(view),
        classes=tuple(class_name(name, view.lang) for name in encoded.class_names(view.data)),
        legend=legend_of(view),
        sides=shown,
        client=client_texts(view.lang),
        between=between_of(view, shown) if view.tab == "latent" else None,
        reconstruct=reconstruct_of(view, shown) if view.tab == "reconstruct" else None,
        codebook=codebook,
        collapse=collapse_of(view) if view.tab == "collapse" else None,
        sandbox=sandbox_scene(view) if view.tab in ("codebook", "start") else None,
        start=start_of(view, shown["left"].run, shown["right"].run) if view.tab == "start" else None,
        generate=generate_of(view, shown) if view.tab == "generate" else None,
        elbo=elbo_of(view, shown) if view.tab == "elbo" else None,
        workbench=workbench_of(view, shown) if view.tab == "latent" else None,
        guide=guide_of(view),
        train=train_of(view) if view.tab == "train" else None,
        watch=watch_token(view.mine) if view.mine else "",
    )


def _kinds(name: str, view: View) -> tuple[str, ...]:
    """What a side takes: on Latent its own kinds; elsewhere any run that was chosen for it."""
    if view.tab == "generate":
        return GENERATE_SIDES[name]
    own = catalog.LEFT_KINDS if name == "left" else catalog.RIGHT_KINDS
    return own if view.tab in ("latent", "start") or not getattr(view, name) else catalog.KINDS


def _words(view: View, codebook: Codebook | None, left: Side) -> Words:
    kind = ".grid" if view.tab == "latent" and left.plane is not None and left.plane.empty else ""
    height = encoded.test_images(view.data).shape[2] // 4
    return Words(
        title=text("page.title", view.lang),
        subtitle=text("page.subtitle", view.lang),
        see_label=text("words.see", view.lang),
        see=codebook.see if codebook else text(f"{view.tab}.see{kind}", view.lang, cells=height * height),
        try_label=text("words.try", view.lang),
        try_=text(f"{view.tab}.try{kind}", view.lang),
        close=text("note.close", view.lang),
    )
