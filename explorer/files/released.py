"""Freed memory that the C library keeps: by itself, glibc gives back what lies at the end of its heap alone.

And it keeps a heap for every few threads, each with holes of its own, in which later pieces lie that stay: 200 MB after
everything was looked at. So a server has one heap for all threads (`keep_together`), and what is larger than almost
everything a question works with has pages of its own. Smaller pieces with pages of their own would cost time: half as
much again for encoding a test split in pieces above 1 MB, each zeroed by the system again.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache

#: glibc's names for settings, of `malloc.h`.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
#: Bytes from which on a piece has its own pages, and of unused ones at the heap's end that are kept at hand.
OWN_PAGES, AT_HAND = 16 << 20, 64 << 20


def keep_together() -> bool:
    """One heap for all threads, which holds nothing large; before there are any. Whether that could be asked for."""
    setting = _glibc("mallopt")
    if setting is None:
        return False
    chosen = {M_ARENA_MAX: 1, M_MMAP_THRESHOLD: OWN_PAGES, M_TRIM_THRESHOLD: AT_HAND}
    return min(setting(name, value) for name, value in chosen.items()) == 1


@cache
def _trim() -> Callable[..., int] | None:
    """glibc's `malloc_trim`; None elsewhere."""
    return _glibc("malloc_trim")


def _glibc(name: str) -> Callable[..., int] | None:
    """A function of glibc; None where there is another library."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None  # not in musl


def release() -> bool:
    """Give freed pages back to the system, in a millisecond or a few; whether there was something to do it with."""
    trim = _trim()
    if trim is None:
        return False
    trim(0)
    return True
