"""How the decoder's gradient gets past the choice of a code, which has none. One frozen class and one registry line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.models.quantizer_base import like_rows, rows_of
from explorer.models.threads import one_thread, threads_if_idle

#: Vectors shorter than this have no direction to turn: their gradient passes straight through.
SHORTEST = 1e-12


@dataclass(frozen=True)
class Given:
    """What an estimator may need beside the vectors.

    Attributes:
        codebook: (K, D), with its gradient.
        chosen: (N,), the code of each vector.
        training: False in evaluation, where the output has to be the codes themselves.
        noise: standard normal numbers of the shape of a tensor (N, D), from a stream of their own: over several ranks
            this rank's share of what one process would draw, and the same ones where a pass is run again.
    """

    codebook: Tensor
    chosen: Tensor
    training: bool
    noise: Callable[[Tensor], Tensor]


class GradientEstimator(Protocol):
    """What an estimator offers."""

    @property
    def trains_codebook(self) -> bool:
        """Whether the decoder's gradient reaches the codes: then the codebook loss is reported only."""

    @property
    def passes_codes(self) -> bool:
        """Whether the decoder gets the codes in training too: a first step does not tell such estimators apart."""

    def carry(self, z_e: Tensor, quantized: Tensor, given: Given) -> Tensor:
        """What the decoder gets, with a gradient to `z_e`; all (B, D, *spatial).

        `quantized` comes out of `quantize` and passes its gradient straight through already. In evaluation its values
        come back as they are.
        """


@dataclass(frozen=True)
class StraightThrough:
    """The gradient of z_q as it is: what the decoder wants of the code, the encoder hears (VQ-VAE, section 3.2)."""

    trains_codebook: ClassVar[bool] = False
    passes_codes: ClassVar[bool] = True

    def carry(self, z_e: Tensor, quantized: Tensor, given: Given) -> Tensor:
        return quantized


@dataclass(frozen=True)
class RotationTrick:
    """The gradient turned and scaled as z_e would have to be to become z_q (Fifty et al. 2024, section 4).

    `z_q = λ R z_e` with `λ = ||z_q|| / ||z_e||` and `R = I - 2 r rᵀ + 2 q̂ êᵀ`, `r = (ê + q̂) / ||ê + q̂||`; λ and R are
    constants to the gradient, so that z_e gets `λ Rᵀ g`. Angles between gradient and code are kept.
    """

    trains_codebook: ClassVar[bool] = False
    passes_codes: ClassVar[bool] = True

    def carry(self, z_e: Tensor, quantized: Tensor, given: Given) -> Tensor:
        rotated: Tensor = _Rotate.apply(z_e, quantized.detach())
        return rotated


@dataclass(frozen=True)
class NoiseSubstitution:
    """NSVQ: in training, noise of the error's length stands in for the error (Vali & Bäckström 2022; their NSVQ.py).

    `z_e + ||z_e - e_k|| v / ||v||`, v ~ N(0, I): nothing is copied past the choice, and through the length the
    decoder's gradient reaches encoder and code. The authors add neither a codebook nor a commitment loss.
    """

    trains_codebook: ClassVar[bool] = True
    passes_codes: ClassVar[bool] = False

    def carry(self, z_e: Tensor, quantized: Tensor, given: Given) -> Tensor:
        if not given.training:
            return quantized
        rows = rows_of(z_e)
        length = torch.linalg.vector_norm(rows - given.codebook[given.chosen], dim=1, keepdim=True)
        return like_rows(rows + length * F.normalize(given.noise(rows), dim=1), z_e)


@dataclass(frozen=True)
class DirectedNoise:
    """DiVeQ: the error's length along a direction that is the error's but for a little noise (Vali et al. 2025).

    `z_e + ||e_k - z_e|| sg[d / ||d||]`, d = e_k - z_e + v with v ~ N(0, noise²): nearly the code itself comes out, and
    through the length the decoder's gradient reaches encoder and code: with u the error's direction, the code gets
    `(g·d̂) u` and z_e what is left, `g - (g·d̂) u`. The authors add neither a codebook nor a commitment loss.

    Their code: diveq.py of vqvae_compression (AaltoML/DiVeQ, read in the copy ishine/DiVeQ at 65e577d), lines 129-137.

    Args:
        noise: standard deviation of a number of v; their `noise_var` of 0.001, which they pass as one.
    """

    noise: float = 1e-3
    trains_codebook: ClassVar[bool] = True
    passes_codes: ClassVar[bool] = False

    def carry(self, z_e: Tensor, quantized: Tensor, given: Given) -> Tensor:
        if not given.training:
            return quantized
        rows = rows_of(z_e)
        error = given.codebook[given.chosen] - rows
        direction = F.normalize(error + self.noise * given.noise(rows), dim=1).detach()
        return like_rows(rows + torch.linalg.vector_norm(error, dim=1, keepdim=True) * direction, z_e)


