"""The floor under Pillow lies above every advisory of the table in docs/security.md that can be closed with it."""

from __future__ import annotations

import re
from pathlib import Path

from explorer.data.own.picture import FORMATS

ROOT = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| .+ \| (below the floor|\*\*open\*\*: .+) \|$", re.MULTILINE)


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, [*text.split("."), "0", "0"][:3]))


def test_the_floor_of_pillow_is_above_its_advisories():
    rows = ROW.findall((ROOT / "docs" / "security.md").read_text())
    assert len(rows) >= 4
    bounds = re.search(r'"pillow>=([\d.]+),<([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert bounds is not None
    floor, ceiling = map(version, bounds.groups())
    for mended, state in rows:
        assert version(mended) <= floor if state == "below the floor" else version(mended) >= ceiling


def test_the_readers_that_are_named_are_those_that_are_used():
    text = (ROOT / "docs" / "security.md").read_text()
    assert FORMATS == ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
    assert "only BMP, GIF, JPEG, PNG, TIFF and WebP are opened" in text
