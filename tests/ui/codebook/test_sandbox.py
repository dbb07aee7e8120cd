"""What the sandbox is set to, which cloud it gets, and what it says of the real film."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import ViewError
from explorer.ui.computed import catalog
from explorer.ui.computed.returned import returned
from explorer.ui.scene.sandbox import sandbox_scene
from explorer.ui.text import TEXTS
from explorer.ui.view import from_query
from explorer.ui.view.sandbox import BATCHES, INITS, RULES, SIZES, How, Sandbox, sandbox_of
from tests.ui.codebook.conftest import DEEP, GRADIENT, HOLD, SNIPPET
from tests.ui.conftest import fashion_view


@pytest.mark.parametrize(
    "sandbox",
    [
        Sandbox(),
        Sandbox(How("sgd"), How("hold", restart=True), "data", 512, 256, 0.9, 0.5, 0.1, 999_999),
        *(Sandbox(left=How(rule)) for rule in RULES),
        *(Sandbox(init=init) for init in INITS),
        *(Sandbox(codes=codes, batch=batch) for codes, batch in zip(SIZES, (*BATCHES, 16), strict=True)),
    ],
)
def test_a_link_restores_a_sandbox(sandbox):
    assert sandbox_of(sandbox.to_text()) == sandbox
    view, notes = from_query({"tab": "codebook", "sandbox": sandbox.to_text()})
    assert (view.sandbox, notes) == (sandbox.to_text(), ())


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "adam",
        "adam_hold_uniform_257_64_0.99_1_0.02_0",
        "adam_hold_uniform_256_64_1.5_1_0.02_0",
        "_" * 8,
        "adam" * 99,
    ],
)
def test_a_sandbox_that_is_none_falls_back_with_a_note(value):
    view, notes = from_query({"tab": "codebook", "sandbox": value})
    assert view.sandbox == ""
    assert [type(note) for note in notes] == [ViewError]


def test_every_rule_and_start_has_its_words():
    for key in (*(f"rule.{rule}" for rule in RULES), *(f"init.{init}" for init in INITS)):
        assert f"sandbox.{key}" in TEXTS
    for rule in RULES:
        assert f"sandbox.fact.{rule}" in TEXTS


def test_its_cloud_is_the_run_on_screen():
    shown = sandbox_scene(fashion_view(tab="codebook", left=GRADIENT, right=HOLD))
    assert (shown.empty, shown.count) == ("", 10_000)
    assert shown.points.endswith(f"/{HOLD}")
    assert shown.points.startswith("explorer/media/points/")
    assert sandbox_scene(fashion_view(tab="codebook", right=GRADIENT)).points.endswith(f"/{GRADIENT}")


def test_a_run_of_64_numbers_gets_the_sets_own_planar_one():
    shown = sandbox_scene(fashion_view(tab="codebook", left="", right=DEEP))
    assert shown.points.rpartition("/")[2] in (GRADIENT, HOLD, SNIPPET)


def test_a_set_without_any_says_so(monkeypatch):
    monkeypatch.setattr(catalog, "runs_of", lambda data: ())
    for lang in ("en", "zh"):
        shown = sandbox_scene(fashion_view(tab="start", lang=lang))
        assert "fashion" in shown.empty
        assert shown.points == ""


@pytest.mark.parametrize("run_id", [HOLD, GRADIENT, SNIPPET, DEEP])
def test_who_came_back_is_counted_over_the_film(run_id):
    run = catalog.run(run_id)
    found = returned(run)
    assert found is not None
    hit = run.trace.frames["hits"] > 0
    steps = run.trace.frame_steps.tolist()
    at = steps.index(found.step)
    rows = np.flatnonzero(~hit[at])
    first = [next((t for t in range(at + 1, len(steps)) if hit[t, row]), None) for row in rows]
    came = [t for t in first if t is not None]
    assert len(rows) == found.unchosen == max((~hit[1:-1]).sum(1))
    assert (len(came), steps[max(came)] if came else found.step) == (found.back, found.by)


def test_the_film_is_told_beside_the_sandbox_with_its_own_numbers():
    view = fashion_view(tab="codebook", left=GRADIENT, right=HOLD)
    told = sandbox_scene(view).films
    assert len(told) == 2
    for run_id, sentence in zip((GRADIENT, HOLD), told, strict=True):
        found = returned(catalog.run(run_id))
        assert found is not None
        numbers = (found.step, found.unchosen, found.last, *((found.back, found.by) if found.back else ()))
        assert all(str(n) in sentence for n in (run_id, *numbers))
    assert sandbox_scene(replace(view, tab="start")).films == ()
