"""A visitor's own pictures: sent as a zip, trained on, found by nobody else, deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.data.stored import is_stored
from explorer.jobs import expiry, service
from explorer.jobs.limits import limits
from explorer.jobs.sets import sets_of
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.http.routes import routes
from explorer.ui.scene import scene
from explorer.ui.view import View
from tests.drawn import drawing, encoded, zip_of

TOKEN, OTHER = "a" * 32, "b" * 32
PICTURES = {f"pets/{kind}/{number}.png": encoded(drawing(number)) for number in range(24) for kind in ("猫",)}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(service, "start", lambda job, files: None)
    return tmp_path / "home"


def send(tmp_path: Path, pictures: dict[str, bytes], **asked: object) -> dict[str, Any]:
    content = zip_of(tmp_path / "sent.zip", pictures).read_bytes()
    asked = {"files": [["我的 pets.zip", len(content)]], "pixels": 28, "colours": "grey", "mine": TOKEN} | asked
    client = TestClient(Starlette(routes=routes()))
    found: dict[str, Any] = client.post(
        "/explorer/pictures", params={"asked": json.dumps(asked)}, content=content
    ).json()
    return found


def offered(mine: str) -> list[str]:
    train = scene(View(mine=mine, tab="train")).train
    assert train is not None
    return [option.id for option in train.settings[0].choices]


def test_a_zip_becomes_a_set_for_its_sender_alone(tmp_path: Path):
    sent = send(tmp_path, PICTURES | {"pets/note.txt": b"text", "../../evil.png": PICTURES["pets/猫/1.png"]}, lang="zh")
    assert (sent["ok"], sent["mine"], sent["kept"], sent["files"]) == (True, TOKEN, 24, 26)
    assert len(sent["refused"]) == 2
    assert any("note.txt 不是能读取的图片" in sentence for sentence in sent["refused"])
    name = sent["set"]
    assert name.startswith("pets-")
    assert name in offered(TOKEN)
    assert name not in [*offered(OTHER), *offered("")]
    config = {"data": name, "batch_size": 8}
    assert questions.answer("train_check", {"mine": TOKEN, "configs": [config]})["ok"]
    assert questions.answer("train_delete_set", {"mine": OTHER, "set": name})["code"] == "train_set_unknown"
    job = questions.answer("train_start", {"mine": TOKEN, "configs": [config]})["job"]
    assert questions.answer("train_delete_set", {"mine": TOKEN, "set": name})["code"] == "train_set_in_use"
    service.discard(service.find(TOKEN, job))
    assert questions.answer("train_delete_set", {"mine": TOKEN, "set": name})["ok"]
    assert (sets_of(TOKEN), is_stored(name)) == ((), False)


def test_a_set_goes_with_its_visitor(tmp_path: Path):
    sent = send(tmp_path, PICTURES, mine=None)
    with catalog.visiting(sent["mine"]):
        assert catalog.own_sets() == (sent["set"],)
    expiry.expire(now=4e9, ticks=0)
    assert is_stored(sent["set"])  # a jump of the clock deletes nothing
    expiry.expire(now=4e9, ticks=expiry.OBSERVED)
    assert not is_stored(sent["set"])


def test_too_few_pictures_are_refused_by_the_name_their_sender_knows(tmp_path: Path):
    sent = send(tmp_path, dict(list(PICTURES.items())[:3]) | {"a.txt": b"no"})
    assert (sent["ok"], sent["code"]) == (False, "own_too_few_good")
    assert "files in 我的 pets.zip can be used" in sent["error"]
    assert len(sent["refused"]) == 1
    assert sets_of(TOKEN) == ()


@pytest.mark.parametrize(
    "asked, code",
    [
        ({"pixels": 30}, "own_choice"),
        ({"colours": "sepia"}, "ask_parameter"),
        ({"files": []}, "ask_parameter"),
        ({"files": [["a.zip", 5]]}, "upload_not_as_announced"),
        ({"files": [["a.zip", 10**11]]}, "pictures_too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused(tmp_path: Path, asked: dict[str, object], code: str):
    sent = send(tmp_path, PICTURES, **asked)
    assert (sent["ok"], sent["code"]) == (False, code)
    assert sets_of(TOKEN) == ()


def test_a_space_keeps_few_sets_of_a_visitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    codes = [send(tmp_path, PICTURES).get("code") for _ in range(limits().sets + 1)]
    assert codes == [None] * limits().sets + ["train_too_many_sets"]
