"""A run's batches on the device that trains: pictures travel as bytes and become floats where they are needed."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.training.batches import BatchPlan, as_floats, training_pixels


class Feed:
    """Batches of steps, whatever order they are asked for in; the same values on every device.

    To a CUDA device a batch goes from pinned memory, on a stream of its own, while the step before it runs: a quarter
    of the bytes of floats, and nobody waits. Elsewhere a batch is read when it is asked for.

    Args:
        image_set: where the pictures are.
        plan: which of them a step sees.
        augmented: whether they are shifted and mirrored.
        device: where the model is.
    """

    def __init__(self, image_set: ImageSet, plan: BatchPlan, device: torch.device, *, augmented: bool) -> None:
        self.image_set = image_set
        self.plan = plan
        self.augmented = augmented
        self.device = device
        self._ahead: tuple[int, Tensor] | None = None
        self._side = torch.cuda.Stream(device) if device.type == "cuda" else None

    def images(self, step: int) -> Tensor:
        """What update `step` (1, 2, ...) sees: (B, C, H, W) float32 in [0, 1], channels last; a rank's share of it."""
        pixels = self._taken(step)
        if self._side is not None:
            self._ahead = step + 1, self._sent(step + 1)
        return as_floats(pixels)

    def _taken(self, step: int) -> Tensor:
        if self._side is None or self._ahead is None or self._ahead[0] != step:
            return self._sent(step)
        pixels = self._ahead[1]
        here = torch.cuda.current_stream(self.device)
        here.wait_stream(self._side)
        pixels.record_stream(here)
        return pixels

    def _sent(self, step: int) -> Tensor:
        pixels = training_pixels(self.image_set, self.plan.batch(step), self.plan.seed, step, augmented=self.augmented)
        if self._side is None:
            return pixels.to(self.device)
        with torch.cuda.stream(self._side):
            return pixels.pin_memory().to(self.device, non_blocking=True)