GRADIENT_ESTIMATORS: dict[str, GradientEstimator] = {
    "straight-through": StraightThrough(),
    "rotation": RotationTrick(),
    "noise": NoiseSubstitution(),
    "directed-noise": DirectedNoise(),
}


def quantize(z_e: Tensor, codebook: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """`z_q` (B, D, *spatial) with the straight-through gradient, codebook loss and commitment loss.

    Args:
        z_e: (B, D, *spatial).
        codebook: (K, D).
        chosen: (N,), the code of each vector.
    """
    if torch.compiler.is_exporting():  # inference: no gradient, and an exporter cannot look into `Quantize`
        z_q = like_rows(codebook.index_select(0, chosen), z_e)
        loss = (z_e - z_q).square().mean()
        return z_q, loss, loss
    z_q, codebook_loss, commitment_loss, *_ = Quantize.apply(z_e, codebook, chosen)
    return z_q, codebook_loss, commitment_loss


class Quantize(torch.autograd.Function):
    """Straight-through output and both loss terms, with their closed-form gradients in one backward pass.

    `apply(z_e (B, D, *spatial), codebook (K, D), chosen (N,))` gives quantized, codebook loss, commitment loss and the
    difference `z_e - z_q` twice: as `z_e - sg[z_q]` and as `sg[z_e] - z_q`. The gradients depend on these; as outputs
    they have gradients of their own, and so those can be differentiated again (a gradient penalty) though the EMA has
    moved the codebook since.
    """

    @staticmethod
    @threads_if_idle()
    def forward(ctx: Any, z_e: Tensor, codebook: Tensor, chosen: Tensor) -> tuple[Tensor, ...]:
        # The decoder gets the memory format that the encoder gave.
        z_q = like_rows(codebook.index_select(0, chosen), z_e)
        difference = z_e - z_q
        with one_thread():  # one order of the sums, however many threads there are
            norms = torch.linalg.vector_norm(difference, dim=tuple(range(1, z_e.ndim)))  # squares without a copy
        loss = norms.square().sum() / z_e.numel()
        for_codebook = difference.detach()  # the same numbers
        ctx.save_for_backward(difference, for_codebook, chosen)
        ctx.num_embeddings = len(codebook)
        ctx.set_materialize_grads(False)
        return z_q, loss, loss.clone(), difference, for_codebook

    @staticmethod
    @threads_if_idle()
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Tensor | None, Tensor | None, None]:
        grad_q, grad_codebook, grad_commitment, grad_difference, grad_for_codebook = grads
        difference, for_codebook, chosen = ctx.saved_tensors
        scale = 2 / difference.numel()
        grad_z = grad_e = None
        if ctx.needs_input_grad[1]:
            if grad_codebook is None:
                grad_e = difference.new_zeros(ctx.num_embeddings, difference.shape[1])
            else:
                grad_e = _by_code(for_codebook, chosen, ctx.num_embeddings) * (grad_codebook * -scale)
            if grad_for_codebook is not None:
                grad_e = grad_e - _by_code(grad_for_codebook, chosen, ctx.num_embeddings)
        if ctx.needs_input_grad[0]:
            grad_z = torch.zeros_like(difference) if grad_q is None else grad_q
            if grad_commitment is not None:
                grad_z = torch.addcmul(grad_z, difference, grad_commitment, value=scale)
            if grad_difference is not None:
                grad_z = grad_z + grad_difference
        return grad_z, grad_e, None


def _by_code(vectors: Tensor, chosen: Tensor, num_embeddings: int) -> Tensor:
    """Sums (K, D) of `vectors` (B, D, *spatial) over those that chose a code."""
    rows = rows_of(vectors)
    return rows.new_zeros(num_embeddings, rows.shape[1]).index_add_(0, chosen, rows)


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
        # Constants, also where this gradient is differentiated again.
        z, q, g = (rows_of(tensor) for tensor in (*(saved.detach() for saved in ctx.saved_tensors), grad))
        z_length, q_length = (torch.linalg.vector_norm(v, dim=1, keepdim=True) for v in (z, q))
        z_hat, q_hat = z / z_length.clamp_min(SHORTEST), q / q_length.clamp_min(SHORTEST)
        r = z_hat + q_hat
        r = r / torch.linalg.vector_norm(r, dim=1, keepdim=True).clamp_min(SHORTEST)
        turned = g - 2 * r * (r * g).sum(1, keepdim=True) + 2 * z_hat * (q_hat * g).sum(1, keepdim=True)
        long = (z_length > SHORTEST) & (q_length > SHORTEST)
        turned = torch.where(long, turned * (q_length / z_length.clamp_min(SHORTEST)), g)
        return like_rows(turned, grad), None
