"""Everything the page asks about a run: every tab, every medium that it names, every question, its zip."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from starlette.testclient import TestClient

from explorer.ui.media import media
from explorer.ui.page import layout as page
from explorer.ui.page.tabs import TABS
from explorer.ui.questions import QUESTIONS
from tests.attack.hostile_runs import PICTURES

MEDIUM = re.compile(rf"{media.PREFIX}/[^\"\\ ]+")
#: Parameters that fit some question each; the others leave them alone.
ASKED: dict[str, Any] = {
    **dict.fromkeys(("image", "code", "evidence", "amount"), 1),
    **dict.fromkeys(("parts", "unit", "cell", "size", "written"), 0),
    "data": PICTURES,
    "image_b": 2,
    "z": [0.5, -0.5],
    "indices": [1] * 49,
    "prior": "uniform",
    "count": 2,
    "codes": [],
    "rule": "stale",
    "windows": "1",
    "starved": 10,
    "columns": "2",
    "steps": "linear",
    "action": "state",
    "part": "answer",
    "step": 3,
}
#: Questions about trainings have no run to read; a study is of shipped runs.
LEFT_OUT = ("train_", "study", "collapse_example", "thumbs", "between")


def walked(client: TestClient, run: str, mine: str) -> Counter[str]:
    """How the answers are spread; "failed" are those that came as no data."""
    found: Counter[str] = Counter()
    addresses: set[str] = set()
    for tab in TABS:
        view = {"tab": tab.name, "data": PICTURES, "left": run, "right": run, "mine": mine, "step": "2", "map": "umap"}
        scene = json.dumps(page.answer(view, 0, "en")[0], allow_nan=False)
        addresses |= set(MEDIUM.findall(scene))
        found["scene"] += 1
    for address in sorted(addresses):
        found[_kind(client.get("/" + address).status_code)] += 1
    for name in (name for name in QUESTIONS if not name.startswith(LEFT_OUT)):
        asked = ASKED | {"mine": mine, "run": run, "left": run, "right": run, "view": {"left": run, "right": run}}
        found[_kind(client.post(f"/explorer/ask/{name}", json=asked).status_code)] += 1
    return found


def _kind(status: int) -> str:
    return "failed" if status >= 500 else "answered"
