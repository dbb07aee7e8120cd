"""Dead codes and silent units side by side: counts are the records', and ranges that overlap show no difference."""

from __future__ import annotations

import json
from statistics import median

import pytest

from explorer.studies import two_ways
from explorer.studies.remedies import REMEDIES
from explorer.studies.silent import UNIT_REMEDIES
from explorer.studies.summary import interval, records_of
from explorer.studies.two_ways import PAIRS, Tried, code_tries, unit_tries
from explorer.ui import questions


def test_every_row_names_remedies_that_exist_and_every_unit_remedy_has_its_row() -> None:
    assert {codes for _, codes, _ in PAIRS} <= {remedy.name for remedy in REMEDIES}
    assert {units for *_, units in PAIRS} == {remedy.name for remedy in UNIT_REMEDIES}


def test_counts_are_those_of_the_records() -> None:
    records, remedy = records_of("codebook"), next(r for r in REMEDIES if r.name == "restart")
    tried = code_tries()["restart"]
    dead = [record["test"]["dead"] for record in records[remedy.cell]]
    assert tried.with_it is not None
    assert (tried.with_it.middle, tried.with_it.low, tried.with_it.high) == (median(dead), min(dead), max(dead))
    assert tried.total == 512
    assert tried.seeds == (0, 1, 2)
    assert tried.apart


@pytest.mark.parametrize(
    "one, other, apart",
    [((1, 3), (4, 5), True), ((4, 5), (1, 3), True), ((1, 4), (4, 5), False), ((1,), (4, 5), None), ((), (1, 2), None)],
)
def test_seeds_that_overlap_are_not_apart(one: tuple[int, ...], other: tuple[int, ...], apart: bool | None) -> None:
    sides = [interval(tuple(map(float, values))) for values in (one, other)]
    assert Tried(("a", "甲"), sides[0], sides[1], 8, (None, None), 10, ()).apart is apart


def test_what_no_study_trained_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_ways, "records_of", lambda study: {})
    said = questions.answer("waste", {})
    assert len(said["rows"]) == len(PAIRS) + 1
    assert all(
        not row[half]["trained"] and row[half]["count"] == "not trained"
        for row in said["rows"]
        for half in ("codes", "units")
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_what_the_studies_measured(lang: str) -> None:
    said = questions.answer("waste", {"lang": lang})
    json.dumps(said, allow_nan=False)
    row = next(row for row, (idea, *_) in zip(said["rows"], PAIRS, strict=False) if idea == "again")
    tried = code_tries()["restart"]
    assert f"→ {tried.with_it.middle:.0f}" in row["codes"]["count"]  # type: ignore[union-attr]
    assert "2,000" in row["codes"]["behind"]
    assert said["rows"][-1]["fault"]
    units = unit_tries()
    assert all(
        row["units"]["trained"] == (units[name].with_it is not None)
        for row, (*_, name) in zip(said["rows"], PAIRS, strict=False)
    )
