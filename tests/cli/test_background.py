"""The page's trainer lets pages go first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from explorer.cli import background


def test_a_trainer_is_nice_among_sessions_too():
    reads, writes = os.pipe()
    if (child := os.fork()) == 0:
        os.setsid()
        background.step_back()
        files = (background.AUTOGROUP, background.OOM_SCORE)
        told = [str(os.nice(0)), *(file.read_text().split()[-1] if file.exists() else "none" for file in files)]
        os.write(writes, " ".join(told).encode())
        os._exit(0)
    os.waitpid(child, 0)
    nice, group, expendable = os.read(reads, 100).decode().split()
    assert int(nice) == min(19, os.nice(0) + background.NICER)
    assert group in ("none", str(background.NICER))
    assert expendable in ("none", background.EXPENDABLE)


def test_where_nothing_can_be_written_it_works_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(background, "AUTOGROUP", Path("/nowhere/autogroup"))
    monkeypatch.setattr(background, "OOM_SCORE", Path("/nowhere/score"))
    background.step_back()
