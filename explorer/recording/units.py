"""A record of anyone's VAE training: what each unit's KL was, and how its two loss terms were reduced and weighed.

    from explorer.recording.units import UnitRecorder

    recorder = UnitRecorder("runs/mine")
    recorder.log(step, mean=mu, logvar=logvar, images=(x, x_hat), losses={"reconstruction": r, "kl": kl})

A VAE has no codes, so its record is of a kind of its own: frames hold `kl_units` (Z,), curves the two terms as they
were logged and, beside them, what the same tensors give under every usual definition; `explorer diagnose` compares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explorer.recording.curves import CurveLog, Sink
from explorer.recording.files import DESCRIPTION, FORMAT, FRAMES, frame_path, write_arrays
from explorer.recording.guarded import Guarded
from explorer.recording.schedule import Schedule

KIND = "recorded-units"
#: The loss terms that a diagnosis reads, by the names under which they are logged.
TERMS = ("reconstruction", "kl")
#: Curves beside them: means over all values of a batch, the KL summed over units and averaged over it, and weights.
PER_VALUE = ("squared", "half_squared", "absolute", "cross_entropy")
SUMMED_KL, BATCH, WEIGHT = "recorder/kl", "recorder/batch", "recorder/weight/"
MOST_FRAMES = 200


class UnitRecorder(Guarded):
    """Writes a record of a VAE's training; a fault becomes one warning, as with `explorer.recorder.Recorder`.

    Args:
        folder: new, or holding nothing but an older record of this kind, which is written over.
        sink: called with a step and the scalars at it.
    """

    def __init__(self, folder: str | Path, *, sink: Sink | None = None) -> None:
        super().__init__(folder)
        self._schedule = Schedule(MOST_FRAMES)
        self._curves = CurveLog(self.folder, sink)
        self._described = False

    def log(
        self,
        step: int,
        *,
        mean: Tensor,
        logvar: Tensor,
        images: tuple[Tensor, Tensor] | None = None,
        losses: Mapping[str, Tensor | float] | None = None,
    ) -> None:
        """Take in one step; what is not due costs nothing.

        Where the two losses are tensors of the graph and are logged before the backward pass, the record also tells
        what each of them is weighed by in the loss.

        Args:
            step: of the optimizer, rising.
            mean, logvar: of the posteriors, (B, Z), or (B, D, h, w) of a grid, whose channels count as units.
            images: the batch and its reconstruction (B, C, H, W), or logits of it, as the loss got them.
            losses: "reconstruction" and "kl", unweighted, as they stand in the loss; others are kept as curves.
        """
        self.guarded(lambda: self._log(int(step), mean.detach(), logvar.detach(), images, dict(losses or {})))

    def close(self) -> None:
        """Write what is not written yet."""
        self.guarded(self._curves.flush)

    def _log(
        self,
        step: int,
        mean: Tensor,
        logvar: Tensor,
        images: tuple[Tensor, Tensor] | None,
        losses: dict[str, Tensor | float],
    ) -> None:
        if step <= self._last_step or not self._schedule.due(step):
            return
        self._last_step = step
        kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar)  # (B, Z, …)
        units = kl.flatten(2).sum(2).mean(0) if kl.ndim > 2 else kl.mean(0)
        values: dict[str, Tensor | float] = {SUMMED_KL: units.sum(), BATCH: float(len(mean))}
        if images is not None:
            values |= {f"recorder/{name}": value for name, value in _per_value(*images).items()}
        self._watch(step, losses)
        self._curves.add(step, losses | values, rare=True)
        self._keep(step, units, 0 if images is None else images[0][0].numel())

    def _watch(self, step: int, losses: dict[str, Tensor | float]) -> None:
        """The weight of a term is the loss's gradient by it, which comes once the loop goes backward."""
        for name in TERMS:
            term = losses.get(name)
            if isinstance(term, Tensor) and term.requires_grad:
                term.register_hook(lambda grad, name=name: self._weighed(step, name, grad))

    def _weighed(self, step: int, name: str, grad: Tensor) -> None:
        self.guarded(lambda: self._curves.add(step, {WEIGHT + name: grad.detach()}, rare=True))

    def _keep(self, step: int, units: Tensor, values: int) -> None:
        dropped = self._schedule.keep(step)
        if not self._writes:
            return
        (self.folder / FRAMES).mkdir(parents=True, exist_ok=True)
        if not self._described:
            about = {"format": FORMAT, "kind": KIND, "units": len(units), "values": values}
            (self.folder / DESCRIPTION).write_text(json.dumps(about) + "\n", encoding="utf-8")
            self._described = True
        write_arrays(frame_path(self.folder, step), {"step": np.int64(step), "kl_units": units.float().cpu().numpy()})
        for mark in dropped:
            frame_path(self.folder, mark).unlink(missing_ok=True)


def _per_value(original: Tensor, reconstructed: Tensor) -> dict[str, Tensor]:
    """Means over all values of a batch, of every usual error; a cross-entropy where both are in its range."""
    x, x_hat = original.detach().float(), reconstructed.detach().float()
    squared = (x - x_hat).square().mean()
    found = {"squared": squared, "half_squared": squared / 2, "absolute": (x - x_hat).abs().mean()}
    if bool(((x >= 0) & (x <= 1)).all()):
        within = bool(((x_hat >= 0) & (x_hat <= 1)).all())
        entropy = functional.binary_cross_entropy if within else functional.binary_cross_entropy_with_logits
        with torch.autocast(x.device.type, enabled=False):
            found["cross_entropy"] = entropy(x_hat, x)
    return found
