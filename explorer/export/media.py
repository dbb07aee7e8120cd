"""Heavy things that scenes and answers name: each becomes a file whose address is made of its content.

The server's own addresses hold a secret of it, so that the same exploration would differ from one machine to the next.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from explorer.export.frozen import PACKED, packed
from explorer.ui.media import media

ADDRESS = re.compile(rf"{media.PREFIX}/([\w-]+)/(\w+)/([\w.-]+)")
DIGITS = 16
#: Share of its size below which something is packed; pictures are, as they are.
WORTH = 0.9


class Media:
    """Files by their address, filled as addresses are found."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._known: dict[str, str] = {}

    def moved(self, value: Any) -> Any:
        """Plain JSON values with every address replaced by that of its content, whose file is kept.

        Raises:
            ExplorerError: what an address names cannot be made.
        """
        if isinstance(value, str):
            return self._address(value) if value.startswith(f"{media.PREFIX}/") else value
        if isinstance(value, list):
            return [self.moved(item) for item in value]
        if isinstance(value, dict):
            return {key: self.moved(item) for key, item in value.items()}
        return value

    def _address(self, address: str) -> str:
        found = ADDRESS.fullmatch(address)
        if found is None:
            return address
        if address not in self._known:
            kind, key, name = found.groups()
            body, media_type = media.content(kind, key, name)
            moved = f"{media.PREFIX}/{kind}/{hashlib.sha256(body).hexdigest()[:DIGITS]}/{name}"
            if not media_type.startswith("image/") and len(smaller := packed(body)) < WORTH * len(body):
                moved, body = moved + PACKED, smaller
            self.files[moved] = body
            self._known[address] = moved
        return self._known[address]
