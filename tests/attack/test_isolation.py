"""A second visitor provokes every answer and every error: nothing in them tells of the first one."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import explorer
import explorer.runs.shelf
from explorer.errors import ExplorerError
from explorer.jobs import service
from explorer.jobs.home import visitor_folder
from explorer.jobs.secret import FILE as SECRET_FILE
from explorer.ui import questions
from explorer.ui.http import run_zips
from explorer.ui.http.routes import routes
from explorer.ui.media import signed
from explorer.ui.media.signed import zip_address
from explorer.ui.page import endpoints, layout
from tests.attack import first_visitor
from tests.attack.first_visitor import FIRST, SECOND, World, other_than
from tests.attack.questions import BAD, CONFIG, FIELDS, GOOD, LINKS
from tests.ui.conftest import VQ64, stored_runs  # noqa: F401  a fixture

UNKNOWN = "c3" * 16
LONG = os.environ.get("EXPLORER_ATTACK") == "long"  # `make attack`
WHO = {"nobody": "", "the second visitor": SECOND, "somebody unknown": UNKNOWN}


@pytest.fixture(scope="module")
def world(stored_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:  # noqa: F811
    folder = tmp_path_factory.mktemp("attack")
    with pytest.MonkeyPatch.context() as patch, first_visitor.mapping_slowly(folder):
        patch.setattr(explorer.runs.shelf, "SHIPPED", stored_runs)
        patch.delenv("EXPLORER_RUNS", raising=False)
        patch.chdir(folder)
        patch.setenv("EXPLORER_HOME", str(folder / "home"))
        patch.setenv("EXPLORER_CACHE", str(folder / "cache"))
        patch.setattr(service, "start", lambda job, files: None)
        made = first_visitor.build(folder)
        first_visitor.second_visitor()
        yield made


def told(world: World, answered: object, asked: object = "") -> list[str]:
    """What an answer tells of the first visitor, beyond what the question said itself."""
    text, known = json.dumps(answered, ensure_ascii=False, default=str), json.dumps(asked, default=str)
    return sorted(word for word in world.secrets if word.lower() in text.lower() and word not in known)


def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.mark.parametrize("name", sorted(GOOD))
def test_no_answer_tells_of_the_first_visitor(world: World, name: str):
    hers = [asked | {"mine": SECOND, "lang": "zh"} for asked in (*GOOD[name], *BAD)]
    others = [bad | {"mine": token} for bad in (BAD if LONG else BAD[2:3]) for token in ("", UNKNOWN)]
    for asked in (*hers, *others):
        assert told(world, questions.answer(name, asked)) == [], asked


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_question_with_an_id_of_the_first_is_answered_as_if_there_were_none(world: World, name: str):
    ids = (world.set, *world.runs.values(), *world.jobs.values(), world.map_token, visitor_folder(FIRST).name)
    asked_for = {field for question in GOOD[name] for field in question}
    for secret in ids:
        for field in sorted(asked_for & FIELDS | ({"mine"} if name.startswith("train_") else set())):
            asked = {**GOOD[name][-1], "mine": SECOND, field: secret}
            said = json.dumps(questions.answer(name, asked), sort_keys=True)
            other = json.dumps(questions.answer(name, asked | {field: other_than(secret)}), sort_keys=True)
            assert _plain(said, secret) == _plain(other, other_than(secret)), (field, secret)


def _plain(said: str, secret: str) -> str:
    """An answer without what was echoed of the question, whole or cut, and without what is new each time."""
    for length in (len(secret), 39, 35):
        said = said.replace(secret[:length], "…")
    return re.sub(r"[0-9a-f]{16,32}", "…", said)


@pytest.mark.parametrize("who", WHO)
def test_no_page_and_no_endpoint_tells_of_the_first_visitor(world: World, who: str):
    full = LONG or who == "the second visitor"
    for query in LINKS if full else LINKS[-1:]:
        shown = layout.answer({**query, "mine": WHO[who] or query.get("mine", "")}, 0, "en")
        assert told(world, shown) == [], query
    own = (world.set, *world.runs.values(), *world.jobs.values())
    for field in ("data", "left", "right", "mine"):
        for secret in own if full else own[:2]:
            asked = {field: secret, "tab": "train", "mine": WHO[who]} | ({"mine": secret} if field == "mine" else {})
            assert told(world, layout.answer(asked, 0, "en"), asked) == [], asked
            assert told(world, endpoints.describe_view(f"?{field}={secret}"), asked) == []
    for answered in (
        endpoints.list_runs(),
        endpoints.list_questions(),
        endpoints.describe_view(""),
        endpoints.ask("runs", {"data": "all"}),
    ):
        assert told(world, answered) == []
    for secret in own:
        for answered in (
            endpoints.encode_image(secret),
            endpoints.generate_samples(secret),
            endpoints.list_runs(secret),
        ):
            assert told(world, answered, secret) == []
            assert answered["ok"] is False


def test_a_busy_map_is_not_named(world: World):
    refused = questions.answer("umap", {"run": VQ64, "action": "start", "mine": SECOND})
    assert refused["code"] == "umap_busy"
    assert told(world, refused) == []
    mine = questions.answer("umap", {"run": world.runs["deep"], "action": "state", "mine": FIRST})
    assert mine["state"] == "running"


def test_an_id_opens_neither_a_zip_nor_a_picture(world: World):
    for run in world.runs.values():
        path, key = zip_address(run).split("?key=")
        for wrong in ("", "?key=", f"?key={_last_changed(key)}", f"?key={key[:16]}", "?key=é", f"?key={key}&key="):
            refused = client().get(f"/{path}{wrong}")
            assert (refused.status_code, told(world, refused.text)) == (404, [])
            assert refused.text == client().get("/explorer/kept/no-such-run.zip").text
        assert client().get(f"/{path}?key={key}").status_code == 200
    for address in world.addresses:
        if "/media/" in address:
            prefix, kind, key, name = address.rsplit("/", 3)
            for wrong in (_last_changed(key), "0" * len(key), key[:16]):
                assert client().get(f"/{prefix}/{kind}/{wrong}/{name}").status_code == 404
            found = client().get(f"/{address}")
            assert (found.status_code, "private" in found.headers["cache-control"]) == (200, True)


def _last_changed(key: str) -> str:
    return key[:-1] + ("0" if key[-1] != "0" else "1")


def test_a_key_opens_until_tomorrow_and_on_no_other_server(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def found() -> set[int]:
        return {client().get(f"/{address}").status_code for address in world.addresses}

    today, here = signed._today(), signed.key("a", "b")
    for days, status in ((0, 200), (1, 200), (2, 404)):
        monkeypatch.setattr(signed, "_today", lambda days=days: today + days)
        assert found() == {status}
    monkeypatch.undo()
    assert here == signed.key("a", "b") != signed.key("ab")
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "another"))
    assert here != signed.key("a", "b") == signed.key("a", "b")
    assert (tmp_path / "another" / SECRET_FILE).stat().st_mode & 0o777 == 0o600


def test_no_id_tells_the_name_of_a_set(world: World):
    shown = [
        *world.runs.values(),
        *questions.answer("train_check", {"mine": FIRST, "configs": [_on(world.set)]})["names"],
    ]
    jobs = [service.find(FIRST, job) for job in world.jobs.values()]
    for name in (*shown, *(run for job in jobs for run in job.run_ids)):
        assert world.set not in name
        assert world.set[:6] not in name


def _on(data: str) -> dict[str, Any]:
    return CONFIG | {"data": data}


def test_a_set_whose_name_got_about_is_still_its_owners(world: World):
    for mine in WHO.values():
        for question in ("train_check", "train_start"):
            refused = questions.answer(question, {"mine": mine, "configs": [_on(world.set)]})
            assert refused["code"] == "image_set_unknown"
    content = run_zips.zipped(world.runs["pictures"])
    with pytest.raises(ExplorerError) as error:
        run_zips.adopt(content, SECOND)
    assert error.value.code == "run_zip_images"
    assert run_zips.adopt(content, FIRST).config.data == world.set  # its owner brings it back
    # a run of such a set that the second visitor has, however it came there, shows no pictures either
    shutil.copytree(visitor_folder(FIRST) / "runs" / world.runs["pictures"], _brought(world.runs["pictures"]))
    refused = questions.answer("thumbs", {"mine": SECOND, "data": world.set, "count": 1, "images": [0]})
    shutil.rmtree(_brought(world.runs["pictures"]))
    assert refused["code"] == "ask_parameter"


def _brought(run: str) -> Path:
    return visitor_folder(SECOND) / "runs" / run
