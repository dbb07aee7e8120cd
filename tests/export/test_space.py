"""An exploration on the Hub: a static Space, whose files are those of the folder and no older ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from explorer import cli
from explorer.errors import RunError
from explorer.export import folder as folders
from explorer.export.folder import Exported
from explorer.runs.hub import push_space
from tests.hub_stand_in import Hub, running_hub

# huggingface_hub's own call of its HTTP library.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
SPACE = "someone/worlds"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.delenv("HF_TOKEN", raising=False)


@pytest.fixture
def server() -> Iterator[Hub]:
    with running_hub() as running:
        yield running


def test_a_space_holds_the_files_and_none_of_before(server):
    push_space({"index.html": b"1", "explorer/old.json": b"{}"}, SPACE, token="good", endpoint=server.endpoint)
    address = push_space(
        {"index.html": b"2", "explorer/new.json": b"[]"}, SPACE, token="good", endpoint=server.endpoint
    )
    assert server.repositories[SPACE] == {"index.html": b"2", "explorer/new.json": b"[]"}
    assert address.startswith(f"{server.endpoint}/{SPACE}/commit/")


def test_without_a_token_nothing_is_sent(server):
    with pytest.raises(RunError, match="token"):
        push_space({"index.html": b""}, SPACE, endpoint=server.endpoint)
    assert server.asked == []


def test_the_command_writes_the_folder_and_pushes_it(server, tmp_path, monkeypatch, capsys):
    def write(folder: Path, *_: object, **__: object) -> Exported:
        folder.mkdir()
        (folder / "README.md").write_text("---\nsdk: static\n---\n")
        return Exported(folder, 1, 20, "0" * 64)

    monkeypatch.setattr(folders, "export", write)
    monkeypatch.setenv("HF_TOKEN", "good")
    assert cli.main(["export", str(tmp_path / "out"), "--space", SPACE, "--endpoint", server.endpoint]) == 0
    assert server.repositories[SPACE] == {"README.md": b"---\nsdk: static\n---\n"}
    assert SPACE in capsys.readouterr().out
