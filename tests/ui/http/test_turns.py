"""First visitors who ask for the same thing share one computation, and what was made before waits for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from explorer.ui.http import printed_guide
from explorer.ui.http import routes as sent
from explorer.ui.http.routes import MADE_AT_ONCE, routes
from explorer.ui.media import media
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, VAE, VQ64


class Slow:
    """Computes for a moment; counts how often it was asked, and how many of it were at work together."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.together = self._now = 0
        self._lock = threading.Lock()

    def __call__(self, name: str) -> bytes:
        with self._lock:
            self.names.append(name)
            self._now += 1
            self.together = max(self.together, self._now)
        time.sleep(0.1)
        with self._lock:
            self._now -= 1
        return name.encode()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    made = Slow()
    monkeypatch.setitem(media.PRODUCERS, "decoder", replace(media.PRODUCERS["decoder"], make=made))
    forget()
    yield made
    forget()


def forget() -> None:
    media._MADE.clear()
    sent._SENT.clear()


async def get(path: str, found: list[bytes]) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await Starlette(routes=routes())(scope, receive, send)
    assert sent[0]["status"] == 200
    found.append(sent[1]["body"])


def together(*paths: str) -> list[bytes]:
    found: list[bytes] = []

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            for path in paths:
                group.start_soon(get, path, found)

    anyio.run(scenario)
    return found


def address(name: str) -> str:
    return "/" + media.address("decoder", name)


def test_first_visitors_of_a_medium_share_it(slow: Slow):
    assert sorted(together(*[address(VAE)] * 6, address(AE))) == sorted([VAE.encode()] * 6 + [AE.encode()])
    assert sorted(slow.names) == sorted([VAE, AE])


def test_only_a_few_media_are_made_at_once(slow: Slow):
    names = (VAE, AE, EMA, GRADIENT, VQ64, EMOJI_VAE, EMOJI_VQ)
    assert len(together(*map(address, names))) == len(names)
    assert slow.together == MADE_AT_ONCE


def test_what_was_made_before_does_not_wait(slow: Slow):
    together(address(VAE))
    found = together(*map(address, (AE, EMA, GRADIENT, VQ64, EMOJI_VAE, EMOJI_VQ, VAE)))
    assert found[0] == VAE.encode()


def test_one_visitor_of_the_guide_measures_for_all(monkeypatch: pytest.MonkeyPatch):
    slow = Slow()
    monkeypatch.setattr(printed_guide, "guide_page", lambda *_: slow("guide").decode())
    assert together(*["/explorer/guide"] * 4) == [b"guide"] * 4
    assert slow.together == 1  # the others find what it left behind
