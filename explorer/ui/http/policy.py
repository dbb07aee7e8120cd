"""The Content-Security-Policy: what a browser may load, run and send from the page, whatever got into it.

Scripts are those of this server and the inline ones that Gradio's page had when it was sent, each named by its hash
(CSP Level 3, 6.7.3.3): a script that comes into the page later, with a run's name say, is not run. Two things stay
open because Gradio needs them: it makes functions of text (`'unsafe-eval'`), since that is how an event's `js=` and
`gr.HTML` come alive, and its components set styles inline.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.types import Message, Send

from explorer.ui.http.loading import without_clock

#: Whose pages may hold this one in a frame: its own, and those on which a Space is shown.
FRAMES = "'self' https://huggingface.co https://*.huggingface.co https://*.hf.space"
#: In the order in which they are sent. `data:` are pictures and fonts within styles, `blob:` what the page draws.
DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": FRAMES,
}
_INLINE = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)


def policy(page: bytes = b"") -> str:
    """The header's value for an answer.

    Args:
        page: the whole answer, where it is HTML: its inline scripts are allowed.
    """
    # browsers hash what they parsed, and there every line ends alike
    found = (script.replace(b"\r\n", b"\n").replace(b"\r", b"\n") for script in _INLINE.findall(page))
    hashes = dict.fromkeys(base64.b64encode(hashlib.sha256(script).digest()).decode() for script in found)
    scripts = " ".join([DIRECTIVES["script-src"], *(f"'sha256-{each}'" for each in hashes)])
    return "; ".join(f"{name} {value}" for name, value in (DIRECTIVES | {"script-src": scripts}).items())


class Whole:
    """Sends an answer on; of one that is HTML the head waits for the body, which its policy is made of.

    Args:
        send: of ASGI, to which a head is given without a policy.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """One message of an answer."""
        if message["type"] == "http.response.start" and _is_page(message):
            self._head = message
            return
        if self._head is None or message["type"] != "http.response.body":
            await self._send(_with_policy(message))
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            head, self._head = self._head, None
            page = without_clock(self._body)
            await self._send(_with_policy(_of_length(head, len(page) - len(self._body)), page))
            await self._send({"type": "http.response.body", "body": page})


def _is_page(message: Message) -> bool:
    return any(name.lower() == b"content-type" and b"text/html" in value for name, value in message["headers"])


def _of_length(message: Message, more: int) -> Message:
    """The head of an answer that has become longer by so many bytes."""
    length = b"content-length"
    headers = [
        (name, b"%d" % (int(value) + more) if name.lower() == length else value) for name, value in message["headers"]
    ]
    return {**message, "headers": headers}


def _with_policy(message: Message, page: bytes = b"") -> Message:
    if message["type"] != "http.response.start":
        return message
    headers = [*message.get("headers", ()), (b"content-security-policy", policy(page).encode())]
    return {**message, "headers": headers}
