"""A run is replaced under its readers' eyes, a crash in between is mended, and nobody else's code is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from explorer.data.places import compiled_folder
from explorer.errors import RunError
from explorer.files.exchange import exchanged
from explorer.runs import writing
from explorer.runs.writing import _replace_folder, recover


def replaced(folder: Path, text: bytes) -> None:
    _replace_folder(folder, {"run.json": text})


def test_two_folders_change_places(tmp_path: Path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)
    if exchanged(tmp_path / "a", tmp_path / "b"):
        assert [(tmp_path / name / "x").read_text() for name in "ab"] == ["b", "a"]
    else:
        assert sys.platform != "linux"
    with pytest.raises(OSError, match="No such file"):
        exchanged(tmp_path / "a", tmp_path / "none")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges folders")
def test_a_reader_finds_a_run_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "run"
    replaced(folder, b"old")
    seen: list[bool] = []

    def watch(event: str, _: Any) -> None:
        if watching and event in ("os.rename", "os.rmdir", "os.remove", "shutil.rmtree"):
            seen.append((folder / "run.json").is_file())

    watching = True
    sys.addaudithook(watch)
    replaced(folder, b"new")
    watching = False
    assert seen
    assert all(seen)
    assert (folder / "run.json").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_a_crash_left_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, rename = tmp_path / "my-run", Path.rename
    replaced(folder, b"old")
    monkeypatch.setattr(writing, "exchanged", lambda *_: False)

    def killed(self: Path, target: Path) -> Path:
        if target == folder:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        replaced(folder, b"new")
    assert not folder.exists()
    monkeypatch.undo()
    recover(tmp_path)
    assert (folder / "run.json").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["my-run"]


def test_where_the_new_one_cannot_be_put_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, rename = tmp_path / "run", Path.rename
    replaced(folder, b"old")
    monkeypatch.setattr(writing, "exchanged", lambda *_: False)
    refused = iter((True, False))

    def full(self: Path, target: Path) -> Path:
        if target == folder and next(refused, False):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(RunError, match="No space"):
        replaced(folder, b"new")
    assert (folder / "run.json").read_bytes() == b"old"


def test_what_numba_compiled_is_run_only_from_a_folder_that_is_ours_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    private = tmp_path / "private"
    ours = compiled_folder(private)
    assert ours == tmp_path / "cache" / "compiled"
    assert ours.stat().st_mode & 0o777 == 0o700
    ours.chmod(0o777)
    assert compiled_folder(private) == private / "compiled"
    ours.rmdir()
    (tmp_path / "theirs").mkdir(mode=0o700)
    ours.symlink_to(tmp_path / "theirs")
    assert compiled_folder(private) == private / "compiled"
    monkeypatch.setattr(os, "getuid", lambda: 12_345)
    assert compiled_folder(private) == private / "compiled"
