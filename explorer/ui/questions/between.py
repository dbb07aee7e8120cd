"""The rows between two pictures: where each picture lies, and what the small classifier makes of the row."""

from __future__ import annotations

import base64
import math
from typing import Any

import torch
from torch import Tensor

from explorer.classifier import load_classifier
from explorer.errors import ViewError
from explorer.latent.interpolate import Row
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.between import FADE, Seen, SeenRow, between
from explorer.ui.computed.halfway import KINDS, percent, said_of
from explorer.ui.computed.pictured import image_name
from explorer.ui.computed.program import decoder_program, is_light
from explorer.ui.questions.half_there import half_there
from explorer.ui.questions.params import Params
from explorer.ui.text import class_name, text

FIGURES = ("ratio", "largest", "middle")


def answer(params: Params) -> dict[str, Any]:
    """Rows from `image` to `image_b` of the set `data`, through the runs `ae`, `vae` and `vqvae` (each may be missing).

    Answers with `rows` by kind ("fade" too), the sentences `question`, `answer` and `eye`, and `halves`: sentences on
    known features that are neither half way, [] where none is known. A row holds:
        latents: (S, Z) numbers as the browser's decoder takes them, or (S, P) codes of a VQ-VAE.
        pixels: instead of latents, uint8 (S, H, W, C) in base64, of a decoder too large for the browser and of "fade".
        places: where each picture lies on its plane, (S, 2), or the ends of each cell's way, (2, P, 2); [] for none.
        steps: S.
        figures: texts `ratio`, `largest` and `middle`; "–" each where the set has no classifier.
        classes, confidence: of each picture, (S,); [] where the set has no classifier.
    """
    data = params.choice("data", catalog.image_sets())
    count = catalog.test_count(data)
    pair = params.integer("image", count), params.integer("image_b", count)
    runs = {kind: _run(params, kind, data) for kind in KINDS if params.has(kind)}
    rows = {FADE: between(data, FADE, pair)} | {kind: between(data, run.id, pair) for kind, run in runs.items()}
    seen = {kind: row.seen for kind, row in rows.items() if row.seen is not None}
    a, b = (image_name(data, image, params.lang) for image in pair)
    return {
        "rows": {kind: _row(row, runs.get(kind), data, params.lang) for kind, row in rows.items()},
        "question": text("between.question", params.lang, a=a, b=b),
        "answer": said_of(seen, data, pair, params.lang) if seen else text("between.unseen", params.lang),
        "eye": _eye(data, params.lang) if seen else "",
        "halves": half_there(data, pair, {kind: of_row.opinions for kind, of_row in seen.items()}, params.lang),
    }


def _run(params: Params, kind: str, data: str) -> Run:
    run = params.run(kind, (kind,))
    if run.config.data != data:
        raise ViewError("ask_parameter", name=kind, expected=f"the id of a run of {data}", got=run.id)
    return run


def _row(found: SeenRow, run: Run | None, data: str, lang: str) -> dict[str, Any]:
    seen = found.seen
    light = run is not None and is_light(run.model, decoder_program(run.model))
    return {
        "latents": _latents(found.row) if light else None,
        "pixels": None if light else _pixels(found.row.pictures),
        "places": [] if run is None else _places(found.row, run),
        "steps": len(found.row.pictures),
        "figures": _figures(seen, encoded.class_names(data), lang) if seen else dict.fromkeys(FIGURES, "–"),
        "classes": seen.classes if seen else [],
        "confidence": [round(value, 4) for value in seen.confidence] if seen else [],
    }


def _latents(row: Row) -> list[list[float]] | list[list[int]]:
    """As the browser takes them: codes, or numbers with the channels last."""
    if row.indices is not None:
        codes: list[list[int]] = row.indices.flatten(1).tolist()
        return codes
    z = row.latents.permute(0, 2, 3, 1) if row.latents.ndim == 4 else row.latents
    numbers: list[list[float]] = z.flatten(1).tolist()
    return numbers


def _pixels(pictures: Tensor) -> str:
    pixels = (pictures.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
    return base64.b64encode(pixels.numpy().tobytes()).decode()


def _places(row: Row, run: Run) -> list[Any]:
    """On the run's plane, which may be a projection."""
    vectors = row.latents if row.indices is None else row.latents[[0, -1]].permute(0, 2, 3, 1).flatten(1, 2)
    if encoded.projectable(run):
        placed = encoded.projected(run).plane.place(vectors.flatten(0, -2).numpy())
        vectors = torch.from_numpy(placed).view(*vectors.shape[:-1], 2)
    elif not encoded.planar(run):
        return []
    places: list[Any] = vectors.tolist()
    return places


def _figures(seen: Seen, names: tuple[str, ...], lang: str) -> dict[str, str]:
    middle = class_name(names[seen.classes[len(seen.classes) // 2]], lang)
    return {
        "ratio": "–" if math.isnan(seen.path_ratio) else f"{seen.path_ratio:.2f} ×",
        "largest": "–"
        if math.isnan(seen.largest_step)
        else text("value.percent", lang, value=percent(seen.largest_step)),
        "middle": text("between.middle.value", lang, value=percent(seen.middle), cls=middle),
    }


def _eye(data: str, lang: str) -> str:
    classifier = load_classifier(data)
    accuracy, classes = f"{100 * classifier.accuracy:.1f}", len(classifier.class_names)
    return text("between.eye", lang, accuracy=accuracy, n=f"{classifier.n:,}", classes=classes)
