"""Bodies of requests as they come: a few at a time, none that dawdles, and what is refused is read to its end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import suppress

import anyio
from starlette.requests import ClientDisconnect, Request

from explorer.errors import FileError, ViewError
from explorer.ui.http.lanes import BODIES
from explorer.ui.http.senders import sender_of

#: Bytes that are dropped at most; who sends more finds the connection closed.
MOST_DROPPED = 64_000_000
SILENCE = 20.0  # seconds
LEAST_RATE = 20_000.0  # bytes a second on average: a byte now and then is silence too
LONGEST = 1800.0  # seconds of one upload, however fast
WHOLE = 20.0  # seconds for the whole body of a question: it has a few kilobytes


async def chunks(request: Request, silence: float | None = None) -> AsyncIterator[bytes]:
    """The body, chunk by chunk, as long as it keeps coming.

    Raises:
        FileError: `upload_silent`.
        ClientDisconnect: nobody is there any more.
    """
    silence = SILENCE if silence is None else silence
    stream, began, received = request.stream(), time.monotonic(), 0
    while True:
        in_time = began + min(silence + received / LEAST_RATE, LONGEST)
        try:
            with anyio.fail_after(min(silence, in_time - time.monotonic())):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise FileError("upload_silent", seconds=f"{silence:g}") from error
        received += len(chunk)
        yield chunk


async def whole(request: Request, most: int) -> bytes:
    """The body of a question; of one sender only a few are on their way at a time.

    Raises:
        ViewError: `ask_too_long`, or `ask_slow` after `WHOLE` seconds, however much came.
        ClientDisconnect: nobody is there any more.
    """
    body = bytearray()
    async with BODIES.turn(sender_of(request.scope)):
        try:
            with anyio.fail_after(WHOLE):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > most:
                        raise ViewError("ask_too_long", limit=most)
        except TimeoutError as error:
            raise ViewError("ask_slow", seconds=f"{WHOLE:g}") from error
    return bytes(body)


async def drop(request: Request) -> None:
    """Read a body to its end: a connection that is closed while its client still sends loses the answer with it."""
    dropped = 0
    with suppress(ClientDisconnect, RuntimeError, FileError):  # nobody there any more; nothing left to read; silence
        async for chunk in chunks(request, SILENCE / 4):
            dropped += len(chunk)
            if dropped > MOST_DROPPED:
                return
