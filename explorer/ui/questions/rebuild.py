"""One image through one run and back: both pictures, what was lost, and what it cost."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import torch

from explorer.latent import encode_images
from explorer.metrics.reconstruction import mse, psnr, ssim
from explorer.ui.questions.own import image_of
from explorer.ui.questions.params import Params
from explorer.ui.scene.panel import picture_of
from explorer.ui.scene.reconstruct import bits_of
from explorer.ui.text import text


@torch.no_grad()
def answer(params: Params) -> dict[str, Any]:
    """`original` and `reconstruction`, `psnr_db` and `ssim` (values clipped to [0, 1]), and `bits`.

    `bits` are the KL to the prior over ln 2, or P·log2 K; None for an AE. `psnr_db` is None where nothing is lost. A
    VAE decodes its posterior mean. Asked for with `run` and `image` or `picture`, as `encode` is.
    """
    run = params.run()
    pixels = image_of(params, run)
    latent = encode_images(run.model, pixels)
    codes = latent.indices if latent.indices is not None else latent.mean
    assert codes is not None
    x, y = pixels.float() / 255, run.model.decode(codes)
    decibel, similar = float(psnr(mse(x, y))[0]), float(ssim(x, y)[0])
    bits = bits_of(run, latent.mean, latent.logvar, 1)
    kind = text(f"kind.{run.config.model}", params.lang)
    return {
        "original": asdict(picture_of(text("reconstruct.original", params.lang), x[0])),
        "reconstruction": asdict(picture_of(kind, y[0])),
        "psnr_db": round(decibel, 3) if math.isfinite(decibel) else None,
        "ssim": round(similar, 4),
        "bits": round(bits[0], 2) if bits else None,
    }
