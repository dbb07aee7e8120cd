"""The faithfulness line: bounds, a closed form, scikit-learn's trustworthiness."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.metrics.projection import faithfulness


@pytest.fixture
def cloud() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(300, 6))


def test_a_map_without_loss_is_perfect(cloud: np.ndarray):
    line = faithfulness(cloud[:, :2], 3 * cloud[:, :2] + 1, k=10)
    assert (line.trustworthiness, line.continuity, line.neighbours_kept) == (1, 1, 1)


def test_a_random_map_keeps_neighbours_by_chance(cloud: np.ndarray):
    places = np.random.default_rng(1).normal(size=(300, 2))
    line = faithfulness(cloud, places, k=15)
    assert abs(line.neighbours_kept - line.neighbours_kept_by_chance) < 0.01
    assert 0.45 < line.trustworthiness < 0.55
    assert math.isclose(line.neighbours_kept_by_chance, 15 / 299)


def test_trustworthiness_is_scikit_learn_s_and_continuity_its_mirror(cloud: np.ndarray):
    from sklearn.manifold import trustworthiness

    places = cloud[:, :2]
    line = faithfulness(cloud, places, k=12)
    assert math.isclose(line.trustworthiness, trustworthiness(cloud, places, n_neighbors=12), rel_tol=1e-9)
    assert math.isclose(line.continuity, trustworthiness(places, cloud, n_neighbors=12), rel_tol=1e-9)


def test_neighbours_kept_against_plain_counting(cloud: np.ndarray):
    places, k = cloud[:, :2], 7

    def neighbours(x: np.ndarray) -> list[set[int]]:
        d = np.linalg.norm(x[:, None] - x[None], axis=2)
        np.fill_diagonal(d, np.inf)
        return [set(row) for row in d.argsort(1)[:, :k]]

    pairs = zip(neighbours(cloud), neighbours(places), strict=True)
    expected = float(np.mean([len(a & b) / k for a, b in pairs]))
    assert math.isclose(faithfulness(cloud, places, k=k).neighbours_kept, expected)
