"""What is still to come of a refused request: it is read and dropped, so that the refusal arrives."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import ClientDisconnect, Request

#: Bytes that are dropped at most; who sends more finds the connection closed.
MOST_DROPPED = 64_000_000


async def drop(request: Request) -> None:
    """Read a body to its end: a connection that is closed while its client still sends loses the answer with it."""
    dropped = 0
    with suppress(ClientDisconnect, RuntimeError):  # nobody there any more; nothing left to read
        async for chunk in request.stream():
            dropped += len(chunk)
            if dropped > MOST_DROPPED:
                return
