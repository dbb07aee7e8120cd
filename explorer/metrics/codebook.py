"""How healthy a codebook is: which codes are used, and how evenly."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.errors import QuantizerError


@dataclass(frozen=True)
class CodebookHealth:
    """Counts over a whole evaluation split, encoded in eval mode.

    used, dead: codes with at least one hit, with none; `used + dead = K`. Trust `dead` only when `num_vectors >= 10 K`.
    usage: used / K, in [0, 1].
    perplexity: `exp(-sum p log p)` of the hit shares, in [1, K]; K means even use. Biased low when few vectors are
        seen: truly even use of K = 512 shows about 289 at 512 vectors. 0 when there are no vectors.
    num_vectors: how many vectors were counted.
    counts: (K,) int64, hits per code.
    """

    used: int
    dead: int
    usage: float
    perplexity: float
    num_vectors: int
    counts: Tensor


@dataclass(frozen=True)
class LiveGauge:
    """The state of every code while training, from hits in a sliding window. All masks are (K,) bool.

    stale: no hit in the window.
    starved: hit, but with a share `p_k < 0.1 / K`.
    never_hit: no hit since the start or the code's restart.
    """

    stale: Tensor
    starved: Tensor
    never_hit: Tensor


STARVED_SHARE = 0.1  # of the even share 1 / K


def codebook_health(indices: Tensor, num_embeddings: int) -> CodebookHealth:
    """Count the hits of every code in `indices` (any shape, integers in [0, K)).

    Raises:
        QuantizerError: if an index is not an integer in [0, K).
    """
    if num_embeddings < 1:
        raise QuantizerError("codebook_size", num_embeddings=num_embeddings, embedding_dim=1)
    if indices.is_floating_point() or indices.dtype == torch.bool:
        raise QuantizerError("indices_not_integer", dtype=str(indices.dtype))
    flat = indices.reshape(-1).long()
    if len(flat) and (int(flat.min()) < 0 or int(flat.max()) >= num_embeddings):
        bad = int(flat.min()) if int(flat.min()) < 0 else int(flat.max())
        raise QuantizerError("index_out_of_range", num_embeddings=num_embeddings, index=bad)
    counts = torch.bincount(flat, minlength=num_embeddings)
    used = int((counts > 0).sum())
    return CodebookHealth(
        used=used,
        dead=num_embeddings - used,
        usage=used / num_embeddings,
        perplexity=perplexity(counts),
        num_vectors=len(flat),
        counts=counts,
    )


def perplexity(counts: Tensor) -> float:
    """`exp(-sum p log p)` of hits (K,), with `0 log 0 = 0`; 0 when there are no hits."""
    total = counts.sum()
    if not total:
        return 0.0
    p = counts.double() / total
    return float(torch.special.entr(p).sum().exp())


def live_gauge(window_counts: Tensor, total_since_start: Tensor, starved_share: float = STARVED_SHARE) -> LiveGauge:
    """Sort codes into stale, starved and never hit.

    Args:
        window_counts: (K,) hits in a window of at least 100 K vectors and 20 steps.
        total_since_start: (K,) hits since the start, or since the code's last restart.
        starved_share: a hit code is starved below this multiple of the even share 1 / K.
    """
    even = window_counts.sum() / len(window_counts)
    stale = window_counts == 0
    return LiveGauge(
        stale=stale,
        starved=~stale & (window_counts < starved_share * even),
        never_hit=total_since_start == 0,
    )
