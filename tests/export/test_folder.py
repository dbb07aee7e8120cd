"""An exploration as files: the same input the same files, every address a file, no folder overwritten by mistake."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace

import pytest

from explorer.cli import main
from explorer.errors import ViewError
from explorer.export.asked import ASKED
from explorer.export.folder import contents, digest_of, export
from explorer.export.frozen import PACKED
from explorer.export.selection import Chosen, chosen

TABS = ("latent",)
QUESTIONS = {name: ASKED[name] for name in ("collapse_example",)}
ADDRESS = re.compile(rb"explorer/(?:media|assets)/[\w./-]+")


def little() -> tuple[Chosen, ...]:
    """A few pictures of the opening pair."""
    (of_set,) = chosen(["fashion"], images=2, guide=False)
    return (replace(of_set, pairs=of_set.pairs[:1]),)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return contents(little(), tabs=TABS, asked=QUESTIONS)


def unpacked(files: dict[str, bytes]) -> dict[str, bytes]:
    """As the browser reads them."""
    return {name: gzip.decompress(body) if name.endswith(PACKED) else body for name, body in files.items()}


def test_the_same_input_gives_the_same_files_whatever_the_servers_secret(files, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path))
    again = contents(little(), tabs=TABS, asked=QUESTIONS)
    assert {name for name in files if files[name] != again.get(name)} == set()
    assert digest_of(files) == digest_of(again)


def test_every_address_in_it_is_one_of_its_files(files):
    named = {
        found.decode()
        for name, body in unpacked(files).items()
        if name.endswith((".json.packed", ".html"))
        for found in ADDRESS.findall(body)
    }
    assert len(named) > 40
    assert named - files.keys() == set()


def test_nothing_in_it_names_another_machine(files):
    written = b"".join(
        body for name, body in unpacked(files).items() if name.endswith((".json.packed", ".html", ".css"))
    )
    hosts = set(re.findall(rb"https?://[\w.-]+", written)) - {b"http://www.w3.org"}
    assert hosts == set()


def test_the_page_knows_its_files_before_it_asks_for_one(files):
    written = re.search(r'id="ex-frozen">(.*?)</script>', files["index.html"].decode(), re.DOTALL)
    assert written is not None
    frozen = json.loads(written[1])
    (pair,) = frozen["sets"]["fashion"]["pairs"]
    assert {f"{frozen['folder']}{pair['folder']}/{name}.json{PACKED}" for name in pair["files"]} <= files.keys()
    assert pair["axes"]["image"] == [str(image) for image in sorted(little()[0].images)]
    listed = [each["id"] for group in frozen["first"]["bar"]["runs"] for each in group["options"]]
    assert sorted(listed) == sorted([pair["left"], pair["right"]])


def test_it_replaces_an_exploration_and_nothing_else(tmp_path, files, monkeypatch):
    monkeypatch.setattr("explorer.export.folder.contents", lambda *_, **__: files)
    made = export(tmp_path / "out", little())
    assert (made.files, made.size) == (len(files), sum(map(len, files.values())))
    (tmp_path / "out" / "stale").write_text("of before")
    export(tmp_path / "out", little())
    assert not (tmp_path / "out" / "stale").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("mine")
    with pytest.raises(ViewError, match="holds something else"):
        export(tmp_path / "other", little())
    assert (tmp_path / "other" / "thesis.tex").exists()


@pytest.mark.parametrize(
    "flags, sentence", [(["--data", "nothing"], "no image set 'nothing'"), (["--runs", "mine"], "no run 'mine'")]
)
def test_what_is_not_here_is_refused_in_a_sentence(flags, sentence, tmp_path, capsys):
    assert main(["export", str(tmp_path / "out"), *flags]) == 2
    assert sentence in capsys.readouterr().err
