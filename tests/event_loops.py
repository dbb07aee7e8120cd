"""Event loops that Gradio makes and leaves open when Blocks are built outside of one."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def closed_afterwards() -> Iterator[None]:
    """Build Blocks in here: else the garbage collector warns of an open loop in whichever test it comes to next."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
        asyncio.get_event_loop().close()  # the last one, which is still the thread's own
        gc.collect()  # those before it
