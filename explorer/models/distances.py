"""By which distance a code is the nearest. One frozen class and one registry line each.

Both are the Euclidean distance; what differs is where vectors and codes are put before it is taken. So the search, the
losses, Voronoi cells and the page know one distance only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch.nn.functional as F
from torch import Tensor, nn


class Distance(Protocol):
    """What a distance offers."""

    def project(self, z_e: Tensor) -> Tensor:
        """Encoder outputs (B, D, *spatial) as they are compared with the codes."""

    def codes(self) -> nn.Module | None:
        """What makes the codebook (K, D) from the vectors that are stored; None leaves them as they are."""


@dataclass(frozen=True)
class Euclidean:
    """`||z_e - e_k||`, as in the VQ-VAE paper."""

    def project(self, z_e: Tensor) -> Tensor:
        return z_e

    def codes(self) -> nn.Module | None:
        return None


@dataclass(frozen=True)
class Cosine:
    """Vectors and codes on the unit sphere, where the nearest is the one at the smallest angle (ViT-VQGAN; Yu 2021).

    `||ẑ - ê||² = 2 - 2 cos(z, e)`: the length of either does not count, and no code can be out of reach for being long.
    """

    def project(self, z_e: Tensor) -> Tensor:
        return F.normalize(z_e, dim=1)

    def codes(self) -> nn.Module | None:
        return UnitLength()


class UnitLength(nn.Module):
    """Rows (K, D) divided by their length; a row of zeros stays."""

    def forward(self, stored: Tensor) -> Tensor:
        return F.normalize(stored.clone(), dim=1)  # the graph's own: a restart moves codes before the backward pass


DISTANCES: dict[str, Distance] = {
    "euclidean": Euclidean(),
    "cosine": Cosine(),
}
