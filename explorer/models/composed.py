"""Several quantizers as one: what residual levels and groups share. Each part may be any quantizer of the registry."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from explorer.errors import QuantizerError
from explorer.models.passes import LastPass, in_backward_pass
from explorer.models.quantizer_base import PADDING, Quantizer, QuantizerOutput, choose, rows_of
from explorer.models.registry import QUANTIZERS
from explorer.models.vector_quantizer import VectorQuantizer


@dataclass(frozen=True)
class ComposedOutput(QuantizerOutput):
    """What one pass of a composition of L quantizers gives; beyond `QuantizerOutput`:

    indices: (B, *spatial, L) or (N, L) int64, -1 at padding and at levels that this pass left out.
    counts: (L, K) int64, hits of this batch (on this rank).
    restarted: (R,) int64, rows of the L codebooks laid end to end, (L K, D); of a shared codebook its own.
    levels: of each part that this pass used, by itself, on the vectors that it was given: there are its terms, counts
        and code vectors.
    """

    levels: tuple[QuantizerOutput, ...]


torch.export.register_dataclass(ComposedOutput)


class ComposedQuantizer(Quantizer):
    """L quantizers of K codes each, or one quantizer in use L times.

    Attributes:
        quantizers: the L parts; with a shared codebook the one part.
        codebook: (L, K, D') with D' numbers per code of a part.
        num_levels: L, the last axis of `indices`.

    Args:
        num_embeddings: K, codes of each part.
        embedding_dim: D, of the vectors that come in.
        number: L.
        part_dim: D'.
        quantizer: a name of `QUANTIZERS`, or a class of quantizers.
        shared_codebook: all levels choose from one codebook, which moves once a pass, by the hits of all.
        parts: keyword arguments of the parts. Codebooks are drawn one after the other, from the same generators.

    Raises:
        QuantizerError: for sizes and names that cannot work.
    """

    quantizers: nn.ModuleList

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        number: int,
        part_dim: int,
        quantizer: str | type[Quantizer],
        shared_codebook: bool,
        parts: dict[str, Any],
    ) -> None:
        kind: type[Quantizer] = choose(QUANTIZERS, quantizer, "quantizer")
        if number < 1:
            raise QuantizerError("levels_number", value=number)
        shares_steps = shared_codebook and "update" in kind.parts  # the others have no rule that steps by itself
        update_every = parts.get("update_every", 1)
        if shares_steps:
            if update_every not in (0, 1):
                raise QuantizerError("shared_update_every", value=update_every)
            parts = parts | {"update_every": 0}
        match_input_dtype = parts.pop("match_input_dtype", False)
        built = [kind(num_embeddings, part_dim, **parts) for _ in range(1 if shared_codebook else number)]
        super().__init__(num_embeddings, embedding_dim, built[0].commitment_cost)
        self.num_levels = number
        self.match_input_dtype = match_input_dtype
        self.regularization_weight = built[0].regularization_weight
        self.shared_codebook = shared_codebook
        self.quantizers = nn.ModuleList(built)
        for part in built:
            part.restart_generator, part.noise_generator = self.restart_generator, self.noise_generator
        self._steps_shared = shares_steps and update_every == 1
        self._passes: list[LastPass | None] = [None] * number

    @abstractmethod
    def _join(self, vectors: Sequence[Tensor]) -> Tensor:
        """The vectors (B, D, *spatial) that code vectors (B, D', *spatial) of the first levels stand for together."""

    def part(self, level: int) -> Quantizer:
        """The quantizer of a level, from 0."""
        found = self.quantizers[0 if self.shared_codebook else level]
        assert isinstance(found, Quantizer)
        return found

    def each(self) -> Iterator[Quantizer]:
        """The quantizers of all levels in turn, a shared one L times."""
        return (self.part(level) for level in range(self.num_levels or 0))

    def distinct(self) -> list[Quantizer]:
        """The quantizers, a shared one once."""
        return [part for part in self.quantizers if isinstance(part, Quantizer)]

    @property
    def codebook(self) -> Tensor:  # type: ignore[override]
        """(L, K, D'), the vectors that come out; a shared codebook L times."""
        return torch.stack([part.codebook for part in self.each()])

    @property
    def num_codes(self) -> int:
        """K^L, one code of each level."""
        return int(self.num_embeddings ** (self.num_levels or 0))

    @property
    def needs_data(self) -> bool:
        """Whether a part still waits for vectors to begin from."""
        return any(part.needs_data for part in self.distinct())

    @property
    def restart_count(self) -> int:
        """How many times codes were restarted so far, in all parts."""
        return sum(part.restart_count for part in self.distinct())

    def reset_optimizer_rows(self, optimizer: torch.optim.Optimizer, rows: Tensor) -> None:
        """Zero the optimizer's moments of rows (R,) of the codebooks laid end to end."""
        for number, part in enumerate(self.distinct()):
            own = rows - number * self.num_embeddings
            part.reset_optimizer_rows(optimizer, own[(own >= 0) & (own < self.num_embeddings)])

    def load_codebook(self, vectors: Tensor) -> None:
        """Take over `vectors` (L, K, D'); of a shared codebook (1, K, D') will do.

        Raises:
            QuantizerError: the parts' codes are not free, or the vectors do not fit.
        """
        parts = self.distinct()
        expected = (self.num_levels, *parts[0].codebook.shape)
        if vectors.ndim != 3 or len(vectors) not in (len(parts), self.num_levels):
            raise QuantizerError("codebook_other_shape", expected=expected, shape=tuple(vectors.shape))
        for part, own in zip(parts, vectors, strict=False):
            part.load_codebook(own)

    def step_codebook(self) -> Tensor:
        """`VectorQuantizer.step_codebook` of each part; rows (R,) of the codebooks laid end to end."""
        moved = [
            part.step_codebook() + number * self.num_embeddings
            for number, part in enumerate(self.distinct())
            if isinstance(part, VectorQuantizer)
        ]
        return torch.cat(moved) if moved else torch.empty(0, dtype=torch.int64)

    def lookup(self, indices: Tensor) -> Tensor:
        """The vectors (B, D, *spatial) behind `indices` (B, *spatial, l) of the first l <= L levels.

        -1 stands for no code, as in what a pass left out.
        """
        if indices.ndim < 2 or indices.shape[-1] > (self.num_levels or 0):
            raise QuantizerError("levels_axis", levels=self.num_levels, shape=tuple(indices.shape))
        if indices.is_floating_point() or indices.is_complex() or indices.dtype == torch.bool:
            raise QuantizerError("indices_not_integer", dtype=str(indices.dtype))
        numbers = indices.long()
        found = [_codes_or_zero(self.part(level), numbers[..., level]) for level in range(indices.shape[-1])]
        if not found:
            places = indices.shape[:-1]
            return self.codebook.new_zeros(places[0], self.embedding_dim, *places[1:])
        return self._join(found)

    def joint(self, indices: Tensor) -> Tensor:
        """One number in [0, K^L) for the codes of all levels, coarsest first: `Σ_l i_l K^(L-1-l)`.

        Args:
            indices: (..., L), none of them left out.
        """
        return (indices.long() * self._places(indices.device)).sum(-1)

    def apart(self, joint: Tensor) -> Tensor:
        """The inverse of `joint`: numbers (...) to indices (..., L)."""
        places = self._places(joint.device)
        return joint.long().unsqueeze(-1) // places % self.num_embeddings

    def points(self) -> Tensor:
        """(K^L, D): every vector that can come out, in the order of `joint`; for few codes."""
        return self.lookup(self.apart(torch.arange(self.num_codes)).to(self.codebook.device))

    def _places(self, device: torch.device) -> Tensor:
        levels = self.num_levels or 0
        return torch.tensor([self.num_embeddings ** (levels - 1 - level) for level in range(levels)], device=device)

    def _run(self, level: int, vectors: Tensor) -> QuantizerOutput:
        """One level's pass. A part in use at several levels is told which of its passes may be run again."""
        part = self.part(level)
        if self.shared_codebook and isinstance(part, VectorQuantizer):
            if in_backward_pass():
                part._last = self._passes[level]
            output: QuantizerOutput = part(vectors)
            self._passes[level] = part._last
            return output
        found: QuantizerOutput = part(vectors)
        return found

    def _moved(self, outputs: Sequence[QuantizerOutput], given: Sequence[Tensor]) -> Tensor:
        """Rows that this pass restarted; a shared codebook takes its step here, by all levels' vectors `given`."""
        if not self._steps_shared:
            return torch.cat([out.restarted + level * self.num_embeddings for level, out in enumerate(outputs)])
        part = self.part(0)
        assert isinstance(part, VectorQuantizer) and part.pending is not None  # noqa: PT018
        if not self.training or in_backward_pass() or not int(part.pending.passes):
            return outputs[0].restarted
        part.pending.rows = torch.cat([rows_of(vectors.detach()) for vectors in given]).to(part.stored)
        return part.step_codebook()

    def _dtype(self) -> torch.dtype:
        """Of the code vectors."""
        tensors = chain(self.parameters(), self.buffers())
        return next(tensor.dtype for tensor in tensors if tensor.is_floating_point())

    def _laid_out(self, columns: Sequence[Tensor], none: Tensor) -> Tensor:
        """(..., l) with the columns, and `none` at the levels that are left out: (..., L)."""
        return torch.stack([*columns, *[none] * ((self.num_levels or 0) - len(columns))], dim=-1)

    def _all_counts(self, outputs: Sequence[QuantizerOutput]) -> Tensor:
        counts = [out.counts for out in outputs]
        return torch.stack(counts + [torch.zeros_like(counts[0])] * ((self.num_levels or 0) - len(counts)))

    def extra_repr(self) -> str:
        shared = ", shared_codebook=True" if self.shared_codebook else ""
        return f"{self.num_embeddings}, {self.embedding_dim}, {self.num_levels}{shared}"


def _codes_or_zero(part: Quantizer, numbers: Tensor) -> Tensor:
    absent = numbers == PADDING
    return part.lookup(numbers.masked_fill(absent, 0)).masked_fill(absent.unsqueeze(1), 0)


def learns_by_loss(part: Quantizer) -> bool:
    """Whether the codebook loss moves the codes: otherwise it is reported only."""
    return isinstance(part, VectorQuantizer) and part.update.by_gradient and not part.gradient_estimator.trains_codebook


def joined_terms(terms: Sequence[Tensor | None], *, mean: bool) -> Tensor | None:
    """The sum of a term over levels, or its mean over groups; None where the parts have none."""
    there = [term for term in terms if term is not None]
    if not there:
        return None
    total = torch.stack(there).sum()
    return total / len(there) if mean else total
