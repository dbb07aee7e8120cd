"""The guide on paper, as a plain page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

import explorer.runs.shelf
from explorer.ui.guide import STEPS
from explorer.ui.guide.steps import plane
from explorer.ui.http.routes import routes
from explorer.ui.text import text
from tests.ui.guide.test_steps import rough

VOID = {"meta", "link", "img"}


class Balanced(HTMLParser):
    """Follows opening and closing tags."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def get(monkeypatch):
    monkeypatch.setattr(plane, "compared", lambda *_: rough(0.2))  # takes seconds, and is tested elsewhere
    client = TestClient(Starlette(routes=routes()))
    return lambda query, **headers: client.get(f"/explorer/guide{query}", headers=headers)


def tags(body):
    parser = Balanced()
    parser.feed(body)
    assert parser.open == []
    return parser.seen


def test_all_steps_in_the_language_of_the_link(get, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", Path(__file__).resolve().parents[3] / "checkpoints")
    response = get("?lang=zh")
    assert response.status_code == 200
    seen = tags(response.text)
    assert seen.count("section") == len(STEPS)
    assert seen.count("math") == sum(len(step.formulas) for step in STEPS)
    assert seen.count("figure") == 4
    for step in STEPS:
        assert text(f"guide.{step.name}.title", "zh") in response.text
    assert 'class="trouble"' not in response.text
    assert re.search(r'href="\.\./explorer/assets/\w+/guide/printed\.css"', response.text)
    assert "<script" not in response.text


def test_runs_without_figures_still_make_a_page(get):
    response = get("", **{"accept-language": "en"})
    assert response.status_code == 200
    assert tags(response.text).count("section") == len(STEPS)
    assert "was not measured for this yet" in response.text


def test_a_class_gets_the_questions_without_the_answers(get):
    with_answers, without = (get(f"?lang=en{more}").text for more in ("", "&answers=0"))
    asked = with_answers.count('class="ask"')
    assert (with_answers.count('class="answer"'), with_answers.count('class="blank"')) == (asked, 0)
    assert (without.count('class="answer"'), without.count('class="blank"')) == (0, asked)
    assert "answers=0" in with_answers
    assert "answers=1" in without


@pytest.mark.parametrize("query", ["?data=<script>&lang=x", "?data=%00", "?guide=-1&left=x"])
def test_a_hostile_link_gets_the_default(get, query):
    response = get(query)
    assert response.status_code == 200
    assert "<script" not in response.text
