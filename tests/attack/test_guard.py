"""Around every request: headers, who may post, and that a fault of ours is an answer and one line in the log."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import cast

import gradio as gr
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.ui.http.guard import Guard, on_loopback
from explorer.ui.page.layout import on_commit
from explorer.ui.page.server import settings

RUN = "/gradio_api/run/predict"


async def _answers(request: Request) -> PlainTextResponse:
    if request.query_params.get("raise"):
        raise RuntimeError("what a\nvisitor sent")
    return PlainTextResponse("yes")


async def _no_number(request: Request) -> JSONResponse:
    return JSONResponse({"x": math.nan})


def client(*, loopback: bool = False, host: str = "127.0.0.1:7860") -> TestClient:
    routes = [Route(RUN, _answers, methods=["POST"]), Route("/explorer/n", _no_number, methods=["POST"])]
    routes.append(Route("/config", _answers))
    routes.append(Route("/explorer/a", _answers, methods=["POST"]))
    app = Starlette(routes=routes, middleware=[Middleware(Guard, loopback=loopback)])
    return TestClient(app, base_url=f"http://{host}")


def test_every_answer_has_the_headers():
    for answered in (client().get("/config"), client().get("/config?raise=1"), client().get("/nothing")):
        assert answered.headers["x-content-type-options"] == "nosniff"
        assert answered.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self' https://huggingface.co" in answered.headers["content-security-policy"]


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("POST", "/explorer/a?raise=1", 200),
        ("POST", f"{RUN}?raise=1", 400),
        ("GET", "/config?raise=1", 404),
        ("POST", "/explorer/n", 200),
    ],
)
def test_a_fault_of_ours_is_data_and_one_line(method: str, path: str, status: int, caplog: pytest.LogCaptureFixture):
    answered = client().request(method, path)
    assert (answered.status_code, answered.json()["code"]) == (status, "answer_failed")
    assert [record.levelname for record in caplog.records if record.name.startswith("explorer")] == ["ERROR"]
    assert "\n" not in caplog.records[-1].getMessage()
    assert "visitor" not in caplog.records[-1].getMessage()


ORIGINS = [
    ("127.0.0.1:7860", None, 200),
    ("127.0.0.1:7860", "http://127.0.0.1:7860", 200),
    ("localhost:7860", "http://localhost:7860", 200),
    ("127.0.0.1:7860", "http://evil.example", 403),
    ("127.0.0.1:7860", "http://127.0.0.1:9999", 403),
    ("127.0.0.1:7860", "null", 403),
    ("evil.example:7860", None, 403),  # a name that was made to point here
    ("evil.example:7860", "http://evil.example:7860", 403),
    ("127.0.0.1.evil.example", None, 403),
]


@pytest.mark.parametrize("host, origin, status", ORIGINS)
def test_only_pages_of_this_machine_post_to_a_server_of_this_machine(host: str, origin: str | None, status: int):
    headers = {"Origin": origin} if origin else {}
    assert client(loopback=True, host=host).post(RUN, headers=headers).status_code == status
    assert client(loopback=False, host=host).post(RUN, headers=headers).status_code == 200
    assert client(loopback=True, host=host).get("/config", headers=headers).status_code == 200


def test_a_server_knows_for_whom_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert all(map(on_loopback, (None, "127.0.0.1", "localhost")))
    assert not any(map(on_loopback, ("0.0.0.0", "10.0.0.5")))
    monkeypatch.setenv("SPACE_ID", "a/b")
    assert not on_loopback(None)
    guard = settings("127.0.0.1")["app_kwargs"]["middleware"][0]
    assert (guard.cls, guard.kwargs) == (Guard, {"loopback": True})


@pytest.mark.parametrize("serial", [2**64, -(2**70), 10**400])
def test_a_number_that_nobody_can_write_is_no_serial(serial: int):
    request = SimpleNamespace(headers={})
    assert on_commit({"serial": serial, "view": {}}, cast(gr.Request, request))[0]["serial"] == 0
