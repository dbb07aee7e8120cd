"""How a row of pictures gets from one end to the other, in the features of a classifier."""

from __future__ import annotations

import torch
from torch import Tensor


def path_ratio(features: Tensor) -> float:
    """`Σ‖Δf‖ / ‖f₁ − f₀‖`: how much longer the way is than the straight line, at least 1; NaN if the ends are equal.

    Args:
        features: (S, F) of S ≥ 2 pictures in order.
    """
    steps = _step_lengths(features)
    straight = torch.linalg.vector_norm(features[-1].double() - features[0].double())
    return float(steps.sum() / straight) if straight > 0 else float("nan")


def largest_step(features: Tensor) -> float:
    """`max‖Δf‖ / Σ‖Δf‖`: from 1/(S − 1) for even steps to 1 for one jump; NaN if nothing moves.

    Args:
        features: (S, F) of S ≥ 2 pictures in order.
    """
    steps = _step_lengths(features)
    return float(steps.max() / steps.sum()) if steps.sum() > 0 else float("nan")


def midpoint_confidence(probabilities: Tensor) -> float:
    """Largest class probability of the middle picture, from 1/classes (no opinion) to 1.

    Args:
        probabilities: (S, classes) of an odd number of pictures in order.
    """
    return float(probabilities[len(probabilities) // 2].max())


def _step_lengths(features: Tensor) -> Tensor:
    return torch.linalg.vector_norm(features.double().diff(dim=0), dim=1)
