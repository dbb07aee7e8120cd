"""The sandbox: a cloud of a run's own encoder outputs, what it is set to, and what the real film says beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.errors import ExplorerError
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.returned import Returned, returned
from explorer.ui.media import media
from explorer.ui.text import error_text, templates, text
from explorer.ui.view import View
from explorer.ui.view.sandbox import Sandbox, sandbox_of

SHOWN = 5120  # explorer/ui/assets/sandbox/world.js


@dataclass(frozen=True)
class SandboxScene:
    """What the sandbox draws.

    Attributes:
        points: address of the encoder outputs, and `count` of them (`explorer.ui.media`).
        settings: what both codebooks are set to.
        what: whose encoder outputs these are.
        films: what became of codes that no vector chose where the encoder moved, for each run with a film.
        empty: a sentence in place of everything, "" if there is something to show.
        words: sentences that the client fills in.
    """

    title: str
    what: str = ""
    films: tuple[str, ...] = ()
    empty: str = ""
    points: str = ""
    count: int = 0
    settings: Sandbox = field(default_factory=Sandbox)
    words: dict[str, str] = field(default_factory=dict)


def sandbox_scene(view: View) -> SandboxScene:
    """The sandbox of a view: the right run's cloud where it is planar, else the left one's, else one of the set's."""
    lang = view.lang
    title = text("sandbox.title", lang)
    try:
        run = _planar_run(view)
        if run is None:
            return SandboxScene(title, empty=text("sandbox.none", lang, data=view.data))
        total = len(encoded.test_images(run.config.data)) * run.model.shape.grid**2
        count = len(encoded.drawn_vectors(total))
        return SandboxScene(
            title,
            what=text("sandbox.what", lang, points=f"{min(count, SHOWN):,}", run=run.id),
            films=_films(view),
            points=media.address("points", run.id),
            count=count,
            settings=sandbox_of(view.sandbox),
            words=templates("sandbox.", lang),
        )
    except ExplorerError as error:
        return SandboxScene(title, empty=error_text(error, lang))


def _planar_run(view: View) -> Run | None:
    """The first run on screen whose codes are two numbers, else the set's first such run."""
    here = [info.id for info in catalog.runs_of(view.data) if info.config.is_vq and info.config.embedding_dim == 2]
    chosen = [name for name in (view.right, view.left) if name in here]
    names = [*chosen, *here]
    return catalog.run(names[0]) if names else None


def _films(view: View) -> tuple[str, ...]:
    """One sentence for each codebook of the pair on the tab Codebook that kept its film."""
    if view.tab != "codebook":
        return ()
    pair = catalog.codebook_pair(view.left, view.right, view.data)
    runs = [catalog.run(choice.run) for choice in pair if choice.run]
    return tuple(_said(run, of, view.lang) for run in runs if (of := returned(run)) is not None)


def _said(run: Run, of: Returned, lang: str) -> str:
    about = {"run": run.id, "count": of.unchosen, "step": of.step, "last": of.last}
    if not of.back:
        return text("sandbox.film.none", lang, **about)
    rule = "gradient" if run.config.codebook_update == "gradient" else "other"
    return text(f"sandbox.film.{rule}", lang, **about, back=of.back, by=of.by)
