"""What the tab Codebook says: which runs stand where, their addresses, their curves, and refusals."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import explorer.runs.shelf
from explorer.errors import ExplorerError
from explorer.runs import load_run
from explorer.runs.reading import forget_runs
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.computed.film import counted
from explorer.ui.media import media
from explorer.ui.media.codebook import life_name, step_name
from explorer.ui.scene import scene
from explorer.ui.view import View, from_query
from tests.ui.codebook.conftest import CODES, DEEP, EMOJI, GRADIENT, HOLD, SNIPPET, STEPS, train
from tests.ui.conftest import EMA, EMOJI_VAE, VAE, fashion_view
from tests.ui.conftest import GRADIENT as UNFILMED_GRADIENT

OPEN = fashion_view(tab="codebook", left=GRADIENT, right=HOLD)


def shown(view: View) -> Any:
    return scene(view).codebook


def content(address: str) -> bytes:
    _, _, kind, key, name = address.split("/")
    return media.content(kind, key, name)[0]


@pytest.mark.parametrize(
    "view",
    [
        OPEN,
        replace(OPEN, left=DEEP, right=SNIPPET, lang="zh", rule="never", windows=4, starved=55),
        replace(OPEN, left=VAE, right=EMA),
        replace(OPEN, data="emoji", left=EMOJI_VAE, right=EMOJI, code=3, step=2),
    ],
)
def test_equal_views_give_equal_plain_json(view):
    first = scene(view).to_json()
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(scene(view).to_json()))
    assert len(json.dumps(first)) < 80_000


def test_it_travels_only_while_its_tab_is_open():
    assert scene(fashion_view()).codebook is None


@pytest.mark.parametrize(
    "left, right, expected",
    [
        (GRADIENT, HOLD, (GRADIENT, HOLD)),
        (HOLD, HOLD, (HOLD, HOLD)),
        (VAE, SNIPPET, (GRADIENT, SNIPPET)),  # the gradient twin of the other side
        (VAE, HOLD, (GRADIENT, HOLD)),
        (GRADIENT, VAE, (GRADIENT, HOLD)),
        (VAE, GRADIENT, (HOLD, GRADIENT)),  # against a gradient, an EMA
        (VAE, VAE, (UNFILMED_GRADIENT, EMA)),
        (EMA, VAE, (EMA, UNFILMED_GRADIENT)),
    ],
)
def test_a_run_without_codebook_is_replaced_by_the_partner_of_the_other_side(left, right, expected):
    tab = shown(replace(OPEN, left=left, right=right))
    assert tuple(tab.sides[name].run for name in ("left", "right")) == expected
    for name, asked in (("left", left), ("right", right)):
        assert [asked in chip for chip in tab.sides[name].chips] == [True] * (asked == VAE)
        assert tab.sides[name].run in "".join(tab.sides[name].chips) or asked != VAE


def test_a_pair_that_is_no_pair_of_twins_says_so():
    assert shown(OPEN).chips == ()
    assert len(shown(replace(OPEN, left=DEEP)).chips) == 1


def test_without_a_film_the_curves_are_left():
    tab = shown(replace(OPEN, right=EMA))
    assert tab.sides["right"].film == ""
    assert EMA in tab.sides["right"].empty
    assert tab.sides["right"].evaluated.startswith("Final weights, whole test split: 200 of 256 dead")


def test_without_a_vq_vae_the_sides_say_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    monkeypatch.delenv("EXPLORER_RUNS")
    view, _ = from_query({"tab": "codebook"})
    assert all("--model vqvae" in side.empty and side.run == "" for side in shown(view).sides.values())


def test_the_scene_says_how_many_numbers_its_addresses_hold():
    for name, side in shown(OPEN).sides.items():
        frames, (size, dim) = len(side.steps), side.codes
        assert (frames, size, dim) == (STEPS + 1, CODES, 2), name
        film = 4 * (frames * size * 3 + side.drawn) + 2 * (frames * side.drawn * 3 + side.drawn) + frames * size
        assert len(content(side.film)) == film
        assert len(content(side.life)) == 4 * (frames * size + 4 * frames) + frames * size
        step = 8 * (size * dim + 3 * dim) + 4 * (2 * size * dim + 2 * size) + 10 * side.per_step
        assert len(content(side.batches[1])) == step
        assert side.kept == tuple(range(STEPS + 1))
        assert len(content(side.photos[0])) > 1000


def test_the_rule_of_the_link_names_other_counts_and_no_other_film():
    view, notes = from_query({"tab": "codebook", "left": GRADIENT, "right": HOLD, "windows": "2", "starved": "70"})
    assert notes == ()
    tab, plain = shown(view), shown(OPEN)
    assert tab.sides["left"].film == plain.sides["left"].film
    assert tab.sides["left"].life != plain.sides["left"].life
    states = np.frombuffer(content(tab.sides["right"].life), np.uint8)[-CODES:]
    assert np.array_equal(states, counted(catalog.run(HOLD), 2, 70).life.states[-1].numpy())


@pytest.mark.parametrize(
    "query, key",
    [
        ({"rule": "dead"}, "rule"),
        ({"windows": "3"}, "windows"),
        ({"starved": "101"}, "starved"),
        ({"starved": "-1"}, "starved"),
    ],
)
def test_a_rule_that_there_is_not_falls_back_with_a_note(query, key):
    view, notes = from_query(query)
    assert getattr(view, key) == getattr(fashion_view(), key)
    assert [note.params["key"] for note in notes] == [key]


@pytest.mark.parametrize(
    "kind, name",
    [
        ("film", EMA),
        ("film", VAE),
        ("film", "nothing"),
        ("life", f"{HOLD}.3.10"),
        ("life", f"{HOLD}.1.0"),
        ("life", f"{HOLD}.1.101"),
        ("life", f"{HOLD}.1"),
        ("life", life_name(EMA, 1, 10)),
        ("step", f"{HOLD}.{STEPS + 1}"),
        ("step", f"{HOLD}.-1"),
        ("step", f"{HOLD}.９"),
        ("step", step_name(VAE, 0)),
        ("photos", f"{HOLD}.1"),
        ("photos", f"{DEEP}.99"),
    ],
)
def test_what_there_is_not_has_no_address(kind, name):
    with pytest.raises(ExplorerError):
        media.address(kind, name)


# --- curves


def asked(**changes: Any) -> Any:
    params = {"left": GRADIENT, "right": SNIPPET, "rule": "stale", "windows": "1", "starved": 10, "columns": "3"}
    return questions.answer("codebook_curves", params | {"steps": "log"} | changes)


def lines(answer: Any, panel: str) -> list[tuple[list[float], list[float]]]:
    def numbers(values: Any) -> list[float]:
        if isinstance(values, list):
            return values
        kind = {"f8": "<f8", "f4": "<f4", "i1": "i1", "i2": "<i2", "i4": "<i4"}[values["dtype"]]
        return np.frombuffer(base64.b64decode(values["bdata"]), kind).tolist()

    traces = [line for line in answer["curves"]["data"] if line["meta"]["panel"] == panel]
    return [(numbers(line["x"]), numbers(line["y"])) for line in traces]


def test_curves_are_what_the_runs_recorded():
    answer = asked()
    assert answer["ok"]
    for (steps, dead), run_id in zip(lines(answer, "Dead codes"), (GRADIENT, SNIPPET), strict=True):
        trace = load_run(run_id).trace
        assert steps == trace.curve_steps.tolist()
        assert np.allclose(dead, CODES - trace.curves["used"])
    (_, error), _ = lines(answer, "Reconstruction error: MSE")
    assert np.allclose(error, load_run(GRADIENT).trace.curves["mse"])
    json.dumps(answer, allow_nan=False)


def test_another_rule_counts_the_films_hits():
    answer = asked(rule="starved", starved=90)
    for (steps, dead), run_id in zip(lines(answer, "Dead codes"), (GRADIENT, SNIPPET), strict=True):
        hits = load_run(run_id).trace.frames["hits"]
        assert steps == list(range(STEPS + 1))
        assert dead == [(row < 0.9 * row.sum() / CODES).sum() if row.sum() else CODES for row in hits]


def test_the_snippets_jump_and_return_are_in_the_last_panel():
    answer = asked()
    _, (steps, norms) = lines(answer, "Median length of dead codes")
    assert steps[0] == 1
    assert norms[0] > 5e4
    assert any("688" in note["text"] for note in answer["curves"]["layout"]["annotations"])
    assert not any("688" in note["text"] for note in asked(right=HOLD)["curves"]["layout"]["annotations"])


def test_runs_that_differ_in_their_seed_are_drawn_together(filmed, tmp_path, monkeypatch):
    assert "1 training run" in asked()["curves"]["data"][0]["name"]
    for seed in (0, 1, 2):
        train(tmp_path, f"seed-{seed}", "", seed=seed, steps=2, trace="scalars", kept_weights=0)
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path))
    answer = questions.answer(
        "codebook_curves",
        {"right": "seed-1", "rule": "stale", "windows": "1", "starved": 10, "columns": "1", "steps": "linear"},
    )
    drawn = [line for line in answer["curves"]["data"] if line["meta"]["panel"] == "Dead codes"]
    assert len(drawn) == 4
    assert "median of 3 seeds" in drawn[-1]["name"]
    (tmp_path / "seed-2" / "trace.npz").write_bytes(b"damaged")
    forget_runs()
    catalog._known.cache_clear()
    one = {"right": "seed-1", "rule": "stale", "windows": "1", "starved": 10, "columns": "1", "steps": "linear"}
    drawn = [line for line in questions.answer("codebook_curves", one)["curves"]["data"] if "median" in line["name"]]
    assert "median of 2 seeds" in drawn[0]["name"]
    assert questions.answer("codebook_curves", one | {"right": "seed-2"})["code"] == "run_damaged"
    train(tmp_path, "rule-1", "", seed=1, steps=2, trace="scalars", kept_weights=0, ema_start="ones")
    both = {"left": "rule-1", "right": "seed-1", "rule": "stale", "windows": "1", "starved": 10}
    answer = questions.answer("codebook_curves", both | {"columns": "1", "steps": "linear"})
    drawn = [line for line in answer["curves"]["data"] if line["meta"]["panel"] == "Dead codes"]
    assert ["1 training run" in line["name"] for line in drawn] == [True, True]


def test_usage_is_sorted_and_in_units_of_even_use():
    data = asked()["usage"]["data"]
    hits = load_run(SNIPPET).trace.frames["hits"][-1]
    values = np.frombuffer(base64.b64decode(data[1]["y"]["bdata"]), "<f8")
    expected = np.sort(hits)[::-1] * CODES / hits.sum()
    assert np.allclose(np.nan_to_num(values), expected)


@pytest.mark.parametrize(
    "wrong",
    [
        {"left": VAE},
        {"rule": "dead"},
        {"windows": "3"},
        {"windows": 1},
        {"starved": 101},
        {"starved": 0.5},
        {"columns": "9"},
        {"steps": "cubic"},
    ],
)
def test_a_bad_question_is_refused_in_a_sentence(wrong):
    assert asked(**wrong)["code"] == "ask_parameter"
