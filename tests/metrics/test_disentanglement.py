"""MIG and DCI on latents made by hand: each factor in a unit of its own, chance, and a rotation."""

from __future__ import annotations

import math

import pytest
import torch

from explorer.metrics.disentanglement import dci, equal_mass_bins, mutual_information_gap, unit_information
from explorer.metrics.importance import best_units, forest

N = 4000


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def factors():
    """Two factors of four and three values."""
    return [torch.randint(values, (N,), generator=generator(values)) for values in (4, 3)]


def jittered(factors):
    """(N, 2): each factor with noise too small to mix two values."""
    return torch.stack(factors, 1) + 0.2 * torch.rand(N, 2, generator=generator(1))


def rotated(units, degrees=45):
    centred = (units - units.mean(0)) / units.std(0)
    turn = math.radians(degrees)
    return centred @ torch.tensor([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])


def gaps(units, factors):
    return mutual_information_gap(unit_information(equal_mass_bins(units), factors, generator(9)))


def importances(units, factors):
    half = N // 2
    grown = [forest(units[:half], v[:half], (units[half:], v[half:]), trees=20) for v in factors]
    return torch.stack([each.importances for each in grown], 1), [each.accuracy for each in grown]


def test_bins_hold_equal_shares_in_order():
    bins = equal_mass_bins(torch.tensor([[5.0, 1], [1, 2], [3, 3], [2, 4], [9, 5], [7, 6]]), 3)
    assert bins.tolist() == [[1, 0], [0, 0], [1, 1], [0, 1], [2, 2], [2, 2]]


def test_a_unit_for_each_factor_is_perfect(factors):
    units = jittered(factors)
    assert gaps(units, factors).min() > 0.9  # a bin may straddle two values
    table, accuracies = importances(units, factors)
    found = dci(table)
    assert min(accuracies) == 1
    assert found.disentanglement > 0.95
    assert found.completeness > 0.95


def test_chance_tells_nothing(factors):
    units = torch.randn(N, 2, generator=generator(5))
    information = unit_information(equal_mass_bins(units), factors, generator(9))
    assert information.corrected.abs().max() < 0.01
    assert float(mutual_information_gap(information).max()) < 0.01
    table, accuracies = importances(units, factors)
    found = dci(table)
    assert max(found.disentanglement, found.completeness) < 0.05
    assert accuracies == pytest.approx([1 / 4, 1 / 3], abs=0.06)


def test_a_rotation_hides_nothing_and_mixes_the_units(factors):
    units = rotated(jittered(factors))
    assert gaps(units, factors).max() < 0.15
    table, accuracies = importances(units, factors)
    found = dci(table)
    assert min(accuracies) > 0.95
    assert max(found.disentanglement, found.completeness) < 0.3


def test_information_is_the_factor_s_entropy_where_a_unit_is_the_factor(factors):
    information = unit_information(torch.stack(factors, 1), factors, generator(2))
    assert torch.allclose(information.bits.diagonal(), information.entropy)
    assert information.entropy.tolist() == pytest.approx([2, math.log2(3)], abs=0.01)
    assert information.above_chance.diagonal().all()
    assert information.n.tolist() == [N, N]


def test_hidden_values_are_left_out(factors):
    hidden = torch.rand(N, generator=generator(3)) < 0.3
    values = [torch.where(hidden, -1, factors[0])]
    units = torch.where(hidden, 0, factors[0])[:, None]
    information = unit_information(units, values, generator(2))
    assert int(information.n[0]) == int((~hidden).sum())
    assert float(information.bits[0, 0]) == pytest.approx(float(information.entropy[0]))


def test_dci_by_hand():
    """Unit 0 serves factor 0 alone; unit 1 serves both alike; unit 2 nothing."""
    found = dci(torch.tensor([[2.0, 0.0], [1.0, 1.0], [0.0, 0.0]]))
    assert found.by_unit[:2].tolist() == [1, 0]
    assert found.by_unit[2].isnan()
    assert found.disentanglement == pytest.approx(0.5)  # half of all importance is unit 0's
    first = 1 + (2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3)) / math.log(3)
    assert found.by_factor.tolist() == pytest.approx([first, 1])
    assert found.completeness == pytest.approx((first + 1) / 2)


def test_one_unit_has_no_gap(factors):
    assert gaps(jittered(factors)[:, :1], factors).isnan().all()


def test_the_best_units_are_those_that_hold_the_factor(factors):
    """Its two halves in units 3 and 1 of five, two numbers each; neither says all by itself."""
    units = torch.randn(N, 5, 2, generator=generator(4))
    units[:, 3, 0], units[:, 1, 1] = 3.0 * (factors[0] // 2), 3.0 * (factors[0] % 2)
    information = unit_information(equal_mass_bins(units.flatten(1)), factors[:1], generator(9)).bits
    by_unit = information.view(5, 2).amax(1)
    half = N // 2
    found = best_units(units[:half], factors[0][:half], (units[half:], factors[0][half:]), by_unit)
    assert set(found[2][0]) == {1, 3}
    assert found[1][1] == pytest.approx(0.5, abs=0.08)
    assert found[2][1] > 0.99
    assert sorted(found) == [1, 2, 4]
