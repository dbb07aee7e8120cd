"""A unit is silent by one rule, wherever the page counts those of a VAE."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

import explorer.runs.shelf
from explorer.metrics.posterior import SILENT_BITS, SILENT_NATS
from explorer.runs import Run
from explorer.studies.summary import records_of
from explorer.studies.two_ways import unit_tries
from explorer.ui import questions
from explorer.ui.computed import catalog, gaussian
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.steps import beta
from explorer.ui.scene import scene
from explorer.ui.text import TEXTS
from explorer.ui.view import LANGUAGES, View

CHECKPOINTS = Path(__file__).resolve().parents[2] / "checkpoints"
RUN = "fashion-vae-z16-b10-s0"
VIEW = View(data="fashion", left=RUN, right="fashion-vqvae-d2-k256-ema-s0", tab="elbo")
COLUMN = {lang: column for column, lang in enumerate(LANGUAGES)}


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", CHECKPOINTS)


def said(key: str, lang: str, sentence: str) -> dict[str, str]:
    """What stands in the holes of a sentence of the page."""
    pattern = re.escape(TEXTS[key][COLUMN[lang]])
    seen: set[str] = set()

    def hole(found: re.Match[str]) -> str:
        name = found[1]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.+?)"

    matched = re.fullmatch(re.sub(r"\\\{(\w+)\\\}", hole, pattern), sentence)
    assert matched is not None, sentence
    return matched.groupdict()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_loss_and_the_guide_count_the_same_units(lang: str) -> None:
    elbo = scene(replace(VIEW, lang=lang)).elbo
    assert elbo is not None
    sentence = next(text for text in strings(elbo) if "Var(μ_j)" in text and "{" not in text)
    shown = said("elbo.active", lang, sentence)
    roles = RunsByRole(VIEW)
    assert beta.STEP.question is not None
    assert beta.STEP.answer is not None
    step, asked = beta.STEP.answer(roles), beta.STEP.question(roles).line
    assert int(shown["silent"]) == step.truth == step.lines[0].params["silent"]
    assert int(shown["silent"]) > 0
    assert shown["limit"] == asked.params["limit"] == f"{SILENT_NATS:g}"
    assert int(shown["active"]) != int(shown["total"]) - int(shown["silent"])  # of another rule, by another name


def test_bits_are_those_nats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaussian, "IMAGES", 12)
    sentences = questions.answer("quantize", {"run": RUN, "lang": "en"})["sentences"]
    shown = said("elbo.quantize.silent", "en", next(each for each in sentences if "silent" in each))
    found = gaussian.quantized_vae(catalog.run(RUN))
    assert int(shown["silent"]) == sum(bits * math.log(2) < SILENT_NATS for bits in found.kl)
    assert float(shown["limit"]) == pytest.approx(SILENT_BITS, abs=5e-5)


def test_the_study_counts_by_that_rule_too() -> None:
    """Of members too that were written when the rule was another."""
    for cell, tried in ((f"fashion-vae-z32-{name}", tried) for name, tried in unit_tries().items()):
        records = records_of("silent").get(cell, [])
        counts = [sum(nats < SILENT_NATS for nats in record["test"]["kl_nats_per_unit"]) for record in records]
        if records:
            assert tried.with_it is not None
            assert (tried.with_it.low, tried.with_it.high) == (min(counts), max(counts))
    assert any(
        sum(nats < SILENT_NATS for nats in record["test"]["kl_nats_per_unit"]) != record["test"]["silent"]
        for records in records_of("silent").values()
        for record in records
    )


@pytest.mark.parametrize("data, some", [("fashion", True), ("faces", False)])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sweep_says_which_of_its_runs_have_silent_units(lang: str, data: str, some: bool) -> None:
    answer = questions.answer("sweep", {"data": data, "lang": lang})
    drawn = {run for trace in answer["sweep"]["data"] for run in trace.get("customdata", ())}
    runs = [catalog.run(run) for run in drawn]
    silent = [run.config.beta for run in runs if min(run.report["kl_nats_per_unit"]) < SILENT_NATS]
    assert bool(silent) == some
    key = "elbo.sweep.silent" if some else "elbo.sweep.silent.none"
    joined = TEXTS["elbo.sweep.caption"][COLUMN[lang]] + TEXTS["between.space"][COLUMN[lang]]
    first = joined.format(runs=len(runs), low=f"{min(betas(runs)):g}", high=f"{max(betas(runs)):g}")
    assert answer["caption"].startswith(first)
    shown = said(key, lang, answer["caption"].removeprefix(first))
    if some:
        assert (int(shown["silent"]), int(shown["runs"]), float(shown["lowest"])) == (
            len(silent),
            len(runs),
            min(silent),
        )
    else:
        assert float(shown["high"]) == max(betas(runs))


def betas(runs: list[Run]) -> list[float]:
    return [run.config.beta for run in runs]


def strings(value: object) -> list[str]:
    """Every sentence in a part of a scene."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else None
    return [
        text
        for each in (inner if inner is not None else getattr(value, "__dict__", {}).values())
        for text in strings(each)
    ]
