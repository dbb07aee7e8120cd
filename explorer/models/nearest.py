"""The nearest code vector: exact, and without ever holding the whole N x K matrix of distances.

`argmin_k ||z - e_k||^2` is `argmax_k s_k` with the score `s_k = z . e_k - ||e_k||^2 / 2`: one matrix product per block
of vectors, small enough to stay in the cache. An argmax over the block would cost as much as the product itself. A
maximum, a comparison with it and a product with the codes' numbers cost a tenth of that, and they also tell whether
other codes are close to the best. Threads share the blocks, or each of their operations, whichever is quicker on the
machine as it is (`explorer.models.threads`).

Rounding. A float32 score is wrong by at most about `D u |z| (|z| + d)`, with u = 2^-24 and d the distance found. A
vector with two codes closer together than that is searched again in float64. What is left undecided is a difference
between two squared distances of some 1e-15 of ||z||^2.

Ties. Of equal codes only the first can be chosen, and of codes at the same distance the lowest index is.

A vector that is not finite has no best score, so that it lands among the few that are searched again: only those have
to be looked at.

In an exported program (`torch.export`) there is one matrix product and no second search: nothing there may depend on
what the numbers turn out to be. Codes whose distances differ by less than rounding may be taken for each other.
"""

from __future__ import annotations

import threading

import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.threads import in_blocks, in_turn

BLOCK_SCORES = 1 << 20  # scores held at a time: 4 MB in float32
MOST_ROWS = 512  # vectors in a block even if K is small: what three passes look at stays near the core
ACCELERATOR_SCORES = 1 << 27  # there few large blocks, 512 MB each: what costs is the start of each one's kernels
LEAST_ROWS = 32  # vectors in a block even if K is huge: a product of fewer rows is slow
PASSES = 16  # what looking at a score costs, in multiplications of the product
WORTH_SHARING = 1 << 26  # multiplications from which threads help each other: some 2 ms of one
MOST_CODES = 1 << 22  # up to here float32 holds 2 K exactly
#: Scores of threads that share a search: what is fetched from the system anew at each step, all of them wait for.
_KEPT = threading.local()


@torch.no_grad()
def nearest(vectors: Tensor, codebook: Tensor) -> Tensor:
    """The index of the nearest code for every vector; of several nearest the lowest.

    Args:
        vectors: (N, D) floating point.
        codebook: (K, D), same dtype and device.

    Returns:
        (N,) int64.

    Raises:
        QuantizerError: if a vector or a code holds NaN or infinity.
    """
    if codebook.dtype in (torch.float16, torch.bfloat16):
        vectors, codebook = vectors.float(), codebook.float()
    bias = codebook.square().sum(1).mul_(-0.5)
    if torch.compiler.is_exporting():
        return torch.addmm(bias, vectors, codebook.t()).argmax(1)
    banned = repeats(codebook, bias)
    if codebook.dtype == torch.float64 or len(codebook) > MOST_CODES or not bool(bias.sum().isfinite()):
        check_finite(vectors, vectors)
        return _search_again(vectors, codebook, banned)
    bias[banned] = -torch.inf
    chosen, doubtful = _search(vectors, codebook, bias)
    if len(doubtful):
        again = vectors[doubtful]
        check_finite(again, vectors)
        chosen[doubtful] = _search_again(again, codebook, banned)
    return chosen


def repeats(codebook: Tensor, bias: Tensor) -> Tensor:
    """The rows (R,) of `codebook` (K, D) that equal a row above them, in ascending order.

    `bias` (K,) is any number per row that equal rows share; few other rows should.
    """
    ordered = bias.sort()
    alike = ordered.values[1:] == ordered.values[:-1]
    if not bool(alike.any()):
        return ordered.indices[:0]
    none = alike.new_zeros(1)
    suspects = ordered.indices[torch.cat([alike, none]) | torch.cat([none, alike])].sort().values
    distinct, group = torch.unique(codebook[suspects], dim=0, return_inverse=True)
    first = torch.full((len(distinct),), len(codebook), device=bias.device).scatter_reduce_(0, group, suspects, "amin")
    return suspects[first[group] != suspects]


