"""What everybody is answered alike is computed once; what is one visitor's own is never remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.jobs.tokens import new_token
from explorer.ui import questions
from explorer.ui.http.routes import routes
from explorer.ui.http.senders import TOKEN_HEADER
from explorer.ui.questions import remembered


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the questions that were computed."""
    found: list[str] = []

    def answer(name: str, asked: Any) -> dict[str, Any]:
        found.append(name)
        return {"ok": "run" in asked, "number": len(found), "code": "x"}

    monkeypatch.setattr(questions, "answer", answer)
    return found


def ask(name: str, token: str = "", **asked: Any) -> int:
    headers = {TOKEN_HEADER: token} if token else {}
    answered = TestClient(Starlette(routes=routes())).post(f"/explorer/ask/{name}", json=asked, headers=headers)
    return int(answered.json()["number"])


def test_an_answer_is_computed_once_for_everybody(computed: list[str]):
    assert [ask("iwae", run="a"), ask("iwae", run="a"), ask("iwae", run="b"), ask("iwae", run="a", lang="zh")] == [
        1, 1, 2, 3,
    ]  # fmt: skip


@pytest.mark.parametrize("again", [{"token": new_token()}, {"mine": new_token()}, {"mine": ""}])
def test_nothing_of_a_visitor_is_remembered(computed: list[str], again: dict[str, str]):
    assert ask("iwae", run="a") == 1
    assert [ask("iwae", run="a", **again), ask("iwae", run="a", **again)] == [2, 3]
    assert ask("iwae", run="a") == 1  # and nobody is shown theirs


def test_refusals_and_what_changes_are_asked_again(computed: list[str]):
    assert [ask("iwae"), ask("iwae"), ask("train_jobs", run="a"), ask("train_jobs", run="a")] == [1, 2, 3, 4]


def test_a_run_that_comes_is_seen(computed: list[str], runs: Path):
    assert ask("iwae", run="a") == 1
    (runs / "new").mkdir()
    try:
        assert ask("iwae", run="a") == 2
    finally:
        (runs / "new").rmdir()


def test_only_answers_of_bounded_size_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembered, "LARGEST", 100)
    remembered.remember("k", b"x" * 100)
    assert remembered.recall("k") is None
    remembered.remember("k", b"x" * 99)
    assert remembered.recall("k") == b"x" * 99


def test_only_questions_that_there_are():
    assert questions.QUESTIONS.keys() >= remembered.QUESTIONS
