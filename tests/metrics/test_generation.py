"""Sample quality: closed forms, a NumPy restatement, and calibration rows that every figure has to pass."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.metrics import two_sample
from explorer.metrics.generation import Reference, SampleQuality, sample_quality
from explorer.metrics.interval import mean, share
from explorer.metrics.kernel_distance import kernel_distance, squared_mmd, subset_size
from explorer.metrics.neighbours import ball_radii, copy_check, manifold, nearest, pairwise
from explorer.metrics.two_sample import two_sample_accuracy
from explorer.streams import stream

N, F = 400, 12


def features(n: int, name: str, clusters: int = 3) -> Tensor:
    """Clusters drawn at random, at least 0 as a classifier's features are."""
    generator = stream(0, name)
    centres = 2 * torch.rand(3, F, generator=stream(0, "centres"))
    noise = 0.3 * torch.randn(n, F, generator=generator)
    return (centres[torch.randint(0, clusters, (n,), generator=generator)] + noise).relu()


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(features(N, "held out"), features(N, "train"))


def quality(samples: Tensor, reference: Reference) -> SampleQuality:
    return sample_quality(samples, torch.arange(len(samples)) % 3, 3, reference, stream(0, "quality"))


def test_other_real_images_pass_for_real(reference: Reference):
    row = quality(features(N, "other half"), reference)
    assert abs(row.kid_clf.value) < 3 * row.kid_clf.sd
    assert row.two_sample.low < 0.5 < row.two_sample.high
    assert row.copies.low < 0.5 < row.copies.high
    assert row.manifold.precision.value > 0.85
    assert row.manifold.recall.value > 0.85
    assert row.manifold.density.low < 1 < row.manifold.density.high
    assert row.manifold.coverage.value > 0.93  # 1 - 2^-5 for equal distributions
    assert [share.low < 1 / 3 < share.high for share in row.classes] == [True] * 3


def test_training_copies_are_caught_by_the_copy_check_alone(reference: Reference):
    row = quality(reference.train, reference)
    assert row.copies.value == 1
    assert row.two_sample.low < 0.5 < row.two_sample.high
    assert abs(row.kid_clf.value) < 3 * row.kid_clf.sd


def test_one_cluster_repeated_is_precise_but_does_not_cover(reference: Reference):
    row = quality(features(N, "collapsed", clusters=1), reference)
    assert row.manifold.precision.value > 0.85
    assert row.manifold.coverage.value < 0.4
    assert row.manifold.recall.value < 0.45
    assert row.kid_clf.value > 5 * row.kid_clf.sd
    assert row.two_sample.low > 0.5


def test_noise_fails_everywhere(reference: Reference):
    row = quality(3 * torch.rand(N, F, generator=stream(0, "noise")), reference)
    assert row.manifold.precision.value < 0.05
    assert row.manifold.density.value < 0.05
    assert row.manifold.coverage.value < 0.1
    assert row.two_sample.low > 0.9
    assert row.kid_clf.value > 10 * row.kid_clf.sd


def test_a_worse_sample_has_a_higher_distance(reference: Reference):
    base, noise = features(N, "samples"), torch.randn(N, F, generator=stream(0, "noise"))
    distances = [quality((base + amount * noise).relu(), reference).kid_clf.value for amount in (0.0, 0.3, 0.9)]
    assert distances == sorted(distances)


def test_the_distance_is_the_unbiased_one():
    x, y = features(7, "x").numpy().astype(np.float64), features(5, "y").numpy().astype(np.float64)
    k = lambda a, b: (a @ b / F + 1) ** 3  # noqa: E731
    xx = np.mean([k(x[i], x[j]) for i in range(7) for j in range(7) if i != j])
    yy = np.mean([k(y[i], y[j]) for i in range(5) for j in range(5) if i != j])
    xy = np.mean([k(a, b) for a in x for b in y])
    assert float(squared_mmd(torch.tensor(x), torch.tensor(y))) == pytest.approx(xx + yy - 2 * xy, rel=1e-10)


def test_equal_distributions_are_at_distance_zero_on_average():
    values = [float(squared_mmd(features(60, f"a{k}"), features(60, f"b{k}"))) for k in range(60)]
    assert abs(np.mean(values)) < 3 * np.std(values) / math.sqrt(len(values))
    assert min(values) < 0  # unbiased: some estimates lie below


