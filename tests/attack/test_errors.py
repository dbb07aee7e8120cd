"""Every error as a second visitor meets it, and a table that a new error cannot be missing from."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import explorer
from explorer.errors import MESSAGES, ExplorerError
from explorer.ui import questions
from explorer.ui.questions.fields import on_page
from explorer.ui.text import error_text
from explorer.ui.view import LANGUAGES, from_query
from tests.attack.errors import ASKED, BROUGHT, ELSEWHERE, LINKED, NAMES_ONES_OWN, PLAIN_FIELDS, PROVOKED, REPORTED
from tests.attack.first_visitor import SECOND, World
from tests.attack.test_isolation import client, told, world  # noqa: F401  fixtures
from tests.ui.conftest import stored_runs  # noqa: F401  a fixture


def fields_of(code: str) -> set[str]:
    """The holes of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(MESSAGES[code]) if name}


@cache
def raised_in() -> dict[str, set[str]]:
    """Code -> the modules below explorer/ where it stands, but for the tables of sentences."""
    root, found = Path(explorer.__file__).parent, {code: set[str]() for code in MESSAGES}
    for path in root.rglob("*.py"):
        name = path.relative_to(root).as_posix()
        if name in ("errors.py", "ui/text/errors.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in found:
                found[node.value].add(name)
    return found


@pytest.mark.parametrize("code", MESSAGES)
def test_of_every_error_it_is_known_whom_it_can_tell_of(code: str):
    """Provoked below; said outside the page alone; without a name in it; or with one of the asker's own."""
    places = raised_in()[code]
    known = (
        code in PROVOKED
        or (bool(places) and all(place.startswith(ELSEWHERE) for place in places))
        or fields_of(code) <= PLAIN_FIELDS
        or code in NAMES_ONES_OWN
    )
    assert known, f"{code} (in {', '.join(sorted(places))}) names {fields_of(code)}: add it to tests/attack/errors.py"


def test_the_table_names_errors_that_there_are():
    assert PROVOKED | NAMES_ONES_OWN.keys() <= MESSAGES.keys()
    assert {"path", "folder", "file", "run", "name", "names", "title", "reason", "log"}.isdisjoint(PLAIN_FIELDS)


@pytest.mark.parametrize("code", ASKED)
def test_a_question(world: World, code: str):  # noqa: F811
    name, asked = ASKED[code]
    for lang in LANGUAGES:
        answered = questions.answer(name, {"mine": SECOND, "lang": lang} | asked)
        assert answered["code"] == code
        assert told(world, answered, asked) == []


@pytest.mark.parametrize("code", LINKED)
def test_a_link(world: World, code: str):  # noqa: F811
    notes = from_query(LINKED[code] | {"v": "2"})[1]
    assert code in [note.code for note in notes]
    assert told(world, [error_text(note, lang) for note in notes for lang in LANGUAGES]) == []


@pytest.mark.parametrize("code", REPORTED)
def test_a_report(world: World, code: str):  # noqa: F811
    name, content, asked = REPORTED[code]
    told_of = {"files": [[name, asked.get("size", len(content))]], "mine": SECOND}
    assert sent(world, "/explorer/report", told_of | asked, content) == code


@pytest.mark.parametrize("code", BROUGHT)
def test_a_run_from_elsewhere(world: World, code: str):  # noqa: F811
    content, size = BROUGHT[code]
    asked = {"size": len(content) if size is None else size, "mine": SECOND}
    assert sent(world, "/explorer/kept", asked, content) == code


def sent(world: World, path: str, asked: dict[str, Any], content: bytes) -> str:  # noqa: F811
    """The code that an upload is answered with."""
    answered = client().post(path, params={"asked": json.dumps(asked)}, content=content).json()
    assert told(world, answered) == []
    return str(answered["code"])


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_can_be_said_on_the_page(code: str):
    """Whatever its values are, also where it writes one in a way of its own."""
    for value in (7, "word", 2.5):
        params = dict.fromkeys(fields_of(code), value)
        try:
            error = ExplorerError(code, **params)
        except ValueError:
            continue  # of no word a number can be made
        for lang in LANGUAGES:
            assert on_page(error, lang)
