"""The units of a latent: its numbers, or the cells of its grid, as symbols to count and as numbers to grow trees on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.latent import EncodedSet
from explorer.metrics.disentanglement import BINS, equal_mass_bins
from explorer.models import VQVAE, Autoencoder

#: Symbols of a cell of numbers, together: as many as the codebook has that is shown beside it.
SYMBOLS = 256
#: Of more codes than this, as codes in levels have, too few vectors are left for each.
MOST_CODES = 4096
#: Numbers of a cell that trees are grown on; of longer vectors their first principal components.
MOST_NUMBERS = 4


@dataclass(frozen=True)
class Units:
    """U units of N pictures.

    Attributes:
        symbols: int64 (N, U) from 0: bins of numbers, or codes.
        numbers: float32 (N, U, D).
        grid: (rows, columns) of cells; None for a vector, whose units are its numbers.
        components: whether `numbers` are principal components of longer vectors.
    """

    symbols: Tensor
    numbers: Tensor
    grid: tuple[int, int] | None
    components: bool


def units_of(model: Autoencoder, encoded: EncodedSet) -> Units | None:
    """The units of a model's latents; None where its codes are too many to be counted."""
    if isinstance(model, VQVAE):
        assert encoded.indices is not None
        if model.quantizer.num_codes > MOST_CODES:
            return None
        indices = encoded.indices
        vectors = model.quantizer.points().detach()
        short = _shortened(vectors)
        return Units(indices.flatten(1), short[indices.flatten(1)], (indices.shape[1], indices.shape[2]),
                     vectors.shape[1] > MOST_NUMBERS)  # fmt: skip
    assert encoded.mean is not None
    if encoded.mean.ndim == 2:
        return Units(equal_mass_bins(encoded.mean, BINS), encoded.mean[..., None], None, components=False)
    return _cells(encoded.mean)


def _cells(mean: Tensor) -> Units:
    """Of a grid (N, D, h, w): each cell's numbers cut into bins, and the bins together one symbol."""
    vectors = mean.flatten(2).transpose(1, 2)  # (N, P, D)
    long = vectors.shape[2] > MOST_NUMBERS
    short = _shortened(vectors.flatten(0, 1)).view(*vectors.shape[:2], -1) if long else vectors
    bins = int(SYMBOLS ** (1 / short.shape[2]) + 1e-9)
    symbols = torch.zeros(short.shape[:2], dtype=torch.int64)
    for number in range(short.shape[2]):
        symbols = symbols * bins + equal_mass_bins(short[:, :, number], bins)
    return Units(symbols, short, (mean.shape[2], mean.shape[3]), long)


def _shortened(vectors: Tensor) -> Tensor:
    """(K, D) in at most `MOST_NUMBERS` principal components; as they are where they are no longer."""
    if vectors.shape[1] <= MOST_NUMBERS:
        return vectors
    centred = vectors - vectors.mean(0)
    _, directions = torch.linalg.eigh((centred.T @ centred).double())
    return centred @ directions.flip(1)[:, :MOST_NUMBERS].float()
