"""Folders of work that is over, also where its process was killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from explorer.files import passing
from explorer.files.passing import passing_folder, sweep

OURS = re.compile("explorer-test-")
KILLED = """
import sys, time
from explorer.files.passing import passing
made = passing("explorer-test-")
(made.path / "body").write_bytes(b"x")
print(made.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(passing, "YOUNG", 0.0)
    return tmp_path


def test_a_folder_is_gone_after_its_work(temporary: Path):
    with passing_folder("explorer-test-") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert sweep(OURS.match) == []
        assert folder.is_dir()
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_swept(temporary: Path):
    settings = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen([sys.executable, "-c", KILLED], env=settings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert sweep(OURS.match) == []  # it lives
        process.send_signal(signal.SIGKILL)
    assert folder.is_dir()
    assert sweep(OURS.match) == [folder.name]
    assert not folder.exists()


def test_nothing_else_is_swept(temporary: Path, monkeypatch: pytest.MonkeyPatch):
    (temporary / "somebody").mkdir()
    (temporary / "explorer-test-link").symlink_to(temporary / "somebody")
    (temporary / "explorer-test-file").touch()
    assert sweep(OURS.match) == []
    (temporary / "explorer-test-left").mkdir()
    monkeypatch.setattr(passing, "YOUNG", 3600.0)  # its lock may be on its way
    assert sweep(OURS.match) == []
    monkeypatch.setattr(passing, "YOUNG", 0.0)
    assert sweep(OURS.match) == ["explorer-test-left"]
