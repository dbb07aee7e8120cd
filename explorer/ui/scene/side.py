"""One side of the page: the run it shows, its decoder, its plane and its pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from explorer.errors import ExplorerError, ViewError
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.program import decoder_program, is_light
from explorer.ui.media import media
from explorer.ui.scene.changes import changed_chips
from explorer.ui.scene.panel import Panel, panel_of
from explorer.ui.scene.plane import Plane, plane_of
from explorer.ui.text import error_text, text
from explorer.ui.view import View


@dataclass(frozen=True)
class DecoderAddress:
    """What the client needs to decode: the program, and where its numbers are."""

    program: dict[str, Any]
    weights: str


@dataclass(frozen=True)
class Side:
    """What one side draws.

    Attributes:
        run: id of the run shown, "" if there is none.
        kind: "vae", "ae" or "vqvae"; the first kind the side takes if there is no run.
        title: the kind's name.
        label: the run in a few symbols.
        chips: sentences about what stands in for what.
        empty: a sentence in place of everything below it, "" if there is something to show.
        latent: how many numbers the decoder takes.
        z: the View's pinned point where it fits the run, else empty.
        code: the View's pinned code where the run has it.
    """

    run: str
    kind: str
    title: str
    label: str = ""
    chips: tuple[str, ...] = ()
    empty: str = ""
    latent: int = 0
    decoder: DecoderAddress | None = None
    plane: Plane | None = None
    panel: Panel | None = None
    z: tuple[float, ...] = ()
    code: int | None = None


@dataclass(frozen=True)
class NotedSide:
    """A side, and notes about values of the View that it could not use."""

    side: Side
    notes: tuple[ViewError, ...] = ()


def side_of(name: str, view: View, kinds: tuple[str, ...]) -> NotedSide:
    """The left or right side of a view. A run that cannot be read leaves a sentence in its place."""
    choice = catalog.choose(getattr(view, name), view.data, kinds)
    if choice.run is None:
        return NotedSide(_empty(kinds[0], _no_run(kinds, view)))
    try:
        return _side(catalog.run(choice.run), choice, kinds, view)
    except ExplorerError as error:
        return NotedSide(_empty(kinds[0], error_text(error, view.lang)))


def _side(run: Run, choice: catalog.Choice, kinds: tuple[str, ...], view: View) -> NotedSide:
    single = encoded.single(run, view.image)
    program = decoder_program(run.model)
    light = is_light(run.model, program)
    z, code, notes = _pins(run, view)
    chips = [_stand_in(choice, kinds, view.lang)] if choice.asked else []
    chips += changed_chips(run.info, view.lang)
    if not light:
        chips.append(text("latent.too_large", view.lang))
    shown = Side(
        run=run.id,
        kind=run.config.model,
        title=text(f"kind.{run.config.model}", view.lang),
        label=catalog.label_of(run.info, view.lang),
        chips=tuple(chips),
        latent=math.prod(program.input),
        decoder=DecoderAddress(program.to_json(), media.address("decoder", run.id)) if light else None,
        plane=plane_of(run, single, view.lang, view.map, view.factor),
        panel=panel_of(run, single, view.lang),
        z=z,
        code=code,
    )
    return NotedSide(shown, notes)


def _pins(run: Run, view: View) -> tuple[tuple[float, ...], int | None, tuple[ViewError, ...]]:
    """The pinned point belongs to a vector latent, the pinned code to a codebook."""
    if run.config.is_vq:
        last = run.config.num_codes - 1
        if view.code is not None and view.code > last:
            return (), None, (ViewError("view_code", got=view.code, last=last),)
        return (), view.code, ()
    if view.z and len(view.z) != run.config.latent_dim:
        return (), None, (ViewError("view_point_size", got=len(view.z), size=run.config.latent_dim),)
    return view.z, None, ()


def _stand_in(choice: catalog.Choice, kinds: tuple[str, ...], lang: str) -> str:
    return text("latent.chip.stand_in", lang, asked=choice.asked, run=choice.run, kinds=_kinds(kinds, lang))


def _no_run(kinds: tuple[str, ...], view: View) -> str:
    return text("latent.no_run", view.lang, kinds=_kinds(kinds, view.lang), model=kinds[0], data=view.data)


def _empty(kind: str, sentence: str) -> Side:
    return Side(run="", kind=kind, title=text(f"kind.{kind}", "en"), empty=sentence)


def _kinds(kinds: tuple[str, ...], lang: str) -> str:
    names = [text(f"kind.{kind}", lang) for kind in kinds]
    return names[0] if len(names) == 1 else text("latent.or", lang, first=names[0], second=names[1])
