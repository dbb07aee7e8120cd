"""States, windows and near-duplicates, against counts made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.metrics import codebook_life
from explorer.metrics.codebook_life import NEVER_HIT, STALE, STARVED, USED, dead_by, distinct, life, over_windows

STEPS = torch.tensor([0, 10, 20, 30, 50])
HITS = torch.tensor([[0, 0, 0], [8, 0, 0], [1, 9, 0], [10, 0, 0], [4, 5, 0]])


def test_windows_that_overlap_are_counted_once():
    hits, taken = over_windows(STEPS, HITS, width=20, windows=2)
    assert hits[4].tolist() == [14, 5, 0]  # steps 31-50 and 11-30
    assert hits[3].tolist() == [18, 0, 0]  # 11-30 and, two frames back, up to 10
    assert hits[2].tolist() == [1, 9, 0]  # 1-20 is all there is
    assert taken.tolist() == [1, 1, 1, 2, 2]


def test_no_step_is_counted_twice_and_a_count_never_falls_with_more_windows():
    generator = torch.Generator().manual_seed(1)
    steps = torch.tensor([0, 1, 2, 4, 8, 16, 30, 60, 100, 150])
    seen = torch.zeros(151, 5, dtype=torch.int64)
    seen[1:] = torch.randint(0, 3, (150, 5), generator=generator)
    width = 12
    recorded = torch.stack([seen[max(1, int(s) - width + 1) : int(s) + 1].sum(0) for s in steps])
    for windows in (1, 2, 3, 8):
        hits, taken = over_windows(steps, recorded, width, windows)
        assert (hits <= seen.cumsum(0)[steps]).all()
        assert (taken <= windows).all()
        assert (hits >= recorded).all()


def test_every_code_has_the_state_its_hits_say():
    found = life(STEPS, HITS, width=10, starved_share=0.5)
    assert found.states.tolist() == [
        [NEVER_HIT, NEVER_HIT, NEVER_HIT],
        [USED, NEVER_HIT, NEVER_HIT],
        [STARVED, USED, NEVER_HIT],  # 1 of 10 is less than half of 10 / 3
        [USED, STALE, NEVER_HIT],
        [USED, USED, NEVER_HIT],
    ]
    assert found.vectors.tolist() == [0, 8, 10, 10, 9]


def test_a_lower_threshold_starves_fewer_and_a_wider_window_leaves_fewer_stale():
    generator = torch.Generator().manual_seed(3)
    hits = torch.poisson(torch.rand(12, 40, generator=generator) * 2, generator=generator).long()
    steps = torch.arange(12) * 20
    counts = [int((life(steps, hits, 20, starved_share=s).states == STARVED).sum()) for s in (0.1, 0.6, 1.0)]
    assert counts == sorted(counts)
    stale = [int(dead_by(life(steps, hits, 20, windows=w).states, "stale").sum()) for w in (1, 2, 4)]
    assert stale == sorted(stale, reverse=True)
    assert stale[0] > stale[-1]


def test_rules_are_nested():
    found = life(STEPS, HITS, width=10, starved_share=0.5).states
    never, stale, starved = (dead_by(found, rule) for rule in ("never", "stale", "starved"))
    assert (never <= stale).all()
    assert (stale <= starved).all()
    assert starved.sum() > stale.sum() > never.sum()


def test_a_restarted_code_begins_anew():
    restarted = torch.zeros(5, 3, dtype=torch.bool)
    restarted[3, 1] = True
    assert life(STEPS, HITS, width=10, restarted=restarted).states[3, 1] == NEVER_HIT
    assert life(STEPS, HITS, width=10).states[3, 1] == STALE


def test_near_duplicates_are_merged_once():
    codes = torch.tensor([[0.0, 0.0], [0.001, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [9.0, 9.0]])
    counts = torch.tensor([5, 1, 3, 2, 2, 0])
    assert distinct(codes, counts) == 3
    assert distinct(codes, counts, near=1e-6) == 4  # of two identical ones, one is left
    assert distinct(codes, torch.zeros(6, dtype=torch.int64)) == 0


@pytest.mark.parametrize("dim", [2, 64])
def test_merging_depends_on_no_scale_and_no_place(dim):
    generator = torch.Generator().manual_seed(2)
    codes = torch.randn(30, dim, generator=generator)
    codes = torch.cat([codes, codes[:10] + 1e-4])
    counts = torch.arange(1, 41)
    assert distinct(codes, counts) == distinct(codes * 1e3 + 5, counts) == 30
    order = np.random.default_rng(0).permutation(40)
    assert distinct(codes[order], counts[order]) == 30


def test_near_duplicates_are_found_in_blocks(monkeypatch: pytest.MonkeyPatch):
    """Chains of codes, each near the next alone, so that it matters which were merged before; never a whole table."""
    generator = torch.Generator().manual_seed(4)
    codes = torch.randn(500, 2, generator=generator).cumsum(0)[torch.randperm(500, generator=generator)]
    counts = torch.randint(1, 50, (500,), generator=generator)
    whole = distinct(codes, counts, near=0.05)
    assert whole < 450
    sizes: list[int] = []
    cdist = torch.cdist

    def watched(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        sizes.append(len(a) * len(b))
        return cdist(a, b)

    monkeypatch.setattr(torch, "cdist", watched)
    for block in (1, 7 * 500, 200_000):
        monkeypatch.setattr(codebook_life, "BLOCK", block)
        sizes.clear()
        assert distinct(codes, counts, near=0.05) == whole
        assert max(sizes) <= max(block, 500)  # one row at least


@pytest.mark.parametrize("number", [5, 12])
def test_near_is_a_share_of_the_distance_from_the_mean(number: int):
    """Of codes on the unit circle that distance is 1, and neighbours are 2·sin(π/n) apart."""
    angle = 2 * torch.pi * torch.arange(number, dtype=torch.float64) / number
    codes, counts = torch.stack([angle.cos(), angle.sin()], dim=1), torch.ones(number)
    apart = 2 * float(np.sin(np.pi / number))
    assert distinct(codes, counts, near=0.99 * apart) == number
    assert distinct(codes, counts, near=1.01 * apart) < number
