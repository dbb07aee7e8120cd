"""The live gauge against NumPy."""

from __future__ import annotations

import numpy as np
import torch

from explorer.training.gauge import HitWindow, window_steps


def test_the_window_forgets_what_is_older():
    rng = np.random.default_rng(0)
    rows = rng.poisson(0.5, (50, 6))
    window = HitWindow(6, 7)
    for t, row in enumerate(rows):
        window.push(torch.as_tensor(row))
        expected = rows[max(0, t - 6) : t + 1].sum(0)
        assert window.hits.tolist() == expected.tolist()


def test_a_reading_is_usage_and_perplexity():
    window = HitWindow(5, 3)
    assert window.read().perplexity == 0
    window.push(torch.tensor([5, 5, 0, 0, 0]))
    reading = window.read()
    assert (reading.used, reading.stale, reading.vectors) == (2, 3, 10)
    assert abs(reading.perplexity - 2) < 1e-12


def test_a_window_holds_100_vectors_a_code_and_20_steps():
    assert window_steps(256, 3136) == 20
    assert window_steps(4096, 3136) == 131


def test_state_goes_on_where_it_was():
    one = HitWindow(3, 4)
    for k in range(6):
        one.push(torch.tensor([k, 1, 0]))
    two = HitWindow(3, 4)
    two.load({name: tensor.clone() for name, tensor in one.state().items()})
    for window in (one, two):
        window.push(torch.tensor([9, 9, 9]))
    assert torch.equal(one.hits, two.hits)
    assert torch.equal(one.ring, two.ring)
