"""How much of the encoder's gradient is the commitment term's, seen while the backward pass goes through.

Under the straight-through estimator what arrives at the quantized vectors goes on to z_e as it is; whatever else
arrives there pulls each vector toward its code, `2 β s / (N D) (z_e - e)` with s = 1 for a mean over all N · D numbers.
So the commitment's gradient is the difference of the two, and its weight the coefficient of `z_e - e` in it. The
codebook's own term is the coefficient in the codebook's gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

#: Scalars that a record gets beside the losses.
SHARE, WEIGHT, CODEBOOK_WEIGHT = "recorder/commitment_share", "recorder/commitment_weight", "recorder/codebook_weight"
#: Vectors that are looked at.
MOST = 2048
TINY = 1e-30

Report = Callable[[Mapping[str, Tensor]], None]
#: Does what it is given and lets no fault out: a hook runs within somebody's backward pass.
Guard = Callable[[Callable[[], None]], None]


def watch_encoder(
    z_e: Tensor, quantized: Tensor, axis: int, codes: Tensor, indices: Tensor, report: Report, guard: Guard
) -> None:
    """Look at the gradients that arrive at `z_e` and at `quantized`, once; nothing happens where none can.

    Args:
        z_e: as it is compared, part of the graph.
        quantized: what the decoder is given, of the same shape, made of z_e by the straight-through estimator.
        axis: of both that is D.
        codes: (K, D) that chose.
        indices: (N,) chosen codes, in the order of z_e's other axes; those that name no code are left out.
        report: called in the backward pass with `SHARE`, in [0, 1], and `WEIGHT`, β where terms are means.
        guard: what the hooks do is done by it.
    """
    if not z_e.requires_grad or not quantized.requires_grad or z_e.shape != quantized.shape:
        return
    rows = torch.arange(0, len(indices), max(1, len(indices) // MOST), device=indices.device)
    rows = rows[(indices[rows] >= 0) & (indices[rows] < len(codes))]
    far = _rows(z_e.detach(), axis)[rows].float() - codes.float()[indices[rows].long()]
    size, from_decoder = z_e.numel(), []

    def note(gradient: Tensor | None) -> None:
        if gradient is not None:  # else the decoder was not asked
            from_decoder.append(_rows(gradient.detach(), axis)[rows].float())

    def compare(gradient: Tensor) -> None:
        if not from_decoder:
            return
        rest = from_decoder.pop()
        pull = _rows(gradient.detach(), axis)[rows].float() - rest
        both = pull.norm() + rest.norm()
        weight = (pull * far).sum() / far.square().sum().clamp_min(TINY) * size / 2
        report({SHARE: pull.norm() / both.clamp_min(TINY), WEIGHT: weight})

    quantized.register_hook(lambda gradient: guard(lambda: note(gradient)))
    z_e.register_hook(lambda gradient: guard(lambda: compare(gradient)))


def watch_codebook(parameter: Tensor, z_e: Tensor, axis: int, indices: Tensor, report: Report, guard: Guard) -> None:
    """Look at the gradient that arrives at a codebook (K, D), once; nothing happens where none can.

    Args:
        parameter: that the optimizer moves.
        z_e, axis, indices: as for `watch_encoder`.
        report: called with `CODEBOOK_WEIGHT`, 1 where the codebook's term is a mean.
        guard: what the hook does is done by it.
    """
    if not parameter.requires_grad:
        return
    codes, kept = parameter.detach(), (indices >= 0) & (indices < len(parameter))
    chosen, vectors = indices[kept].long(), _rows(z_e.detach(), axis)[kept].to(codes)
    pull = torch.zeros_like(codes).index_add_(0, chosen, codes[chosen] - vectors)
    size = z_e.numel()

    def compare(gradient: Tensor) -> None:
        handle.remove()  # of a parameter a hook would stay
        along = (gradient.detach() * pull).sum() / pull.square().sum().clamp_min(TINY)
        report({CODEBOOK_WEIGHT: along * size / 2})

    handle = parameter.register_hook(lambda gradient: guard(lambda: compare(gradient)))


def _rows(values: Tensor, axis: int) -> Tensor:
    return values.movedim(axis, -1).reshape(-1, values.shape[axis])
