"""The tab Codebook: two VQ-VAE runs, where their films lie, and under which rule codes are counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from explorer.errors import ExplorerError
from explorer.metrics.codebook_life import NEAR
from explorer.runs import Run
from explorer.training.loop import lr_factor
from explorer.ui.computed import cases, catalog, encoded
from explorer.ui.computed.film import drawn_latents, has_film, has_probes, recorded_window, vectors_per_step
from explorer.ui.computed.motion import Motion, motion
from explorer.ui.computed.one_step import ema_start
from explorer.ui.media import media
from explorer.ui.media.codebook import life_name, photos_name, step_name
from explorer.ui.scene.cases import CaseChip, case_chips, differ_text, opening_chips
from explorer.ui.scene.changes import changed_chips
from explorer.ui.text import error_text, templates, text
from explorer.ui.view import RULES, WINDOWS, View


@dataclass(frozen=True)
class Moves:
    """How a codebook moves.

    Attributes:
        start: the EMA start, "" under a rule without EMA.
        store_smoothed: whether smoothed counts are stored back.
        decays: γ of the EMA in the update after each frame.
        epsilon: of the EMA.
        lr: Adam's rate of a gradient codebook when the run began.
        rates: its rate in the update after each frame.
    """

    start: str
    store_smoothed: bool
    decays: tuple[float, ...]
    epsilon: float
    lr: float
    rates: tuple[float, ...]


@dataclass(frozen=True)
class TwinSide:
    """One codebook.

    Attributes:
        run: id, "" if there is none.
        rule: whose colour it has, "gradient", "ema" or "vqvae".
        empty: a sentence in place of the film, "" if there is one.
        codes: (K, D).
        film, life: addresses; what their bytes mean stands in `explorer.ui.media.codebook`.
        steps: (T,) of the frames.
        drawn: P, encoder outputs drawn at each frame.
        fixed: whether they are the same vectors at every frame.
        projected: whether places are a projection: then there are no cells.
        batches: (T,) addresses of the frames' mini-batches.
        photos: addresses of the pictures that the drawn vectors come from: one, or (T,) if they are not `fixed`.
        grid: cells along one side of a picture.
        kept: steps whose whole mini-batch can be encoded again.
        width: steps of a recorded window.
        per_step: encoder outputs of one mini-batch.
        evaluated: what the report says of the final weights.
        motion: how far codes went from frame to frame.
    """

    run: str
    rule: str = "vqvae"
    title: str = ""
    label: str = ""
    chips: tuple[str, ...] = ()
    empty: str = ""
    codes: tuple[int, int] = (0, 0)
    film: str = ""
    life: str = ""
    steps: tuple[int, ...] = ()
    drawn: int = 0
    fixed: bool = True
    projected: bool = False
    caption: str = ""
    batches: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    grid: int = 0
    kept: tuple[int, ...] = ()
    width: int = 0
    per_step: int = 0
    evaluated: str = ""
    moves: Moves | None = None
    motion: Motion | None = None


@dataclass(frozen=True)
class Codebook:
    """What the tab draws.

    Attributes:
        sides: "left" and "right".
        see: by what the two differ, read from their settings.
        cases: pairs with their outcome, to load with one click.
        chips: sentences about the pair.
        rules, windows: what the reader can choose, as (value, label).
        words: sentences; those with `{name}` are filled in by the client.
    """

    sides: dict[str, TwinSide]
    see: str
    cases: tuple[CaseChip, ...]
    chips: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    windows: tuple[tuple[int, str], ...]
    words: dict[str, str]


def codebook_of(view: View) -> Codebook:
    """The tab for a view."""
    pair = cases.shown_pair(view.left, view.right, view.data)
    opened = opening_chips(pair, view)  # in place of a chip on either side
    sides = [catalog.Choice(choice.run) for choice in pair] if opened else pair
    shown = {name: _side(choice, view) for name, choice in zip(("left", "right"), sides, strict=True)}
    return Codebook(
        sides=shown,
        see=differ_text(tuple(choice.run for choice in pair if choice.run), view.lang),
        cases=case_chips(view, pair),
        chips=(*opened, *_chips(view, shown)),
        rules=tuple((rule, text(f"codebook.rule.{rule}", view.lang)) for rule in RULES),
        windows=tuple((count, _window(count, view.lang)) for count in WINDOWS),
        words=templates("codebook.", view.lang)
        | {"codebook.merge.tip": text("codebook.merge.tip", view.lang, near=f"{100 * NEAR:g}")},
    )


def _chips(view: View, sides: dict[str, TwinSide]) -> tuple[str, ...]:
    ids = [side.run for side in sides.values() if side.run]
    twins = len(ids) < 2 or catalog.are_twins(ids[0], ids[1], view.data)
    return () if twins else (text("codebook.chip.not_twins", view.lang),)


def _side(choice: catalog.Choice, view: View) -> TwinSide:
    if choice.run is None:
        return TwinSide(run="", empty=text("codebook.no_run", view.lang, data=view.data))
    try:
        return _filmed(catalog.run(choice.run), choice, view)
    except ExplorerError as error:
        return TwinSide(run="", empty=error_text(error, view.lang))


def _filmed(run: Run, choice: catalog.Choice, view: View) -> TwinSide:
    config, lang = run.config, view.lang
    stands_in = () if choice.asked is None else (text("codebook.chip.stand_in", lang, asked=choice.asked, run=run.id),)
    chips = (*stands_in, *changed_chips(run.info, lang))
    rule = config.codebook_update
    kind = "gradient" if rule == "gradient" else "ema" if ema_start(run) or rule in ("ema", "snippet") else "other"
    about = TwinSide(
        run.id,
        cases.rule_of(config),
        text(f"codebook.{kind}", lang),
        catalog.label_of(run.info),
        chips,
        evaluated=_evaluated(run, lang),
    )
    if not has_film(run):
        return replace(about, empty=text("codebook.no_film", lang, run=run.id))
    trace, frames = run.trace, len(run.trace.frame_steps)
    return replace(
        about,
        codes=(config.num_codes, config.embedding_dim),
        film=media.address("film", run.id),
        life=media.address("life", life_name(run.id, view.windows, view.starved)),
        steps=tuple(trace.frame_steps.tolist()),
        drawn=drawn_latents(trace).shape[1],
        fixed=has_probes(trace),
        projected=encoded.projectable(run),
        caption=_caption(run, lang),
        batches=tuple(media.address("step", step_name(run.id, t)) for t in range(frames)),
        photos=tuple(
            media.address("photos", photos_name(run.id, t)) for t in range(1 if has_probes(trace) else frames)
        ),
        grid=run.model.shape.grid,
        kept=tuple(sorted(trace.weights)),
        width=recorded_window(run),
        per_step=vectors_per_step(run),
        moves=_moves(run),
        motion=motion(run),
    )


def _moves(run: Run) -> Moves:
    config, steps = run.config, run.trace.frame_steps.tolist()
    settings = [run.info.config_at(step) for step in steps]
    first = config.codebook_lr or config.lr
    rates = (config.codebook_lr or now.lr for now in settings)
    return Moves(
        ema_start(run),
        config.codebook_update == "snippet",
        tuple(now.decay for now in settings),
        config.epsilon,
        first,
        tuple(rate * lr_factor(config, step + 1) for rate, step in zip(rates, steps, strict=True)),
    )


def _caption(run: Run, lang: str) -> str:
    drawn = f"{drawn_latents(run.trace).shape[1]:,}"
    if not encoded.projectable(run):
        return text("codebook.caption.probes", lang, drawn=drawn)
    explained = f"{100 * encoded.projected(run).map.explained:.0f}"
    return text("codebook.caption.batch", lang, drawn=drawn, explained=explained)


def _evaluated(run: Run, lang: str) -> str:
    health, total = run.report.get("codebook"), run.config.num_rows
    if not health:
        return ""
    n = health.get("num_vectors", 0)
    return text(
        "codebook.evaluated",
        lang,
        dead=health.get("dead", "?"),
        total=total,
        perplexity=f"{health.get('perplexity', math.nan):.0f}",
        n=f"{n:,}",
        each=f"{n / total:,.0f}",
    )


def _window(count: int, lang: str) -> str:
    return text("codebook.window.one" if count == 1 else "codebook.window.many", lang, windows=count)
