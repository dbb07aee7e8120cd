"""The table of code embeddings, read on the way in and on the way out."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

#: Random features see distances of about this many median nearest-neighbour spacings of the codebook.
REACH = 6.0


class CodeEmbedding(nn.Module):
    """K vectors that stand for codes in the input, and score them in the output (Press & Wolf 2017), plus a bias.

    Args:
        num_embeddings: K.
        width: numbers for each code.
        codebook: (K, D); the table then starts as random Fourier features of it (Rahimi & Recht 2007), so that what is
            learnt of a code holds at first for its neighbours too. None starts from noise.
        generator: of the first weights.
    """

    def __init__(
        self, num_embeddings: int, width: int, codebook: Tensor | None = None, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        self.table = nn.Embedding(num_embeddings, width)
        self.bias = nn.Parameter(torch.zeros(num_embeddings))
        self.scale = width**-0.5
        nn.init.normal_(self.table.weight, generator=generator)
        if codebook is not None:
            with torch.no_grad():
                self.table.weight.copy_(fourier_features(codebook, width, generator))

    def forward(self, indices: Tensor) -> Tensor:
        """Codes (...) to vectors (..., width)."""
        return self.table(indices)

    def scores(self, x: Tensor) -> Tensor:
        """Vectors (..., width) to logits (..., K)."""
        return nn.functional.linear(x, self.scale * self.table.weight, self.bias)


def fourier_features(vectors: Tensor, width: int, generator: torch.Generator | None = None) -> Tensor:
    """(K, width) of mean square 1, whose products fall with distance as a Gaussian kernel's do."""
    z = vectors.detach().float()
    distances = torch.cdist(z, z).fill_diagonal_(math.inf)
    nearest = distances.min(1).values
    reach = REACH * float(nearest[nearest > 0].median()) if bool((nearest > 0).any()) else 1.0
    directions = torch.empty(z.shape[1], width).normal_(generator=generator) / reach
    phases = torch.empty(width).uniform_(0, 2 * math.pi, generator=generator)
    return math.sqrt(2) * torch.cos(z @ directions + phases)
