from __future__ import annotations

import base64
import math

import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.ui import questions
from explorer.ui.computed import catalog, encoded
from explorer.ui.http import routes

VAE, CODES = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0"
GRID = [3] * 49


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


def pixels(answer):
    return torch.frombuffer(bytearray(base64.b64decode(answer["pixels"])), dtype=torch.uint8)


@pytest.mark.parametrize("run, latent", [(VAE, {"z": [0.5, -1.0]}), (CODES, {"indices": GRID})])
def test_decodes_as_the_model_does(run, latent):
    answer = questions.answer("decode", {"run": run, **latent})
    model = catalog.run(run).model
    given = torch.tensor(latent.get("z", GRID))
    image = model.decode(given[None] if "z" in latent else given.view(1, 7, 7))
    assert answer["ok"]
    assert (answer["width"], answer["height"], answer["channels"]) == (28, 28, 1)
    assert torch.equal(pixels(answer), (image.clamp(0, 1) * 255).round().byte().flatten())


def test_decodes_moved_codes_from_their_vectors():
    """Indices and the same codes as vectors give the same picture; a cell's numbers stand together."""
    indices = torch.arange(49) * 5
    vectors = encoded.codebook(catalog.run(CODES))[indices].flatten().tolist()
    moved = questions.answer("decode", {"run": CODES, "vectors": vectors})
    assert torch.equal(pixels(moved), pixels(questions.answer("decode", {"run": CODES, "indices": indices.tolist()})))


@pytest.mark.parametrize(
    "asked",
    [
        {"run": "no-such-run", "z": [0, 0]},
        {"run": 7, "z": [0, 0]},
        {"run": VAE},
        {"run": VAE, "z": [0]},
        {"run": VAE, "z": [0, math.nan]},
        {"run": VAE, "z": [0, 1e9]},
        {"run": VAE, "z": [0, True]},
        {"run": VAE, "z": "00"},
        {"run": CODES, "indices": GRID[1:]},
        {"run": CODES, "indices": [256, *GRID[1:]]},
        {"run": CODES, "indices": [-1, *GRID[1:]]},
        {"run": CODES, "indices": [0.5, *GRID[1:]]},
        {"run": CODES, "vectors": [0.0] * 97},
        {"run": CODES, "vectors": [math.inf] * 98},
        [],
        None,
    ],
)
def test_a_bad_question_is_refused_in_a_sentence(asked):
    answer = questions.answer("decode", asked)
    assert answer == {"ok": False, "code": "ask_parameter", "error": answer["error"]}
    assert "takes" in answer["error"]


def test_the_sentence_comes_in_the_language_of_the_question():
    assert "没有名为" in questions.answer("nothing", {"lang": "zh"})["error"]


def test_over_http(client, caplog):
    good = client.post("/explorer/ask/decode", json={"run": VAE, "z": [0, 0]})
    bad = client.post("/explorer/ask/decode", json={"run": VAE, "z": [0]})
    assert good.json()["ok"]
    assert (bad.status_code, bad.json()["code"]) == (200, "ask_parameter")
    assert [record.message for record in caplog.records if "explorer" in record.name] == ["ask decode: ask_parameter"]


@pytest.mark.parametrize(
    "body, code",
    [
        (b"", "ask_parameter"),
        (b"\xff\xfe", "ask_parameter"),
        (b"[" * 100_000, "ask_parameter"),
        (b'"' + b"x" * routes.LONGEST_QUESTION + b'"', "ask_too_long"),
    ],
)
def test_a_body_that_is_no_question(client, body, code):
    answer = client.post("/explorer/ask/decode", content=body).json()
    assert (answer["ok"], answer["code"]) == (False, code)


def test_reading_is_not_asking(client):
    assert client.get("/explorer/ask/decode").status_code == 405
