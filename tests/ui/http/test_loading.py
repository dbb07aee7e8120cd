"""Gradio's page is sent with a script at its head that ends a clock; other pages are sent as they are."""

from __future__ import annotations

import asyncio
import base64
import hashlib

from starlette.types import Message

from explorer.ui.http.loading import SCRIPT, without_clock
from explorer.ui.http.policy import Whole

GRADIOS = b"<html><head><title>t</title><script>window.gradio_config = {};</script></head></html>"


def sent(page: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body, once both have passed."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def pass_on() -> None:
        whole = Whole(send)
        headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(page))]
        await whole({"type": "http.response.start", "status": 200, "headers": headers})
        await whole({"type": "http.response.body", "body": page[:20], "more_body": True})
        await whole({"type": "http.response.body", "body": page[20:]})

    asyncio.run(pass_on())
    return dict(messages[0]["headers"]), b"".join(message.get("body", b"") for message in messages[1:])


def test_the_script_comes_first_is_allowed_and_counted():
    headers, body = sent(GRADIOS)
    assert body == GRADIOS.replace(b"<head>", b"<head>" + SCRIPT)
    assert int(headers[b"content-length"]) == len(body)
    inner = SCRIPT.removeprefix(b"<script>").removesuffix(b"</script>")
    assert base64.b64encode(hashlib.sha256(inner).digest()) in headers[b"content-security-policy"]


def test_another_page_stays_as_it_is():
    other = GRADIOS.replace(b"gradio_config", b"other")
    assert without_clock(other) == other
    headers, body = sent(other)
    assert (body, int(headers[b"content-length"])) == (other, len(other))
