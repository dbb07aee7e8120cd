"""One image through both runs, large: a test image, or one that the reader brings."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from explorer.errors import ViewError
from explorer.latent import encode_images
from explorer.metrics.blur import blurred, equivalent_blur
from explorer.metrics.reconstruction import mse, psnr
from explorer.metrics.spectrum import luminance
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.measured import measured
from explorer.ui.questions.params import Params
from explorer.ui.scene.panel import picture_of
from explorer.ui.text import text

SIDES = ("left", "right")


@torch.no_grad()
def answer(params: Params) -> dict[str, Any]:
    """Asked for with `left`, `right` and `image`, a test image's id, or `pixels`, uint8 (H, W, C) in base64.

    Answers with `pictures` by name: `original`, `left`, `right`, `between` (|left - right|), `blur_left` and
    `blur_right` (the original under each model's equivalent blur), and with `notes`, a line for each side.
    """
    pair = params.run("left"), params.run("right")
    if pair[0].config.data != pair[1].config.data:
        raise ViewError("ask_parameter", name="right", expected=f"a run of {pair[0].config.data}", got=pair[1].id)
    pixels, own = _pixels(params, pair[0])
    x, lang = pixels.float() / 255, params.lang
    rebuilt = [_through(run, pixels) for run in pair]
    sigmas = [_sigma(run, x, y, None if own else _image(params, run)) for run, y in zip(pair, rebuilt, strict=True)]
    pictures = {"original": (text("reconstruct.original", lang), x[0])}
    for side, run, y in zip(SIDES, pair, rebuilt, strict=True):
        pictures[side] = (f"{text(f'kind.{run.config.model}', lang)} {catalog.label_of(run.info, lang)}", y[0])
    pictures["between"] = (text("sharpness.between", lang), (rebuilt[0] - rebuilt[1]).abs()[0])
    for side, sigma in zip(SIDES, sigmas, strict=True):
        label = text("sharpness.blurred", lang, sigma="–" if math.isnan(sigma) else f"{sigma:.2f}")
        pictures[f"blur_{side}"] = (label, blurred(x, 0.0 if math.isnan(sigma) else sigma)[0])
    return {
        "pictures": {name: asdict(picture_of(label, image)) for name, (label, image) in pictures.items()},
        "notes": [
            text("sharpness.note", lang, psnr=_decibel(x, y), sigma="–" if math.isnan(s) else f"{s:.2f}")
            for y, s in zip(rebuilt, sigmas, strict=True)
        ],
        "own": own,
    }


def _pixels(params: Params, run: Run) -> tuple[Tensor, bool]:
    """(1, C, H, W) uint8, and whether the reader brought it."""
    if not params.has("pixels"):
        return encoded.test_images(run.config.data)[_image(params, run)][None], False
    shape = run.model.shape
    try:
        content = base64.b64decode(params.word("pixels", 4 * shape.values), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != shape.values:
        raise ViewError("ask_pixels", height=shape.height, width=shape.width, channels=shape.channels)
    flat = torch.frombuffer(bytearray(content), dtype=torch.uint8)
    return flat.view(1, shape.height, shape.width, shape.channels).permute(0, 3, 1, 2).contiguous(), True


def _image(params: Params, run: Run) -> int:
    return params.integer("image", len(encoded.test_images(run.config.data)))


def _through(run: Run, pixels: Tensor) -> Tensor:
    latent = encode_images(run.model, pixels)
    codes = latent.indices if latent.indices is not None else latent.mean
    assert codes is not None
    return run.model.decode(codes).clamp(0, 1)


def _sigma(run: Run, x: Tensor, y: Tensor, image: int | None) -> float:
    """Of a test image what its measures say (z ~ q, as everywhere); of another, of what is shown."""
    if image is not None:
        return float(measured(run)["sigma_eq_px"][image])
    return float(equivalent_blur(luminance(x), luminance(y))[0])


def _decibel(x: Tensor, y: Tensor) -> str:
    value = float(psnr(mse(x, y))[0])
    return f"{value:.1f}" if math.isfinite(value) else "∞"
