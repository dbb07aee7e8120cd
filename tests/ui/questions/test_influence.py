"""Questions of the workbench: what they answer, and what they refuse, also by HTTP."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.metrics.influence import change, footprint
from explorer.ui import questions
from explorer.ui.computed import catalog, encoded, influenced
from explorer.ui.http import routes
from tests.ui.conftest import AE, EMA, SPATIAL, VAE, VQ64


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


def means_of(run_id: str) -> torch.Tensor:
    means = encoded.encoded_test(run_id).mean
    assert means is not None
    return means


@pytest.mark.parametrize("run_id", [VAE, AE])
def test_a_unit_moves_by_one_deviation_of_the_test_set(run_id):
    answer = questions.answer("influence", {"run": run_id, "unit": 1})
    means = means_of(run_id)
    model = catalog.run(run_id).model
    moved = means.clone()
    moved[:, 1] += means[:, 1].std(correction=0)
    with torch.no_grad():
        maps = change(model.decode(means), model.decode(moved))
    assert answer["amount"] == pytest.approx(float(np.std(means[:, 1].numpy())), rel=1e-4)
    assert answer["footprint"] == pytest.approx(float(footprint(maps).mean()), rel=1e-3)
    assert (answer["n"], answer["total"]) == (5000, 5000)
    sent = np.frombuffer(base64.b64decode(answer["map"]), np.uint8).reshape(28, 28) * answer["peak"] / 255
    assert np.abs(sent - maps.mean(0).numpy()).max() <= answer["peak"] / 255


def test_a_unit_of_a_grid_is_counted_as_the_browser_holds_it():
    """Channels last: unit 3 is the second channel of the second cell."""
    answer = questions.answer("influence", {"run": SPATIAL, "unit": 3})
    means = means_of(SPATIAL)
    assert answer["amount"] == pytest.approx(float(means[:, 1, 0, 1].std(correction=0)), rel=1e-4)


@pytest.fixture
def grey():
    """An untrained decoder draws black, and black that changes stays black: lift it to the middle of the scale."""
    bias = catalog.run(EMA).model.decoder.up2.bias
    assert bias is not None
    for sign in (1, -1):
        influenced._of_cell.cache_clear()
        with torch.no_grad():
            bias += 0.5 * sign
        if sign == 1:
            yield


def test_one_cell_answers_around_itself_and_any_cell_over_all(grey):
    corner = questions.answer("influence", {"run": EMA, "cell": 0})
    shown = np.frombuffer(base64.b64decode(corner["map"]), np.uint8).reshape(28, 28)
    assert shown[:15, :15].sum() == shown.sum()
    assert shown.max() == 255
    anywhere = questions.answer("influence", {"run": EMA})
    assert np.count_nonzero(np.frombuffer(base64.b64decode(anywhere["map"]), np.uint8)) > 28 * 14
    assert anywhere["amount"] == 0
    assert 0 < anywhere["footprint"] < 1


def test_where_nothing_changes_there_is_no_footprint():
    answer = questions.answer("influence", {"run": EMA, "cell": 0})
    assert answer["ok"]
    assert (answer["footprint"] is None) == (answer["n"] == 0)


def test_answers_are_remembered(monkeypatch):
    first = questions.answer("influence", {"run": EMA, "cell": 5})
    monkeypatch.setattr(influenced, "exchange_code", None)
    assert questions.answer("influence", {"run": EMA, "cell": 5}) == first


def test_information_comes_with_its_null():
    answer = questions.answer("information", {"run": EMA})
    assert [len(answer[key]) for key in ("bits", "null", "null_spread")] == [49, 49, 49]
    assert answer["class_bits"] == pytest.approx(np.log2(10), abs=0.01)
    assert answer["permutations"] >= 20
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize(
    "name, asked",
    [
        ("influence", {}),
        ("influence", {"run": "../x"}),
        ("influence", {"run": VAE}),
        ("influence", {"run": VAE, "unit": 2}),
        ("influence", {"run": VAE, "unit": -1}),
        ("influence", {"run": VAE, "unit": 0.5}),
        ("influence", {"run": SPATIAL, "unit": 98}),
        ("influence", {"run": EMA, "cell": 49}),
        ("influence", {"run": EMA, "cell": "0"}),
        ("influence", {"run": EMA, "cell": float("nan")}),
        ("influence", {"run": EMA, "cell": True}),
        ("information", {"run": VAE}),
        ("information", {"run": [EMA]}),
    ],
)
def test_bad_questions_by_http(client, caplog, name, asked):
    response = client.post(f"/explorer/ask/{name}", content=json.dumps(asked))
    answer = response.json()
    assert (response.status_code, answer["ok"], answer["code"]) == (200, False, "ask_parameter")
    assert "takes" in answer["error"]
    assert [r.message for r in caplog.records if "explorer" in r.name] == [f"ask {name}: ask_parameter"]


def test_a_codebook_too_large_for_the_tables_is_refused(monkeypatch):
    monkeypatch.setattr("explorer.ui.computed.atlas.MOST_CODES", 300)
    assert questions.answer("information", {"run": EMA})["ok"]
    refused = questions.answer("information", {"run": VQ64, "lang": "zh"})
    assert (refused["ok"], refused["code"]) == (False, "atlas_too_large")
    assert "512 个码" in refused["error"]
