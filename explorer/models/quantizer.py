"""The vector quantizer of the VQ-VAE (van den Oord et al. 2017), composed from an update rule, an init and a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import CODEBOOK_INITS, VECTORS_PER_CODE, CodebookInit
from explorer.models.codebook_updates import CODEBOOK_UPDATES, CodebookUpdate, sum_over_ranks
from explorer.models.dead_codes import DEAD_CODE_POLICIES, DeadCodePolicy
from explorer.models.nearest import check_finite, nearest


@dataclass(frozen=True)
class QuantizerOutput:
    """What one pass of the quantizer gives. Losses are means over elements, by the codebook before this step.

    quantized: like z_e, in the codebook's dtype; its gradient passes straight through to z_e.
    indices: (B, *spatial) or (N,) int64 in [0, K).
    codebook_loss: scalar, unweighted `||sg[z_e] - e||^2`; detached (reported only) unless the update is by gradient.
    commitment_loss: scalar, unweighted `||z_e - sg[e]||^2`; its gradient goes to the encoder only.
    loss: scalar to be added to the reconstruction term: `codebook_loss` (if by gradient) + cost * `commitment_loss`.
    counts: (K,) int64, hits of this batch (on this rank).
    restarted: (R,) int64, rows that the dead-code policy restarted in this pass; usually empty.
    """

    quantized: Tensor
    indices: Tensor
    codebook_loss: Tensor
    commitment_loss: Tensor
    loss: Tensor
    counts: Tensor
    restarted: Tensor


class VectorQuantizer(nn.Module):
    """Replaces every vector by its nearest code: `k = argmin_k ||z_e - e_k||^2` (VQ-VAE, eq. 1-3 and appendix A.1).

    Usable alone in any model: `out = quantizer(z_e)`, add `out.loss` to the loss, decode `out.quantized`. In `train()`
    mode a pass also updates an EMA codebook and restarts dead codes; in `eval()` mode it changes nothing. Arithmetic is
    in the codebook's dtype, under autocast too.

    With a data-driven init (`data`, `kmeans`) and no call of `initialize`, training passes gather vectors until there
    are 10 K of them, then initialize the codebook before they quantize that batch. Until then it is the `uniform` start
    and neither EMA nor restarts move it.

    Args:
        num_embeddings: K >= 1, the number of codes.
        embedding_dim: D >= 1, the length of a code vector.
        commitment_cost: beta, the weight of the commitment term (on the encoder's side).
        update: a name of `CODEBOOK_UPDATES` or an instance.
        init: a name of `CODEBOOK_INITS` or an instance. The EMA start `snippet` forces `normal`.
        dead_codes: a name of `DEAD_CODE_POLICIES` or an instance.
        generator: draws the codebook; None is torch's default generator.
        ema_generator: draws the `snippet` start's sums: a stream of its own, so that twins begin with equal codebooks.

    Attributes:
        codebook: (K, D), a parameter under a gradient rule and a buffer under EMA.
        restart_generator: draws the vectors for restarts; re-seed it per step for exact resuming.

    Raises:
        QuantizerError: for sizes, names, inputs or indices that cannot work.
    """

    codebook: Tensor
    initialized: Tensor

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        commitment_cost: float = 0.25,
        update: str | CodebookUpdate = "ema",
        init: str | CodebookInit = "uniform",
        dead_codes: str | DeadCodePolicy = "keep",
        *,
        generator: torch.Generator | None = None,
        ema_generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        if num_embeddings < 1 or embedding_dim < 1:
            raise QuantizerError("codebook_size", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if not commitment_cost >= 0:
            raise QuantizerError("commitment_cost_negative", value=commitment_cost)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.commitment_cost = commitment_cost
        self.update: CodebookUpdate = _choose(CODEBOOK_UPDATES, update, "codebook update")
        self.init: CodebookInit = _choose(CODEBOOK_INITS, self.update.forced_init or init, "codebook init")
        self.dead_codes: DeadCodePolicy = _choose(DEAD_CODE_POLICIES, dead_codes, "dead-code policy")
        self.restart_generator = torch.Generator()
        self._gathered: list[Tensor] = []

        codebook = self.init.draw(num_embeddings, embedding_dim, generator)
        if self.update.by_gradient:
            self.codebook = nn.Parameter(codebook)
        else:
            self.register_buffer("codebook", codebook)
        self._update_names = self._register(self.update.begin(codebook, ema_generator))
        self._dead_names = self._register(self.dead_codes.begin(num_embeddings))
        self.register_buffer("initialized", torch.tensor(not self.init.needs_data))

    @property
    def needs_data(self) -> bool:
        """Whether the codebook still waits for vectors to begin from (inits `data` and `kmeans`)."""
        return self.init.needs_data and not bool(self.initialized)

    @property
    def restart_count(self) -> int:
        """How many times codes were restarted so far, in all."""
        restarts = self._state(self._dead_names).get("restarts")
        return 0 if restarts is None else int(restarts.sum())

    def forward(self, z_e: Tensor) -> QuantizerOutput:
        """Quantize `z_e` (B, D, *spatial) or (N, D)."""
        self._check_shape(z_e)
        with torch.autocast(z_e.device.type, enabled=False):
            z_e = z_e.to(self.codebook.dtype)
            rows = _rows(z_e.detach())  # (N, D)
            if self.training and self.needs_data:
                self._gather(rows)
            chosen = nearest(rows, self.codebook.detach())  # (N,)
            quantized, codebook_loss, commitment_loss = _Quantize.apply(z_e, self.codebook, chosen)
            loss = self.commitment_cost * commitment_loss
            loss = codebook_loss + loss if self.update.by_gradient else loss
            counts = torch.bincount(chosen, minlength=self.num_embeddings)
            restarted = counts.new_empty(0)
            if self.training and not self.needs_data:
                restarted = self._learn(rows, chosen, counts)
        if not self.update.by_gradient:
            codebook_loss = codebook_loss.detach()
        indices = chosen.view(z_e.shape[0], *z_e.shape[2:])
        return QuantizerOutput(quantized, indices, codebook_loss, commitment_loss, loss, counts, restarted)

    @torch.no_grad()
    def nearest(self, z_e: Tensor) -> Tensor:
        """Indices (B, *spatial) of the nearest codes of `z_e` (B, D, *spatial); of equal codes the lowest index."""
        self._check_shape(z_e)
        rows = _rows(z_e.detach().to(self.codebook.dtype))
        return nearest(rows, self.codebook).view(z_e.shape[0], *z_e.shape[2:])

    def lookup(self, indices: Tensor) -> Tensor:
        """The code vectors (B, D, *spatial) behind integer `indices` (B, *spatial)."""
        if indices.is_floating_point() or indices.dtype == torch.bool:
            raise QuantizerError("indices_not_integer", dtype=str(indices.dtype))
        if indices.numel():
            low, high = (int(value) for value in indices.aminmax())
            if low < 0 or high >= self.num_embeddings:
                bad = low if low < 0 else high
                raise QuantizerError("index_out_of_range", num_embeddings=self.num_embeddings, index=bad)
        return F.embedding(indices.long(), self.codebook).movedim(-1, 1 if indices.ndim > 1 else -1)

    @torch.no_grad()
    def initialize(self, vectors: Tensor, generator: torch.Generator | None = None) -> None:
        """Begin the codebook (and the EMA's counts and sums) from encoder outputs `vectors` (N, D), N >= K."""
        if vectors.ndim != 2 or vectors.shape[1] != self.embedding_dim:
            raise QuantizerError("wrong_channels", expected=self.embedding_dim, shape=tuple(vectors.shape))
        vectors = vectors.detach().to(self.codebook)
        check_finite(vectors, vectors)
        self.codebook.copy_(self.init.fit(vectors, self.num_embeddings, generator))
        if self.update.forced_init is None:
            for name, value in self.update.begin(self.codebook.detach(), None).items():
                getattr(self, name).copy_(value)
        self.initialized.fill_(True)

    @torch.no_grad()
    def reset_optimizer_rows(self, optimizer: torch.optim.Optimizer, rows: Tensor) -> None:
        """Zero the optimizer's moments of codebook rows `rows` (R,): call after a restart, before `optimizer.step()`.

        Otherwise the momentum of the old code carries the new one away. Nothing happens if the optimizer does not hold
        the codebook or has not stepped yet.
        """
        for value in optimizer.state.get(self.codebook, {}).values():
            if isinstance(value, Tensor) and value.shape == self.codebook.shape:
                value[rows.to(value.device)] = 0

    def extra_repr(self) -> str:
        return (
            f"{self.num_embeddings}, {self.embedding_dim}, commitment_cost={self.commitment_cost}, "
            f"update={self.update}, init={self.init}, dead_codes={self.dead_codes}"
        )

    @torch.no_grad()
    def _learn(self, rows: Tensor, chosen: Tensor, counts: Tensor) -> Tensor:
        """Update the codebook and restart dead codes; return the restarted rows."""
        hits, num_vectors = counts.clone(), torch.tensor(len(rows), device=rows.device)
        if self.update.by_gradient:
            sums = rows.new_empty(0)
        else:
            sums = torch.zeros_like(self.codebook).index_add_(0, chosen, rows)
        self.reduce(hits, sums, num_vectors)
        update_state, dead_state = self._state(self._update_names), self._state(self._dead_names)
        self.update.step(self.codebook, update_state, hits, sums)
        due = self.dead_codes.due(dead_state, hits, int(num_vectors))
        if not len(due):
            return due
        vectors = self.dead_codes.draw(rows, len(due), self.restart_generator)
        due = due[: len(vectors)]
        self.update.place(self.codebook, update_state, due, vectors)
        self.dead_codes.note(dead_state, due)
        return due

    def reduce(self, hits: Tensor, sums: Tensor, num_vectors: Tensor) -> None:
        """Add hits (K,), sums (K, D) and the number of vectors up over ranks, in place, before the EMA sees them."""
        sum_over_ranks(hits, sums, num_vectors)

    @torch.no_grad()
    def _gather(self, rows: Tensor) -> None:
        check_finite(rows, rows)  # before it is kept: a vector that is refused must not come back later
        self._gathered.append(rows.clone())
        if sum(map(len, self._gathered)) >= VECTORS_PER_CODE * self.num_embeddings:
            self.initialize(torch.cat(self._gathered), self.restart_generator)
            self._gathered.clear()

    def _register(self, buffers: Mapping[str, Tensor]) -> tuple[str, ...]:
        for name, value in buffers.items():
            self.register_buffer(name, value)
        return tuple(buffers)

    def _state(self, names: tuple[str, ...]) -> dict[str, Tensor]:
        return {name: getattr(self, name) for name in names}

    def _check_shape(self, z_e: Tensor) -> None:
        if z_e.ndim < 2 or z_e.shape[1] != self.embedding_dim:
            raise QuantizerError("wrong_channels", expected=self.embedding_dim, shape=tuple(z_e.shape))
        if not z_e.is_floating_point():
            raise QuantizerError("not_floating", dtype=str(z_e.dtype))
        if not z_e.numel():
            raise QuantizerError("no_vectors")


class _Quantize(torch.autograd.Function):
    """Straight-through output and both loss terms, with their closed-form gradients in one backward pass."""

    @staticmethod
    def forward(ctx: Any, z_e: Tensor, codebook: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        codes = codebook.index_select(0, chosen)  # (N, D)
        z_q = codes.view(z_e.shape[0], *z_e.shape[2:], -1).movedim(-1, 1)
        if z_q.stride() != z_e.stride():
            z_q = torch.empty_like(z_e).copy_(z_q)  # the decoder gets the memory format that the encoder gave
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
            rows = _rows(difference)
            grad_e = rows.new_zeros(ctx.num_embeddings, rows.shape[1]).index_add_(0, chosen, rows)
            grad_e.mul_(grad_codebook * -scale)
        if ctx.needs_input_grad[0]:
            grad_z = torch.addcmul(grad_q, difference, grad_commitment, value=scale)
        return grad_z, grad_e, None


def _rows(z_e: Tensor) -> Tensor:
    """(B, D, *spatial) as rows (N, D), without a copy when channels are already last."""
    return z_e.movedim(1, -1).reshape(-1, z_e.shape[1])


def _choose(registry: Mapping[str, Any], choice: Any, what: str) -> Any:
    if not isinstance(choice, str):
        return choice
    if choice not in registry:
        raise QuantizerError("quantizer_part_unknown", what=what, name=choice, known=", ".join(registry))
    return registry[choice]
