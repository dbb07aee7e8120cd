"""Freed memory goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.files import released
from explorer.files.released import release


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


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    released._trim.cache_clear()
    try:
        assert not release()
    finally:
        released._trim.cache_clear()
