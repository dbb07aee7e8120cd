"""Around every request: headers, who may post, and that a fault of ours is an answer and one line in the log."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.ui.http.guard import Guard, on_loopback
from explorer.ui.http.policy import DIRECTIVES
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
        assert directives(answered)["frame-ancestors"].startswith("'self' https://huggingface.co")


def directives(answered: Any) -> dict[str, str]:
    """Of an answer's one policy."""
    (policy,) = answered.headers.get_list("content-security-policy")
    return dict(each.split(" ", 1) for each in policy.split("; "))


def test_no_script_runs_that_the_page_did_not_have_when_it_was_sent():
    html = """<script>a()</script><p title="<script>"></p>
        <script type="module" src="/x.js"></script><SCRIPT data-x>\r\nb\n</SCRIPT><script>a()</script>"""

    async def page(request: Request) -> StreamingResponse:
        return StreamingResponse((part.encode() for part in (html[:30], html[30:])), media_type="text/html")

    guarded = Starlette(routes=[Route("/", page)], middleware=[Middleware(Guard, loopback=False)])
    answered = TestClient(guarded).get("/")
    assert answered.text == html
    hashes = [base64.b64encode(hashlib.sha256(s).digest()).decode() for s in (b"a()", b'"></p>\n        ', b"\nb\n")]
    scripts = directives(answered)["script-src"].split()
    assert scripts[:2] == ["'self'", "'unsafe-eval'"]
    assert "'unsafe-inline'" not in scripts
    assert f"'sha256-{hashes[0]}'" in scripts
    assert f"'sha256-{hashes[2]}'" in scripts
    assert len(scripts) == len(set(scripts)) == 2 + 3


def test_nothing_is_sent_to_or_fetched_from_elsewhere():
    found = directives(client().get("/config"))
    assert found["script-src"] == "'self' 'unsafe-eval'"
    assert found.keys() == DIRECTIVES.keys()
    for name in found.keys() - {"frame-ancestors"}:
        assert not re.search(r"https?:|\*", found[name]), name
    for name in ("object-src", "frame-src"):
        assert found[name] == "'none'"
    for name in ("base-uri", "form-action", "default-src"):
        assert found[name] == "'self'"


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
