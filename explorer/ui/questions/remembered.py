"""Answers that are the same for everybody: computed for the first who asks, and then sent as they are.

Only of those who bring no token, and who so see only what everybody sees; only of questions whose answer follows from
runs and parameters alone; and no longer than the runs that are here stay the same ones.
"""

from __future__ import annotations

import json

from explorer.files.bounded_cache import Newest
from explorer.ui.computed import catalog

MOST, MOST_BYTES, LARGEST = 2000, 48e6, 400_000
QUESTIONS = frozenset(
    (
        *("between", "closer", "codebook_curves", "codebook_health", "compare", "influence", "information", "iwae"),
        *("posterior", "rate_distortion", "roughness", "samples", "set_bounds", "sharpness", "sweep", "write"),
    )
)
_ANSWERS: Newest[str, bytes] = Newest(MOST, MOST_BYTES, len)


def key_of(name: str, asked: object) -> str | None:
    """What an answer is remembered by; None where it is for nobody else."""
    if name not in QUESTIONS or not isinstance(asked, dict) or "mine" in asked:
        return None
    return json.dumps([name, asked, catalog.shown_to_everybody()], sort_keys=True)


def recall(key: str | None) -> bytes | None:
    """An answer as JSON; None where there is none yet."""
    return None if key is None else _ANSWERS.get(key)


def remember(key: str | None, answer: bytes) -> None:
    """Keep one that is no refusal."""
    if key is not None and len(key) + len(answer) <= LARGEST:
        _ANSWERS.put(key, answer)


def forget() -> None:
    """Everything."""
    _ANSWERS.clear()
