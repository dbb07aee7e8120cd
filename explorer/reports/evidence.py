"""How likely a run finds real images: bounds on `log p(x)` in nats, and where it can be had, `log p(x)` itself.

`evidence_report(run, image_set)` is the section "evidence" of report.json, over the same 256 test images for every run
of a set, under the run's fixed `s²` and β = 1:

    n, split, seed, s2
    VAE      draws · reconstruction_nats E_q log p(x|z), kl_nats
             iwae {k, nats, monte_carlo_error, image_error}, k = 1 is the ELBO
             two numbers for an image: log_px {nats, image_error, accepted, largest_move, gap_nats, gap_image_error},
             kl_split, one for all test images and one for half of them
    VQ-VAE   reconstruction_nats log p(x|z_q) · bounds: prior -> {nats, image_error, prior_nats}

A VQ-VAE's bound is one term of the sum over all grids of codes, `log p(x) ≥ log p(x|k) + log P(k)`. It is not to be
compared with a VAE's IWAE value: the one drops all but one term, the other averages over a posterior. An AE has no
prior, so it has no bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.latent import EncodedSet, encode_images
from explorer.latent.sample import drawn_rows
from explorer.metrics.elbo import elbo_terms, log_likelihood
from explorer.metrics.evidence import Decode, coarse_grid, integrate
from explorer.metrics.iwae import iwae, log_importance_weights, over_images, posterior_draws
from explorer.metrics.kl_split import kl_split
from explorer.models import Autoencoder
from explorer.models.prior import CodePrior
from explorer.runs import Run
from explorer.runs.priors import ladder
from explorer.streams import stream

#: Test images the set's figures are measured on.
IMAGES = 256
#: Draws of z for each of them; the largest k.
DRAWS = 1000
K = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
DECODED_AT_ONCE = 500

#: Called with how many images are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Draws:
    """Draws z ~ q(z|x) of one image.

    Attributes:
        log_likelihoods: (draws,) `log p(x|z)`, nats.
        log_weights: (draws,) `log p(x, z)/q(z|x)`.
    """

    log_likelihoods: Tensor
    log_weights: Tensor


@torch.no_grad()
def draws_of(
    model: Autoencoder, image: Tensor, mean: Tensor, logvar: Tensor, s2: float, draws: int, generator: torch.Generator
) -> Draws:
    """Draw from the posterior of one image, decode, and weigh.

    Args:
        model: a VAE.
        image: (C, H, W) in [0, 1].
        mean: of its posterior, (Z,) or (D, h, w).
        logvar: same shape.
        s2: the run's fixed `s²`.
        draws: how many.
        generator: draws ε.
    """
    epsilon = torch.randn(draws, mean.numel(), generator=generator)
    z = posterior_draws(mean.flatten(), logvar.flatten(), epsilon).float().view(draws, *mean.shape)
    errors = [(model.decode(block) - image).square().flatten(1).sum(1) for block in z.split(DECODED_AT_ONCE)]
    likelihoods = log_likelihood(torch.cat(errors), image.numel(), s2)
    return Draws(likelihoods, log_importance_weights(likelihoods, mean.flatten(), logvar.flatten(), epsilon))


def decode_of(model: Autoencoder) -> Decode:
    """A VAE's decoder as the integration takes it: latents (n, 2) to flat pictures (n, d)."""

    @torch.no_grad()
    def decode(z: Tensor) -> Tensor:
        return model.decode(z).flatten(1)

    return decode


def fixed_rows(image_set: ImageSet) -> Tensor:
    """Rows of the test split that the set's figures are measured on: the same for every run."""
    return drawn_rows(len(image_set.split("test")), IMAGES)


def integrable(run: Run) -> bool:
    """Whether the evidence can be integrated: a VAE with two numbers for an image."""
    return run.config.model == "vae" and run.config.latent_dim == 2 and not run.config.spatial


def evidence_report(run: Run, image_set: ImageSet, seed: int = 0, on_image: Progress | None = None) -> dict[str, Any]:
    """Measure a finished run: half a minute for a VAE, 2 to 3 with `log p(x)`, seconds for a VQ-VAE; {} for an AE."""
    if run.config.model == "ae":
        return {}
    images = image_set.images[image_set.split("test")]
    rows = fixed_rows(image_set)
    section = {"n": len(rows), "split": "test", "seed": seed, "s2": _s2(run)}
    if run.config.is_vq:
        return section | _code_bounds(run, images[rows])
    encoded = encode_images(run.model, images)
    return (
        section
        | _sampled(run, images, encoded, rows, seed, on_image)
        | _integrated(run, images, encoded, rows, on_image)
    )


