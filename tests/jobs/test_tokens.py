"""Who steers trainings, and who may look at them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from explorer.jobs import tokens
from explorer.jobs.home import own_id, visitor_folder
from explorer.jobs.tokens import is_token, is_watch_token, new_token, watch_token
from explorer.ui import questions
from explorer.ui.scene import scene
from explorer.ui.view import from_query
from tests.ui.conftest import store

TOKEN = "e" * 32


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def own_run() -> str:
    name = own_id("fashion-vae-z2-s0")
    store(visitor_folder(TOKEN) / "runs", name, model="vae")
    return name


def test_a_watchers_token_is_the_servers_and_tells_no_owners(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    mine = new_token()
    watched = watch_token(mine)
    assert (is_token(mine), is_token(watched), is_watch_token(watched)) == (True, False, True)
    assert mine not in watched
    assert watch_token(watched) == watched
    assert visitor_folder(watched) == visitor_folder(mine)
    assert not any(map(is_watch_token, (mine, "", watched[:-1], watched[:-1] + ("0" if watched[-1] != "0" else "1"))))
    other = watch_token(new_token())
    assert not is_watch_token(other[:32] + watched[32:])
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "another"))
    assert not is_watch_token(watched)


def test_a_watcher_sees_what_the_owner_has_and_takes_nothing_home(own_run: str):
    watched = watch_token(TOKEN)
    view, notes = from_query({"v": "2", "data": "fashion", "mine": watched, "left": own_run, "tab": "train"})
    assert (notes, view.left, view.mine) == ((), own_run, watched)
    assert scene(view).watch == watched == scene(from_query({"mine": TOKEN})[0]).watch
    listed = questions.answer("train_jobs", {"mine": watched})["runs"]
    assert [(run["id"], run["zip"]) for run in listed] == [(own_run, "")]
    assert questions.answer("train_jobs", {"mine": TOKEN})["runs"][0]["zip"]
    assert questions.answer("decode", {"mine": watched, "run": own_run, "z": [0, 0]})["ok"]


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("train_start", {"configs": [{"model": "vae", "steps": 2, "batch_size": 8, "width": 4}]}),
    *(("train_command", {"job": "0" * 16, "do": do}) for do in ("pause", "resume", "keep", "discard", "intervene")),
    ("train_delete", {"run": "RUN"}),
    ("train_delete_record", {"record": "mine-0123456789ab"}),
    ("train_prior", {"run": "RUN"}),
    ("train_delete_set", {"set": "pets-0123456789ab"}),
]


@pytest.mark.parametrize("name, asked", CHANGES)
def test_a_watcher_changes_nothing(own_run: str, name: str, asked: dict[str, Any]):
    asked = {key: own_run if value == "RUN" else value for key, value in asked.items()}
    for lang, said in (("en", "changes none"), ("zh", "不能改动")):
        refused = questions.answer(name, asked | {"mine": watch_token(TOKEN), "lang": lang})
        assert (refused["ok"], refused["code"]) == (False, "train_view_only")
        assert said in refused["error"]
    assert (visitor_folder(TOKEN) / "runs" / own_run / "run.json").is_file()


def test_no_token_is_in_a_link_that_python_writes(own_run: str):
    for mine in (TOKEN, watch_token(TOKEN)):
        for query in ({"left": own_run}, {"tab": "train"}):
            written = from_query({"v": "2", "mine": mine, **query})[0].to_query()
            assert "mine" not in written
            assert mine[:16] not in written


def test_what_only_looks_like_a_watchers_token_is_nobodys():
    made_up = visitor_folder(TOKEN).name + "0" * 32
    assert tokens.WATCHER.fullmatch(made_up)
    assert from_query({"v": "2", "mine": made_up})[0].mine == ""
    assert questions.answer("train_jobs", {"mine": made_up}) == {"ok": True, "jobs": [], "runs": []}
