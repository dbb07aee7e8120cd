"""What the page shows of a training run, written by its trainer while somebody watches.

A snapshot is one small file, put in place whole. It only looks: nothing is drawn from a training stream, and the models
are as they were. It must not cost a watched run more than a twelfth of its time, so only a part of the fixed images is
encoded for each snapshot, in turns.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import torch
from safetensors.numpy import save as save_arrays
from torch import Tensor

from explorer.jobs.spool import Job, write_whole
from explorer.latent.encode import latent_to_decode
from explorer.models import VQVAE, Quantizer
from explorer.training.interventions import setting_after
from explorer.training.loop import Trainer
from explorer.training.trace import Array
from explorer.training.trace_recorder import latent_vectors

FILE = "live.safetensors"
#: Seconds after which a watcher who no longer asks is taken to be gone.
PATIENCE = 5.0
#: Seconds between two snapshots, at least and, whatever they cost, at most.
SOONEST, LATEST = 0.3, 0.45
#: The share of a run's time that its snapshots may take.
SHARE = 0.06
#: Fixed validation images whose places are shown, and how many of them at least move at each snapshot.
IMAGES, FEWEST = 384, 24
#: Encoder outputs shown of each image of a grid.
CELLS = 3
SHOWN = 8  # reconstructions


class Live:
    """Snapshots of a job.

    Args:
        job: whose folder they go to.
        trainers: its one or two.
    """

    def __init__(self, job: Job, trainers: Sequence[Trainer]) -> None:
        self.job = job
        self.sides = [LiveSide(trainer) for trainer in trainers]
        self.written = 0.0
        self.cost = 0.0
        self.marks: deque[tuple[float, int]] = deque(maxlen=20)
        self.looked, self.watched = 0.0, False

    def offer(self, now: float) -> None:
        """Write a snapshot if it is time and somebody watches. `now` in monotonic seconds."""
        if now - self.written < SOONEST or not self._is_watched(now):
            return
        if now - self.written < min(LATEST, self.cost / SHARE):
            return
        self.write()

    def _is_watched(self, now: float) -> bool:
        if now - self.looked > 0.1:
            self.looked, self.watched = now, False
            with suppress(OSError):
                self.watched = time.time() - (self.job.folder / "watched").stat().st_mtime < PATIENCE
        return self.watched

    def write(self) -> None:
        """Write one; a disk that refuses it stops nothing but the picture."""
        began = time.monotonic()
        step = self.sides[0].trainer.step
        self.marks.append((began, step))
        arrays: dict[str, Array] = {}
        said = {"step": step, "rate": self._rate(), "sides": []}
        for number, side in enumerate(self.sides):
            arrays |= {f"{number}/{name}": np.ascontiguousarray(array) for name, array in side.arrays().items()}
            said["sides"].append(side.settings())  # type: ignore[attr-defined]
        with suppress(OSError):
            write_whole(self.job.folder / FILE, save_arrays(arrays, {"said": json.dumps(said)}))
        self.written = time.monotonic()
        self.cost = self.written - began
        self._bound()

    def _bound(self) -> None:
        """Encode fewer images each time where that takes more than its share."""
        allowed = SHARE * LATEST
        for side in self.sides:
            if self.cost > allowed:
                side.each = max(FEWEST, round(0.8 * side.each))
            elif self.cost < 0.6 * allowed:
                side.each = min(IMAGES, round(1.25 * side.each))

    def _rate(self) -> float:
        """Steps a second over the last snapshots; 0 before there are two."""
        (then, first), (now, last) = self.marks[0], self.marks[-1]
        return (last - first) / (now - then) if now > then else 0.0


class LiveSide:
    """What is shown of one run."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.ids = trainer.image_set.split("val")[:IMAGES]
        self.each = FEWEST
        self.next = 0
        self.vectors: Tensor | None = None  # (images, cells, D)
        self.axes: Array | None = None

    def settings(self) -> dict[str, object]:
        """Where the changeable settings stand."""
        past = self.trainer.interventions[: self.trainer.intervened]
        names = ("beta", "commitment_cost", "lr", "decay", "dead_codes")
        return {name: setting_after(self.trainer.config, past, name) for name in names}

    @torch.no_grad()
    def arrays(self) -> dict[str, Array]:
        """Curves, pictures, places, codes and the decoder's weights."""
        model = self.trainer.model
        was_training = model.training
        model.eval()
        arrays = self._curves() | self._pictures() | self._plane() | self._decoder()
        model.train(was_training)
        return arrays

    def _curves(self) -> dict[str, Array]:
        trace = self.trainer.recorder
        curves = {f"curve/{name}": np.array(values, np.float32) for name, values in trace.curves_so_far().items()}
        return curves | {"curve_steps": np.array(trace.curve_steps_so_far(), np.int32)}

    def _pictures(self) -> dict[str, Array]:
        x = self.trainer.image_set.batch(self.ids[:SHOWN]).contiguous(memory_format=torch.channels_last)
        model = self.trainer.model
        image = model.decode(latent_to_decode(model.encode(x)))
        return {"rebuilt": (image.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).contiguous().numpy()}

    def _plane(self) -> dict[str, Array]:
        self._encode()
        assert self.vectors is not None
        if self.vectors.shape[2] > 2:
            self._turn()
        shown = self.vectors.flatten(0, 1).numpy()
        codes = None
        arrays: dict[str, Array] = {}
        if isinstance(self.trainer.model, VQVAE) and self.trainer.window is not None:
            codes = self.trainer.model.quantizer.points().numpy()
            arrays["hits"] = self._hits(self.trainer.model.quantizer).numpy().astype(np.int32)
        labels = self.trainer.image_set.labels[self.ids].repeat_interleave(self.vectors.shape[1])
        arrays |= {"places": self._placed(shown), "labels": labels.numpy().astype(np.uint8)}
        return arrays | ({} if codes is None else {"codes": self._placed(codes)})

    def _hits(self, quantizer: Quantizer) -> Tensor:
        """Of each point in the window; of codes in levels only those of what is shown now are counted together."""
        assert self.trainer.window is not None and self.vectors is not None  # noqa: PT018
        if quantizer.num_levels is None:
            return self.trainer.window.hits
        chosen = quantizer.joint(quantizer.nearest(self.vectors.flatten(0, 1)))
        return torch.bincount(chosen, minlength=quantizer.num_codes)

    def _encode(self) -> None:
        """The next few of the fixed images; all of them the first time."""
        count = len(self.ids) if self.vectors is None else min(self.each, len(self.ids))
        rows = (self.next + torch.arange(count)) % len(self.ids)
        self.next = int((self.next + count) % len(self.ids))
        x = self.trainer.image_set.batch(self.ids[rows]).contiguous(memory_format=torch.channels_last)
        vectors = latent_vectors(self.trainer.model, x)[0]
        found = vectors.unflatten(0, (count, -1))  # (images, cells, D)
        cells = torch.linspace(0, found.shape[1] - 1, min(CELLS, found.shape[1])).round().long()
        if self.vectors is None:
            self.vectors = found[:, cells].clone()
        else:
            self.vectors[rows] = found[:, cells]

    def _placed(self, vectors: Array) -> Array:
        """(N, 2) float32: two numbers as they are, more of them on the plane of largest variance."""
        if vectors.shape[1] == 1:
            return np.concatenate([vectors, np.zeros_like(vectors)], 1).astype(np.float32)
        if vectors.shape[1] == 2:
            return vectors.astype(np.float32)
        assert self.axes is not None
        return (vectors @ self.axes.T).astype(np.float32)

    def _turn(self) -> None:
        """Principal axes of what is shown now, turned so that the picture moves as little as possible."""
        assert self.vectors is not None
        shown = self.vectors.flatten(0, 1).numpy().astype(np.float64)
        axes = np.linalg.svd(shown - shown.mean(0), full_matrices=False)[2][:2]
        if self.axes is not None:
            left, _, right = np.linalg.svd(self.axes @ axes.T)  # Procrustes: the nearest rotation of the new ones
            axes = left @ right @ axes
        self.axes = axes

    def _decoder(self) -> dict[str, Array]:
        weights = self.trainer.model.decoder.state_dict()
        return {f"decoder/{name}": value.half().numpy() for name, value in weights.items()}
