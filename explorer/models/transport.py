"""Codes given out by optimal transport: in training every code gets an even share (OptVQ; Zhang et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from explorer.models.nearest import check_finite
from explorer.models.ranks import join_over_ranks, rows_over_ranks, this_rank
from explorer.models.vector_quantizer import VectorQuantizer

#: As in their configs: the inverse of the regularization, of costs that have been scaled, and rounds of Sinkhorn.
SHARPNESS, ROUNDS = 10.0, 5
LEAST_SPREAD = 1e-6


class TransportVQ(VectorQuantizer):
    """A vector quantizer that in training gives each vector the code that Sinkhorn's plan gives most of it to.

    The plan moves the batch to the codes at the least cost, with an even share for each code: one that is nearest to
    nothing gets vectors all the same, and its codebook loss pulls it among them. In evaluation each vector takes its
    nearest code, since a code must not depend on the rest of a batch; the authors' code runs Sinkhorn there too. Their
    learned projection of the codebook and their heads are not here.

    The authors' code: src/optvq/models/quantizer.py (zbr17/OptVQ), lines 194-226 (`sinkhorn`) and 228-264 (costs scaled
    over the whole matrix, the plan's argmax), with epsilon 10, 5 rounds, `use_prob: false` and the k-means start of
    configs/mnsit/optvq.yaml. Over ranks the plan is that of the joined batch.
    """

    takes_nearest: ClassVar[bool] = False

    def _choose(self, rows: Tensor, codebook: Tensor) -> Tensor:
        if not self.training:
            return super()._choose(rows, codebook)
        check_finite(rows, rows)
        check_finite(codebook, codebook)
        before = int(rows_over_ranks(rows)[: this_rank()].sum())
        return transported(join_over_ranks(rows), codebook)[before : before + len(rows)]


@torch.no_grad()
def transported(vectors: Tensor, codebook: Tensor, sharpness: float = SHARPNESS, rounds: int = ROUNDS) -> Tensor:
    """The code (N,) of each of `vectors` (N, D): where the plan of entropic optimal transport puts most of it.

    Costs are Euclidean distances divided by their standard deviation; the plan `P = diag(t) exp(-sharpness cost)
    diag(s)` has sums 1/N over each vector and, up to what `rounds` leave, 1/K over each code. Each vector's t is its
    own constant, so that only the codes' prices decide: `argmin_k sharpness cost_k - log s_k`. Without rounds that is
    the nearest code. Holds N x K numbers three times over.

    Args:
        vectors: (N, D).
        codebook: (K, D).
        sharpness: the inverse of the regularization: the larger, the nearer to one code for each vector.
        rounds: of Sinkhorn; each evens out the codes and then the vectors.
    """
    cost = torch.cdist(vectors, codebook)
    cost = cost * (sharpness / (cost.std(correction=0) + LEAST_SPREAD))
    own = cost.amin(1)  # taken out of each row, and `lowest` of each column: none of them underflows
    cost = cost - own[:, None]
    lowest = cost.amin(0)
    kernel = (lowest - cost).exp()  # (N, K)
    price = -lowest  # log s, and t, as the whole matrix begins
    share = (own.min() - own).exp()
    for _ in range(rounds):
        codes = 1 / (kernel.t() @ share) / len(codebook)
        share = 1 / (kernel @ codes) / len(vectors)
        price = codes.log()
    return (price + lowest - cost).argmax(1)
