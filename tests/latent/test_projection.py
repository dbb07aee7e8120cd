"""Projections: PCA against scikit-learn, its inverse, codes placed with their vectors."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from explorer.latent.projection import (
    COMPILED,
    LatentMap,
    _keep_compiled,
    pca_map,
    pca_plane,
    place_among,
    umap_map,
)
from explorer.latent.sample import drawn_rows


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


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning", "ignore::ImportWarning")
def test_umap_tells_its_epochs(vectors: np.ndarray):
    seen: list[tuple[int, int]] = []
    umap_map(vectors[:60], seed=0, on_epoch=lambda epoch, epochs: seen.append((epoch, epochs)))
    assert seen[-1] == (500, 500)
    assert seen == sorted(seen)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning", "ignore::ImportWarning")
def test_what_umap_compiles_is_kept_for_the_next_process():
    _keep_compiled()
    kept = [getattr(import_module(module), name).stats for module, names in COMPILED.items() for name in names]
    assert [stats.cache_path for stats in kept if not stats.cache_path] == []


def test_a_map_survives_its_file(vectors: np.ndarray):
    made = pca_map(vectors, vectors[:7], seed=2)
    read = LatentMap.from_arrays(made.to_arrays())
    np.testing.assert_allclose(read.places, made.places, atol=0.01)
    np.testing.assert_allclose(read.code_places, made.code_places, atol=0.01)
    assert (read.method, read.seed, read.explained) == ("pca", 2, made.explained)
    assert read.faithfulness == made.faithfulness


def test_a_vector_of_the_map_goes_to_its_own_place_and_others_between_their_neighbours(vectors: np.ndarray):
    places = vectors[:, :2]
    np.testing.assert_allclose(place_among(vectors[:9], vectors, places), places[:9], atol=1e-2)
    between = place_among((vectors[:1] + vectors[1:2]) / 2, vectors[:15], places[:15])
    assert (places[:15].min(0) <= between[0]).all()
    assert (between[0] <= places[:15].max(0)).all()


def test_the_mean_of_neighbours_against_plain_numpy():
    known = np.arange(30, dtype=np.float32)[:, None] * np.ones((1, 3), np.float32)
    places = np.stack([np.arange(30.0) ** 2, -np.arange(30.0)], 1)
    x = np.full((1, 3), 3.25, np.float32)
    distance = np.abs(np.arange(15) - 3.25) * np.sqrt(3)  # the nearest 15 are 0 to 14
    expected = (places[:15] / distance[:, None]).sum(0) / (1 / distance).sum()
    np.testing.assert_allclose(place_among(x, known, places)[0], expected, rtol=1e-4)


def test_a_smaller_sample_is_a_part_of_a_larger():
    few, many = drawn_rows(1000, 50), drawn_rows(1000, 200)
    assert set(few.tolist()) < set(many.tolist())
    assert few.tolist() == sorted(few.tolist())
    assert drawn_rows(30, 50).tolist() == list(range(30))
