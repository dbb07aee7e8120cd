"""What the README says about putting the page online, line by line against a stand-in for the Hub."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants
from huggingface_hub.cli.hf import app

from explorer import cli
from explorer.export import folder as folders
from explorer.export.folder import Exported
from tests.browser.running_app import ROOT
from tests.hub_stand_in import Hub, running_hub

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
HEADINGS = {"README.md": "## Put it online for nothing", "README.zh.md": "## 免费放到网上"}
FILES = {
    "README.md": b"---\nsdk: gradio\n---\n",
    "app.py": b"",
    "checkpoints/one/weights.safetensors": b"0" * 100,
    ".venv/bin/python": b"",
    ".venv-zerogpu/bin/python": b"",
    "build/long.log": b"",
    "tests/conftest.py": b"",
}


def recipes(readme: str) -> list[list[list[str]]]:
    """The lines of both recipes, split into words."""
    section = (ROOT / readme).read_text(encoding="utf-8").partition(HEADINGS[readme])[2].partition("\n## ")[0]
    blocks = re.findall(r"```\n(.*?)```", section, re.DOTALL)
    return [[shlex.split(line) for line in block.splitlines()] for block in blocks]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with running_hub() as running:
        monkeypatch.setenv("HF_TOKEN", "good")
        monkeypatch.setattr(constants, "ENDPOINT", running.endpoint)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.chdir(tmp_path)
        yield running


def hub(words: list[str]) -> None:
    """Run a line that begins with `hf`."""
    app.main(words[1:], standalone_mode=False)


def test_both_languages_have_the_same_recipes():
    assert recipes("README.md") == recipes("README.zh.md")
    assert [len(lines) for lines in recipes("README.md")] == [3, 2]


def test_a_space_with_lent_gpus_is_made_from_the_folder_and_duplicated(server, tmp_path):
    for name, body in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    for words in recipes("README.md")[0]:
        hub(words)
    sent = {name: body for name, body in FILES.items() if not name.startswith((".venv", "build/", "tests/"))}
    assert server.repositories == {"USER/NAME": sent, "YOU/NAME": sent}
    assert server.made["USER/NAME"]["sdk"] == "gradio"
    assert {made["hardware"] for made in server.made.values()} == {"zero-a10g"}


def test_an_exploration_is_published_as_static_files(server, tmp_path, monkeypatch):
    def write(folder: Path, *_: object, **__: object) -> Exported:
        folder.mkdir()
        (folder / "README.md").write_text("---\nsdk: static\n---\n")
        return Exported(folder, 1, 20, "0" * 64)

    monkeypatch.setattr(folders, "export", write)
    publish, look = recipes("README.md")[1]
    assert (publish[:3], look[:3]) == (["python", "-m", "explorer"], ["python", "-m", "http.server"])
    assert cli.main([*publish[3:], "--endpoint", server.endpoint]) == 0
    assert server.repositories == {"USER/NAME": {"README.md": b"---\nsdk: static\n---\n"}}
    assert server.made["USER/NAME"]["sdk"] == "static"
    assert look[-1] == publish[4]  # what was written is looked at
