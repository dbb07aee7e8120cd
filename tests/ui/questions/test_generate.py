"""What the tab Generate asks: samples, a grid that is written code by code, the nearest training images."""

from __future__ import annotations

import base64
import math
from pathlib import Path

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.models.prior import CodeSpace, OwnSpread, build_prior, distribution
from explorer.runs import load_run, update_run
from explorer.runs.priors import PriorFiles, fitted, ladder
from explorer.ui import questions
from explorer.ui.computed import catalog, generated, neighbours, stored
from explorer.ui.scene.generate import _walk
from tests.ui.conftest import AE, EMA, GRADIENT, SPATIAL, VAE, VQ64, store

CODES, CELLS = 256, 49
FULL = [3] * CELLS


@pytest.fixture(scope="module")
def with_priors(tmp_path_factory) -> Path:
    """A VQ-VAE with an untrained prior that knows classes, a VAE with its Gaussian, an AE with its spread."""
    root = tmp_path_factory.mktemp("priors")
    for run_id, settings in {EMA: {"model": "vqvae"}, VAE: {"model": "vae"}, AE: {"model": "ae"}}.items():
        store(root, run_id, **settings)
        run = load_run(root / run_id)
        update_run(run, (_untrained() if run.config.is_vq else _fitted(run)).contents(run))
    store(root, GRADIENT, model="vqvae", codebook_update="gradient")
    store(root, SPATIAL, model="vae", spatial=True)
    store(root, VQ64, model="vqvae", embedding_dim=64, num_embeddings=512)
    return root


def _untrained() -> PriorFiles:
    space = CodeSpace(CODES, 7, 7, num_classes=10)
    model = build_prior("transformer", space, {"width": 16, "layers": 1, "heads": 2}, generator=torch.manual_seed(0))
    counts = torch.randint(0, 9, (CELLS, CODES), generator=torch.manual_seed(1)).int()
    facts = {"kind": model.kind, "space": space.to_dict(), "sizes": model.sizes(), "smoothing": 0.5}
    return PriorFiles({"counts": counts} | {f"model/{k}": v for k, v in model.state_dict().items()}, facts)


