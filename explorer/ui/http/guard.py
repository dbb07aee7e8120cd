"""Around every request: what may be asked for, who may post, headers of every answer, and no error without one."""

from __future__ import annotations

import logging
import os
from contextlib import nullcontext
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.errors import ViewError
from explorer.jobs.room import ASKING_FROM
from explorer.ui.http.bodies import drop, whole
from explorer.ui.http.lanes import EVENTS
from explorer.ui.http.paths import OWN, RUN, may_be_asked_for
from explorer.ui.http.policy import Whole
from explorer.ui.http.senders import sender_of

LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Bytes of an event: a program may send a picture of 2 MB along.
LONGEST_EVENT = 3_000_000
#: Beside the policy of `explorer.ui.http.policy`.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # addresses may name what is somebody's own
}


def on_loopback(host: str | None) -> bool:
    """Whether a server that listens on `host` is for this machine alone; None is Gradio's choice."""
    usual = os.environ.get("GRADIO_SERVER_NAME") or ("0.0.0.0" if os.environ.get("SPACE_ID") else LOOPBACK[0])
    return (host or usual) in LOOPBACK


class Guard:
    """ASGI middleware.

    Args:
        app: what is guarded.
        loopback: whether the server is for this machine alone: then a page from elsewhere, or one whose name was made
            to point here (DNS rebinding), posts nothing.
    """

    def __init__(self, app: ASGIApp, *, loopback: bool) -> None:
        self.app, self.loopback = app, loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":  # nothing here speaks over one
            await send({"type": "websocket.close"})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False
        ASKING_FROM.set(sender_of(scope).address)  # for this request's own context

        sends = Whole(send)

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await sends(message)

        if (refused := self._refused(scope)) is not None:
            await refused(scope, receive, send_with_headers)
            return
        try:
            if scope["method"] == "POST" and not _path(scope).startswith(OWN):
                await self._event(scope, receive, send_with_headers)
            else:
                await self.app(scope, receive, send_with_headers)
        except Exception as error:  # a fault of ours: one line for whoever runs this, a sentence for who asked
            if begun:
                raise
            logging.getLogger(__name__).error("%s %s: %s", scope["method"], _route(scope), place_of(error))
            await _refusal("answer_failed", _status(scope))(scope, receive, send_with_headers)

    def _refused(self, scope: Scope) -> Response | None:
        """The answer to what goes no further."""
        if not may_be_asked_for(scope["method"], _path(scope)):
            return PlainTextResponse("Not Found", status_code=404)
        if self.loopback and scope["method"] == "POST" and not _is_from_here(Headers(scope=scope)):
            return _refusal("post_from_elsewhere", 403)
        return None

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One of Gradio's: its body is here before anything begins, and events that run at once wait for a turn."""
        request = Request(scope, receive)
        try:
            body = await whole(request, LONGEST_EVENT)
            async with EVENTS.turn(sender_of(scope)) if RUN in _path(scope) else nullcontext():
                await self.app(scope, _again(body, receive), send)
        except ClientDisconnect:
            return
        except ViewError as error:
            await drop(request)
            await _refusal(error.code, 429, **error.params)(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read already, and then what comes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return messages.pop() if messages else await receive()

    return received


def _path(scope: Scope) -> str:
    """Below where a proxy or another app has put this one."""
    path = str(scope["path"])
    return path.removeprefix(str(scope.get("root_path", ""))) or "/"


def _refusal(code: str, status: int, **params: object) -> JSONResponse:
    answered = {"ok": False, "code": code, "error": str(ViewError(code, **params))}
    return JSONResponse(answered, status_code=status, headers={"Cache-Control": "no-store"})


def _status(scope: Scope) -> int:
    """Of an answer in place of an error: questions of ours are always data, Gradio's clients go by the number."""
    if scope["method"] != "POST":
        return 404
    return 200 if "/explorer/" in scope["path"] else 400


def _is_from_here(headers: Headers) -> bool:
    """Whether the request names this machine as its host, and comes from a page of the same host, or of none."""
    host = headers.get("host", "")
    name = urlsplit(f"//{host}").hostname or ""
    origin = headers.get("origin")
    return name in LOOPBACK and (origin is None or urlsplit(origin).netloc == host)


def _route(scope: Scope) -> str:
    """The path without what a visitor wrote into it beyond its first words."""
    return "/".join(str(scope["path"]).split("/")[:4])[:80].encode("ascii", "replace").decode()


def place_of(error: BaseException) -> str:
    """Type and place of an error, on one line; its text may hold what a visitor sent."""
    while isinstance(error, BaseExceptionGroup):  # of tasks beside each other
        error = error.exceptions[0]
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last is not None else "nowhere"
    return f"{type(error).__name__} at {where}"
