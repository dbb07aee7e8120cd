"""The left side of the tab Codebook where it shows the record of a training."""

from __future__ import annotations

from dataclasses import replace

from explorer.errors import ExplorerError
from explorer.runs.recorded import RecordedRun
from explorer.ui.computed import records
from explorer.ui.computed.record_film import film_of, has_film, motion_of_record
from explorer.ui.media import media
from explorer.ui.media.record import life_name, step_name
from explorer.ui.scene.twin_side import Moves, TwinSide
from explorer.ui.text import error_text, text
from explorer.ui.view import View

#: Adam's rate where a record knows none: PyTorch's default.
PLAIN_RATE, EPSILON = 1e-3, 1e-5


def record_side(view: View) -> TwinSide:
    """The record that the View names; a sentence in place of what it does not hold."""
    try:
        return _side(view.record, records.record_of(view.record), view)
    except ExplorerError as error:
        return TwinSide(run="", empty=error_text(error, view.lang), recorded=True)


def record_label(record: RecordedRun) -> str:
    """`D 8 · K 512`, or `D 8 · 4 × K 512`."""
    levels = f"{record.levels} × " if record.levels > 1 else ""
    return f"D {record.embedding_dim} · {levels}K {record.num_embeddings}"


def _side(name: str, record: RecordedRun, view: View) -> TwinSide:
    lang, decay = view.lang, _decay(record)
    side = TwinSide(
        run=name,
        rule="vqvae" if decay is None else "ema",
        title=text("codebook.record", lang),
        label=record_label(record),
        recorded=True,
    )
    if not has_film(record):
        return replace(side, empty=text("codebook.record.no_film", lang))
    film, medium = film_of(name), records.medium_name(name)
    steps, drawn = film.trace.frame_steps.tolist(), film.vectors.shape[1]
    return replace(
        side,
        codes=(record.num_embeddings, record.embedding_dim),
        film=media.address("record-film", medium),
        life=media.address("record-life", life_name(name, view.windows, view.starved)),
        steps=tuple(steps),
        drawn=drawn,
        fixed=False,
        projected=film.plane is not None,
        caption=_caption(record, name, lang),
        batches=tuple(media.address("record-step", step_name(name, t)) for t in range(len(steps) if drawn else 0)),
        per_step=film.per_step,
        moves=Moves(
            start="" if decay is None else "hold",
            store_smoothed=False,
            decays=tuple(decay or 0.0 for _ in steps),
            epsilon=EPSILON,
            lr=PLAIN_RATE,
            rates=tuple(PLAIN_RATE for _ in steps),
        ),
        motion=motion_of_record(name),
    )


def _decay(record: RecordedRun) -> float | None:
    """γ of its EMA, where its settings name one."""
    decay = record.settings.get("decay")
    return float(decay) if isinstance(decay, int | float) and 0 <= decay < 1 else None


def _caption(record: RecordedRun, name: str, lang: str) -> str:
    film = film_of(name)
    drawn = film.vectors.shape[1]
    if film.plane is None:
        said = text("codebook.record.caption", lang, drawn=drawn)
    else:
        key = "codebook.record.caption.pca" if drawn else "codebook.record.caption.codes"
        said = text(key, lang, drawn=drawn, explained=f"{100 * film.plane.explained:.0f}")
    if record.levels == 1:
        return said
    return f"{said} {text('codebook.record.levels', lang, levels=record.levels)}"
