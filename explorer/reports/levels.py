"""What a report says of codes in levels: each codebook, whole tuples, and what each level adds to a picture."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from explorer.latent import EncodedSet
from explorer.metrics.levels import LevelHealth, level_health
from explorer.metrics.rate import per_position_nats
from explorer.metrics.reconstruction import mse, psnr
from explorer.models import VQVAE, ComposedQuantizer, ResidualQuantizer
from explorer.models.prior import MOST_TUPLES

BATCH = 500


def apart(model: VQVAE, encoded: EncodedSet) -> Tensor:
    """Indices (N, h, w, L) of a composition's codes."""
    assert isinstance(model.quantizer, ComposedQuantizer)
    assert encoded.indices is not None
    return model.quantizer.apart(encoded.indices)


def levels_report(model: VQVAE, images: Tensor, encoded: EncodedSet) -> dict[str, Any]:
    """`codebook`, of all code vectors together, `levels` one by one, and `tuples`; in the form of JSON.

    A residual level's `psnr_db` is that of the pictures decoded from the levels up to it, pooled over the images and
    clipped, and `adds_db` what it has beyond the level before; a group alone makes no picture.

    Args:
        model: whose quantizer is a composition.
        images: uint8 (N, C, H, W).
        encoded: `encode_images(model, images)`.
    """
    indices = apart(model, encoded)
    health = level_health(indices, model.quantizer.num_embeddings)
    levels: list[dict[str, Any]] = [
        {"used": level.used, "dead": level.dead, "usage": level.usage, "perplexity": level.perplexity}
        for level in health.levels
    ]
    if isinstance(model.quantizer, ResidualQuantizer):
        before = None
        for row, decibel in zip(levels, prefix_psnr(model, images, indices), strict=True):
            row |= {"psnr_db": decibel} | ({} if before is None else {"adds_db": decibel - before})
            before = decibel
    return {"codebook": _together(health, model.quantizer.num_embeddings), "levels": levels, "tuples": _tuples(health)}


def _together(health: LevelHealth, num_embeddings: int) -> dict[str, Any]:
    return {
        "used": health.used,
        "dead": health.dead,
        "usage": health.used / (num_embeddings * len(health.levels)),
        "perplexity": health.perplexity,
        "num_vectors": health.levels[0].num_vectors,
    }


def _tuples(health: LevelHealth) -> dict[str, Any]:
    return {"distinct": health.distinct, "perplexity": health.tuple_perplexity, "alone": health.alone}


@torch.no_grad()
def prefix_psnr(model: VQVAE, images: Tensor, indices: Tensor) -> list[float]:
    """Pooled PSNR in dB of pictures decoded from the first 1, 2, …, L levels of `indices` (N, h, w, L)."""
    found = []
    for prefix in range(1, indices.shape[-1] + 1):
        errors = [
            mse(pixels.float() / 255, model.decode(codes[..., :prefix].to(model.device)).cpu())
            for pixels, codes in zip(images.split(BATCH), indices.split(BATCH), strict=True)
        ]
        found.append(float(psnr(torch.cat(errors).double().mean())))
    return found


def simple_nats(model: VQVAE, train: Tensor, test: Tensor) -> Tensor:
    """Nats of each image, (N,), under frequencies by position; of more than 4,096 tuples by position and level.

    Levels then count as if they were independent.

    Args:
        model: whose codes they are.
        train, test: (N, h, w), one number for all levels.
    """
    quantizer = model.quantizer
    if not isinstance(quantizer, ComposedQuantizer) or quantizer.num_codes <= MOST_TUPLES:
        return per_position_nats(train, test, quantizer.num_codes)
    return per_position_nats(
        quantizer.apart(train).flatten(1), quantizer.apart(test).flatten(1), quantizer.num_embeddings
    )
