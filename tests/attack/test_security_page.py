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
