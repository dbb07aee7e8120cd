"""Footprints: closed forms, invariants and a NumPy restatement; the field against what convolutions do."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from explorer.metrics.influence import Field, Kernel, answering, change, footprint, reach


def random_maps(n=6, height=5, width=7):
    return torch.rand(n, height, width, generator=torch.Generator().manual_seed(3))


def test_footprint_is_the_formula():
    maps = random_maps()
    for shown, value in zip(maps.double().numpy(), footprint(maps).tolist(), strict=True):
        assert value == pytest.approx(np.abs(shown).sum() ** 2 / (shown.size * (shown**2).sum()), rel=1e-12)


@pytest.mark.parametrize("answers", [1, 7, 35])
def test_pixels_that_change_alike_count_as_their_share(answers):
    changed = torch.zeros(35)
    changed[:answers] = 0.3
    assert float(footprint(changed.view(1, 5, 7))) == pytest.approx(answers / 35)


def test_a_footprint_knows_nothing_of_strength():
    maps = random_maps()
    assert torch.allclose(footprint(maps), footprint(maps / 100))
    assert ((footprint(maps) >= 1 / 35) & (footprint(maps) <= 1)).all()


def test_nothing_changes_nothing_answers():
    found = answering(torch.cat([torch.zeros(2, 5, 7), random_maps(3)]))
    assert found.n == 3
    assert found.footprint == pytest.approx(float(footprint(random_maps(3)).mean()))
    assert torch.allclose(found.mean, random_maps(3).sum(0) / 5)
    assert math.isnan(answering(torch.zeros(2, 5, 7)).footprint)


def test_change_is_what_one_sees():
    before = torch.tensor([[-0.5, 0.2], [0.4, 0.9]]).view(1, 2, 1, 2)
    after = torch.tensor([[-0.1, 0.5], [0.1, 1.7]]).view(1, 2, 1, 2)
    assert torch.allclose(change(before, after), torch.tensor([[[(0 + 0.3) / 2, (0.3 + 0.1) / 2]]]))
    bright, dark = torch.full((1, 2, 1, 1), 1.7), torch.full((1, 2, 1, 1), -0.4)
    assert float(change(bright, dark)) == float(change(dark, bright)) == 1  # what is seen, on either side


@pytest.mark.parametrize(
    "kernels",
    [
        [Kernel(3, padding=1)],
        [Kernel(4, 2, 1, True)],
        [Kernel(3, padding=1), Kernel(5, padding=2), Kernel(4, 2, 1, True), Kernel(3, 3, 0, True)],
    ],
)
def test_the_field_is_where_an_impulse_is_heard(kernels):
    """All weights one: an output is not zero exactly where it hears the input."""
    layers = []
    for k in kernels:
        make = nn.ConvTranspose1d if k.transposed else nn.Conv1d
        layers.append(make(1, 1, k.size, k.stride, k.padding, bias=False))
        nn.init.ones_(layers[-1].weight)
    impulse = torch.zeros(1, 1, 31)
    impulse[0, 0, 15] = 1
    with torch.no_grad():
        heard = nn.Sequential(*layers)(impulse)[0, 0].nonzero()[:, 0]
    field = reach(kernels)
    assert (int(heard.min()), int(heard.max())) == (15 * field.step - field.before, 15 * field.step + field.after)


def test_no_convolution_reaches_itself():
    assert reach([]) == Field(1, 0, 0)
