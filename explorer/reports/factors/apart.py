"""Taken apart? Which unit or cell knows which feature: information, MIG and DCI, and what the best few predict."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from explorer.data import Factor, ImageSet
from explorer.data.factors import HIDDEN
from explorer.metrics.disentanglement import dci, mutual_information_gap, unit_information
from explorer.metrics.importance import Forest, best_units, forest
from explorer.reports.factors.units import Units
from explorer.streams import stream

#: Pictures that the forests behind DCI are grown on and measured on.
GROWN_ON, HELD_OUT = 10_000, 2000
#: Trees while the best few units are chosen and measured, on fewer pictures: one forest a candidate.
FEW_PICTURES = 4000
COUNTS = (1, 2, 4)


def features_apart(units: Units, image_set: ImageSet, trees: int = 100) -> dict[str, Any]:
    """Information of each unit about each feature, in bits less chance, and what follows from it.

    `grid` of cells, or null; `bits` and `above_chance`, feature by unit; `entropy_bits` of each feature; `mig` of each,
    null for a grid, whose neighbouring cells share by convolution what they see; `dci`; and for each feature `best`:
    [count, units, accuracy] on held-out pictures, with what `guessing` gives there.

    Args:
        units: of all pictures of the set.
        image_set: whose features are known.
        trees: of each forest.
    """
    factors = list(image_set.factors.values())
    information = unit_information(units.symbols, [factor.values for factor in factors], stream(0, "permutations"))
    train = image_set.split("train")[:GROWN_ON]
    forests, best, guessing = [], [], []
    for number, factor in enumerate(factors):
        grown, measured = _pictured(factor, train), held_out_pictures(factor, image_set)
        held_out = units.numbers[measured], factor.values[measured]
        forests.append(forest(units.numbers[grown], factor.values[grown], held_out, trees=trees))
        few = grown[:FEW_PICTURES]
        found = best_units(
            units.numbers[few], factor.values[few], held_out, information.corrected[number],
            tuple(count for count in COUNTS if count <= units.numbers.shape[1]),
        )  # fmt: skip
        best.append([[count, list(chosen), accuracy] for count, (chosen, accuracy) in found.items()])
        guessing.append(_guessing(factor, grown, measured))
    gaps = mutual_information_gap(information) if units.grid is None else None
    return {
        "n": len(units.symbols),
        "grid": None if units.grid is None else list(units.grid),
        "components": units.components,
        "bits": _rounded(information.corrected),
        "above_chance": information.above_chance.int().tolist(),
        "entropy_bits": _rounded(information.entropy),
        "mig": None if gaps is None else _numbers(gaps),
        "dci": _dci(forests),
        "best": best,
        "guessing": guessing,
    }


def _dci(forests: list[Forest]) -> dict[str, Any]:
    importances = torch.stack([each.importances for each in forests], 1)
    found = dci(importances)
    return {
        "disentanglement": found.disentanglement,
        "completeness": found.completeness,
        "informativeness": [each.accuracy for each in forests],
        "pictures": GROWN_ON,
    }


def held_out_pictures(factor: Factor, image_set: ImageSet) -> Tensor:
    """The pictures of test that trees for a feature are measured on: those of the first `HELD_OUT` that show it."""
    return _pictured(factor, image_set.split("test")[:HELD_OUT])


def _pictured(factor: Factor, ids: Tensor) -> Tensor:
    return ids[factor.values[ids] != HIDDEN]


def _guessing(factor: Factor, grown: Tensor, measured: Tensor) -> float:
    commonest = torch.bincount(factor.values[grown]).argmax()
    return float((factor.values[measured] == commonest).double().mean())


def _rounded(values: Tensor) -> list[Any]:
    rounded: list[Any] = (values.double() * 1e4).round().div(1e4).tolist()
    return rounded


def _numbers(values: Tensor) -> list[float | None]:
    return [None if value != value else round(value, 4) for value in values.tolist()]
