"""What of a run is put on a map: a sample of the test split's latents, and its codebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from explorer.latent.encode import EncodedSet
from explorer.latent.projection import MOST_POINTS, LatentMap, umap_map
from explorer.latent.sample import drawn_rows
from explorer.models import VQVAE, Autoencoder

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Mappable:
    """Vectors that share a map.

    Attributes:
        rows: (n,) which of all latents these are; of a grid of codes, counted image by image, row by row.
        vectors: (n, D), posterior means or encoder outputs.
        codebook: (K, D), of several levels every point that they name; or none.
    """

    rows: Tensor
    vectors: Floats
    codebook: Floats | None


def mappable(model: Autoencoder, latents: EncodedSet, most: int = MOST_POINTS) -> Mappable:
    """At most `most` of a split's latents, one for each image or one for each code position."""
    if isinstance(model, VQVAE):
        every, codebook = cast(Tensor, latents.z_e).flatten(0, 2), model.quantizer.points().detach().numpy()
    else:
        every, codebook = cast(Tensor, latents.mean), None
    rows = drawn_rows(len(every), most)
    return Mappable(rows, every[rows].numpy(), codebook)


def umap_of(shown: Mappable, seed: int = 0, on_epoch: Callable[[int, int], None] | None = None) -> LatentMap:
    """The UMAP of a run: minutes at most."""
    return umap_map(shown.vectors, shown.codebook, seed, on_epoch)
