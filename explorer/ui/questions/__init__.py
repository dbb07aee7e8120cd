"""Questions that are no View: `POST explorer/ask/NAME` with a JSON object, answered with a JSON object.

The View travels through the bridge and everything heavy has an address; what is left is asked here: a computation with
parameters that only one part of the page cares about. A handler is a plain function from `Params` to plain data.
Everybody can call it, so `Params` checks every id and number, and a handler bounds its own cost.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from explorer.errors import ExplorerError, ViewError
from explorer.ui.computed.catalog import readable, visiting
from explorer.ui.questions import (
    between,
    class_link,
    codebook,
    compare,
    decode,
    encode,
    enlarged,
    example,
    features,
    guide,
    health,
    influence,
    information,
    iwae,
    levels,
    nearest,
    patches,
    posterior,
    quantize,
    rate_distortion,
    rebuild,
    record,
    replay,
    roughness,
    runs,
    samples,
    set_bounds,
    sharpness,
    study,
    sweep,
    thumbs,
    train,
    umap,
    units,
    waste,
    write,
)
from explorer.ui.questions.fields import on_page
from explorer.ui.questions.params import Params
from explorer.ui.text import error_text

Answer = dict[str, Any]

#: name -> handler; a new question is one file and one line.
QUESTIONS: dict[str, Callable[[Params], Answer]] = {
    "between": between.answer,
    "class_link": class_link.answer,
    "closer": enlarged.answer,
    "codebook_curves": codebook.answer,
    "codebook_health": health.answer,
    "compare": compare.answer,
    "decode": decode.answer,
    "encode": encode.answer,
    "collapse_example": example.answer,
    "collapse_record": record.answer,
    "collapse_replay": replay.answer,
    "features": features.answer,
    "guide": guide.answer,
    "influence": influence.answer,
    "information": information.answer,
    "iwae": iwae.answer,
    "levels": levels.answer,
    "nearest": nearest.answer,
    "patches": patches.answer,
    "posterior": posterior.answer,
    "rate_distortion": rate_distortion.answer,
    "reconstruct": rebuild.answer,
    "quantize": quantize.answer,
    "roughness": roughness.answer,
    "runs": runs.answer,
    "samples": samples.answer,
    "set_bounds": set_bounds.answer,
    "sharpness": sharpness.answer,
    "study": study.answer,
    "sweep": sweep.answer,
    "thumbs": thumbs.answer,
    "train_check": train.check,
    "train_command": train.command,
    "train_decoder": train.decoder,
    "train_delete": train.delete,
    "train_delete_record": train.delete_record,
    "train_delete_set": train.delete_set,
    "train_jobs": train.jobs,
    "train_prior": train.prior,
    "train_start": train.start,
    "train_state": train.state,
    "umap": umap.answer,
    "units": units.answer,
    "waste": waste.answer,
    "write": write.answer,
}

#: Questions that take milliseconds whatever is asked; all others wait for each other (`explorer.ui.http.lanes`).
CHEAP = frozenset(
    (
        *("decode", "encode", "nearest", "patches", "runs", "set_bounds", "thumbs", "umap", "write"),
        *(name for name in QUESTIONS if name.startswith("train_")),
    )
)
#: And those that do where their answer travels with a shipped run: asks whether it does.
STORED: dict[str, Callable[[Params], bool]] = {
    "influence": influence.is_stored,
    "information": information.is_stored,
    "iwae": iwae.is_stored,
    "posterior": posterior.is_stored,
    "quantize": quantize.is_stored,
    "roughness": roughness.is_stored,
}


def is_stored(name: str, asked: object) -> bool:
    """Whether the answer to one of `STORED` is only read; of what is refused, and of visitors' own runs, it is not."""
    with suppress(ExplorerError):
        return STORED[name](Params(asked if isinstance(asked, dict) else {}))
    return False


def answer(name: str, asked: object) -> Answer:
    """`{"ok": True, ...}`, or `{"ok": False, "code", "error"}` with a sentence in the language that `asked` names.

    Args:
        name: of the question.
        asked: what came, of any type.
    """
    params = Params(asked if isinstance(asked, dict) else {})
    try:
        if name not in QUESTIONS:
            raise ViewError("ask_unknown", name=readable(name), known=", ".join(sorted(QUESTIONS)))
        if not isinstance(asked, dict):
            raise ViewError("ask_parameter", name="the body", expected="a JSON object", got=readable(asked))
        with visiting(params.mine):
            return {"ok": True} | QUESTIONS[name](params)
    except ExplorerError as error:
        said = on_page if name.startswith("train_") else error_text
        return {"ok": False, "code": error.code, "error": said(error, params.lang)}
