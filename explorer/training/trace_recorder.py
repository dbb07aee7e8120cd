"""Fills a `Trace` while a run trains. It only looks: no training stream is drawn from, no weight is touched."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.latent.encode import latent_to_decode
from explorer.models import VAE, VQVAE, Autoencoder, ComposedQuantizer, Quantizer
from explorer.models.objectives import gaussian_kl
from explorer.models.trunk import STRIDE
from explorer.streams import stream
from explorer.training.config import RunConfig
from explorer.training.gauge import Gauge
from explorer.training.trace import (
    FORMAT,
    MOST_CODEBOOK_FRAMES,
    MOST_FRAMES,
    Array,
    Trace,
    compact,
    curve_schedule,
    frame_schedule,
    sampled_every,
)

PROBES = 2000
#: Validation images measured at each frame; the same ones every time, so that a change is a change of the model.
VALIDATION_IMAGES = 500
BATCH_LATENTS = 512
RECONSTRUCTIONS = 8
#: Positions looked at in each probe image of a spatial model.
CELLS_PER_IMAGE = 5
#: Codes longer than this keep few codebook frames, and few probes, whose share of the file grows with their length.
FILMED_DIM = 8
DEEP_PROBES, DEEP_CELLS_PER_IMAGE = 512, 4


class Recorder:
    """Collects frames and curves at scheduled steps.

    Args:
        config: decides the level and how many weights are kept.
        image_set: gives probes and validation images.
    """

    def __init__(self, config: RunConfig, image_set: ImageSet) -> None:
        self.config = config
        self.image_set = image_set
        self.deep = config.is_vq and config.embedding_dim > FILMED_DIM
        few = config.trace == "scalars" or self.deep
        schedule = frame_schedule(config.steps, MOST_CODEBOOK_FRAMES if few else MOST_FRAMES)
        self.frame_steps = frozenset(schedule)
        self.curve_steps = frozenset(curve_schedule(config.steps))
        self.kept_steps = frozenset(_spread(schedule, config.kept_weights))
        self._frames: dict[str, list[Array]] = {}
        self._steps: list[int] = []
        self._curves: dict[str, list[float]] = {}
        self._curve_steps: list[int] = []
        self._weights: dict[int, dict[str, Array]] = {}
        self._fixed = self._choose_probes()
        self._format = FORMAT

    def _choose_probes(self) -> dict[str, Array]:
        val = self.image_set.split("val")
        ids = torch.cat([val, self.image_set.split("train")])
        spatial = self.config.is_vq or self.config.spatial
        cells = (self.image_set.height // STRIDE) * (self.image_set.width // STRIDE)
        probes, per_image = (DEEP_PROBES, DEEP_CELLS_PER_IMAGE) if self.deep else (PROBES, CELLS_PER_IMAGE)
        per_image = min(per_image, cells)
        images = ids[: probes // per_image if spatial else probes]
        fixed: dict[str, Array] = {"reconstruction_ids": val[:RECONSTRUCTIONS].numpy().astype(np.int32)}
        if not spatial:
            return fixed | {"probe_ids": images.numpy().astype(np.int32)}
        drawn = torch.rand(len(images), cells, generator=stream(0, "probe cells")).argsort(1)[:, :per_image]
        return fixed | {
            "probe_ids": images.repeat_interleave(per_image).numpy().astype(np.int32),
            "probe_cells": drawn.flatten().numpy().astype(np.int32),
        }

    def curve(self, step: int, values: dict[str, float]) -> None:
        """Add one point to every curve."""
        self._curve_steps.append(step)
        for name, value in values.items():
            self._curves.setdefault(name, []).append(value)

    def curves_so_far(self) -> dict[str, list[float]]:
        """Every curve's points; `curve_steps_so_far` has their steps. Not to be changed."""
        return self._curves

    def curve_steps_so_far(self) -> list[int]:
        """The steps of the points."""
        return self._curve_steps

    @torch.no_grad()
    def frame(self, model: Autoencoder, step: int, next_ids: Tensor, hits: Tensor | None) -> None:
        """Add the state after `step` updates, and the mini-batch `next_ids` that it is about to see."""
        was_training = model.training
        model.eval()
        self._steps.append(step)
        arrays = self._validation(model) | self._kl_units(model)
        if self.config.trace != "scalars":
            arrays |= self._codebook(model, hits) | self._batch(model, next_ids)
        if self.config.trace == "full":
            arrays |= self._probes(model) | self._reconstructions(model)
        elif self.config.trace == "codebook" and self.deep:
            arrays |= self._probes(model)
        for name, array in arrays.items():
            self._frames.setdefault(name, []).append(array)
        if step in self.kept_steps:
            self._weights[step] = {k: compact(_array(v).copy()) for k, v in model.state_dict().items()}
        model.train(was_training)

    def _validation(self, model: Autoencoder) -> dict[str, Array]:
        mse, loss, n = 0.0, 0.0, 0
        for k, ids in enumerate(self.image_set.split("val")[:VALIDATION_IMAGES].split(500)):
            terms = model.loss_terms(self._batch_of(model, ids), stream(0, "validation noise", k))
            mse += float(terms.named()["mse"]) * len(ids)
            loss += float(model.loss(terms)) * len(ids)
            n += len(ids)
        return {"val_mse": np.asarray(mse / n, np.float32), "val_loss": np.asarray(loss / n, np.float32)}

    def _kl_units(self, model: Autoencoder) -> dict[str, Array]:
        if not isinstance(model, VAE):
            return {}
        ids = self.image_set.split("val")[:VALIDATION_IMAGES]
        kl = gaussian_kl(model.encode(self._batch_of(model, ids)))  # (B, Z), or (B, D, h, w)
        return {"kl_units": _array(kl.flatten(2).sum(2).mean(0) if kl.ndim == 4 else kl.mean(0))}

    def _codebook(self, model: Autoencoder, hits: Tensor | None) -> dict[str, Array]:
        if not isinstance(model, VQVAE) or hits is None:
            return {}
        quantizer = model.quantizer
        arrays = {
            "codebook": _array(quantizer.codebook.detach()).copy(),
            "hits": hits.numpy().astype(np.int32),
        }
        if isinstance(quantizer, ComposedQuantizer):
            levels = [_ema(part) for part in quantizer.each()]
            ema = {name: np.stack([level[name] for level in levels]) for name in levels[0]}
            return arrays | ema | {"hits": arrays["hits"].reshape(len(levels), -1)}
        return arrays | _ema(quantizer)

    def _batch(self, model: Autoencoder, ids: Tensor) -> dict[str, Array]:
        vectors = _array(latent_vectors(model, self._batch_of(model, ids))[0])
        every = sampled_every(len(vectors), len(vectors) // len(ids), BATCH_LATENTS, self._format)
        return {"batch_latents": vectors[::every][:BATCH_LATENTS], "batch_ids": ids.numpy().astype(np.int32)}

    def _probes(self, model: Autoencoder) -> dict[str, Array]:
        images, first = np.unique(self._fixed["probe_ids"], return_index=True)
        images = images[np.argsort(first)]  # np.unique sorts; the probes keep the order in which they were chosen
        parts = [
            latent_vectors(model, self._batch_of(model, torch.as_tensor(ids))) for ids in np.array_split(images, 4)
        ]
        names = ["probe_latents", "probe_logvar"][: len(parts[0])]
        arrays = {name: np.concatenate([_array(part[k]) for part in parts]) for k, name in enumerate(names)}
        if "probe_cells" not in self._fixed:
            return arrays
        cells = len(arrays["probe_latents"]) // len(images)
        probed = len(self._fixed["probe_cells"]) // len(images)
        rows = np.repeat(np.arange(len(images)), probed) * cells + self._fixed["probe_cells"]
        return {name: array[rows] for name, array in arrays.items()}

    def _reconstructions(self, model: Autoencoder) -> dict[str, Array]:
        x = self._batch_of(model, torch.as_tensor(self._fixed["reconstruction_ids"]).long())
        image = model.decode(latent_to_decode(model.encode(x)))
        return {"reconstructions": _array((image.clamp(0, 1) * 255).round().byte().contiguous())}

    def _batch_of(self, model: Autoencoder, ids: Tensor) -> Tensor:
        x = self.image_set.batch(ids.long()).contiguous(memory_format=torch.channels_last)
        return x.to(next(model.parameters()).device)

    def trace(self) -> Trace:
        """What was recorded so far."""
        return Trace(
            level=self.config.trace,
            frame_steps=np.array(self._steps, np.int32),
            frames={name: _stack(name, arrays) for name, arrays in self._frames.items()},
            curve_steps=np.array(self._curve_steps, np.int32),
            curves={name: np.array(values, np.float32) for name, values in self._curves.items()},
            fixed=self._fixed,
            weights=self._weights,
            format=self._format,
        )

    def resume(self, trace: Trace) -> None:
        """Take up the film where `trace` left it."""
        self._format = max(2, trace.format)  # frames of one film keep the same vectors
        self._steps = [int(step) for step in trace.frame_steps]
        self._frames = {name: list(array) for name, array in trace.frames.items()}
        if self.config.model == "vae" and "kl_units" not in trace.frames:  # format 1: what nobody measured is no number
            self._frames["kl_units"] = [np.full(self.config.latent_dim, np.nan, np.float32)] * len(self._steps)
        self._curve_steps = [int(step) for step in trace.curve_steps]
        self._curves = {name: [float(v) for v in array] for name, array in trace.curves.items()}
        self._weights = dict(trace.weights)


def _ema(quantizer: Quantizer) -> dict[str, Array]:
    """What an EMA holds of one codebook; nothing under another rule."""
    ema = {name: buffer for name, buffer in quantizer.named_buffers() if name in ("ema_count", "ema_sum")}
    return {name: _array(buffer).copy() for name, buffer in ema.items()}


def latent_vectors(model: Autoencoder, x: Tensor) -> list[Tensor]:
    """What the encoder says of each image, or of each position in turn: `[(N, D)]`, for a VAE `[mean, logvar]`.

    A VQ-VAE's vectors are those that are compared with the codes.
    """
    features = model.features(x)
    features = model.quantizer.project(features) if isinstance(model, VQVAE) else features
    parts = list(features.chunk(2, dim=1)) if isinstance(model, VAE) else [features]
    return [part.flatten(2).transpose(1, 2).flatten(0, 1) if part.ndim == 4 else part for part in parts]


def codebook_curves(quantizer: Quantizer, gauge: Gauge, hits: Tensor, restarts: int) -> dict[str, float]:
    """The codebook's part of a curve point; norms are Euclidean lengths of code vectors, of all levels together."""
    norms = quantizer.codebook.detach().cpu().flatten(0, -2).norm(dim=1)
    stale = norms[hits == 0]
    return {
        "used": float(gauge.used),
        "perplexity": gauge.perplexity,
        "norm_median": float(norms.median()),
        "norm_max": float(norms.max()),
        "norm_median_stale": float(stale.median()) if len(stale) else float("nan"),
        "restarts": float(restarts),
        **{f"used_{level}": float(used) for level, (used, _) in enumerate(gauge.levels)},
        **{f"perplexity_{level}": perplexity for level, (_, perplexity) in enumerate(gauge.levels)},
    }


def _array(tensor: Tensor) -> Array:
    return tensor.cpu().numpy()


def _stack(name: str, arrays: list[Array]) -> Array:
    stacked = np.stack(arrays)
    return stacked if name.startswith(("val_", "kl_")) else compact(stacked)


def _spread(schedule: list[int], count: int) -> list[int]:
    """`count` steps of the schedule, first and last among them, evenly by place (so: early ones denser)."""
    if not count:
        return []
    return [schedule[i] for i in np.linspace(0, len(schedule) - 1, count).round().astype(int)]
