"""Event loops that Gradio makes and leaves open when Blocks are built outside of one."""

from __future__ import annotations

import asyncio
import sys

_new = asyncio.new_event_loop
_made: list[asyncio.AbstractEventLoop] = []


def watch() -> None:
    """Keep every loop that Gradio makes: one that is let go open is blamed on whichever test collects it."""
    asyncio.new_event_loop = _kept


def close() -> None:
    """Close them; whoever made them has taken what they wanted (a lock, an event) from them."""
    while _made:
        _made.pop().close()


def _kept() -> asyncio.AbstractEventLoop:
    loop = _new()
    if sys._getframe(1).f_globals["__name__"] == "gradio.utils":
        _made.append(loop)
    return loop
