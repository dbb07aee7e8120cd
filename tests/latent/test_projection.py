"""Projections: PCA against scikit-learn, its inverse, codes placed with their vectors."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.projection import pca_map, pca_plane, umap_map


@pytest.fixture
def vectors() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(400, 5)) * [5, 3, 1, 0.5, 0.1] + 2).astype(np.float32)


def test_pca_is_scikit_learn_s_up_to_sign(vectors: np.ndarray):
    from sklearn.decomposition import PCA

    expected = PCA(2).fit(vectors)
    plane = pca_plane(vectors)
    np.testing.assert_allclose(np.abs(plane.place(vectors)), np.abs(expected.transform(vectors)), atol=1e-3)
    assert plane.explained == pytest.approx(expected.explained_variance_ratio_.sum(), rel=1e-4)


def test_points_of_the_plane_come_back(vectors: np.ndarray):
    plane = pca_plane(vectors)
    places = np.array([[1.0, -2.0], [0.0, 0.0]], np.float32)
    np.testing.assert_allclose(plane.place(plane.lift(places)), places, atol=1e-5)


def test_a_map_does_not_flip_with_the_order_of_its_points(vectors: np.ndarray):
    np.testing.assert_allclose(pca_plane(vectors).axes, pca_plane(vectors[::-1]).axes, atol=1e-5)


def test_codes_are_placed_like_vectors(vectors: np.ndarray):
    latent_map = pca_map(vectors, vectors[:7])
    np.testing.assert_allclose(latent_map.code_places, latent_map.places[:7], atol=1e-5)
    assert latent_map.faithfulness.n == 400
    assert pca_map(vectors).code_places.shape == (0, 2)


def test_equal_vectors_make_a_map_and_no_warning():
    assert pca_map(np.ones((50, 4), np.float32)).explained == 1


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning", "ignore::ImportWarning")
def test_umap_maps_codes_with_vectors_and_repeats_for_a_seed(vectors: np.ndarray):
    one, two = (umap_map(vectors[:120], vectors[120:125], seed=3) for _ in range(2))
    assert one.places.shape == (120, 2)
    assert one.code_places.shape == (5, 2)
    np.testing.assert_array_equal(one.places, two.places)
    assert one.faithfulness.trustworthiness > 0.8
