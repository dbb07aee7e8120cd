"""An exploration of somebody's own run, beside a second image set."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.export.folder import contents
from explorer.export.selection import chosen
from explorer.ui.view import default_view
from tests.ui.conftest import store

MINE = "my-own-vae"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of runs with one in it."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path))
    store(tmp_path, MINE, model="vae")
    return tmp_path


def read(files: dict[str, bytes], name: str) -> Any:
    """The one frozen file of that path."""
    (body,) = (body for path, body in files.items() if path.endswith(f"{name}.json.packed"))
    return json.loads(gzip.decompress(body))


@pytest.mark.usefixtures("runs")
def test_an_own_run_stands_beside_the_other_kind_of_the_opening_pair_and_faces_are_a_second_set():
    faces, fashion = chosen(["faces"], [MINE], images=1, guide=False)
    usual = default_view("fashion")
    assert (faces.data, fashion.data) == ("faces", "fashion")
    assert fashion.pairs == ((usual.left, usual.right), (MINE, usual.right))
    little = replace(faces, pairs=faces.pairs[:1], images=faces.images[:1]), replace(fashion, images=fashion.images[:1])
    files = contents(little, tabs=("latent",), asked={})
    mine, theirs = read(files, "fashion/1/latent.en"), read(files, "faces/0/latent.zh")
    assert mine["sides"]["left"]["run"] == MINE
    assert theirs["sides"]["left"]["run"] == default_view("faces").left
    listed = {each["id"] for group in mine["bar"]["runs"] for each in group["options"]}
    assert listed == {usual.left, usual.right, MINE}
    assert [each["id"] for each in mine["bar"]["sets"]] == ["faces", "fashion"]
    written = re.search(r'id="ex-frozen">(.*?)</script>', files["index.html"].decode(), re.DOTALL)
    assert written is not None
    described = json.loads(written[1])
    assert [pair["left"] for pair in described["sets"]["fashion"]["pairs"]] == [usual.left, MINE]
    named = re.findall(r"explorer/media/[\w./-]+", json.dumps(mine["sides"]["left"]))
    assert len(named) > 2
    assert set(named) <= files.keys()
