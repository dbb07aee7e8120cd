"""What of a latent serves to predict a factor: forests of decision trees (Breiman 2001), as DCI takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

TREES = 100
#: Numbers that each split of a tree may choose from, if there are as many: of few, all, or else noise gets a share of
#: the importance because nothing better was on offer.
ON_OFFER = 16
#: Trees, pictures and candidates while units are chosen: many forests are grown for one choice.
CHOOSING_TREES, CHOOSING_PICTURES, CANDIDATES = 10, 4000, 6


@dataclass(frozen=True)
class Forest:
    """What a forest says of one factor.

    Attributes:
        importances: (U,) summed decrease of impurity by unit, together 1.
        accuracy: share of held-out pictures that it gets right, in [0, 1].
    """

    importances: Tensor
    accuracy: float


def forest(units: Tensor, values: Tensor, held_out: tuple[Tensor, Tensor], seed: int = 0, trees: int = TREES) -> Forest:
    """Grow a forest on units and measure it on others.

    Args:
        units: (N, U) or (N, U, D): the numbers of each unit; importances are summed over D.
        values: (N,) the factor, not below 0.
        held_out: the same of other pictures.
        seed: of the trees.
        trees: how many.
    """
    from sklearn.ensemble import RandomForestClassifier

    features = _flat(units)
    offered = min(ON_OFFER, features.shape[1])
    grown = RandomForestClassifier(trees, random_state=seed, n_jobs=1, max_features=offered)
    grown.fit(features, values.numpy())
    right = grown.predict(_flat(held_out[0])) == held_out[1].numpy()
    importances = torch.from_numpy(grown.feature_importances_).view(units.shape[1], -1).sum(1)
    return Forest(importances, float(np.mean(right)))


def best_units(
    units: Tensor,
    values: Tensor,
    held_out: tuple[Tensor, Tensor],
    information: Tensor,
    counts: tuple[int, ...] = (1, 2, 4),
) -> dict[int, tuple[tuple[int, ...], float]]:
    """How well a factor is predicted from its best few units: count -> (units, held-out accuracy).

    One measure for vectors and grids. Units are added one by one, each time the one with which a small forest does best
    on a third of `units`, among the unused ones that say most by themselves.

    Args:
        units: (N, U) or (N, U, D).
        values: (N,) the factor, not below 0.
        held_out: the same of other pictures; it chooses nothing.
        information: (U,) of each unit about the factor, which names the candidates.
        counts: ascending; those above U are left out.
    """
    few, third = min(len(units), CHOOSING_PICTURES), min(len(units), CHOOSING_PICTURES) // 3
    chosen: list[int] = []
    found = {}
    for count in [count for count in counts if count <= units.shape[1]]:
        while len(chosen) < count:
            ranked = [unit for unit in information.argsort(descending=True).tolist() if unit not in chosen]
            scores = {}
            for unit in ranked[:CANDIDATES]:
                with_it = units[:few, [*chosen, unit]]
                rest = (with_it[:third], values[:third])
                scores[unit] = forest(with_it[third:], values[third:few], rest, trees=CHOOSING_TREES).accuracy
            chosen.append(max(scores, key=lambda unit: scores[unit]))
        picked = units[:, chosen], (held_out[0][:, chosen], held_out[1])
        found[count] = tuple(chosen), forest(picked[0], values, picked[1], trees=TREES // 2).accuracy
    return found


def _flat(units: Tensor) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return units.flatten(1).float().numpy()
