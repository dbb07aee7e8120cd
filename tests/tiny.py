"""An image set and configs small enough to train in a fraction of a second."""

from __future__ import annotations

from functools import cache

import torch

from explorer.data import ImageSet, fingerprint
from explorer.training.config import RunConfig


@cache
def tiny_set(channels: int = 1, size: int = 8, name: str = "fashion") -> ImageSet:
    """120 noisy discs in three classes; it borrows a bundled set's name so that configs accept it."""
    generator = torch.Generator().manual_seed(5)
    labels = torch.arange(120) % 3
    y, x = torch.meshgrid(torch.linspace(-1, 1, size), torch.linspace(-1, 1, size), indexing="ij")
    discs = torch.stack([((x**2 + y**2).sqrt() < 0.4 + 0.25 * k).float() for k in range(3)])
    noise = torch.rand(120, channels, size, size, generator=generator)
    images = ((0.8 * discs[labels][:, None] + 0.2 * noise) * 255).byte()
    order = torch.randperm(120, generator=generator)
    splits = {"train": order[:80], "val": order[80:90], "test": order[90:]}
    return ImageSet(
        name=name,
        images=images,
        labels=labels,
        class_names=("small", "middle", "large"),
        captions=(),
        splits=splits,
        licence="none",
        source="drawn in a test",
        sha256=fingerprint(images, labels, splits),
    )


def tiny_config(**settings: object) -> RunConfig:
    """A VQ-VAE of 8 codes and width 8, 12 steps of 10 images, unless `settings` say otherwise."""
    defaults = {"model": "vqvae", "num_embeddings": 8, "width": 8, "steps": 12, "batch_size": 10, "kept_weights": 2}
    return RunConfig(**(defaults | settings))  # type: ignore[arg-type]
