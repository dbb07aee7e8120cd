"""docs/security.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_page_names_is_there():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", page))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_attack_is_named_on_the_page():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    here = {f"tests/attack/{path.name}" for path in Path(__file__).parent.glob("test_*.py")} - {
        "tests/attack/test_security_page.py"
    }
    assert [name for name in sorted(here) if name not in page] == []


def test_every_test_that_a_row_names_is_in_its_file():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|.*\| `(tests/[\w/]+\.py)` \| (.*)\|$", page, re.MULTILINE)
    named = [(file, test) for file, tests in rows for test in re.findall(r"`(test_\w+)`", tests)]
    assert len(named) > 60
    assert [(file, test) for file, test in named if f"def {test}(" not in (ROOT / file).read_text()] == []
