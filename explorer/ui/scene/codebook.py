"""The tab Codebook: two VQ-VAE runs, where their films lie, and under which rule codes are counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from explorer.errors import ExplorerError
from explorer.metrics.codebook_life import NEAR
from explorer.runs import Run
from explorer.training.loop import lr_factor
from explorer.ui.computed import cases, catalog, encoded
from explorer.ui.computed.film import (
    drawn_latents,
    has_film,
    has_probes,
    recorded_window,
    sampled_columns,
    vectors_per_step,
)
from explorer.ui.computed.motion import motion
from explorer.ui.computed.one_step import ema_start
from explorer.ui.computed.patch import draws_text
from explorer.ui.computed.records import EXAMPLE, shown_names
from explorer.ui.media import media
from explorer.ui.media.codebook import life_name, photos_name, step_name
from explorer.ui.scene.cases import CaseChip, case_chips, differ_text, opening_chips
from explorer.ui.scene.changes import changed_chips
from explorer.ui.scene.record_side import record_side
from explorer.ui.scene.twin_side import Moves, TwinSide
from explorer.ui.text import error_text, templates, text
from explorer.ui.view import RULES, WINDOWS, View

#: Sentences that the tab Collapse fills in, or Python alone.
ELSEWHERE = ("remedy", "case", "caption")


@dataclass(frozen=True)
class Codebook:
    """What the tab draws.

    Attributes:
        sides: "left" and "right".
        see: by what the two differ, read from their settings.
        draws: what one code draws, "" without a run.
        cases: pairs with their outcome, to load with one click.
        chips: sentences about the pair.
        records: records that can be shown on the left, as (name, label); `record` is the one that is, "" for none.
        rules, windows: what the reader can choose, as (value, label).
        words: sentences; those with `{name}` are filled in by the client.
    """

    sides: dict[str, TwinSide]
    see: str
    draws: str
    cases: tuple[CaseChip, ...]
    chips: tuple[str, ...]
    records: tuple[tuple[str, str], ...]
    record: str
    rules: tuple[tuple[str, str], ...]
    windows: tuple[tuple[int, str], ...]
    words: dict[str, str]


def codebook_of(view: View) -> Codebook:
    """The tab for a view."""
    pair = cases.shown_pair(view.left, view.right, view.data)
    opened = opening_chips(pair, view)  # in place of a chip on either side
    sides = [catalog.Choice(choice.run) for choice in pair] if opened else pair
    shown = {name: _side(choice, view) for name, choice in zip(("left", "right"), sides, strict=True)}
    if view.record:
        shown["left"] = record_side(view)
    compared = () if view.record else tuple(choice.run for choice in pair if choice.run)
    return Codebook(
        sides=shown,
        see=differ_text(compared, view.lang),
        draws=draws_text(catalog.run(shown["right"].run), view.lang, "patch.framed") if shown["right"].film else "",
        cases=case_chips(view, (catalog.Choice(None), pair[1]) if view.record else pair),
        chips=(text("codebook.record.chip", view.lang),) if view.record else (*opened, *_chips(view, shown)),
        records=tuple((name, _record_name(name, view.lang)) for name in shown_names()),
        record=view.record,
        rules=tuple((rule, text(f"codebook.rule.{rule}", view.lang)) for rule in RULES),
        windows=tuple((count, _window(count, view.lang)) for count in WINDOWS),
        words={
            key: said for key, said in templates("codebook.", view.lang).items() if key.split(".")[1] not in ELSEWHERE
        }
        | {"codebook.merge.tip": text("codebook.merge.tip", view.lang, near=f"{100 * NEAR:g}")},
    )


def _record_name(name: str, lang: str) -> str:
    return text("codebook.record.example", lang) if name == EXAMPLE else name


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
        catalog.label_of(run.info, lang),
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
        columns=sampled_columns(run) if "batch_latents" in trace.frames else 0,
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
    explained = f"{100 * encoded.plane_of(run).explained:.0f}"
    said = text("codebook.caption.batch", lang, drawn=drawn, explained=explained)
    columns = 0 if has_probes(run.trace) else sampled_columns(run)
    return said + (
        text("codebook.caption.columns", lang, columns=columns, grid=run.model.shape.grid) if columns else ""
    )


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
