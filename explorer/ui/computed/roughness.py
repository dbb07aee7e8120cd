"""What the same step does in an AE's and in a VAE's latent, from many test images; measured once per run and size."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import cast

import numpy as np
import torch
from torch import Tensor

from explorer.classifier import load_classifier
from explorer.files.bounded_cache import newest
from explorer.latent.steps import jumped, spread, stepped
from explorer.metrics.smoothness import Estimate, changed_mind, estimates, pixel_distance
from explorer.runs import Run
from explorer.streams import stream
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.stored import Arrays, stored

KIND = "roughness"
#: Steps as shares of a latent's spread, and 0 for the jump to another test image.
SIZES = (0.02, 0.05, 0.1, 0.2, 0.5, 0.0)
#: The one that the sentence is about.
HEADLINE = 0.1
#: Steps in all, as near as the number of images allows, and images that they start from at most.
STEPS = 1000
BATCH = 250

#: Two questions at once would only slow each other down, and may share their answers.
_MEASURING = Lock()


@dataclass(frozen=True)
class Rough:
    """One size of step in one run, or the AE's values less the VAE's.

    Attributes:
        mind: share of steps after which the classifier's opinion is another.
        pixels: RMSE of the pictures before and after.
    """

    mind: Estimate
    pixels: Estimate


@dataclass(frozen=True)
class Compared:
    """One size of step in two runs, from the same images in the same directions (where the latents are of one size).

    Attributes:
        difference: AE less VAE, paired.
        images: test images that the steps start from.
        steps: all of them.
    """

    ae: Rough
    vae: Rough
    difference: Rough
    images: int
    steps: int


def compared(ae: str, vae: str, size: float) -> Compared:
    """Both runs under steps of one size.

    Args:
        ae: run id.
        vae: run id, of the same image set.
        size: one of `SIZES`.
    """
    with _MEASURING:
        of_ae, of_vae = (_values(run_id, catalog.run(run_id).weights_sha256, size) for run_id in (ae, vae))
    n, m = of_ae[0].shape
    difference = [ae - vae for ae, vae in zip(of_ae, of_vae, strict=True)]
    found = estimates([*of_ae, *of_vae, *difference], stream(0, "roughness bootstrap"))
    return Compared(Rough(*found[:2]), Rough(*found[2:4]), Rough(*found[4:]), n, n * m)


def is_stored(*runs: Run) -> bool:
    """Whether `compared` and `spread_of` only read."""
    return all(stored(run.id, KIND, run.weights_sha256) for run in runs)


def spread_of(run: Run) -> float:
    """The spread of a run's posterior means over the test split."""
    known = stored(run.id, KIND, run.weights_sha256)
    return float(known["spread"]) if known else measured_spread(run.id)


def measured_spread(run_id: str) -> float:
    """Computed."""
    return spread(cast(Tensor, encoded.encoded_test(run_id).mean))


def packed(run: Run) -> Arrays:
    """What `compared` then reads."""
    found = [_values(run.id, run.weights_sha256, size) for size in SIZES]
    return {
        "minds": np.stack([minds.numpy() for minds, _ in found]),
        "pixels": np.stack([pixels.numpy() for _, pixels in found]),
        "spread": np.array(measured_spread(run.id)),
    }


@newest(64, 64e6)
@torch.no_grad()
def _values(run_id: str, weights_sha256: str, size: float) -> tuple[Tensor, Tensor]:
    """Changed minds and pixel distances, (n, m) each."""
    if (known := stored(run_id, KIND, weights_sha256)) and size in SIZES:
        row = SIZES.index(size)
        return torch.from_numpy(known["minds"][row]), torch.from_numpy(known["pixels"][row])
    run = catalog.run(run_id)
    latents = cast(Tensor, encoded.encoded_test(run_id).mean)
    before = _before(run_id, weights_sha256)
    rows = torch.arange(len(before.pictures))
    count = -(-STEPS // len(rows))
    if size:
        after = stepped(latents[rows], size * spread(latents), count, stream(0, "roughness directions"))
    else:
        after = jumped(latents, rows, count, stream(0, "roughness jumps"))
    classifier = load_classifier(run.config.data)
    minds, distances = [], []
    for part in rows.split(BATCH):
        moved = run.model.decode(after[part].flatten(0, 1))
        opinion = classifier.probabilities(moved).view(len(part), count, -1)
        minds.append(changed_mind(before.opinion[part], opinion))
        distances.append(pixel_distance(before.pictures[part], moved.view(len(part), count, *moved.shape[1:])))
    return torch.cat(minds), torch.cat(distances)


@dataclass(frozen=True)
class _Before:
    """Pictures (n, C, H, W) where the steps start, and class probabilities (n, classes)."""

    pictures: Tensor
    opinion: Tensor


@newest(4, 64e6)
def _before(run_id: str, weights_sha256: str) -> _Before:  # noqa: ARG001
    run = catalog.run(run_id)
    latents = cast(Tensor, encoded.encoded_test(run_id).mean)[:STEPS]
    pictures = torch.cat([run.model.decode(part) for part in latents.split(BATCH)])
    return _Before(pictures, load_classifier(run.config.data).probabilities(pictures))