def _s2(run: Run) -> float:
    assert run.info.s2 is not None  # finished
    return run.info.s2


def _sampled(
    run: Run, images: Tensor, encoded: EncodedSet, rows: Tensor, seed: int, on_image: Progress | None
) -> dict[str, Any]:
    mean, logvar = _posteriors(encoded, rows)
    found = []
    for place, row in enumerate(rows.tolist()):
        image = images[row].float() / 255
        generator = stream(seed, "importance draws", row)
        found.append(draws_of(run.model, image, mean[place], logvar[place], _s2(run), DRAWS, generator))
        if on_image:
            on_image(place + 1, len(rows))
    terms = elbo_terms(torch.stack([draws.log_likelihoods for draws in found]), mean, logvar)
    curve = over_images(iwae(torch.stack([draws.log_weights for draws in found]), [k for k in K if k <= DRAWS]))
    return {
        "draws": DRAWS,
        "reconstruction_nats": float(terms.log_likelihood.mean()),
        "kl_nats": float(terms.kl.mean()),
        "iwae": {
            "k": list(curve.k),
            "nats": curve.bound.tolist(),
            "monte_carlo_error": curve.monte_carlo_error.tolist(),
            "image_error": curve.image_error.tolist(),
        },
    }


def _integrated(
    run: Run, images: Tensor, encoded: EncodedSet, rows: Tensor, on_image: Progress | None
) -> dict[str, Any]:
    if not integrable(run):
        return {}
    mean, logvar = _posteriors(encoded, torch.arange(len(images)))
    decode = decode_of(run.model)
    grid = coarse_grid(decode, mean, logvar)
    flat = images[rows].flatten(1).float() / 255
    values, gaps, moves, accepted = [], [], [], 0
    for place, found in enumerate(integrate(flat, grid, decode, mean[rows], logvar[rows], _s2(run))):
        values.append(found.log_px)
        gaps.append(found.gap)
        moves.append(found.moved)
        accepted += found.accepted
        if on_image:
            on_image(place + 1, len(rows))
    log_px, gap = _with_error(torch.tensor(values)), _with_error(torch.tensor(gaps))
    return {
        "log_px": log_px
        | {"accepted": accepted, "largest_move": max(moves)}
        | {"gap_nats": gap["nats"], "gap_image_error": gap["image_error"]},
        "kl_split": [
            asdict(kl_split(mean[:n], logvar[:n], stream(0, "kl split"))) for n in (len(mean), len(mean) // 2)
        ],
    }


def _posteriors(encoded: EncodedSet, rows: Tensor) -> tuple[Tensor, Tensor]:
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    return encoded.mean[rows], encoded.logvar[rows]


def _code_bounds(run: Run, images: Tensor) -> dict[str, Any]:
    likelihoods, costs = code_bounds(run, images)
    return {
        "reconstruction_nats": float(likelihoods.mean()),
        "bounds": {
            name: _with_error(likelihoods - cost) | {"prior_nats": float(cost.mean())} for name, cost in costs.items()
        },
    }


@torch.no_grad()
def code_bounds(run: Run, images: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """What a VQ-VAE's bound is made of, for uint8 images (N, C, H, W), nats, float64.

    Returns:
        `log p(x|z_q)`, (N,), and for each prior of the ladder `-log P(codes)`, (N,): their difference is the bound.
    """
    indices = encode_images(run.model, images).indices
    assert indices is not None
    x = images.float() / 255
    errors = torch.cat(
        [
            (run.model.decode(codes) - pixels).square().flatten(1).sum(1)
            for codes, pixels in zip(indices.split(DECODED_AT_ONCE), x.split(DECODED_AT_ONCE), strict=True)
        ]
    )
    costs = {
        name: -prior.log_prob(indices).double() for name, prior in ladder(run).items() if isinstance(prior, CodePrior)
    }
    return log_likelihood(errors, x[0].numel(), _s2(run)), costs


def _with_error(values: Tensor) -> dict[str, float]:
    """A mean over images and its standard error."""
    values = values.double()
    return {"nats": float(values.mean()), "image_error": float(values.std()) / math.sqrt(len(values))}
