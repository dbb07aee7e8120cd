"""What travels with shipped runs is what would be computed: computed again here, a little of each kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.classifier import load_classifier
from explorer.data import load_image_set
from explorer.metrics.evidence import PosteriorGrid
from explorer.runs import Run
from explorer.ui import questions
from explorer.ui.computed import (
    atlas,
    bounds,
    catalog,
    encoded,
    gaussian,
    generated,
    image_bounds,
    influenced,
    measured,
    neighbours,
    posteriors,
    roughness,
    stored,
    strip,
)
from scripts.computed import SETS, runs

VAE = "fashion-vae-z2-s0"


@pytest.fixture(scope="module")
def vae() -> Run:
    return catalog.run(VAE)


def found(of: str, kind: str, sha256: str) -> stored.Arrays:
    arrays = stored.stored(of, kind, sha256)
    assert arrays, f"{of}: {kind} is missing, or was computed for other weights: python -m scripts.computed"
    return arrays


def test_posteriors(vae: Run):
    image = int(found(VAE, posteriors.KIND, vae.weights_sha256)["image"][3])
    kept, again = posteriors.posterior(vae, image), posteriors.integrated(vae, image)
    for name in ("log_px", "gap", "step"):
        assert getattr(kept, name) == pytest.approx(getattr(again, name), abs=1e-3)
    assert kept.accepted == again.accepted
    assert kept.grid.density.shape == again.grid.density.shape
    assert kept.grid.x == pytest.approx(again.grid.x)
    assert kept.grid.levels == pytest.approx(again.grid.levels, rel=1e-2)
    assert torch.allclose(kept.grid.density, again.grid.density, rtol=0.05)


def test_a_posterior_that_is_stored_is_a_cheap_question(vae: Run):
    images = found(VAE, posteriors.KIND, vae.weights_sha256)["image"].tolist()
    assert len(set(images)) == len(images)
    assert set(images) == {*strip.strip_images("fashion"), *range(1000)}
    for asked, cheap in (
        ({"run": VAE, "image": images[-1]}, True),
        ({"run": VAE, "image": catalog.test_count("fashion")}, False),
        ({"run": VAE, "image": 1000}, False),
        ({"run": "fashion-ae-z2-s0", "image": 0}, False),
        ({"run": "no-such-run"}, False),
        (None, False),
    ):
        assert questions.is_stored("posterior", asked) is cheap, asked


def test_bounds_of_single_images(vae: Run):
    kept = found(VAE, image_bounds.KIND, vae.weights_sha256)
    image = int(kept["image"][2])
    stored_one, parts = image_bounds.image_bounds(vae, image, 1)
    assert parts == bounds.PARTS  # whole, whatever was asked for
    again = image_bounds.drawn(vae, image, 1)  # a part of the same draws
    assert stored_one.k == again.k
    assert ((stored_one.bound - again.bound).abs() <= 4 * again.standard_error).all()
    assert (stored_one.standard_error[:, :8] < again.standard_error[:, :8]).all()
    assert set(strip.strip_images("fashion")) <= set(kept["image"].tolist())


def test_bounds_and_codes_that_are_stored_are_cheap_questions(vae: Run):
    known = int(found(VAE, image_bounds.KIND, vae.weights_sha256)["image"][-1])
    unknown = catalog.test_count("fashion") - 1
    other = "fashion-vae-z8-s0"
    for name, asked, cheap in (
        ("iwae", {"run": VAE, "image": known, "evidence": 1}, True),
        ("iwae", {"run": VAE, "image": unknown}, False),
        ("iwae", {"run": "fashion-ae-z2-s0", "image": known}, False),
        ("quantize", {"run": VAE}, True),
        ("quantize", {"run": other, "image": 0, "bits": 3}, True),
        ("quantize", {"run": other}, False),
        ("quantize", {"run": "fashion-ae-z2-s0"}, False),
    ):
        assert questions.is_stored(name, asked) is cheap, (name, asked)


def test_a_vae_as_random_codes(vae: Run):
    found(VAE, gaussian.KIND, vae.weights_sha256)
    kept, again = gaussian.quantized_vae(vae), gaussian.measured(vae.id, vae.weights_sha256)
    assert gaussian.unpacked(gaussian.packed(again)) == again  # what there is none of included
    assert kept.kl == pytest.approx(again.kl, rel=1e-4)
    for one, other in zip(kept.rows + kept.joint, again.rows + again.joint, strict=True):
        assert one.mse == pytest.approx(other.mse, rel=1e-3)
        assert (one.bits, one.theory is None) == (other.bits, other.theory is None)
        assert one.theory == (other.theory and pytest.approx(other.theory, rel=1e-4))
        assert one.bound == (other.bound and pytest.approx(other.bound, rel=1e-4))


def test_holes(vae: Run):
    kept = found(VAE, generated.HOLES, vae.weights_sha256)["ratio"]
    again = generated.packed_holes(vae)["ratio"]
    assert kept.dtype == again.dtype == np.dtype("<f4")
    assert kept.shape == again.shape
    # a draw within rounding of a cell's edge falls on its other side on another processor, one of hundreds in the cell
    apart = ~np.isclose(kept, again, rtol=1e-3)
    assert apart.sum() <= 4
    assert np.allclose(kept[apart], again[apart], rtol=1e-2)
    assert generated.hole_ratios(VAE) == kept.tobytes()


def test_the_curve_of_principal_components(monkeypatch: pytest.MonkeyPatch):
    sha256 = load_image_set("fashion").sha256
    kept = found("fashion", measured.PCA_KIND, sha256)
    curve = measured.pca_curve("fashion")
    assert curve is not None
    assert curve[0].tolist() == kept["bits"].tolist()
    # the first of its points, with the fewest bits, from a thousand pictures
    monkeypatch.setattr(measured, "PCA_IMAGES", 1000)
    again = measured.packed_pca_curve("fashion")
    assert kept["bits"].shape == again["bits"].shape == kept["psnr_db"].shape
    assert np.allclose(kept["psnr_db"][:20], again["psnr_db"][:20], atol=0.3)
    assert np.allclose(kept["bits"][:20], again["bits"][:20], rtol=0.1)


def test_influence(vae: Run):
    kept, again = influenced.of_unit(vae, 1), influenced._of_unit(vae.id, vae.weights_sha256, 1)
    assert kept.answering.n == again.answering.n
    assert kept.amount == pytest.approx(again.amount)
    assert kept.answering.footprint == pytest.approx(again.answering.footprint, rel=1e-4)
    assert torch.allclose(kept.answering.mean, again.answering.mean, atol=1e-6)


@pytest.mark.parametrize("data", SETS)
def test_what_a_set_opens_with_has_what_its_panels_wait_for(data):
    found(data, neighbours.KIND, load_classifier(data).sha256)
    for name in ("ae-z2-s0", "vae-z2-s0"):
        run = catalog.run(f"{data}-{name}")
        found(run.id, roughness.KIND, run.weights_sha256)
        found(run.id, influenced.KIND, run.weights_sha256)
    found(run.id, gaussian.KIND, run.weights_sha256)
    for kind in (posteriors.KIND, image_bounds.KIND):
        assert set(strip.strip_images(data)) <= set(found(run.id, kind, run.weights_sha256)["image"].tolist())


@pytest.mark.parametrize("data", SETS)
def test_what_is_there_is_whole(data):
    for run in runs(data):
        if not (kept := stored.stored(run.id, influenced.KIND, run.weights_sha256)):
            continue  # computed when it is asked for
        places = kept["place"].tolist()
        count = run.model.shape.grid**2 if run.config.is_vq else influenced.units(run)
        assert places == [*([influenced.ANY] if run.config.is_vq else []), *range(count)]


def test_information():
    run = catalog.run("fashion-vqvae-d2-k256-ema-s0")
    found(run.id, influenced.INFORMATION, run.weights_sha256)
    kept, again = influenced.information(run), influenced.measured_information(run.id, run.weights_sha256)
    for name, value in vars(again).items():
        assert torch.allclose(torch.as_tensor(getattr(kept, name)), torch.as_tensor(value), atol=2e-3), name
    assert (kept.n, kept.permutations) == (again.n, again.permutations)


def test_what_runs_bring_for_latent_are_cheap_questions():
    ae, vqvae, other = "fashion-ae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "fashion-vae-z8-s0"
    for name, asked, cheap in (
        ("roughness", {"ae": ae, "vae": VAE, "size": 2}, True),
        ("roughness", {"ae": ae, "vae": other, "size": 2}, False),
        ("roughness", {"ae": ae, "vae": "emoji-vae-z2-s0", "size": 2}, False),
        ("influence", {"run": VAE, "unit": 1}, True),
        ("influence", {"run": vqvae}, True),
        ("influence", {"run": vqvae, "cell": 3}, True),
        ("influence", {"run": vqvae, "cell": 10_000}, False),
        ("influence", {"run": other, "unit": 1}, False),
        ("information", {"run": vqvae}, True),
        ("information", {"run": "fashion-vqvae-d2-k16-ema-s0"}, False),
        ("information", {"run": VAE}, False),
    ):
        assert questions.is_stored(name, asked) is cheap, (name, asked)


def test_points_of_an_ae():
    ae = catalog.run("fashion-ae-z2-s0")
    found(ae.id, encoded.KIND, ae.weights_sha256)
    kept, again = encoded.encoded_test(ae.id).mean, encoded.packed(ae)["mean"]
    assert kept is not None
    assert torch.allclose(kept, torch.from_numpy(again), atol=1e-4)


def test_the_plane_of_a_film():
    run = catalog.run("fashion-vqvae-d64-k512-ema-s0")
    found(run.id, encoded.PLANE_KIND, run.weights_sha256)
    kept, again = encoded.plane_of(run), encoded.projected(run).plane
    assert kept.explained == pytest.approx(again.explained, rel=1e-4)
    assert np.allclose(kept.mean, again.mean, atol=1e-4)
    assert np.allclose(kept.axes, again.axes, atol=1e-3)


def test_an_atlas():
    run = catalog.run("fashion-vqvae-d2-k256-ema-s0")
    found(run.id, atlas.KIND, run.weights_sha256)
    again = atlas.packed(run)
    kept = atlas.atlas(run.id)
    grids = np.frombuffer(kept[: again["grids"].nbytes], "<u2")
    patches = np.frombuffer(kept[again["grids"].nbytes :], np.uint8)
    assert (grids == again["grids"].flatten()).mean() > 0.999  # of two codes that are as common either may stand there
    assert np.abs(patches.astype(int) - again["patches"].flatten()).max() <= 1


def test_roughness(vae: Run, monkeypatch: pytest.MonkeyPatch):
    kept = roughness._values(vae.id, vae.weights_sha256, roughness.HEADLINE)
    roughness._values.cache_clear()
    monkeypatch.setattr(stored, "FOLDER", Path("nowhere"))
    again = roughness._values(vae.id, vae.weights_sha256, roughness.HEADLINE)
    roughness._values.cache_clear()
    assert (kept[0] != again[0]).double().mean() < 0.002  # of a thousand opinions one may stand on an edge
    assert torch.allclose(kept[1], again[1], rtol=1e-4)


def test_the_spread_behind_a_step(vae: Run):
    assert roughness.spread_of(vae) == pytest.approx(roughness.measured_spread(vae.id), rel=1e-4)
    assert float(found(vae.id, roughness.KIND, vae.weights_sha256)["spread"]) == roughness.spread_of(vae)


def test_features_of_the_training_images():
    classifier = load_classifier("fashion")
    kept = torch.from_numpy(found("fashion", neighbours.KIND, classifier.sha256)["features"]).float()
    pictures = generated.training_images("fashion")
    assert len(kept) == len(pictures)
    again = classifier.features(pictures[:200].float() / 255)
    assert torch.allclose(kept[:200], again, rtol=2e-3, atol=2e-3)


def test_other_weights_and_broken_files_are_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stored, "FOLDER", tmp_path)
    assert stored.stored("a", "b", "sha") == {}
    stored.store("a", "b", "sha", {"x": np.arange(3)})
    assert stored.stored("a", "b", "sha")["x"].tolist() == [0, 1, 2]
    assert stored.stored("a", "b", "other") == {}
    assert stored.stored("..", "b", "sha") == {}
    whole = (tmp_path / "a" / "b.npz").read_bytes()
    for broken in (whole[: len(whole) // 2], b"", b"PK\x03\x04 no"):
        (tmp_path / "a" / "b.npz").write_bytes(broken)
        stored._stored.cache_clear()
        assert stored.stored("a", "b", "sha") == {}


def test_what_is_packed_comes_back():
    grid = PosteriorGrid(
        torch.tensor([0.0, 0.5]), torch.tensor([1.0, 1.5, 2.0]),
        torch.tensor([[0.0, 8.0], [2.0, 4e-8], [1.0, 0.0]]).double(), (3.0, 2.0, 1.0),
    )  # fmt: skip
    one = posteriors.Posterior(-3.5, 0.25, 0.001, 0.5, True, 12, grid)
    back = posteriors.unpacked(posteriors.packed([(7, one), (9, one)]), 1)
    assert (back.log_px, back.gap, back.accepted, back.decoded, back.step) == (-3.5, 0.25, True, 12, 0.5)
    assert back.grid.x.tolist() == grid.x.tolist()
    assert back.grid.y.tolist() == grid.y.tolist()
    assert torch.allclose(back.grid.density, grid.density, rtol=0.05)
    assert (back.grid.density == 0).tolist() == (grid.density == 0).tolist()
