"""Senders who dawdle: headers, questions and events each have one deadline, whatever trickles in meanwhile."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from explorer.ui.http import bodies, connections
from explorer.ui.http.guard import Guard
from explorer.ui.http.routes import routes


async def _event(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@contextmanager
def running() -> Iterator[int]:
    """Our routes and one in place of Gradio's, served as the page is; the port."""
    app = Starlette(
        routes=[*routes(), Route("/gradio_api/run/predict", _event, methods=["POST"])],
        middleware=[Middleware(Guard, loopback=True)],
    )
    config = uvicorn.Config(app, port=0, log_level="critical")
    config.load()
    connections.bound(config)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with running() as found:
        yield found


def post(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n".encode()


def received(peer: socket.socket, end: bytes, found: bytes = b"") -> bytes:
    """What comes until `end` does, or the connection is closed."""
    with suppress(ConnectionError):
        while not found.endswith(end) and (part := peer.recv(65536)):
            found += part
    return found


def trickled(port: int, first: bytes, drops: bytes) -> bytes:
    """What comes back when a drop is sent now and then until somebody closes, or answers."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(first)
        peer.settimeout(0.02)
        for number in range(2000):
            try:
                peer.sendall(drops[number % len(drops) :][:1])
                first = peer.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return b""
            peer.settimeout(30)
            return received(peer, b"}", first) if first else b""
    raise AssertionError("nobody closes")


@pytest.mark.parametrize("first", [b"", b"GET /explorer/guide HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"GET / HT"])
def test_headers_that_trickle_in_end_with_a_closed_connection(port: int, first: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "HEADERS", 0.2)
    assert trickled(port, first, b"x") == b""


def test_headers_of_a_second_request_are_waited_for_no_longer(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "HEADERS", 0.2)
    body = b"{}"
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(30)
        for _ in range(2):
            peer.sendall(post("/explorer/ask/train_jobs", len(body)) + body)
            assert b"200 OK" in received(peer, b"}")
        peer.sendall(b"GET /explo")
        assert peer.recv(65536) == b""


@pytest.mark.parametrize("path, code", [("/explorer/ask/decode", "ask_slow"), ("/gradio_api/run/predict", "ask_slow")])
def test_a_body_that_trickles_in_is_refused_in_a_sentence(
    port: int, path: str, code: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bodies, "WHOLE", 0.2)
    monkeypatch.setattr(bodies, "SILENCE", 0.2)
    assert code in trickled(port, post(path, 100_000), b" ").decode()


def test_a_body_that_is_too_long_is_refused_before_it_is_here(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "SILENCE", 0.2)
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(30)
        peer.sendall(post("/gradio_api/run/predict", 50_000_000) + b"x" * 4_000_000)
        assert b"ask_too_long" in received(peer, b"}")


def test_an_event_that_comes_at_once_passes(port: int):
    body = json.dumps({"data": ["x" * 1000]}).encode()
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(30)
        peer.sendall(post("/gradio_api/run/predict", len(body)) + body)
        assert received(peer, str(len(body)).encode())


def test_one_peer_has_not_all_connections(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "most_of_a_peer", lambda: 5)
    peers = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
    try:
        with socket.create_connection(("127.0.0.1", port)) as more:
            more.settimeout(30)
            assert not received(more, b"never")
    finally:
        for peer in peers:
            peer.close()
