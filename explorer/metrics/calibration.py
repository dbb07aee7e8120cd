"""How far a classifier's confidence can be believed (Guo et al. 2017, "On Calibration of Modern Neural Networks")."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

BINS = 10
#: A picture with no value likelier than this, and none less likely than its complement, carries neither value for sure.
SURE = 0.8


@dataclass(frozen=True)
class Calibration:
    """Of n pictures; all in [0, 1].

    Attributes:
        accuracy: share whose likeliest value is right.
        confidence: mean probability of the likeliest value; equal to the accuracy if it can be believed.
        error: expected calibration error, the mean distance of the two over bins of confidence; 0 is best.
        doubtful: share of pictures with no value likelier than `SURE`.
    """

    accuracy: float
    confidence: float
    error: float
    doubtful: float


def calibration(probabilities: Tensor, values: Tensor, bins: int = BINS) -> Calibration:
    """Accuracy and confidence over equally wide bins of confidence (eq. 3).

    Args:
        probabilities: (n, V), rows sum to 1.
        values: int64 (n,), the right ones.
        bins: of confidence, over (0, 1].
    """
    confidence, likeliest = probabilities.double().max(1)
    right = (likeliest == values).double()
    place = (confidence * bins).ceil().long().clamp(1, bins) - 1
    gaps = torch.zeros(bins, dtype=torch.float64).index_add_(0, place, right - confidence)
    return Calibration(
        accuracy=float(right.mean()),
        confidence=float(confidence.mean()),
        error=float(gaps.abs().sum() / len(values)),
        doubtful=float((confidence <= SURE).double().mean()),
    )
