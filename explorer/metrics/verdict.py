"""The verdict on a codebook: collapse, warning, healthy, or unknown where what was counted cannot tell."""

from __future__ import annotations

from collections.abc import Iterable

#: Fewer vectors for each code, and one without a hit may just not have had its turn.
VECTORS_PER_CODE = 10
#: From the best to the worst; of several codebooks the worst is the verdict on the whole.
VERDICTS = ("healthy", "unknown", "warning", "collapse")
#: Shares of K: dead codes above which it is a collapse, and a warning; perplexity below which it is a collapse.
MOST_DEAD, MANY_DEAD, LEAST_PERPLEXITY = 0.5, 0.1, 0.05


def verdict(
    num_embeddings: int,
    *,
    dead: int | None = None,
    perplexity: float | None = None,
    num_vectors: float = 0,
    distinct: int | None = None,
    all_known: bool = True,
) -> str:
    """One of `VERDICTS`.

    *collapse*: one distinct code; or, with `num_vectors >= 10 K`, more than half of K dead or a perplexity below 5 % of
    K. *warning*: with as many vectors, more than a tenth dead. *healthy*: not so, or every code was hit. *unknown*: no
    count, or too few vectors to call a code without a hit dead.

    Args:
        num_embeddings: K, or the least that it can be.
        dead, perplexity: as in `explorer.metrics.codebook`; None without hits.
        num_vectors: that were counted.
        distinct: codes that are not the same point as another; None without vectors.
        all_known: whether K is known; of a K that may be larger only the worst can be said.
    """
    if distinct == 1 and num_embeddings > 1:
        return "collapse"
    if dead is None or perplexity is None:
        return "unknown"
    enough = num_vectors >= VECTORS_PER_CODE * num_embeddings
    if enough and (dead > MOST_DEAD * num_embeddings or perplexity < LEAST_PERPLEXITY * num_embeddings):
        return "collapse"
    if enough and dead > MANY_DEAD * num_embeddings:
        return "warning"
    return "healthy" if all_known and (enough or not dead) else "unknown"


def worst(verdicts: Iterable[str]) -> str:
    """The verdict on several codebooks together."""
    return max(verdicts, key=VERDICTS.index, default="unknown")
