"""The curves of a record, as the tab Codebook draws those of a run."""

from __future__ import annotations

import math

import numpy as np

from explorer.metrics.codebook_life import dead_by
from explorer.plots.codebook import Group, Series
from explorer.runs.recorded import RecordedRun
from explorer.ui.computed.record_film import counted_record, film_of, has_film
from explorer.ui.computed.records import record_of
from explorer.ui.scene.record_side import record_label
from explorer.ui.text import COLON, text

#: Panel -> names under which a loop may have logged its curve, the likeliest first.
LOGGED = {
    "commitment": ("commitment", "commitment_loss", "commit", "cmt"),
    "error": ("mse", "reconstruction", "reconstruction_loss", "rec_loss", "rec", "recon", "recon_loss"),
}


def record_group(name: str, rule: tuple[str, int, int], lang: str) -> Group:
    """Of the record on the left, counted by `rule`: as in the View, its windows and its threshold."""
    record = record_of(name)
    label = text("codebook.side.left", lang) + COLON[lang] + record_label(record)
    colour = "ema" if "decay" in record.settings else "vqvae"
    return Group(label, "left", colour, (record_series(name, record, *rule),))


def record_series(name: str, record: RecordedRun, rule: str, windows: int, starved: int) -> dict[str, Series]:
    """Curves by panel; one that was not logged is left out."""
    found = {}
    for panel, names in LOGGED.items():
        logged = next((record.curves[each] for each in names if each in record.curves), None)
        if logged is not None:
            found[panel] = Series(record.curve_steps, logged.astype(float))
    if not has_film(record):
        return found
    counts, trace = counted_record(name, windows, starved), film_of(name).trace
    dead = dead_by(counts.life.states, rule).numpy()
    norms = np.linalg.norm(trace.frames["codebook"].astype(np.float32), axis=2)
    medians = [float(np.median(row[mask])) if mask.any() else math.nan for row, mask in zip(norms, dead, strict=True)]
    values = {
        "dead": dead.sum(1),
        "usage": 100 * dead_by(counts.life.states, "stale").logical_not().double().mean(1).numpy(),
        "perplexity": counts.perplexity,
        "dead_norm": medians,
    }
    return found | {key: Series(trace.frame_steps, np.asarray(value, float)) for key, value in values.items()}
