"""Priors: how a trained autoencoder generates.

Over code grids, all with the interface of `CodePrior` (positions are written row by row):

    prior.log_prob(indices (B, h, w), labels=None)      (B,) float64, nats
    prior.logits(indices, labels=None)                  (B, h, w, K); at position j they depend on codes before j only
    prior.next_logits(indices, j, labels=None)          (B, K) of the code at j; what stands from j on is ignored
    prior.sample(n, generator, temperature=1, top_k=None, fixed=None, labels=None)   (n, h, w) int64
    prior.noise(n, generator)                           (n, P): the uniform numbers a sample is made of
    prior.writer(n, labels=None)                        a `CodeWriter`: .position, .logits() (n, K), .write(codes (n,)),
                                                        .finish(noise, given=None, temperature=1, top_k=None) (n, P)
    distribution(logits, temperature, top_k)            probabilities (…, K), float64: the bars of "code by code"
    draw(probabilities (n, K), noise (n,))              the code that this noise picks

`sample` is `writer(n).finish(noise)`; so writing code by code with the same noise gives the same picture, and after
a code was changed by hand the rest is drawn from the same numbers. `fixed` (h, w) holds given codes and `FREE` (-1).

Over latent vectors (`LatentPrior`): `sample(n, generator)` (n, Z), `log_prob(z)` (N,). A grid of latents (N, D, h, w)
is flattened to (N, Z); `LatentSpace` knows how.

`explorer.runs.priors.ladder(run)` gives a run's priors by name, read from its folder.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models.prior.base import FREE, CodePrior, CodeWriter
from explorer.models.prior.drawing import distribution, draw
from explorer.models.prior.flow import MaskedFlow
from explorer.models.prior.gaussian_transformer import GaussianTransformer
from explorer.models.prior.latent import GaussianMixture, LatentPrior, OwnSpread, PositionGaussians, StandardNormal
from explorer.models.prior.latent_trained import TrainedLatentPrior
from explorer.models.prior.levels import MOST_TUPLES, LevelFrequencies, LevelTransformer
from explorer.models.prior.pixelcnn import GatedPixelCNN
from explorer.models.prior.simple import PositionFrequencies, UniformPrior, position_counts
from explorer.models.prior.space import CodeSpace, LatentSpace
from explorer.models.prior.transformer import CausalTransformer

__all__ = [
    "FREE",
    "LATENT_PRIORS",
    "LEARNED_PRIORS",
    "MOST_TUPLES",
    "CausalTransformer",
    "CodePrior",
    "CodeSpace",
    "CodeWriter",
    "GatedPixelCNN",
    "GaussianMixture",
    "GaussianTransformer",
    "LatentPrior",
    "LatentSpace",
    "LevelFrequencies",
    "LevelTransformer",
    "MaskedFlow",
    "OwnSpread",
    "PositionFrequencies",
    "PositionGaussians",
    "StandardNormal",
    "TrainedLatentPrior",
    "UniformPrior",
    "build_latent_prior",
    "build_prior",
    "distribution",
    "draw",
    "position_counts",
]

#: Autoregressive priors by kind; a new one is one class and one line.
LEARNED_PRIORS: dict[str, type[GatedPixelCNN] | type[CausalTransformer] | type[LevelTransformer]] = {
    GatedPixelCNN.kind: GatedPixelCNN,
    CausalTransformer.kind: CausalTransformer,
    LevelTransformer.kind: LevelTransformer,
}

#: Trained densities over latents by kind.
LATENT_PRIORS: dict[str, type[GaussianTransformer] | type[MaskedFlow]] = {
    GaussianTransformer.kind: GaussianTransformer,
    MaskedFlow.kind: MaskedFlow,
}


def build_prior(
    kind: str,
    space: CodeSpace,
    sizes: dict[str, Any] | None = None,
    *,
    codebook: Tensor | None = None,
    generator: torch.Generator | None = None,
) -> GatedPixelCNN | CausalTransformer | LevelTransformer:
    """An untrained prior.

    Args:
        kind: a key of `LEARNED_PRIORS`.
        space: the grids it is over.
        sizes: as `CodePrior.sizes` gives them; what is left out takes its default.
        codebook: (K, D), where embeddings begin.
        generator: of the first weights.

    Raises:
        ConfigError: an unknown kind or size.
    """
    if kind not in LEARNED_PRIORS:
        raise ConfigError("config_choice", name="--kind", got=kind, known=", ".join(sorted(LEARNED_PRIORS)))
    try:
        return LEARNED_PRIORS[kind](space, **(sizes or {}), codebook=codebook, generator=generator)
    except TypeError as error:
        raise ConfigError("config_unknown", names=", ".join(sorted(sizes or {}))) from error


def build_latent_prior(
    kind: str, space: LatentSpace, sizes: dict[str, Any] | None = None, *, generator: torch.Generator | None = None
) -> GaussianTransformer | MaskedFlow:
    """An untrained density over latents, exactly N(0, I).

    Args:
        kind: a key of `LATENT_PRIORS`.
        space: the grids it is over.
        sizes: as `TrainedLatentPrior.sizes` gives them; what is left out takes its default.
        generator: of the first weights.

    Raises:
        ConfigError: an unknown kind or size.
    """
    if kind not in LATENT_PRIORS:
        raise ConfigError("config_choice", name="--kind", got=kind, known=", ".join(sorted(LATENT_PRIORS)))
    try:
        return LATENT_PRIORS[kind](space, **(sizes or {}), generator=generator)
    except TypeError as error:
        raise ConfigError("config_unknown", names=", ".join(sorted(sizes or {}))) from error
