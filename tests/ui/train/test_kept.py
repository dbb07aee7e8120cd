"""Zips of runs that somebody made up: nothing is written outside, nothing bad is kept, every answer is a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import ExplorerError
from explorer.runs import load_run
from explorer.sealed import sealed, sha256
from explorer.training.background_home import visitor_folder
from explorer.ui import kept
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
