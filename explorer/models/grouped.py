"""Product quantization: the vector is cut into groups of numbers, and each group has a codebook of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.composed import ComposedOutput, ComposedQuantizer, joined_terms, learns_by_loss
from explorer.models.quantizer_base import Quantizer, QuantizerOutput


class GroupedQuantizer(ComposedQuantizer):
    """Each of G groups of D / G neighbouring channels is quantized by itself (Jégou, Douze & Schmid 2011).

    G codebooks of K codes name K^G points for G log2 K bits; unlike residual levels the groups do not see each other,
    so that the nearest of all K^G is found. Every term is the mean over groups, which is the mean over all elements.
    Of `indices[..., :g]` the channels of the other groups decode as 0.

    Args:
        num_embeddings: K, codes of each group.
        embedding_dim: D, a multiple of G.
        groups: G >= 1.
        quantizer: of each group, a name of `QUANTIZERS` or a class.
        shared_codebook: one codebook for all groups.
        parts: other keyword arguments of each group's quantizer, the gradient estimator among them.

    Raises:
        QuantizerError: for sizes, names, inputs or indices that cannot work.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        groups: int = 2,
        quantizer: str | type[Quantizer] = "vq",
        *,
        shared_codebook: bool = False,
        **parts: Any,
    ) -> None:
        if groups < 1 or embedding_dim % groups:
            raise QuantizerError("groups_uneven", groups=groups, embedding_dim=embedding_dim)
        super().__init__(
            num_embeddings, embedding_dim, groups, embedding_dim // groups, quantizer, shared_codebook, parts
        )

    def _join(self, vectors: Sequence[Tensor]) -> Tensor:
        missing = self.embedding_dim - sum(part.shape[1] for part in vectors)
        first = vectors[0]
        rest = [first.new_zeros(first.shape[0], missing, *first.shape[2:])] if missing else []
        return torch.cat([*vectors, *rest], dim=1)

    def _quantize(self, z_e: Tensor) -> QuantizerOutput:
        with torch.autocast(z_e.device.type, enabled=False):
            given = self._cut(z_e.to(self._dtype()))
            outputs = [self._run(group, vectors) for group, vectors in enumerate(given)]
            codebook = joined_terms([out.codebook_loss for out in outputs], mean=True)
            commitment = joined_terms([out.commitment_loss for out in outputs], mean=True)
            regularization = joined_terms([out.regularization for out in outputs], mean=True)
            assert codebook is not None and commitment is not None  # noqa: PT018
            loss = self.weigh(commitment, regularization, codebook if learns_by_loss(self.part(0)) else None)
            quantized = self._join([out.quantized for out in outputs])
        return ComposedOutput(
            quantized.contiguous(memory_format=_layout(z_e)),
            torch.stack([out.indices for out in outputs], dim=-1),
            codebook,
            commitment,
            regularization,
            loss,
            self._all_counts(outputs),
            self._moved(outputs, given),
            tuple(outputs),
        )

    def project(self, z_e: Tensor) -> Tensor:
        """Each group as its quantizer compares it with its codes."""
        return self._join([part.project(vectors) for part, vectors in zip(self.each(), self._cut(z_e), strict=True)])

    @torch.no_grad()
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial, G) of projected `vectors` (B, D, *spatial)."""
        self._check_shape(vectors)
        found = [part.nearest(own) for part, own in zip(self.each(), self._cut(vectors), strict=True)]
        return torch.stack(found, dim=-1)

    @torch.no_grad()
    def initialize(self, vectors: Tensor, generator: torch.Generator | None = None) -> None:
        """Begin each group from its channels of `vectors` (N, D); a shared codebook from all of them."""
        cut = self._cut(vectors)
        if self.shared_codebook:
            self.part(0).initialize(torch.cat(cut), generator)
            return
        for part, own in zip(self.distinct(), cut, strict=True):
            part.initialize(own, generator)

    def _cut(self, z_e: Tensor) -> list[Tensor]:
        return list(z_e.chunk(self.num_levels or 1, dim=1))


def _layout(z_e: Tensor) -> torch.memory_format:
    last = z_e.ndim == 4 and z_e.is_contiguous(memory_format=torch.channels_last) and not z_e.is_contiguous()
    return torch.channels_last if last else torch.contiguous_format
