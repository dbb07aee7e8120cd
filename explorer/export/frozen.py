"""Plain JSON values as files: the same values are the same bytes, and what several of them share is written once.

Files are packed (gzip) by the export and unpacked in the browser: a server of files may know nothing of compression.
Their names say `.packed`, since some servers take `.gz` for an encoding of their own and unpack it on the way.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

from explorer.export.patches import Change, changes

#: Behind the name of what is packed.
PACKED = ".packed"


def packed(body: bytes) -> bytes:
    """The bytes, packed: of the same bytes the same."""
    return gzip.compress(body, 9, mtime=0)


def encoded(value: Any) -> bytes:
    """JSON without spaces, in the order of the values."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


class Objects:
    """Values that changes put somewhere, each once: a change is stored as its place and the number of its value."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[bytes, int] = {}

    def stored(self, by: list[Change]) -> list[list[Any]]:
        """Changes with numbers in place of values."""
        return [[place, self._number(value)] for place, value in by]

    def _number(self, value: Any) -> int:
        written = encoded(value)
        if written not in self._numbers:
            self._numbers[written] = len(self.values)
            self.values.append(value)
        return self._numbers[written]


def changes_file(along: Mapping[str, list[Change]]) -> bytes:
    """A file of changes by what they belong to."""
    objects = Objects()
    stored = {key: objects.stored(by) for key, by in along.items()}
    return encoded({"objects": objects.values, "changes": stored})


def answers_file(answers: Mapping[str, Any]) -> bytes:
    """A file of answers by their question: the first one, and how the others differ from it."""
    objects = Objects()
    first = next(iter(answers.values()))
    stored = {key: objects.stored(changes(first, answer)) for key, answer in answers.items()}
    return encoded({"first": first, "objects": objects.values, "answers": stored})
