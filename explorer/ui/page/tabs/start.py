"""Tab Start: five screens, one verb each."""

from __future__ import annotations

from explorer.ui.page.parts import part


def build() -> None:
    """One part; each of its screens is fetched with it, so that the next one is there at once."""
    part("start/start.js", '<section class="ex-start"></section>', elem_id="ex-start")