def _search(vectors: Tensor, codebook: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """In float32: the best code of every vector, and the vectors for which rounding may hide a better one.

    Rounding shifts a score by at most `(D + 2) u (|z| |e| + |e|^2 / 2)`. A code that is nearer than the one found, at
    distance d, is no longer than |z| + d, so that both scores are right to within `(D + 2) u 3 (|z|^2 + d^2) / 2`, and
    `d^2 = |z|^2 - 2 best`. Codes further out do not matter, however long they are.
    """
    k, d = codebook.shape
    slack = (d + 6) * torch.finfo(vectors.dtype).eps / 2 * 6  # D + 6: the threshold is rounded too
    margins = torch.linalg.vector_norm(vectors, dim=1).square_().mul_(slack)
    codes = codebook.t()  # (D, K)
    numbers = torch.arange(k, 2 * k, dtype=vectors.dtype, device=vectors.device)
    rows = rows_in_a_block(k, vectors.device)
    blocks = list(zip(vectors.split(rows), margins.split(rows), strict=True))
    shared = vectors.device.type == "cpu" and len(vectors) * k * (d + PASSES) >= WORTH_SHARING
    own = _KEPT if shared else threading.local()

    def total(number: int) -> Tensor:
        block, margin = blocks[number]
        if not hasattr(own, "scores") or own.scores.numel() < len(block) * k:
            with torch.inference_mode(False):  # it may be written to in any mode later
                own.scores = torch.empty(len(block) * k, device=vectors.device)
        score = torch.addmm(bias, block, codes, out=own.scores[: len(block) * k].view(-1, k))
        threshold = score.amax(1).mul_(1 + slack).sub_(margin)
        return torch.mv(score.ge_(threshold[:, None]), numbers)

    sums = torch.cat(in_blocks(total, len(blocks), (len(vectors), k, d)) if shared else in_turn(total, len(blocks)))
    # One code above the threshold gives K + its index; several give at least 2 K; NaN and overflow may give none.
    doubtful = ((sums < k) | (sums >= 2 * k)).nonzero()[:, 0]
    return sums.long().sub_(k), doubtful


def rows_in_a_block(num_embeddings: int, device: torch.device) -> int:
    """How many vectors are searched at a time, with K codes each."""
    if device.type == "cpu":
        return max(LEAST_ROWS, min(MOST_ROWS, BLOCK_SCORES // num_embeddings))
    return max(LEAST_ROWS, ACCELERATOR_SCORES // num_embeddings)


def _search_again(vectors: Tensor, codebook: Tensor, banned: Tensor) -> Tensor:
    """The same in float64, where rounding hides nothing: for a few vectors it costs little."""
    codes = codebook.double().t()
    bias = codes.square().sum(0).mul_(-0.5)
    if not bool(bias.sum().isfinite()):
        check_finite(codebook, codebook)
    bias[banned] = -torch.inf
    rows = max(1, BLOCK_SCORES // len(codebook))
    return torch.cat([torch.addmm(bias, block.double(), codes).max(1).indices for block in vectors.split(rows)])


def hits_of(chosen: Tensor, num_embeddings: int) -> Tensor:
    """How often each of K codes is among `chosen` (N,): (K,) int64."""
    if torch.compiler.is_exporting():  # what `bincount` gives has a size that depends on the numbers
        return chosen.new_zeros(num_embeddings).scatter_add(0, chosen, torch.ones_like(chosen))
    return torch.bincount(chosen, minlength=num_embeddings)


def check_finite(suspects: Tensor, everything: Tensor) -> None:
    """Raise if a value of `suspects` is not finite, and say how many of `everything` are not.

    Usually one sum decides; large values may spoil it too. An exported program does not look.
    """
    if torch.compiler.is_exporting():
        return
    if not bool(suspects.sum().isfinite()) and not bool(suspects.isfinite().all()):
        bad = int((~everything.isfinite()).sum())
        raise QuantizerError("not_finite", bad=bad, total=everything.numel())