def _fitted(run) -> PriorFiles:
    images = load_image_set("fashion")

    class Few:
        """The first hundred training images are enough."""

        def __init__(self) -> None:
            self.images = images.images

        def split(self, name: str) -> torch.Tensor:
            return images.split(name)[:100]

    return fitted(run, Few())  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _runs(runs, with_priors, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", with_priors)


def ask(name, **params):
    answer = questions.answer(name, params)
    assert answer["ok"], answer
    return answer


def probabilities(answer):
    """(P - first, K) of a `write` answer."""
    weights = np.frombuffer(base64.b64decode(answer["weights"]), "<u2").reshape(-1, CODES)
    return weights / answer["scale"]


# --- samples


@pytest.mark.parametrize(
    "run, prior", [(VAE, "normal"), (VAE, "simple"), (AE, "own_spread"), (EMA, "uniform"), (EMA, "learned")]
)
def test_the_same_seed_gives_the_same_samples_however_they_are_asked_for(run, prior):
    key = "codes" if run == EMA else "z"
    whole = ask("samples", run=run, prior=prior, seed=5, count=20)[key]
    part = ask("samples", run=run, prior=prior, seed=5, first=16, count=4)[key]
    assert len(whole) == 20
    assert part == whole[16:]
    assert ask("samples", run=run, prior=prior, seed=6, count=20)[key] != whole


def test_a_vae_and_an_ae_are_drawn_from_the_same_numbers():
    normal = torch.tensor(ask("samples", run=VAE, prior="normal")["z"])
    own = torch.tensor(ask("samples", run=AE, prior="own_spread")["z"])
    prior = ladder(catalog.run(AE))["own_spread"]
    assert isinstance(prior, OwnSpread)
    assert torch.allclose((own - prior.mean) / prior.spread, normal, atol=1e-2)


def test_uniform_codes_are_uniform():
    codes = np.array(ask("samples", run=EMA, prior="uniform")["codes"])
    assert codes.shape == (64, CELLS)
    counts = np.bincount(codes.ravel(), minlength=CODES)
    expected = codes.size / CODES
    assert ((counts - expected) ** 2 / expected).sum() < 255 + 4 * math.sqrt(2 * 255)


# --- code by code


def test_without_given_codes_it_writes_the_sample_of_that_seed():
    samples = ask("samples", run=EMA, prior="learned", seed=2, count=4)["codes"]
    assert [ask("write", run=EMA, seed=2, sample=k, written=0, codes=[])["codes"] for k in range(4)] == samples


def test_each_distribution_is_the_priors_given_all_codes_before():
    answer = ask("write", run=EMA, seed=2, written=3, codes=[7, 8, 9], temperature=0.7, top_k=20)
    assert answer["codes"][:3] == [7, 8, 9]
    assert answer["first"] == 3
    logits = generated.learned_of(catalog.run(EMA)).logits(torch.tensor(answer["codes"]).view(1, 7, 7))
    expected = distribution(logits.flatten(1, 2)[0, 3:], 0.7, 20).numpy()
    assert np.abs(probabilities(answer) - expected).max() < 1e-4
    assert ((probabilities(answer) > 0).sum(1) <= 20).all()


def test_a_code_changed_by_hand_changes_what_follows_and_nothing_before():
    first = ask("write", run=EMA, seed=1, written=0, codes=[])["codes"]
    other = (first[10] + 1) % CODES
    second = ask("write", run=EMA, seed=1, written=11, codes=[*first[:10], other])
    assert second["codes"][:11] == [*first[:10], other]
    # what does not depend on the changed code stays: the noise of the later cells is the same
    assert second["codes"][11:] != first[11:]
    again = ask("write", run=EMA, seed=1, written=11, codes=first[:11])
    assert again["codes"] == first


def test_a_temperature_of_zero_takes_the_likeliest_code():
    answer = ask("write", run=EMA, written=0, codes=[], temperature=0)
    assert (probabilities(answer).argmax(1) == answer["codes"]).all()
    assert (probabilities(answer).max(1) == 1).all()


def test_a_class_changes_what_is_written():
    answers = [ask("write", run=EMA, written=0, codes=[], label=label)["weights"] for label in (0, 1)]
    assert answers[0] != answers[1]


def test_a_full_grid_leaves_nothing_to_write():
    answer = ask("write", run=EMA, written=CELLS, codes=FULL)
    assert answer["codes"] == FULL
    assert answer["weights"] == ""


# --- the nearest training images


@pytest.mark.parametrize("brought", [False, True])
def test_a_training_image_is_nearest_to_itself(monkeypatch, tmp_path, brought):
    images = load_image_set("fashion")
    train = images.split("train")
    wanted = images.images[train[3]].float() / 255
    monkeypatch.setattr("explorer.ui.questions.nearest.decoded", lambda run, params: wanted)
    monkeypatch.setattr(generated, "training_images", lambda data: images.images[train[:300]])
    if not brought:
        monkeypatch.setattr(stored, "FOLDER", tmp_path)
    neighbours._reading.cache_clear()
    job = neighbours.reading("fashion")
    assert (job.thread is None) == brought
    if job.thread is not None:
        job.thread.join(60)
    answer = ask("nearest", run=VAE, z=[0, 0])
    neighbours._reading.cache_clear()
    best = answer["images"][0]
    assert best["distance"] == "0.00"
    pixels = np.frombuffer(base64.b64decode(best["pixels"]), np.uint8).reshape(28, 28)
    assert np.array_equal(pixels, images.images[train[3], 0].numpy())
    distances = [float(image["distance"]) for image in answer["images"]]
    assert distances == sorted(distances)
    assert len(distances) == 3


# --- what cannot be answered


@pytest.mark.parametrize(
    "name, asked",
    [
        ("samples", {"run": "no-such-run", "prior": "normal"}),
        ("samples", {"run": VAE, "prior": "learned"}),
        ("samples", {"run": EMA, "prior": "normal"}),
        ("samples", {"run": VAE, "prior": "normal", "seed": -1}),
        ("samples", {"run": VAE, "prior": "normal", "seed": 1.5}),
        ("samples", {"run": VAE, "prior": "normal", "count": 65}),
        ("samples", {"run": VAE, "prior": "normal", "first": 60, "count": 5}),
        ("samples", {"run": VAE, "prior": "normal", "first": 64}),
        ("write", {"run": VAE, "written": 0, "codes": []}),
        ("write", {"run": EMA, "written": 0, "codes": [], "temperature": math.nan}),
        ("write", {"run": EMA, "written": 0, "codes": [], "temperature": math.inf}),
        ("write", {"run": EMA, "written": 0, "codes": [], "temperature": "warm"}),
        ("write", {"run": EMA, "written": 0, "codes": [], "top_k": 257}),
        ("write", {"run": EMA, "written": 1, "codes": [256]}),
        ("write", {"run": EMA, "written": 1, "codes": [-1]}),
        ("write", {"run": EMA, "written": 2, "codes": [1]}),
        ("write", {"run": EMA, "written": 50, "codes": [*FULL, 0]}),
        ("write", {"run": EMA, "written": 49, "codes": [FULL]}),
        ("write", {"run": EMA, "written": 0, "codes": [], "label": 10}),
        ("write", {"run": EMA, "written": 0, "codes": [], "sample": 64}),
        ("nearest", {"run": VAE, "z": [0, math.nan]}),
        ("nearest", {"run": EMA, "indices": [256, *FULL[1:]]}),
        ("nearest", {"run": "../etc"}),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_bad_question_is_refused_in_a_sentence(name, asked, lang):
    answer = questions.answer(name, asked | {"lang": lang})
    assert answer == {"ok": False, "code": "ask_parameter", "error": answer["error"]}
    assert ("takes" in answer["error"]) == (lang == "en")


def test_a_run_without_a_prior_names_the_command():
    answer = questions.answer("write", {"run": GRADIENT, "written": 0, "codes": []})
    assert answer["code"] == "prior_missing"
    assert f"train-prior {GRADIENT}" in answer["error"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_codes_too_many_for_bars_are_refused_and_said_to_be(lang: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(generated, "MOST_TUPLES", CODES - 1)
    answer = questions.answer("write", {"run": EMA, "written": 0, "codes": [], "lang": lang})
    assert answer["code"] == "prior_many"
    assert f"{CODES - 1}" in answer["error"]
    shown = _walk(catalog.run(EMA), lang)
    assert (shown.missing, shown.classes) == (answer["error"], ())
