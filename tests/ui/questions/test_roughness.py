"""The same step in two latents: against a recomputation, and in sentences that follow from the numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from explorer.classifier import load_classifier
from explorer.metrics.smoothness import Estimate
from explorer.streams import stream
from explorer.ui import questions
from explorer.ui.computed import catalog, encoded, roughness
from explorer.ui.computed.roughness import SIZES, Compared, Rough, compared, measured_spread
from explorer.ui.questions.roughness import _sentence
from tests.ui.conftest import AE, EMA, EMOJI_VAE, VAE, VAE16


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(roughness, "STEPS", 60)
    for cached in (roughness._values, roughness._before):
        cached.cache_clear()
    yield
    for cached in (roughness._values, roughness._before):
        cached.cache_clear()


def test_steps_are_measured_as_defined():
    found = compared(AE, VAE, 0.5)
    classifier = load_classifier("fashion")
    minds, distances = {}, {}
    for kind, run_id in (("ae", AE), ("vae", VAE)):
        z = encoded.encoded_test(run_id).mean.numpy().astype(float)  # type: ignore[union-attr]
        spread = np.sqrt(((z - z.mean(0)) ** 2).sum(1).mean())
        assert measured_spread(run_id) == pytest.approx(spread, rel=1e-6)
        directions = torch.randn(60, 1, 2, generator=stream(0, "roughness directions"))[:, 0].numpy()
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        model = catalog.run(run_id).model
        with torch.no_grad():
            before = model.decode(torch.from_numpy(z[:60]).float())
            after = model.decode(torch.from_numpy(z[:60] + 0.5 * spread * directions).float())
        a, b = (classifier.probabilities(x).argmax(1).numpy() for x in (before, after))
        minds[kind] = (a != b).mean()
        difference = before.clamp(0, 1).numpy() - after.clamp(0, 1).numpy()
        distances[kind] = np.sqrt((difference**2).mean((1, 2, 3))).mean()
        measured = getattr(found, kind)
        assert measured.mind.value == pytest.approx(minds[kind], abs=1 / 60 + 1e-9)
        assert measured.pixels.value == pytest.approx(distances[kind], rel=1e-3)
    assert found.difference.mind.value == pytest.approx(found.ae.mind.value - found.vae.mind.value)
    assert (found.images, found.steps) == (60, 60)


def test_a_longer_step_moves_pixels_farther_and_a_jump_farthest():
    moved = [compared(AE, VAE, size).ae.pixels.value for size in SIZES]
    assert moved == sorted(moved)


def test_few_images_take_more_steps_each(monkeypatch):
    monkeypatch.setattr(roughness, "STEPS", 800)
    monkeypatch.setattr(roughness, "SIZES", (0.1, 0.0))
    found = compared(EMOJI_VAE, EMOJI_VAE, 0.1)
    assert (found.images, found.steps) == (336, 336 * 3)
    assert found.difference.mind == Estimate(0, 0, 0)


def test_the_answer_and_its_headline():
    answers = [questions.answer("roughness", {"ae": AE, "vae": VAE, "size": size}) for size in range(len(SIZES))]
    assert [answer["size"] for answer in answers] == list(SIZES)
    assert [answer["size"] for answer in answers if "sentence" in answer] == [0.1]
    assert answers[2]["label"] == "10 %"
    assert answers[5]["label"] == "a jump"
    assert "60 steps of 10 % of the spread, from 60 test images" in answers[2]["sentence"]
    assert "numbers" not in answers[2]["sentence"]


def test_latents_of_two_sizes_are_told():
    answer = questions.answer("roughness", {"ae": AE, "vae": VAE16, "size": 2})
    assert "2 and 16 numbers" in answer["sentence"]


@pytest.mark.parametrize(
    "wrong", [{"ae": VAE}, {"vae": EMA}, {"vae": EMOJI_VAE}, {"size": 6}, {"size": 0.1}, {"size": None}, {"ae": None}]
)
def test_a_bad_question_is_refused_in_a_sentence(wrong):
    answer = questions.answer("roughness", {"ae": AE, "vae": VAE, "size": 0} | wrong)
    assert answer["code"] == "ask_parameter"


def compared_as(ae: float, difference: tuple[float, float, float], jump: float = 0.8) -> Any:
    pixels = Estimate(0.05, 0.04, 0.06)
    of_ae = Rough(Estimate(ae, ae - 0.02, ae + 0.02), pixels)
    of_vae = Rough(Estimate(ae - difference[0], 0, 1), pixels)
    found = Compared(of_ae, of_vae, Rough(Estimate(*difference), pixels), 1000, 1000)
    return found, replace(found, ae=Rough(Estimate(jump, jump, jump), pixels))


@pytest.mark.parametrize(
    "ae, difference, expected",
    [
        (0.13, (0.03, 0.01, 0.05), ["is rougher than this VAE's", "says too much"]),
        (0.13, (-0.03, -0.05, -0.01), ["the smoother one", "says too much"]),
        (0.13, (0.01, -0.01, 0.03), ["The interval holds 0", "says too much"]),
        (0.6, (0.3, 0.2, 0.4), ["is rougher than this VAE's", "“unorganised” fits"]),
    ],
)
def test_the_sentence_says_no_more_than_was_measured(ae, difference, expected):
    found, jump = compared_as(ae, difference)
    sentence = _sentence(found, jump, "en")
    for part in expected:
        assert part in sentence
    assert "One training run each" in sentence
