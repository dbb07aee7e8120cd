"""One update of a codebook on a real mini-batch: what it begins from, taken out of a run's film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.data import load_image_set
from explorer.files.bounded_cache import newest
from explorer.metrics.ema_step import state_behind
from explorer.models import VQVAE
from explorer.models.nearest import nearest
from explorer.runs import Run
from explorer.training.batches import training_images
from explorer.training.build import build_model
from explorer.training.trace_recorder import latent_vectors
from explorer.ui.computed import catalog

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MiniBatch:
    """What update `step + 1` starts from, as the film keeps it (float16), and what it sees.

    Attributes:
        step: updates done before it.
        whole: whether `vectors` are all of the mini-batch, encoded again by the weights the film kept; else they are
            the sample that each frame keeps.
        codebook, count, total: (K, D), (K,), (K, D); count and total are zero under the gradient rule.
        vectors: (N, D) encoder outputs.
        chosen: (N,) their codes.
        hits: (K,) how many chose each code.
        sums: (K, D) of the vectors that did.
    """

    step: int
    whole: bool
    codebook: Floats
    count: Floats
    total: Floats
    vectors: Floats
    chosen: NDArray[np.int64]
    hits: NDArray[np.int64]
    sums: Floats


def mini_batch(run: Run, frame: int) -> MiniBatch:
    """The mini-batch at a frame of the film, read once."""
    return _mini_batch(run.id, run.weights_sha256, frame)


@newest(16, 4e6)
def _mini_batch(run_id: str, weights_sha256: str, frame: int) -> MiniBatch:  # noqa: ARG001
    run = catalog.run(run_id)
    trace = run.trace
    step = int(trace.frame_steps[frame])
    codebook = trace.frames["codebook"][frame].astype(np.float32)
    whole = step in trace.weights
    vectors = _encoded_again(run, step, frame) if whole else trace.frames["batch_latents"][frame].astype(np.float32)
    chosen = nearest(torch.from_numpy(vectors), torch.from_numpy(codebook)).numpy()
    count, total = _state(run, frame)
    sums = np.zeros(codebook.shape)
    np.add.at(sums, chosen, vectors.astype(np.float64))
    return MiniBatch(
        step=step,
        whole=whole,
        codebook=codebook.astype(np.float64),
        count=count,
        total=total,
        vectors=vectors.astype(np.float64),
        chosen=chosen,
        hits=np.bincount(chosen, minlength=len(codebook)),
        sums=sums,
    )


def _state(run: Run, frame: int) -> tuple[Floats, Floats]:
    codebook = run.trace.frames["codebook"][frame].astype(np.float64)
    if "ema_count" not in run.trace.frames:
        return np.zeros(len(codebook)), np.zeros(codebook.shape)
    step = int(run.trace.frame_steps[frame])
    count, total = (run.trace.frames[name][frame].astype(np.float64) for name in ("ema_count", "ema_sum"))
    return state_behind(
        codebook,
        count,
        total,
        decay=run.info.config_at(step).decay,
        epsilon=run.config.epsilon,
        start=ema_start(run),
        store_smoothed=run.config.codebook_update == "snippet",
        step=step,
    )


def ema_start(run: Run) -> str:
    """The EMA start that a run's rule has, "" under a rule without EMA."""
    if "ema_count" not in run.trace.frames:
        return ""
    return "snippet" if run.config.codebook_update == "snippet" else run.config.ema_start


@torch.no_grad()
def _encoded_again(run: Run, step: int, frame: int) -> NDArray[np.float32]:
    """All vectors of the mini-batch, by the weights of that step."""
    config, image_set = run.config, load_image_set(run.config.data)
    ids = torch.from_numpy(run.trace.frames["batch_ids"][frame]).long()
    images = training_images(image_set, ids, config.seed, step + 1, augmented=config.augment)
    return latent_vectors(model_at(run, step), images)[0].numpy()


def model_at(run: Run, step: int) -> VQVAE:
    """The model as it was after `step` updates, from the float16 weights that the film kept; in eval mode."""
    model = build_model(run.config, run.info.shape, run.info.data_variance)
    assert isinstance(model, VQVAE)
    kept = run.trace.weights[step]
    model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in kept.items()})
    return model.to(memory_format=torch.channels_last).eval()
