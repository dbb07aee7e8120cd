"""Binary spherical quantization: the corners of a cube on the unit sphere, read off signs (Zhao et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models.gradient_estimators import PassThrough
from explorer.models.nearest import check_finite, hits_of
from explorer.models.quantizer_base import Quantizer, QuantizerOutput, choose, rows_of
from explorer.models.ranks import mean_over_ranks
from explorer.models.regularizers import REGULARIZERS, SMALLEST_SHARE, EntropyRegularizer, Regularizer


class BSQ(Quantizer):
    """Puts vectors on the unit sphere and keeps their signs: the codes are the K = 2^D corners `(±1, …, ±1) / √D`.

    No code is learned and none is searched for. The gradient passes straight through the sign and keeps the factor
    1/√D of the code; there is neither a codebook nor a commitment loss (their configs: `beta: 0.`). Entropy terms are
    theirs where D <= 9, one group of bits: `E[H(q)] - H(E[q])` with q the softmax of `2 u·e`, which is `soft-entropy`.

    Their code: zhaoyue-zephyrus/bsq-vit at ee3982a, transcoder/models/quantizer/bsq.py, lines 75-81 (sign), 106 (scale)
    and 121-145 (entropy), with configs/tokenizer/imagenet_128x128_bsqvit_stylegan_f8_fp16.yaml (group 9, weight 0.1).

    Args:
        num_embeddings: K = 2^D.
        embedding_dim: D.
        regularizer: a name of `REGULARIZERS` or an instance.

    Attributes:
        codebook: (K, D), a buffer that is no part of the saved state.
    """

    parts: ClassVar[tuple[str, ...]] = ("regularizer",)

    @classmethod
    def check_sizes(cls, num_embeddings: int, embedding_dim: int) -> None:
        if num_embeddings != 2**embedding_dim:
            raise ConfigError("config_bsq_sizes", num_embeddings=num_embeddings, embedding_dim=embedding_dim)

    def __init__(self, num_embeddings: int, embedding_dim: int, *, regularizer: str | Regularizer = "none") -> None:
        super().__init__(num_embeddings, embedding_dim, commitment_cost=0.0)
        self.check_sizes(num_embeddings, embedding_dim)
        self.regularizer: Regularizer = choose(REGULARIZERS, regularizer, "regularizer")
        self.regularization_weight = self.regularizer.weight
        basis = 2 ** torch.arange(embedding_dim)
        signs = (torch.arange(num_embeddings)[:, None] // basis % 2) * 2 - 1  # (K, D)
        self.register_buffer("basis", basis, persistent=False)
        self.register_buffer("codebook", signs * embedding_dim**-0.5, persistent=False)

    def _quantize(self, z_e: Tensor) -> QuantizerOutput:
        """The same in training and evaluation."""
        with torch.autocast(z_e.device.type, enabled=False):
            projected = self.project(z_e.to(self.codebook.dtype))
            indices = self.nearest(projected)
            codes = torch.empty_like(projected).copy_(self.lookup(indices))
            scaled = projected * self.embedding_dim**-0.5  # as the sign of the paper is
            quantized: Tensor = codes if torch.compiler.is_exporting() else PassThrough.apply(scaled, codes)
            regularization = self._term(projected)
        distortion = (projected - codes).detach().square().mean()
        loss = self.weigh(distortion.new_zeros(()), regularization)
        counts = hits_of(indices.flatten(), self.num_embeddings)
        return QuantizerOutput(
            quantized, indices, distortion, distortion, regularization, loss, counts, counts.new_empty(0)
        )

    def project(self, z_e: Tensor) -> Tensor:
        """`z_e` on the unit sphere."""
        return F.normalize(z_e, dim=1)

    @torch.no_grad()
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial) of projected `vectors` (B, D, *spatial): a bit for each number above 0."""
        self._check_shape(vectors)
        check_finite(vectors, vectors)
        bits = rows_of(vectors) > 0
        return (bits * self.get_buffer("basis")).sum(1).view(vectors.shape[0], *vectors.shape[2:])

    def _term(self, projected: Tensor) -> Tensor | None:
        if isinstance(self.regularizer, EntropyRegularizer):
            rows = rows_of(projected)
            return entropy_by_bits(rows, self.regularizer.temperature, over_ranks=self.training)
        return self.regularizer.term(projected, self.codebook, over_ranks=self.training)


def entropy_by_bits(rows: Tensor, temperature: float, *, over_ranks: bool = False) -> Tensor:
    """`EntropyRegularizer.term` of rows (N, D) and all corners, without a probability for each of 2^D codes and row.

    Given a vector the bits are independent, bit d set with probability `σ(4 z_d / (√D temperature))`: a row's entropy
    is the sum of its bits', and the mean of q over rows is a product of two matrices, one for each half of the bits.
    """
    logits = rows * (4 / (rows.shape[1] ** 0.5 * temperature))
    log_q = torch.stack([F.logsigmoid(-logits), F.logsigmoid(logits)])  # (2, N, D)
    entropy = -(log_q.exp() * log_q).sum((0, 2)).mean()
    half = rows.shape[1] // 2
    low, high = (_joint(part) for part in (log_q[..., :half], log_q[..., half:]))
    mean = low.t() @ high / len(rows)
    mean = mean_over_ranks(mean) if over_ranks else mean
    return (mean * mean.clamp_min(SMALLEST_SHARE).log()).sum() + entropy


def _joint(log_q: Tensor) -> Tensor:
    """(N, 2^d): the probability of each pattern of d bits, from (2, N, d)."""
    found = log_q.new_zeros(log_q.shape[1], 1)
    for bit in range(log_q.shape[2]):
        found = torch.cat([found + log_q[0, :, bit, None], found + log_q[1, :, bit, None]], dim=1)
    return found.exp()
