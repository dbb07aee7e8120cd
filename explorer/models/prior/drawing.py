"""From logits to a code: temperature, top-k, and a draw that is a pure function of one uniform number."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.errors import ConfigError

MAX_TEMPERATURE = 10.0


def distribution(logits: Tensor, temperature: float = 1.0, top_k: int | None = None) -> Tensor:
    """Probabilities (..., K), float64, of the next code.

    Args:
        logits: (..., K).
        temperature: divides the logits; 0 puts everything on the likeliest code.
        top_k: only the k likeliest codes may be drawn (ties at the k-th place stay in); None keeps all.

    Raises:
        ConfigError: temperature or top_k out of range.
    """
    if not 0 <= temperature <= MAX_TEMPERATURE:
        raise ConfigError("config_range", name="temperature", low=0, high=MAX_TEMPERATURE, got=temperature)
    if top_k is not None and not 1 <= top_k <= logits.shape[-1]:
        raise ConfigError("config_range", name="top_k", low=1, high=logits.shape[-1], got=top_k)
    logits = logits.double()
    if temperature == 0:
        return torch.nn.functional.one_hot(logits.argmax(-1), logits.shape[-1]).double()
    if top_k is not None:
        least = logits.topk(top_k, dim=-1).values[..., -1:]
        logits = logits.masked_fill(logits < least, -torch.inf)
    return torch.softmax(logits / temperature, dim=-1)


def draw(probabilities: Tensor, noise: Tensor) -> Tensor:
    """The code (n,) where the running sum of `probabilities` (n, K) passes `noise` (n,), uniform in [0, 1).

    One number decides, so the same noise under another temperature, prior or first half gives a related picture, and a
    sample does not depend on how many are drawn with it.
    """
    running = probabilities.cumsum(-1)
    target = noise.to(running.dtype)[:, None] * running[:, -1:]
    return torch.searchsorted(running, target, right=True)[:, 0].clamp_max(probabilities.shape[-1] - 1)
