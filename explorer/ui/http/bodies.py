"""Bodies of requests as they come: a few at a time, none that stays silent, and what is refused is read to its end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import cache

import anyio
from starlette.requests import ClientDisconnect, Request

from explorer.errors import FileError

#: Bytes that are dropped at most; who sends more finds the connection closed.
MOST_DROPPED = 64_000_000
#: Uploads of one kind that are in memory or on disk at a time; the others wait, and TCP lets their senders wait too.
RECEIVED_AT_ONCE = 4
SILENCE = 20.0  # seconds
LEAST_RATE = 2_000.0  # bytes a second on average: a byte now and then is silence too


@cache
def places(kind: str) -> anyio.CapacityLimiter:  # noqa: ARG001
    """Places for uploads of a kind, each held from the first byte until the answer is known.

    Work on what came has fewer turns, and waits for one inside a place: a sender who dawdles takes no turn, and what
    waits for a turn is bounded.
    """
    return anyio.CapacityLimiter(RECEIVED_AT_ONCE)


async def chunks(request: Request, silence: float | None = None) -> AsyncIterator[bytes]:
    """The body, chunk by chunk, as long as it keeps coming.

    Raises:
        FileError: `upload_silent`.
        ClientDisconnect: nobody is there any more.
    """
    silence = SILENCE if silence is None else silence
    stream, began, received = request.stream(), time.monotonic(), 0
    while True:
        in_time = began + silence + received / LEAST_RATE
        try:
            with anyio.fail_after(min(silence, in_time - time.monotonic())):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise FileError("upload_silent", seconds=f"{silence:g}") from error
        received += len(chunk)
        yield chunk


async def drop(request: Request) -> None:
    """Read a body to its end: a connection that is closed while its client still sends loses the answer with it."""
    dropped = 0
    with suppress(ClientDisconnect, RuntimeError, FileError):  # nobody there any more; nothing left to read; silence
        async for chunk in chunks(request, SILENCE / 4):
            dropped += len(chunk)
            if dropped > MOST_DROPPED:
                return
