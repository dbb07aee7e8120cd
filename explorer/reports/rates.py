"""What a run's test latents cost on each rung, and the bounds that follow (SCIENCE.md section 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.latent import EncodedSet, encode_images
from explorer.metrics.rate import RUNGS, latent_nats, rate_of, uniform_bits
from explorer.models import VAE, VQVAE, Autoencoder
from explorer.models.objectives import gaussian_nll
from explorer.models.prior import CodePrior, LatentPrior, PositionGaussians
from explorer.reports.decoded import decode_and_compare
from explorer.reports.levels import simple_nats
from explorer.streams import stream
from explorer.training.latent_draws import drawn, kl_per_image, latent_space

Prior = CodePrior | LatentPrior
#: Test images that the error of one draw is estimated on, from two more draws of each.
DRAWN_AGAIN = 1000


def rates_report(
    model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, bound: dict[str, Any], learned: Prior | None
) -> dict[str, Any]:
    """What the test latents cost on each rung, and the bounds that follow.

    Args:
        model: whose latents they are.
        image_set: whose training split the simple rung is fitted to.
        encoded: its test split.
        bound: "nll_nats", mean -log p(x|z) of it, and "s2", the variance that belongs to it.
        learned: the trained prior, if there is one.

    Returns:
        "rates" in bits an image and "rates_error", the standard errors over images, by rung (`RUNGS`), None where
        there is none; "elbo_nats" by rung, of a latent that has a rate: -nll minus the rate in nats. Of a VAE also
        "elbo_draw_error": nats by rung, the standard error of that mean that comes from one draw of z for each image.
    """
    priors = _priors(model, image_set, learned)
    found = {rung: rate_of(nats) for rung, nats in _nats(model, encoded, priors, "rate noise").items()}
    report: dict[str, Any] = {
        "rates": {rung: found[rung].bits if rung in found else None for rung in RUNGS},
        "rates_error": {rung: found[rung].error if rung in found else None for rung in RUNGS},
    }
    if found:
        nll = bound.get("nll_nats", math.nan)
        bounds = {rung: -nll - rate.bits * math.log(2) for rung, rate in found.items()}
        report["elbo_nats"] = {rung: bounds.get(rung) for rung in RUNGS}
    if encoded.logvar is not None and "s2" in bound:
        report["elbo_draw_error"] = _draw_error(model, image_set, encoded, bound["s2"], priors)
    return report


def with_rates(
    report: dict[str, Any], model: Autoencoder, image_set: ImageSet, learned: Prior | None
) -> dict[str, Any]:
    """A report with its rates measured anew; its other figures stay."""
    encoded = encode_images(model, image_set.images[image_set.split("test")])
    return report | rates_report(model, image_set, encoded, report, learned)


@dataclass(frozen=True)
class _Priors:
    """Of one run: what its simple rung was fitted to or as, and the trained prior, if there is one."""

    simple: PositionGaussians | Tensor | None
    learned: Prior | None


def _priors(model: Autoencoder, image_set: ImageSet, learned: Prior | None) -> _Priors:
    train = encode_images(model, image_set.images[image_set.split("train")])
    if train.indices is not None:
        return _Priors(train.indices, learned)
    if train.mean is None or train.logvar is None:
        return _Priors(None, None)
    assert isinstance(model, VAE)
    return _Priors(PositionGaussians.fit(latent_space(model), train.mean, train.logvar), learned)


def _nats(model: Autoencoder, encoded: EncodedSet, priors: _Priors, noise: str) -> dict[str, Tensor]:
    """(N,) nats of each image by rung; {} for a latent without a rate. `noise` names the stream of the draws of z."""
    if isinstance(model, VQVAE):
        return _code_nats(model, encoded, priors)
    if not isinstance(priors.simple, PositionGaussians):
        return {}
    kl, z = kl_per_image(encoded), drawn(encoded, stream(0, noise))
    costs = {"fixed": kl, "simple": latent_nats(kl, priors.simple.log_prob(z), z)}
    if isinstance(priors.learned, LatentPrior):
        costs["learned"] = latent_nats(kl, priors.learned.log_prob(z), z)
    return costs


def _code_nats(model: VQVAE, encoded: EncodedSet, priors: _Priors) -> dict[str, Tensor]:
    assert isinstance(priors.simple, Tensor) and encoded.indices is not None  # noqa: PT018
    uniform = uniform_bits(model.shape.grid**2, model.quantizer.num_codes) * math.log(2)
    costs = {
        "fixed": torch.full((len(encoded.indices),), uniform, dtype=torch.float64),
        "simple": simple_nats(model, priors.simple, encoded.indices),
    }
    if isinstance(priors.learned, CodePrior):
        costs["learned"] = -priors.learned.log_prob(encoded.indices)
    return costs


def _draw_error(
    model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, s2: float, priors: _Priors
) -> dict[str, float | None]:
    """Nats by rung: two more draws of some images say how far one draw of an image strays, all images share it out.

    log p(x|z) and the rate are estimated from draws of their own, so that their variances add up.
    """
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    n = len(encoded.mean)
    images = image_set.images[image_set.split("test")[:DRAWN_AGAIN]]
    some = EncodedSet(encoded.mean[:DRAWN_AGAIN], encoded.logvar[:DRAWN_AGAIN])
    nll = [
        gaussian_nll(
            decode_and_compare(model, images, some, sample=True, first=n + at).squared_error, model.shape.values, s2
        )
        for at in (0, n)
    ]
    first, second = (_nats(model, some, priors, f"rate noise {again}") for again in range(2))
    strays = (nll[0] - nll[1]).square().mean()
    both = {rung: strays + (first[rung] - second[rung]).square().mean() for rung in first}
    # half the squared difference of two draws is the variance of one
    return {rung: float((both[rung] / (2 * n)).sqrt()) if rung in both else None for rung in RUNGS}
