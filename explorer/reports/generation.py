"""How a run generates, measured: each prior of its ladder, beside rows that say what good and bad figures look like.

`generation_report(run, image_set, classifier)` is the section "generation" of report.json:

    n, reference, seed, classifier {accuracy, n, sha256}
    redrawn       figures whose intervals cover the reference and the split too, and not the samples alone
    rows          prior -> row; VQ-VAE: uniform, frequencies, learned · VAE: normal, simple, learned · AE: own_spread
    out_of_order  rungs of the ladder whose KID-clf is above the rung's before
    calibration   real_half, train_copies, blurred_real -> row
    holes         2-D VAE: `P_{z~p}(q/p < 1/10)`, with the images behind q

A row is a `SampleQuality` as plain JSON: n, reference, kid_clf {value, sd, subsets, size}, manifold {precision, recall,
density, coverage}, two_sample, copies, classes; each figure is {value, low, high}. The fourth calibration row, decoded
uniform codes, is the VQ-VAE's own row "uniform".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from explorer.classifier import Classifier
from explorer.data import ImageSet
from explorer.latent import encode_images
from explorer.metrics.blur import blurred
from explorer.metrics.generation import Reference, SampleQuality, sample_quality
from explorer.metrics.holes import hole_mass
from explorer.models import Autoencoder
from explorer.models.prior import CodePrior
from explorer.runs import Run
from explorer.runs.priors import Prior, ladder
from explorer.streams import stream

#: A test split of this size is halved, so that a half of real images is a row of the same n; a smaller one is not.
HALVED = 2000
#: Sigma of the calibration row of blurred images, pixels.
BLUR = 1.0
#: The ladder of code priors, from noise upwards.
RUNGS = ("uniform", "frequencies", "learned")
DECODED_AT_ONCE = 250


@torch.no_grad()
def sample_images(model: Autoencoder, prior: Prior, n: int, seed: int = 0) -> Iterator[Tensor]:
    """`n` decoded samples in blocks (B, C, H, W), unclipped; the first ones are the same for every `n`."""
    generator = stream(seed, "generation")
    latents = prior.sample(n, generator)
    if not isinstance(prior, CodePrior) and model.spatial:
        latents = latents.view(n, -1, model.shape.grid, model.shape.grid)
    for block in latents.split(DECODED_AT_ONCE):
        yield model.decode(block)


def generation_report(run: Run, image_set: ImageSet, classifier: Classifier, seed: int = 0) -> dict[str, Any]:
    """Measure every prior of a run. Sampling, features and neighbours: about a minute.

    Args:
        run: finished.
        image_set: the one it was trained on.
        classifier: of that set.
        seed: of samples and subsets.
    """
    reference = _reference(image_set, classifier, halved=len(image_set.split("test")) >= HALVED)
    n = len(reference.held_out)
    rows = {}
    for name, prior in ladder(run).items():
        features = torch.cat([classifier.features(x) for x in sample_images(run.model, prior, n, seed)])
        rows[name] = _row(features, reference, classifier, seed)
    report = {
        "n": n,
        "reference": n,
        "redrawn": ["two_sample", "copies"],
        "seed": seed,
        "classifier": {"accuracy": classifier.accuracy, "n": classifier.n, "sha256": classifier.sha256},
        "rows": rows,
        "out_of_order": out_of_order(rows),
        "calibration": calibration(image_set, classifier, seed),
    }
    return report | _holes(run, image_set, seed)


def out_of_order(rows: Mapping[str, Any]) -> list[str]:
    """Rungs of the ladder of code priors whose KID-clf is above the rung's before; `[]` where there is no ladder."""
    rungs = [rung for rung in RUNGS if rung in rows]
    values = [rows[rung]["kid_clf"]["value"] for rung in rungs]
    return [rung for rung, before, after in zip(rungs[1:], values, values[1:], strict=False) if after > before]


def _row(features: Tensor, reference: Reference, classifier: Classifier, seed: int) -> dict[str, Any]:
    classes = classifier.probabilities_of(features).argmax(1)
    quality: SampleQuality = sample_quality(
        features, classes, len(classifier.class_names), reference, stream(seed, "sample quality")
    )
    return asdict(quality)


def calibration(image_set: ImageSet, classifier: Classifier, seed: int = 0) -> dict[str, Any]:
    """What real images, copies of training images and blurred images would score; measured once per process."""
    return dict(_calibration(image_set, classifier, seed))


@lru_cache(maxsize=4)
def _calibration(image_set: ImageSet, classifier: Classifier, seed: int) -> dict[str, Any]:
    test = image_set.split("test")
    half = len(test) // 2
    halves = _reference(image_set, classifier, halved=True)
    whole = _reference(image_set, classifier, halved=len(test) >= HALVED)
    other_half = image_set.batch(test[:half])
    rows = {
        "real_half": (classifier.features(other_half), halves),
        "train_copies": (whole.train, whole),
        "blurred_real": (classifier.features(blurred(other_half, BLUR)), halves),
    }
    return {name: _row(features, reference, classifier, seed) for name, (features, reference) in rows.items()}


@lru_cache(maxsize=4)
def _reference(image_set: ImageSet, classifier: Classifier, *, halved: bool) -> Reference:
    """The second half of the test split, or all of it, and as many training images."""
    test = image_set.split("test")
    held_out = test[len(test) // 2 :] if halved else test
    train = image_set.split("train")[: len(held_out)]
    return Reference(*(classifier.features(image_set.batch(ids)) for ids in (held_out, train)))


def _holes(run: Run, image_set: ImageSet, seed: int) -> dict[str, Any]:
    """Only where the aggregate posterior can be counted: two numbers for an image."""
    if run.config.model != "vae" or run.config.latent_dim != 2 or run.config.spatial:
        return {}
    encoded = encode_images(run.model, image_set.images[image_set.split("train")])
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    mass = hole_mass(encoded.mean, encoded.logvar, stream(seed, "holes"))
    return {"holes": asdict(mass) | {"images": len(encoded.mean)}}
