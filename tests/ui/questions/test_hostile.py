"""Whatever is sent to a question by HTTP is answered as data, with one line in the log and no more."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.ui.http.routes import routes
from explorer.ui.questions import QUESTIONS
from tests.ui.conftest import EMA, VAE

HUGE = 10**400  # JSON has integers that no float can hold
ANYWHERE = [
    json.dumps({"run": "../../etc/passwd", "code": 0}).encode(),
    json.dumps({"run": "someone-elses-run", "z": [0, 0]}).encode(),
    json.dumps({"run": [VAE], "code": {}}).encode(),
    json.dumps({"lang": ["zh"], "run": None}).encode(),
    b"null",
    b"\x00",
]
WRONG = [
    ("decode", b'{"run": "fashion-vae-z2-s0", "z": [NaN, 0]}'),
    ("decode", b'{"run": "fashion-vae-z2-s0", "z": [1e400, 0]}'),
    ("decode", json.dumps({"run": VAE, "z": [HUGE, 0]}).encode()),
    ("write", json.dumps({"run": EMA, "written": 0, "codes": [], "temperature": HUGE}).encode()),
    ("train_check", json.dumps({"configs": [{"lr": HUGE}]}).encode()),
    ("decode", json.dumps({"run": EMA, "indices": [0] * 64}).encode()),  # a grid of the other set
    ("decode", json.dumps({"run": EMA, "indices": [256] * 49}).encode()),
    ("patches", json.dumps({"run": EMA, "code": 256}).encode()),
    ("patches", json.dumps({"run": EMA, "code": -1}).encode()),
    # these need nothing: a visitor without a token has no jobs, a lesson's words and the remedies are the same for all
    *(
        (name, body)
        for name in sorted(QUESTIONS)
        if name not in ("train_jobs", "class_link", "waste")
        for body in ANYWHERE
    ),
]


@pytest.mark.parametrize("name, body", WRONG)
def test_every_question_refuses_it_in_a_sentence(name, body, caplog):
    response = TestClient(Starlette(routes=routes())).post(f"/explorer/ask/{name}", content=body)
    answer = response.json()
    assert (response.status_code, answer["ok"]) == (200, False)
    assert 10 < len(answer["error"]) < 400
    assert [record.levelname for record in caplog.records if record.name.startswith("explorer")] == ["WARNING"]
    assert "\n" not in caplog.records[-1].getMessage()
