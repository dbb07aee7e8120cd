"""What the models generate, each sample a pure function of run, prior, seed and its place among the seed's samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from explorer.data import load_image_set
from explorer.errors import ViewError
from explorer.files.bounded_cache import newest
from explorer.latent import encode_images
from explorer.metrics.holes import hole_map
from explorer.models.prior import MOST_TUPLES, CodePrior, LatentPrior, distribution, draw
from explorer.runs import Run
from explorer.runs.priors import ladder, learned_prior
from explorer.streams import stream
from explorer.ui.computed import catalog
from explorer.ui.computed.stored import Arrays, stored

#: Cells of the prior's plane with less of its mass than this are left out of the map of holes: nobody draws there.
LEAST_MASS = 2e-5
HOLES = "holes"
#: Samples of one seed.
MOST_SAMPLES = 64


@dataclass(frozen=True)
class Written:
    """A grid of codes that a prior has finished.

    Attributes:
        codes: (P,), the given ones first.
        probabilities: (P - given, K) float64, what each of the other codes was drawn from.
    """

    codes: tuple[int, ...]
    probabilities: Tensor


def stamp(run: Run) -> str:
    """Changes when the run's weights or its prior do."""
    return " ".join(run.files.get(name, "") for name in ("model.safetensors", "prior.safetensors"))


def samples(run: Run, prior: str, seed: int, first: int, count: int) -> Tensor:
    """Samples `first` to `first + count` - 1 of a seed: latents (count, Z) or codes (count, P).

    All priors of a kind share the noise of one seed, so their samples are relatives.

    Args:
        run: whose priors they are.
        prior: a key of `explorer.runs.priors.ladder`.
        seed: see `View.seed`.
        first: place of the first sample.
        count: how many.
    """
    return _samples(run.id, stamp(run), prior, seed, first, count)


@newest(128, 64e6)
@torch.no_grad()
def _samples(run_id: str, stamp: str, prior: str, seed: int, first: int, count: int) -> Tensor:  # noqa: ARG001
    found, generator = ladder(catalog.run(run_id))[prior], stream(seed, "samples")
    if isinstance(found, LatentPrior):
        return found.sample(first + count, generator)[first:]
    noise = found.noise(first + count, generator)[first:]
    return found.writer(count).finish(noise)


@torch.no_grad()
def written(
    run: Run,
    given: tuple[int, ...],
    *,
    seed: int,
    sample: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    label: int | None = None,
) -> Written:
    """What the learned prior writes after `given`; without any, at temperature 1, that is sample `sample` of `samples`.

    Args:
        run: whose prior writes.
        given: codes of the first cells.
        seed: see `View.seed`.
        sample: whose noise among the seed's is used.
        temperature: see `explorer.models.prior.distribution`.
        top_k: likewise.
        label: class the picture shall be of; None leaves that to the prior.

    Raises:
        ViewError: `prior_missing`, no prior was trained for this run; `prior_many`, its codes are too many for bars.
    """
    prior = written_by(run)
    noise = prior.noise(sample + 1, stream(seed, "samples"))[sample:]
    writer = prior.writer(1, None if label is None else torch.tensor([label]))
    for code in given:
        writer.write(torch.tensor([code]))
    parts = []
    for j in range(len(given), prior.space.positions):
        parts.append(distribution(writer.logits(), temperature, top_k))
        writer.write(draw(parts[-1], noise[:, j]))
    probabilities = torch.cat(parts) if parts else torch.empty(0, prior.space.num_embeddings, dtype=torch.float64)
    return Written(tuple(writer.indices[0].tolist()), probabilities)


def training_images(data: str) -> Tensor:
    """uint8 (N, C, H, W)."""
    return load_image_set(data).images_of("train")


def hole_ratios(run_id: str) -> bytes:
    """(rows, columns) float32 of a 2-D VAE's `hole_map` over the training images; -1 where the prior has no mass."""
    run = catalog.run(run_id)
    found = stored(run.id, HOLES, run.weights_sha256) or packed_holes(run)
    return bytes(found["ratio"].tobytes())


def packed_holes(run: Run) -> Arrays:
    """The same computed, from all training images: what `hole_ratios` then reads."""
    encoded = encode_images(run.model, training_images(run.config.data))
    found = hole_map(cast(Tensor, encoded.mean), cast(Tensor, encoded.logvar), stream(0, "hole map"))
    return {"ratio": found.ratio.masked_fill(found.prior_mass < LEAST_MASS, -1).numpy().astype("<f4")}


def written_by(run: Run) -> CodePrior:
    """The learned prior of a run whose codes can be shown one by one.

    Raises:
        ViewError: `prior_missing`, `prior_many`.
    """
    prior = learned_of(run)
    if prior.space.num_embeddings > MOST_TUPLES:
        raise ViewError("prior_many", run=run.id, codes=prior.space.num_embeddings, most=MOST_TUPLES)
    return prior


def learned_of(run: Run) -> CodePrior:
    """The prior that was trained for a VQ-VAE.

    Raises:
        ViewError: `prior_missing`.
    """
    prior = learned_prior(run)
    if prior is None:
        raise ViewError("prior_missing", run=run.id)
    return prior
