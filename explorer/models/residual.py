"""Residual quantization: each level quantizes what the levels before it left over (SoundStream; RQ-VAE)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.codebook_storage import CodebookStorage
from explorer.models.composed import ComposedOutput, ComposedQuantizer, joined_terms, learns_by_loss
from explorer.models.gradient_estimators import (
    GRADIENT_ESTIMATORS,
    Given,
    GradientEstimator,
    PassThrough,
)
from explorer.models.passes import in_backward_pass
from explorer.models.quantizer_base import PADDING, Quantizer, QuantizerOutput, choose, rows_of
from explorer.models.ranks import normal_over_ranks


class ResidualQuantizer(ComposedQuantizer):
    """`z_q = Σ_l e_l`, where `e_l` is the code of level l nearest to `r_l = z_e - Σ_{m<l} e_m`.

    L levels of K codes name K^L points for L log2 K bits, and the search is greedy, level by level (SoundStream;
    Zeghidour et al. 2021, algorithm 1; RQ-VAE; Lee et al. 2022, eq. 3). Decode any number of first levels:
    `lookup(indices[..., :l])` is the sum of the first l codes, to the bit.

    Every term is the sum over levels of what a lone quantizer would have on `r_l`: codebooks learn as they would alone,
    and the encoder is pulled by every level. The gradient estimator stands around the whole: the decoder's gradient
    passes once, not L times (facebookresearch/encodec issue 25).

    With a data-driven init a level begins from what initialized levels before it leave over, one after the other.

    Args:
        num_embeddings: K, codes of each level.
        embedding_dim: D.
        levels: L >= 1.
        quantizer: of each level, a name of `QUANTIZERS` or a class. It has to quantize vectors where they stand: not
            "fsq", whose residual levels are a finer grid, nor with the cosine distance.
        shared_codebook: one codebook for all levels.
        quantize_dropout: in [0, 1], the share of training passes that use only the first l levels, l uniform in 1..L
            and one for the whole batch, so that every prefix decodes well (SoundStream, section III-C). Drawn from
            `noise_generator`.
        gradient_estimator: a name of `GRADIENT_ESTIMATORS` or an instance.
        parts: other keyword arguments of each level's quantizer.

    Raises:
        QuantizerError: for sizes, names, inputs or indices that cannot work.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        levels: int = 4,
        quantizer: str | type[Quantizer] = "vq",
        *,
        shared_codebook: bool = False,
        quantize_dropout: float = 0.0,
        gradient_estimator: str | GradientEstimator = "straight-through",
        **parts: Any,
    ) -> None:
        super().__init__(num_embeddings, embedding_dim, levels, embedding_dim, quantizer, shared_codebook, parts)
        if not 0 <= quantize_dropout <= 1:
            raise QuantizerError("quantize_dropout", value=quantize_dropout)
        self.quantize_dropout = quantize_dropout
        self.gradient_estimator: GradientEstimator = choose(
            GRADIENT_ESTIMATORS, gradient_estimator, "gradient estimator"
        )
        probe = torch.linspace(-3, 3, 4 * embedding_dim).view(4, embedding_dim).to(self._dtype())
        if not torch.equal(self.part(0).project(probe), probe):
            raise QuantizerError("residual_projected", quantizer=type(self.part(0)).__name__)
        self._drawn: tuple[int, Tensor] | None = None

    def _join(self, vectors: Sequence[Tensor]) -> Tensor:
        total = vectors[0]
        for more in vectors[1:]:
            total = total + more
        return total

    def _quantize(self, z_e: Tensor) -> QuantizerOutput:
        depth, generator = self._depth()
        with torch.autocast(z_e.device.type, enabled=False):
            z_e = z_e.to(self._dtype())
            codebooks = self._codebooks_with_gradient(depth)
            outputs: list[QuantizerOutput] = []
            given = [z_e]
            for level in range(depth):
                outputs.append(self._run(level, given[-1]))
                given.append(given[-1] - outputs[-1].quantized.detach())
            codes = [out.quantized.detach() for out in outputs]
            total = self._join(codes)
            quantized: Tensor = total if torch.compiler.is_exporting() else PassThrough.apply(z_e, total)
            whole = rows_of(total) if codebooks is None else self._codes_with_gradient(codebooks, outputs, codes)
            every = torch.arange(len(whole), device=whole.device)
            quantized = self.gradient_estimator.carry(
                z_e, quantized, Given(whole, every, self.training, lambda like: normal_over_ranks(like, generator))
            )
            return self._output(quantized, outputs, given[:-1])

    def _output(self, quantized: Tensor, outputs: list[QuantizerOutput], given: list[Tensor]) -> ComposedOutput:
        codebook = joined_terms([out.codebook_loss for out in outputs], mean=False)
        commitment = joined_terms([out.commitment_loss for out in outputs], mean=False)
        regularization = joined_terms([out.regularization for out in outputs], mean=False)
        assert codebook is not None and commitment is not None  # noqa: PT018
        commitment = self._reach_everything(commitment, len(outputs))
        learns = learns_by_loss(self.part(0)) and not self.gradient_estimator.trains_codebook
        codebook = codebook if learns else codebook.detach()
        loss = self.weigh(commitment, regularization, codebook if learns else None)
        indices = [out.indices for out in outputs]
        restarted = self._moved(outputs, given)
        self._wait_for_levels_before()
        return ComposedOutput(
            quantized,
            self._laid_out(indices, indices[0].new_full((), PADDING).expand_as(indices[0])),
            codebook,
            commitment,
            regularization,
            loss,
            self._all_counts(outputs),
            restarted,
            tuple(outputs),
        )

    def project(self, z_e: Tensor) -> Tensor:
        """`z_e` as it is."""
        return z_e

    @torch.no_grad()
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial, L) of (B, D, *spatial), chosen level by level."""
        self._check_shape(vectors)
        rest, found = vectors.detach().to(self._dtype()), []
        for part in self.each():
            found.append(part.nearest(rest))
            rest = rest - part.lookup(found[-1])
        return torch.stack(found, dim=-1)

    @torch.no_grad()
    def initialize(self, vectors: Tensor, generator: torch.Generator | None = None) -> None:
        """Begin level after level from what the ones before it leave of `vectors` (N, D)."""
        rest = vectors.detach().to(self._dtype())
        for part in self.distinct():
            part.initialize(rest, generator)
            rest = rest - part.lookup(part.nearest(rest))

    def _depth(self) -> tuple[int, torch.Generator]:
        """How many levels this pass uses, and what the estimator's noise is drawn from; a repeated pass as before."""
        levels = self.num_levels or 0
        if not self.training:
            return levels, self.noise_generator
        if in_backward_pass():
            if self._drawn is None:
                raise QuantizerError("pass_repeated")
            depth, state = self._drawn
            generator = torch.Generator()
            generator.set_state(state)
            return depth, generator
        depth = levels
        if self.quantize_dropout:
            drops, uniform = torch.rand(2, generator=self.noise_generator, dtype=torch.float64).tolist()
            depth = 1 + min(int(uniform * levels), levels - 1) if drops < self.quantize_dropout else levels
        self._drawn = depth, self.noise_generator.get_state()
        return depth, self.noise_generator

    def _codebooks_with_gradient(self, depth: int) -> list[Tensor] | None:
        """Each level's codes before the pass moves them, if the decoder's gradient has to reach them."""
        if not (self.training and self.gradient_estimator.trains_codebook):
            return None
        return [self.part(level).codebook.clone() for level in range(depth)]

    def _codes_with_gradient(
        self, codebooks: list[Tensor], outputs: list[QuantizerOutput], codes: list[Tensor]
    ) -> Tensor:
        """The sum of codes as rows (N, D), with a gradient to each codebook."""
        chosen = [codebook[out.indices.flatten()] for codebook, out in zip(codebooks, outputs, strict=True)]
        # The values are those of the pass: a codebook that began from data in it is another one by now.
        same = [PassThrough.apply(rows, rows_of(code)) for rows, code in zip(chosen, codes, strict=True)]
        return self._join(same)

    def _wait_for_levels_before(self) -> None:
        """What a level gathers to begin from counts only once the level before it has begun."""
        if self.training and not self.shared_codebook:
            for before, part in pairwise(self.distinct()):
                if before.needs_data and isinstance(part, CodebookStorage):
                    part._gathered.clear()

    def _reach_everything(self, term: Tensor, depth: int) -> Tensor:
        """A term with a gradient of 0 to levels that were left out: as codes without a hit have one."""
        if not self.training or self.shared_codebook or depth == self.num_levels:
            return term
        unused = [p for part in self.distinct()[depth:] for p in part.parameters() if p.requires_grad]
        return term + 0 * torch.stack([p.sum() for p in unused]).sum() if unused else term
