"""Small quantizers of several levels or groups, and how they are trained in tests."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from explorer.models import COMPOSITIONS, QUANTIZERS, ComposedOutput, ComposedQuantizer
from explorer.models.dead_codes import RestartDead
from tests.registries import SIZES

K, D, L = 12, 4, 3
EAGER = RestartDead(vectors_per_code=1, steps=2)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=seeded(seed))


def make(name: str, part: str = "vq", **extra: Any) -> ComposedQuantizer:
    number = {"residual": "levels", "grouped": "groups"}[name]
    plain: dict[str, Any] = {"generator": seeded(0)} if "generator" in QUANTIZERS[part].parts else {}
    if part == "vq":
        plain["init"] = "normal"
    plain |= {number: L if name == "residual" else 2, "quantizer": part}
    made = COMPOSITIONS[name](SIZES.get(part, {}).get("num_embeddings", K), D, **(plain | extra))
    made.restart_generator.manual_seed(1)
    made.noise_generator.manual_seed(2)
    return made


def train(quantizer: ComposedQuantizer, steps: int, start: int = 0) -> ComposedOutput:
    """EMA and restarts as passes, gradient codebooks by Adam."""
    parameters = [p for p in quantizer.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=1e-2) if parameters else None
    for step in range(start, start + steps):
        quantizer.restart_generator.manual_seed(step)
        quantizer.noise_generator.manual_seed(step)
        out: ComposedOutput = quantizer(draw(20, D, 2, 3, seed=step).requires_grad_())
        if optimizer is not None:
            optimizer.zero_grad()
            (out.loss + out.quantized.sum()).backward()
            quantizer.reset_optimizer_rows(optimizer, out.restarted)
            optimizer.step()
    return out
