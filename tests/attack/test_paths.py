"""Of Gradio's own routes those answer that page and programs use; the others are not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.routes import App
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from explorer.ui.http.paths import may_be_asked_for
from explorer.ui.page.server import settings


@pytest.fixture(scope="module")
def app() -> App:
    """A page with nothing on it, served as ours is."""
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Textbox()
    return App.create_app(demo, app_kwargs=settings()["app_kwargs"])


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1")


#: Gradio's routes that answer, with words in place of what a path names.
OPEN = {
    *("/", "/config", "/config/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json"),
    *("/assets/x", "/static/x", "/svelte/x"),
    *(f"/gradio_api/{name}" for name in ("info", "info/", "openapi.json", "app_id", "app_id/", "startup-events")),
    *(f"/gradio_api/{name}" for name in ("theme.css", "heartbeat/x", "queue/data", "queue/join", "cancel")),
    *(f"/gradio_api/{name}" for name in ("reset", "reset/", "call/x", "call/x/", "call/x/x", "run/x", "run/x/")),
    *(f"/gradio_api/call/v2/{name}" for name in ("x", "x/", "x/x")),
}


def test_what_answers_is_written_here(app: App):
    found = set()
    for route in _routes(app.router):
        path = _filled(route.path)
        found |= {path for method in route.methods or () if may_be_asked_for(method, path)}
    assert {path for path in found if not path.startswith("/explorer/")} == OPEN


def _routes(router: Any) -> Iterator[Route]:
    """Of a router and of those that FastAPI keeps as one of its routes."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        yield from _routes(inner) if inner is not None else [route] if isinstance(route, Route) else []


def _filled(path: str) -> str:
    while "{" in path:
        path = path[: path.index("{")] + "x" + path[path.index("}") + 1 :]
    return path


CLOSED = [
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/upload?upload_id=1"),
    ("GET", "/gradio_api/upload_progress?upload_id=1"),
    ("GET", "/gradio_api/proxy=https://example.com/"),
    ("HEAD", "/gradio_api/proxy=https://example.com/"),
    ("GET", "/gradio_api/file=app.py"),
    ("GET", "/gradio_api/file/app.py"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/component_server/"),
    ("POST", "/gradio_api/process_recording"),
    ("POST", "/gradio_api/stream/x"),
    ("GET", "/gradio_api/deep_link"),
    ("GET", "/gradio_api/js_fn/x"),
    ("GET", "/gradio_api/custom_component/x/client/component/index.js"),
    ("GET", "/monitoring"),
    ("GET", "/pwa_icon"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("POST", "/gradio_api/vibe-edit"),
    ("POST", "/"),
    ("PUT", "/gradio_api/queue/join"),
    ("TRACE", "/"),
]


@pytest.mark.parametrize("method, path", CLOSED)
def test_what_nobody_needs_is_not_there(client: TestClient, method: str, path: str):
    answered = client.request(method, path)
    assert answered.status_code == 404
    assert answered.text == ("" if method == "HEAD" else "Not Found")


def test_an_upload_is_stored_nowhere(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    for path in ("/gradio_api/upload", "/gradio_api//upload", "//gradio_api/upload", "/gradio_api/%75pload"):
        assert client.post(path, files={"files": b"x" * 1000}).status_code == 404
    assert not list(tmp_path.rglob("*"))


def test_what_the_page_needs_is_there(client: TestClient):
    for path in ("/config", "/gradio_api/info", "/gradio_api/app_id"):
        assert client.get(path).status_code == 200
    assert client.get("/static/img/logo.svg").status_code == 200


def test_below_a_proxys_path_the_same_is_there(app: App):
    below = TestClient(app, base_url="http://127.0.0.1", root_path="/space")
    assert below.get("/space/config").status_code == 200
    assert below.post("/space/gradio_api/upload").status_code == 404


def test_nobody_speaks_over_a_socket(client: TestClient):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/queue/join"):
        pass
