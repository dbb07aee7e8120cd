"""Zips of runs that somebody made up: nothing is written outside, nothing bad is kept, every answer is a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import ExplorerError, FileError
from explorer.runs import load_run, npz
from explorer.sealed import sealed, sha256
from explorer.training.background_home import visitor_folder
from explorer.ui import kept
from tests.test_zip_files import BOMB, METHODS, MOST, forged, peak_bytes
from tests.ui.conftest import VAE

TOKEN = "c" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made_up(run: str = VAE, files: dict[str, bytes] | None = None, **changes: Any) -> bytes:
    """The zip of a run with other files and another description, all hashes and the seal put right."""
    folder = load_run(run).folder
    values = json.loads((folder / "run.json").read_bytes()) | changes
    contents = {name: (folder / name).read_bytes() for name in values["files"]} | (files or {})
    values["files"] = {name: sha256(content) for name, content in contents.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/run.json", json.dumps(sealed(values)))
        for name, content in contents.items():
            archive.writestr(f"x/{name}", content)
    return buffer.getvalue()


def refusal(content: bytes) -> ExplorerError:
    """Why a zip is not taken in; nothing of it stays, and no path of this machine is told."""
    with pytest.raises(ExplorerError) as refused:
        kept.adopt(content, TOKEN)
    assert not list((visitor_folder(TOKEN) / "runs").glob("*"))
    assert "/" not in str(refused.value)
    return refused.value


def test_what_is_made_here_would_be_taken_in_if_nothing_were_changed():
    assert kept.adopt(made_up(), TOKEN).report


@pytest.mark.parametrize("name", ["{}/evil", "../../../../evil", "a/../../../evil", "..", "My Run", "x" * 101, ""])
def test_an_id_that_is_none_leads_nowhere(name: str, tmp_path: Path):
    assert refusal(made_up(id=name.format(tmp_path))).code == "run_foreign"
    assert list(tmp_path.rglob("run.json")) == []


@pytest.mark.parametrize("method", ["deflate", "bz2", "lzma"])
def test_a_bomb_that_claims_100_bytes_is_not_unpacked(method: str):
    content = forged("run.json", METHODS[method], BOMB, 100)
    assert peak_bytes(lambda: kept.unpacked(content)) < MOST
    with pytest.raises(FileError, match=r"no zip that can be read|it needs run\.json and model\.safetensors"):
        kept.unpacked(content)


@pytest.mark.parametrize("file", ["trace.npz", "measures.npz"])
def test_a_bomb_inside_a_run_is_not_unpacked(file: str):
    content = made_up(files={file: forged("level.npy", METHODS["bz2"], BOMB, 100)})
    assert peak_bytes(lambda: kept.unpacked(content)) < MOST
    assert refusal(content).code == "run_zip_damaged"


def test_npz_files_that_unpack_to_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch):
    arrays = npz({"x": np.zeros(300_000)})
    monkeypatch.setattr(kept, "UNPACKED", 4_000_000)
    assert kept.unpacked(made_up(files={"trace.npz": arrays}))
    assert refusal(made_up(files={"trace.npz": arrays, "measures.npz": arrays})).code == "run_zip_large"
