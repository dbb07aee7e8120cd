"""What a killed server leaves of its visitors' work is gone after the next start."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from explorer.data.places import sets_folder
from explorer.files import passing
from explorer.files.passing import passing_folder
from explorer.jobs import expiry
from explorer.jobs.home import home
from explorer.runs import run_roots
from explorer.runs.writing import OLD


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "CACHE", "RUNS"):
        monkeypatch.setenv(f"EXPLORER_{name}", str(tmp_path / name))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(passing, "YOUNG", 0.0)
    return tmp_path / "temporary"


def test_uploads_and_maps_that_nobody_works_on(temporary: Path):
    left = [temporary / f"explorer-{kind}-abcd1234" for kind in ("report", "pictures", "map", "run")]
    others = [temporary / name for name in ("explorer-1000", "explorer-report", "tmp-report-1")]
    for folder in (*left, *others):
        folder.mkdir()
        (folder / "file0").write_bytes(b"x")
    with passing_folder("explorer-report-") as busy:
        expiry.sweep_left()
        assert sorted(temporary.iterdir()) == sorted([*others, busy])


def test_image_sets_that_were_half_written_or_half_deleted():
    sets = sets_folder()
    for name in (".abcd1234", ".pets-1234-removed", "pets-0123456789ab"):
        (sets / name).mkdir(parents=True)
    expiry.sweep_left()
    assert [path.name for path in sets.iterdir()] == ["pets-0123456789ab"]


def test_runs_that_were_half_written_and_none_that_was_being_replaced():
    visitor = home() / "visitors" / "v" / "runs"
    assert len(run_roots()) > 1
    for name in (".mine-abcd1234", f".kept-abcd1234{OLD}", "mine"):
        (visitor / name).mkdir(parents=True)
    (visitor / f".kept-abcd1234{OLD}" / "run.json").touch()
    expiry.recover_runs()
    assert sorted(path.name for path in visitor.iterdir()) == ["kept", "mine"]
