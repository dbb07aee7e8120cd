"""Freed memory that the C library keeps: by itself, glibc gives back what lies at the end of its heap alone."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache


@cache
def _trim() -> Callable[[int], int] | None:
    """glibc's `malloc_trim`; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl


def release() -> bool:
    """Give freed pages back to the system, in a millisecond or a few; whether there was something to do it with."""
    trim = _trim()
    if trim is None:
        return False
    trim(0)
    return True
