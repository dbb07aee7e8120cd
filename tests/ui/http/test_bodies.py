"""Uploads that stay silent: they end with a sentence, and let nobody else wait."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from explorer.ui.http import bodies, picture_upload, report_upload, run_zips
from explorer.ui.http.routes import routes

#: What is sent along with six bytes.
ASKED: dict[str, dict[str, object]] = {
    report_upload.REPORT_PATH: {"files": [["x.npy", 6]]},
    run_zips.KEPT_PATH: {"size": 6},
    picture_upload.PICTURES_PATH: {"files": [["x.zip", 6]], "pixels": 28, "colours": "grey"},
}
#: What is said of six bytes that mean nothing.
ANSWERS = {
    report_upload.REPORT_PATH: "tensor_file_damaged",
    run_zips.KEPT_PATH: "run_zip_damaged",
    picture_upload.PICTURES_PATH: "own_zip_damaged",
}
Receive = Callable[[], Awaitable[Message]]


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "CACHE"):
        monkeypatch.setenv(f"EXPLORER_{name}", str(tmp_path / name))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


async def post(path: str, receive: Receive, address: str = "10.0.0.1") -> dict[str, Any]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/{path}",
        "query_string": b"asked=" + quote(json.dumps(ASKED[path])).encode(),
        "headers": [],
        "client": (address, 50000),
    }
    await Starlette(routes=routes())(scope, receive, send)
    found: dict[str, Any] = json.loads(sent[1]["body"])
    return found


async def silent() -> Message:
    await anyio.sleep_forever()
    raise AssertionError


async def dribbling() -> Message:
    await anyio.sleep(0.02)
    return {"type": "http.request", "body": b"", "more_body": True}


def whole() -> Receive:
    messages = [{"type": "http.request", "body": b"sixsix", "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


@pytest.mark.parametrize("path", ASKED)
def test_silent_uploads_let_nobody_wait(path: str):
    async def scenario() -> dict[str, Any]:
        async with anyio.create_task_group() as group:
            for number in range(2):
                group.start_soon(post, path, silent, f"10.0.1.{number}")
            await anyio.sleep(0.05)
            with anyio.fail_after(5):
                found = await post(path, whole())
            group.cancel_scope.cancel()
        return found

    assert anyio.run(scenario)["code"] == ANSWERS[path]


@pytest.mark.parametrize("receive", [silent, dribbling])
@pytest.mark.parametrize("path", ASKED)
def test_silence_ends_with_a_sentence_and_leaves_nothing(
    path: str, receive: Receive, monkeypatch: pytest.MonkeyPatch, homes: Path
):
    monkeypatch.setattr(bodies, "SILENCE", 0.1)

    async def scenario() -> dict[str, Any]:
        with anyio.fail_after(5):
            return await post(path, receive)

    found = anyio.run(scenario)
    assert (found["ok"], found["code"]) == (False, "upload_silent")
    assert "send it again" in found["error"]
    assert list(homes.iterdir()) == []


@pytest.mark.parametrize("senders, read", [(12, 4), (1, 1 + 12 - 4)])  # one waits for three; the excess is read away
@pytest.mark.parametrize("path", ASKED)
def test_no_more_than_a_few_bodies_are_taken_in_at_a_time_and_one_of_a_sender(path: str, senders: int, read: int):
    asked = 0

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        return await silent()

    async def scenario() -> None:
        async with anyio.create_task_group() as group:
            for number in range(12):
                group.start_soon(post, path, receive, f"10.0.0.{number % senders}")
            await anyio.sleep(0.2)
            group.cancel_scope.cancel()

    anyio.run(scenario)
    assert asked == read
