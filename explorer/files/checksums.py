"""JSON that says when it was edited, and hashes of files: what everything that is shipped is checked with."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def sealed(values: dict[str, Any]) -> dict[str, Any]:
    """`values` with a SHA-256 over all the rest, so that an edited config does not pass for the trained one."""
    rest = {name: value for name, value in values.items() if name != "sha256"}
    return rest | {"sha256": sha256(json.dumps(rest, sort_keys=True).encode())}


def json_bytes(values: dict[str, Any]) -> bytes:
    """Readable JSON in one order, which refuses NaN."""
    return (json.dumps(values, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()
