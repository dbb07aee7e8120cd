"""Codebook health: used, dead, perplexity, and the words of the live gauge."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.errors import QuantizerError
from explorer.metrics.codebook import CodebookHealth, codebook_health, live_gauge
from explorer.models.nearest import nearest


def disk(number: int, generator: torch.Generator) -> torch.Tensor:
    """Points uniform on the unit disk, (number, 2)."""
    radius = torch.rand(number, generator=generator).sqrt()
    angle = 2 * math.pi * torch.rand(number, generator=generator)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)


def disk_health(seed: int) -> CodebookHealth:
    generator = torch.Generator().manual_seed(seed)
    codes, vectors = disk(400, generator), disk(10_000, generator)
    return codebook_health(nearest(vectors, codes), 400)


def test_uniform_disk() -> None:
    healths = [disk_health(seed) for seed in range(20)]
    for health in healths:
        assert 0.985 <= health.usage <= 1
        assert 320 <= health.perplexity <= 358
    assert sum(health.perplexity for health in healths) / 20 == pytest.approx(340, abs=4)


def test_fields() -> None:
    health = codebook_health(torch.tensor([[[3, 3], [0, 3]]]), 5)
    assert (health.used, health.dead, health.usage, health.num_vectors) == (2, 3, 0.4, 4)
    assert health.counts.tolist() == [1, 0, 0, 3, 0]
    p = np.array([0.25, 0.75])
    assert health.perplexity == pytest.approx(math.exp(-(p * np.log(p)).sum()), rel=1e-12)


@pytest.mark.parametrize("k", [1, 2, 512])
def test_even_use_has_perplexity_k(k: int) -> None:
    health = codebook_health(torch.arange(k).repeat(3), k)
    assert health.perplexity == pytest.approx(k, rel=1e-12)
    assert (health.used, health.dead, health.usage) == (k, 0, 1.0)


def test_one_used_code_has_perplexity_one() -> None:
    assert codebook_health(torch.full((9,), 3), 8).perplexity == pytest.approx(1, rel=1e-12)


def test_a_small_batch_is_biased_low() -> None:
    generator = torch.Generator().manual_seed(0)
    shown = [codebook_health(torch.randint(512, (512,), generator=generator), 512).perplexity for _ in range(40)]
    assert sum(shown) / 40 == pytest.approx(289, abs=3)


def test_no_vectors() -> None:
    health = codebook_health(torch.empty(0, dtype=torch.int64), 4)
    assert (health.used, health.dead, health.perplexity, health.num_vectors) == (0, 4, 0.0, 0)


@pytest.mark.parametrize("index, named", [(4, "4"), (600, "600"), (-1, "-1")])
def test_an_index_beyond_the_codebook(index: int, named: str) -> None:
    with pytest.raises(QuantizerError, match=f"has 4 codes but an index reaches {named}"):
        codebook_health(torch.tensor([0, index]), 4)


def test_indices_must_be_integers_and_codes_at_least_one() -> None:
    with pytest.raises(QuantizerError, match="must be integers"):
        codebook_health(torch.tensor([0.0]), 4)
    with pytest.raises(QuantizerError, match="at least one code"):
        codebook_health(torch.tensor([0]), 0)


def test_live_gauge_words() -> None:
    window = torch.tensor([0, 0, 24, 25, 951])  # 1000 vectors, 5 codes: starved below .1 / 5 of them, that is 20
    window[2], window[3] = 19, 20
    window[4] = 1000 - 39
    gauge = live_gauge(window, torch.tensor([0, 7, 50, 50, 5000]))
    assert gauge.stale.tolist() == [True, True, False, False, False]
    assert gauge.starved.tolist() == [False, False, True, False, False]  # 20 is not below 20
    assert gauge.never_hit.tolist() == [True, False, False, False, False]
    assert live_gauge(window, window, starved_share=0.05).starved.sum() == 0


def test_live_gauge_of_an_empty_window() -> None:
    gauge = live_gauge(torch.zeros(3, dtype=torch.int64), torch.zeros(3, dtype=torch.int64))
    assert gauge.stale.all()
    assert not gauge.starved.any()
