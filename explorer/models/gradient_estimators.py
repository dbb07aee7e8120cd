"""How the decoder's gradient gets past the choice of a code, which has none. One frozen class and one registry line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from explorer.models.quantization import like_rows, rows_of

#: Vectors shorter than this have no direction to turn: their gradient passes straight through.
SHORTEST = 1e-12


class GradientEstimator(Protocol):
    """What an estimator offers."""

    def carry(self, z_e: Tensor, quantized: Tensor) -> Tensor:
        """The values of `quantized`, with a gradient to `z_e`; both (B, D, *spatial).

        `quantized` comes out of `Quantize` and passes its gradient straight through already.
        """


@dataclass(frozen=True)
class StraightThrough:
    """The gradient of z_q as it is: what the decoder wants of the code, the encoder hears (VQ-VAE, section 3.2)."""

    def carry(self, z_e: Tensor, quantized: Tensor) -> Tensor:
        return quantized


@dataclass(frozen=True)
class RotationTrick:
    """The gradient turned and scaled as z_e would have to be to become z_q (Fifty et al. 2024, section 4).

    `z_q = λ R z_e` with `λ = ||z_q|| / ||z_e||` and `R = I - 2 r rᵀ + 2 q̂ êᵀ`, `r = (ê + q̂) / ||ê + q̂||`; λ and R are
    constants to the gradient, so that z_e gets `λ Rᵀ g`. Angles between gradient and code are kept.
    """

    def carry(self, z_e: Tensor, quantized: Tensor) -> Tensor:
        rotated: Tensor = _Rotate.apply(z_e, quantized.detach())
        return rotated


GRADIENT_ESTIMATORS: dict[str, GradientEstimator] = {
    "straight-through": StraightThrough(),
    "rotation": RotationTrick(),
}


class Quantize(torch.autograd.Function):
    """Straight-through output and both loss terms, with their closed-form gradients in one backward pass.

    `apply(z_e (B, D, *spatial), codebook (K, D), chosen (N,))` gives quantized, codebook loss and commitment loss.
    """

    @staticmethod
    def forward(ctx: Any, z_e: Tensor, codebook: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        # The decoder gets the memory format that the encoder gave.
        z_q = like_rows(codebook.index_select(0, chosen), z_e)
        difference = z_e - z_q
        norms = torch.linalg.vector_norm(difference, dim=tuple(range(1, z_e.ndim)))  # squares without a copy of it all
        loss = norms.square().sum() / z_e.numel()
        ctx.save_for_backward(difference, chosen)
        ctx.num_embeddings = len(codebook)
        return z_q, loss, loss.clone()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        grad_q, grad_codebook, grad_commitment = grads
        difference, chosen = ctx.saved_tensors
        scale = 2 / difference.numel()
        grad_z = grad_e = None
        if ctx.needs_input_grad[1]:
            rows = rows_of(difference)
            grad_e = rows.new_zeros(ctx.num_embeddings, rows.shape[1]).index_add_(0, chosen, rows)
            grad_e.mul_(grad_codebook * -scale)
        if ctx.needs_input_grad[0]:
            grad_z = torch.addcmul(grad_q, difference, grad_commitment, value=scale)
        return grad_z, grad_e, None


class PassThrough(torch.autograd.Function):
    """`apply(z, z_q)`: the values of z_q, exactly, and its gradient to z."""

    @staticmethod
    def forward(ctx: Any, z: Tensor, z_q: Tensor) -> Tensor:  # noqa: ARG004
        return z_q.view_as(z_q)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # noqa: ARG004
        return grad, None


class _Rotate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, z_e: Tensor, z_q: Tensor) -> Tensor:
        ctx.save_for_backward(z_e, z_q)
        return z_q.view_as(z_q)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        z, q, g = (rows_of(tensor) for tensor in (*ctx.saved_tensors, grad))
        z_length, q_length = (torch.linalg.vector_norm(v, dim=1, keepdim=True) for v in (z, q))
        z_hat, q_hat = z / z_length.clamp_min(SHORTEST), q / q_length.clamp_min(SHORTEST)
        r = z_hat + q_hat
        r = r / torch.linalg.vector_norm(r, dim=1, keepdim=True).clamp_min(SHORTEST)
        turned = g - 2 * r * (r * g).sum(1, keepdim=True) + 2 * z_hat * (q_hat * g).sum(1, keepdim=True)
        long = (z_length > SHORTEST) & (q_length > SHORTEST)
        turned = torch.where(long, turned * (q_length / z_length.clamp_min(SHORTEST)), g)
        return like_rows(turned, grad), None
