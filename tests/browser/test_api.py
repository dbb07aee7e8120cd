"""The endpoints by `gradio_client` against the running app, as a program calls them."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.request import Request, urlopen

import pytest
from gradio_client import Client

from explorer.ui.page import endpoints
from tests.browser.conftest import APP_LOG

VAE, EMA = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0"
ANSWERS: dict[str, dict[str, Any]] = {
    "list_runs": {},
    "encode_image": {"run": EMA, "image": 3},
    "decode_latent": {"run": VAE, "z": [0.5, -1]},
    "reconstruct_image": {"run": VAE},
    "compare_runs": {"left": VAE, "right": EMA},
    "codebook_health": {"run": EMA},
    "generate_samples": {"run": EMA, "count": 2},
    "write_codes": {"run": EMA, "codes": [1, 2, 3], "top_k": 1},
    "nearest_training_images": {"run": VAE, "z": [0, 0]},
    "interpolate": {"image": 0, "image_b": 1, "vae": VAE},
    "describe_view": {"link": "?image=9"},
    "list_questions": {},
    "ask": {"name": "thumbs", "params": {"data": "fashion", "count": 1, "images": [0]}},
}


@pytest.fixture(scope="module")
def client(app_url):
    return Client(app_url, verbose=False)


def test_every_endpoint_answers(client):
    assert ANSWERS.keys() == {endpoint.__name__ for endpoint in endpoints.ENDPOINTS}
    for name, inputs in ANSWERS.items():
        answer = client.predict(api_name=f"/{name}", **inputs)
        assert answer["ok"] is True, (name, answer)


def test_what_cannot_be_answered_is_a_sentence_and_no_error(client):
    answer = client.predict(run=EMA, z=[0, 0], api_name="/decode_latent")
    assert (answer["ok"], answer["code"]) == (False, "ask_parameter")
    assert "49 whole numbers from 0 to 255" in answer["error"]


def posted(url: str, body: bytes) -> dict[str, Any]:
    with urlopen(Request(url, data=body, headers={"Content-Type": "application/json"}), timeout=60) as response:
        return json.loads(response.read())


def test_too_few_values_and_too_large_bodies_are_sentences_too(app_url, pytestconfig):
    event = posted(f"{app_url}gradio_api/call/encode_image", b'{"data": []}')["event_id"]
    with urlopen(f"{app_url}gradio_api/call/encode_image/{event}", timeout=60) as response:
        assert "encode_image takes 3 values" in response.read().decode()
    large = b'{"a": "' + b"x" * 10_000_000 + b'"}'
    assert posted(f"{app_url}explorer/ask/decode", large)["code"] == "ask_too_long"
    for path in ("report", "pictures", "kept"):
        assert posted(f"{app_url}explorer/{path}", large)["code"] == "ask_parameter"
    log = pytestconfig.stash[APP_LOG].since_test_began()
    assert log.count("ask decode: ask_too_long") == log.count("encode_image: ask_parameter") == 1


def test_the_documented_endpoints_are_these_with_their_types(client):
    known = client.view_api(print_info=False, return_format="dict")["named_endpoints"]
    assert known.keys() == {f"/{name}" for name in ANSWERS}
    assert "Encode one image" in known["/encode_image"]["description"]
    parameters = {p["parameter_name"]: p for p in known["/encode_image"]["parameters"]}
    assert [parameters[name]["type"]["type"] for name in ("run", "image")] == ["string", "integer"]
    assert (parameters["run"]["parameter_has_default"], parameters["image"]["parameter_default"]) == (False, 0)


def test_a_round_trip_by_the_client(client):
    codes = client.predict(run=EMA, image=3, api_name="/encode_image")["codes"]
    picture = client.predict(run=EMA, codes=codes, api_name="/decode_latent")
    assert base64.b64decode(picture["png"]).startswith(b"\x89PNG")
