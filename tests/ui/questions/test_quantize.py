"""A VAE by random codes, as the page asks for it."""

from __future__ import annotations

import json

import pytest

from explorer.ui import questions
from explorer.ui.computed import catalog, encoded, gaussian
from explorer.ui.text import text
from tests.ui.conftest import EMA, SPATIAL, VAE, VAE16


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaussian, "IMAGES", 12)


@pytest.mark.parametrize("run", [VAE, VAE16, SPATIAL])
def test_the_figure_has_both_errors_theory_and_the_mark(run: str) -> None:
    said = questions.answer("quantize", {"run": run, "lang": "zh"})
    assert said["ok"], said
    json.dumps(said, allow_nan=False)
    names = {trace["name"] for trace in said["figure"]["data"]}
    assert {
        text(f"elbo.quantize.{name}", "zh") for name in ("mean", "median", "theory", "mse", "decoded_mean")
    } <= names
    assert (text("elbo.quantize.joint", "zh") in names) == (run == VAE)
    assert len(said["figure"]["layout"]["shapes"]) == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_theorem_stands_beside_what_was_measured(lang: str) -> None:
    said = questions.answer("quantize", {"run": VAE, "lang": lang})["sentences"]
    found = gaussian.quantized_vae(catalog.run(VAE))
    row = next(row for row in found.rows if row.bits > sum(found.kl) / len(found.kl))
    assert row.bound is not None
    numbers = {"missed": f"{100 * row.missed:.1f}", "bound": f"{100 * row.bound:.1f}"}
    assert text("elbo.quantize.bound", lang, bits=f"{row.bits:g}", **numbers) in said
    assert row.missed <= row.bound + 0.1


@pytest.mark.parametrize("run", [VAE, SPATIAL])
def test_many_codes_decode_as_the_mean_does(run: str) -> None:
    said = questions.answer("quantize", {"run": run, "image": 3, "bits": 14})
    assert said["ok"], said
    mean, code = (said[name]["pixels"] for name in ("mean", "code"))
    assert len(mean) == len(code)
    numbers = encoded.single(catalog.run(run), 3).latent.mean
    assert numbers is not None
    assert f"{14 * numbers.numel()} bits" in said["sentence"]


@pytest.mark.parametrize(
    "asked",
    [{"run": EMA, "image": 0, "bits": 4}, {"run": VAE, "image": 0, "bits": 15}],
)
def test_what_cannot_be_asked_is_a_sentence(asked: dict[str, object]) -> None:
    assert not questions.answer("quantize", asked)["ok"]