@pytest.mark.parametrize("n, size", [(5000, 1000), (336, 100), (60, 30)])
def test_subsets(n: int, size: int):
    assert subset_size(n) == size
    found = kernel_distance(features(n, "a"), features(n, "b"), stream(0, "subsets"))
    assert (found.size, found.subsets) == (size, 10)


def test_the_manifold_is_what_its_definitions_say():
    real, samples, k = features(40, "real").double(), features(30, "samples").double(), 3
    d = np.linalg.norm(real.numpy()[:, None] - samples.numpy()[None], axis=2)

    def radius(points: Tensor) -> np.ndarray:
        own = np.linalg.norm(points.numpy()[:, None] - points.numpy()[None], axis=2)
        return np.sort(own, axis=1)[:, k]  # the first one is the point itself

    in_real, in_samples = d <= radius(real)[:, None], d <= radius(samples)[None]
    found = manifold(real, samples, k)
    assert found.precision.value == pytest.approx(in_real.any(0).mean())
    assert found.recall.value == pytest.approx(in_samples.any(1).mean())
    assert found.density.value == pytest.approx(in_real.sum() / (k * 30))
    assert found.coverage.value == pytest.approx(in_real.any(1).mean())
    assert np.allclose(ball_radii(real, k).numpy(), radius(real))


def test_distances_are_exact_where_rows_are_equal():
    x = 100 * features(50, "x")
    distances = pairwise(x, x)
    assert torch.equal(distances.diagonal(), torch.zeros(50).double())
    assert torch.allclose(distances, torch.cdist(x.double(), x.double(), compute_mode="donot_use_mm_for_euclid_dist"))


def test_the_nearest_images_come_nearest_first():
    others, x = features(700, "others"), features(520, "x")
    found = nearest(x, others)
    assert torch.equal(found, torch.cdist(x.double(), others.double()).topk(3, largest=False).indices)
    assert nearest(others[:5], others)[:, 0].tolist() == [0, 1, 2, 3, 4]


def test_a_copy_of_held_out_images_scores_zero(reference: Reference):
    assert copy_check(reference.held_out, reference.train, reference.held_out).value == 0


def test_the_two_sample_test_never_judges_what_it_was_fitted_on():
    """Few points in many dimensions: a regression tells its own training points apart whatever they are."""
    x, y = (torch.randn(60, 80, generator=stream(k, "wide")) for k in range(2))
    found = two_sample_accuracy(x, y, stream(0, "halves"))
    assert 0.3 < found.value < 0.7


def test_intervals():
    assert share(torch.ones(10)).high == 1
    assert share(torch.ones(10)).low == pytest.approx(0.7225, abs=1e-3)  # Wilson: n / (n + 1.96²)
    assert share(torch.zeros(10)).low == 0
    found = mean(torch.tensor([1.0, 2.0, 3.0]))
    assert found.value == 2
    assert found.high - found.value == pytest.approx(1.96 / math.sqrt(3), rel=1e-3)


def test_intervals_hold_as_often_as_they_say():
    draws = torch.rand(2000, 50, generator=stream(0, "draws")) < 0.2
    held = [estimate.low <= 0.2 <= estimate.high for estimate in map(share, draws)]
    assert 0.92 < np.mean(held) < 0.98


def test_intervals_of_shares_stay_within_0_and_1():
    """Wilson's ends at 0 and 1 are exact; rounding may carry them beyond."""
    for n in range(1, 200):
        none, every = share(torch.zeros(n)), share(torch.ones(n))
        assert 0 <= none.low <= none.high <= 1
        assert 0 <= every.low <= every.high <= 1


@pytest.mark.parametrize("n", [10, 11, 12])
def test_the_two_sample_test_halves_as_evenly_as_it_can(n: int, monkeypatch: pytest.MonkeyPatch):
    """Each half has as many real as generated ones, and each is judged once."""
    judged: list[tuple[int, int]] = []

    def watched(x: Tensor, y: Tensor, held_out: Tensor, expected: Tensor) -> Tensor:
        assert [2 * int(side.sum()) for side in (y, expected)] == [len(y), len(expected)]
        judged.append((len(y), len(expected)))
        return torch.ones(len(expected))

    monkeypatch.setattr(two_sample, "_right", watched)
    found = two_sample_accuracy(torch.zeros(n + 3, 2), torch.zeros(n, 2), stream(0, "halves"))
    half = 2 * (n // 2)
    assert judged == [(half, 2 * n - half), (2 * n - half, half)]
    assert found.value == 1
    assert found.low == pytest.approx(n / (n + 1.959964**2))  # 2n answers are worth n
