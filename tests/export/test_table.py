"""docs/export.md says of every part of the page what an exploration holds of it."""

from __future__ import annotations

import re
from pathlib import Path

from explorer.export.asked import ASKED
from explorer.ui.view.state import PARTS_OF, TABS

ROOT = Path(__file__).resolve().parents[2]
MOST_ABSENT = 6


def rows() -> list[dict[str, str]]:
    lines = [line for line in (ROOT / "docs" / "export.md").read_text().splitlines() if line.startswith("| ")]
    names, *cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(names, each, strict=True)) for each in cells]


def listed(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(",") if name.strip()]


def test_every_part_of_every_tab_is_one_of_three():
    found = {(row["tab"], part) for row in rows() for part in listed(row["part"])}
    assert {row["how"] for row in rows()} == {"browser", "frozen", "absent"}
    assert {(tab, part) for tab, parts in PARTS_OF.items() for part in parts} <= found
    assert {row["tab"] for row in rows()} == {"page", *TABS}


def test_few_are_absent():
    assert len([row for row in rows() if row["how"] == "absent"]) <= MOST_ABSENT


def test_every_question_that_the_page_asks_is_recorded_or_called_absent():
    scripts = (path.read_text() for path in (ROOT / "explorer" / "ui" / "assets").rglob("*.js"))
    asked = {name for text in scripts for name in re.findall(r'\b(?:ask|latest|newest)\("(\w+)"', text)}
    recorded = {name for row in rows() if row["how"] != "absent" for name in listed(row["asks"])}
    absent = {name for row in rows() if row["how"] == "absent" for name in listed(row["asks"])}
    assert recorded == set(ASKED)
    assert {name for name in asked if not name.startswith("train_")} == recorded | absent
