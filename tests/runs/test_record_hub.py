"""A record goes to the Hub as one zip and comes back the same, by the commands that runs take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from huggingface_hub import constants

from explorer import cli
from explorer.errors import RecordError, RunError
from explorer.recorder import Recorder
from explorer.runs.record_hub import pull_record, push_record
from explorer.runs.recorded import load_record
from tests.hub_stand_in import Hub, running_hub

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
REPOSITORY = "someone/mine"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setenv("HF_TOKEN", "good")
    monkeypatch.chdir(tmp_path)
    with running_hub() as running:
        yield running


@pytest.fixture
def record(server: Hub, tmp_path: Path) -> Path:
    with Recorder(tmp_path / "local", 8) as recorder:
        for step in range(3):
            recorder.log(step, z_e=torch.randn(20, 3), indices=torch.arange(20) % 8, codebook=torch.randn(8, 3))
    return tmp_path / "local"


def test_it_comes_back_as_it_went(server: Hub, record: Path, capsys: pytest.CaptureFixture[str]):
    where = ("--endpoint", server.endpoint)
    (record / "private.txt").write_text("not of the record")
    assert cli.main(["push", str(record), REPOSITORY, *where]) == 0
    assert set(server.repositories[REPOSITORY]) == {"record.zip", "README.md"}
    assert cli.main(["pull", REPOSITORY, "--into", "fetched", *where]) == 0
    assert "mine" in capsys.readouterr().out
    fetched, sent = load_record(Path("fetched/mine")), load_record(record)
    assert [frame.step for frame in fetched.frames] == [frame.step for frame in sent.frames]
    assert (fetched.frames[1].hits == sent.frames[1].hits).all()
    assert sorted(path.name for path in Path("fetched").iterdir()) == ["mine"], "and nothing half-done beside it"
    assert not (Path("fetched/mine") / "private.txt").exists()
    assert cli.main(["pull", REPOSITORY, "--into", "fetched", *where]) == 2
    assert "is there already" in capsys.readouterr().err


def test_what_is_no_record_is_a_sentence(server: Hub, record: Path):
    push_record(record, REPOSITORY, endpoint=server.endpoint)
    server.repositories[REPOSITORY]["record.zip"] = b"no zip"
    with pytest.raises(RecordError, match="cannot be read"):
        pull_record(REPOSITORY, Path("fetched"), endpoint=server.endpoint)
    del server.repositories[REPOSITORY]["record.zip"]
    with pytest.raises(RunError):
        pull_record(REPOSITORY, Path("fetched"), endpoint=server.endpoint)
    assert not list(Path("fetched").iterdir())
