"""Freed memory goes back to the system."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.files import released
from explorer.files.released import keep_together, release


def resident() -> int:
    """Bytes of this process that belong to no file."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where there is no /proc and no glibc")
def test_what_was_freed_in_the_middle_of_the_heap_goes_back() -> None:
    small, kept = [], []
    for _ in range(1500):  # too small for pages of their own, and the last one holds the heap's end
        small.append(np.ones(8000))
        kept.append(np.ones(10))
    before = resident()
    small.clear()
    assert release()
    assert resident() < before - 60e6
    assert len(kept) == 1500


HEAPS = """
import ctypes, sys, threading
from explorer.files.released import OWN_PAGES, keep_together
assert sys.argv[1] == "as it is" or keep_together()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc.argtypes, libc.malloc_info.argtypes = [ctypes.c_size_t], [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = libc.free.argtypes = [ctypes.c_void_p]
together = threading.Barrier(4)
def work():
    together.wait()
    assert libc.malloc(100_000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
libc.free(libc.malloc(OWN_PAGES + OWN_PAGES // 2))  # after which glibc by itself would put the next one into the heap
large, small = libc.malloc(OWN_PAGES + 1), libc.malloc(OWN_PAGES // 2)
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, file), libc.fclose(file)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where there is no glibc")
def test_all_threads_share_a_heap_and_what_is_large_is_not_in_it(tmp_path: Path) -> None:
    def told(how: str) -> str:
        subprocess.run([sys.executable, "-c", HEAPS, how, str(tmp_path / "told.xml")], check=True, timeout=60)
        return (tmp_path / "told.xml").read_text(encoding="ascii")

    def alone(told: str) -> int:
        """Bytes in pieces that have pages of their own."""
        return int(re.findall(r'<total type="mmap" count="\d+" size="(\d+)"/>', told)[-1])

    before, together = told("as it is"), told("together")
    assert before.count("<heap nr=") > 1
    assert together.count("<heap nr=") == 1
    assert alone(before) < released.OWN_PAGES < alone(together) < 1.4 * released.OWN_PAGES


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    released._trim.cache_clear()
    try:
        assert not release()
        assert not keep_together()
    finally:
        released._trim.cache_clear()
