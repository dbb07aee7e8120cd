"""Whether a latent takes known factors apart: information of units, MIG and DCI. Tensors in, numbers out.

A *unit* is one number of a vector latent, cut into equal-mass bins, or one cell of a grid with the code that stands
there. Pictures that do not show a factor (value below 0) are left out for that factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.information import class_information

#: Of equal mass, over all pictures, into which a number is cut before it is counted (Locatello et al. 2019 take 20).
BINS = 20
PERMUTATIONS = 20


@dataclass(frozen=True)
class UnitInformation:
    """Information of U units about F factors, bits.

    Attributes:
        bits: (F, U) plug-in estimates, biased upwards.
        null: (F, U) the mean of the same estimates after the factor's values were shuffled.
        null_95: (F, U) how much 95 % of those stay below.
        entropy: (F,) of each factor: no unit can say more.
        n: (F,) pictures that show the factor.
    """

    bits: Tensor
    null: Tensor
    null_95: Tensor
    entropy: Tensor
    n: Tensor

    @property
    def corrected(self) -> Tensor:
        """(F, U) `bits` less what chance gives; may fall below 0."""
        return self.bits - self.null

    @property
    def above_chance(self) -> Tensor:
        """bool (F, U): whether the estimate lies above 95 % of the shuffled ones."""
        return self.bits > self.null_95


def equal_mass_bins(values: Tensor, bins: int = BINS) -> Tensor:
    """(N, U) numbers to int64 bins in [0, bins), each of them holding N/bins of a unit's numbers."""
    ranks = values.argsort(dim=0, stable=True).argsort(dim=0, stable=True)
    return ranks * bins // len(values)


def unit_information(
    units: Tensor, factors: Sequence[Tensor], generator: torch.Generator, permutations: int = PERMUTATIONS
) -> UnitInformation:
    """Information between each unit and each factor.

    Args:
        units: (N, U) integers from 0: bins of numbers, or codes.
        factors: F tensors (N,) of integers, below 0 where a picture does not show the factor.
        generator: draws the permutations.
        permutations: how many.
    """
    rows = []
    for values in factors:
        seen = values >= 0
        found = class_information(
            units[seen], values[seen], int(units.max()) + 1, int(values.max()) + 1, generator, permutations
        )
        # of few shufflings the 95 % point is read off a normal curve: 20 do not hold one themselves
        rows.append((found.bits, found.null, found.null + 1.645 * found.null_spread, found.class_bits, found.n))
    bits, null, null_95, entropy, n = zip(*rows, strict=True)
    return UnitInformation(
        torch.stack(bits), torch.stack(null), torch.stack(null_95), torch.tensor(entropy).double(), torch.tensor(n)
    )


def mutual_information_gap(information: UnitInformation) -> Tensor:
    """MIG of each factor, (F,): the lead of its best unit over the second best, as a share of the factor's entropy.

    `(I(z_1; v) - I(z_2; v)) / H(v)` (Chen et al. 2018, eq. 6), of estimates less what chance gives, cut at 0. In
    [0, 1]: 1 if one unit alone says all, 0 if two say the same. NaN for a factor of one value, or with one unit.
    """
    bits = information.corrected.clamp(min=0)
    if bits.shape[1] < 2:
        return torch.full((len(bits),), torch.nan, dtype=torch.float64)
    best = bits.topk(2, 1).values
    gap = (best[:, 0] - best[:, 1]) / information.entropy
    return torch.where(information.entropy > 0, gap, torch.nan)


@dataclass(frozen=True)
class DCI:
    """Eastwood & Williams 2018, section 2, of importances R (U, F); each figure in [0, 1], higher is better.

    Attributes:
        disentanglement: mean over units of `1 - H_F(R_u / ΣR_u)`, weighed by a unit's share of all importance: 1 if
            every unit serves one factor.
        completeness: mean over factors of `1 - H_U(R_f / ΣR_f)`: 1 if every factor is served by one unit.
        by_unit: (U,) of `disentanglement`; NaN for a unit of no importance.
        by_factor: (F,) of `completeness`; NaN for a factor that nothing predicts.
    """

    disentanglement: float
    completeness: float
    by_unit: Tensor
    by_factor: Tensor


def dci(importances: Tensor) -> DCI:
    """Disentanglement and completeness.

    Args:
        importances: (U, F), not negative: how much each unit serves to predict each factor.
    """
    by_unit, by_factor = _concentration(importances), _concentration(importances.T)
    share = importances.sum(1) / importances.sum()
    return DCI(
        disentanglement=float((share * by_unit.nan_to_num(0)).sum()),
        completeness=float(by_factor.nanmean()),
        by_unit=by_unit,
        by_factor=by_factor,
    )


def _concentration(rows: Tensor) -> Tensor:
    """`1 - H(row / Σrow)` with the logarithm to the base of the row's length: 1 if one entry has all, 0 if even."""
    p = rows.double() / rows.double().sum(1, keepdim=True)
    return 1 - torch.special.entr(p).sum(1) / torch.log(torch.tensor(float(rows.shape[1]), dtype=torch.float64))
