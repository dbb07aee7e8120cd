"""The quantizer as a layer: shapes, straight-through, losses, modes, errors."""

from __future__ import annotations

import pytest
import torch

from explorer.models.codebook_updates import CODEBOOK_UPDATES
from explorer.models.quantizer import VectorQuantizer


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
@pytest.mark.parametrize("spatial", [(), (5,), (3, 4), (2, 3, 2)])
def test_shapes_and_dtypes(update: str, spatial: tuple[int, ...]) -> None:
    quantizer = VectorQuantizer(7, 3, update=update)
    z_e = torch.randn(6, 3, *spatial)
    out = quantizer(z_e)
    assert out.quantized.shape == z_e.shape
    assert out.indices.shape == (6, *spatial)
    assert out.indices.dtype == torch.int64
    assert out.counts.sum() == out.indices.numel()
    assert out.codebook_loss.shape == out.commitment_loss.shape == out.loss.shape == ()
