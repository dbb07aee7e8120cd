"""Tab Generate: what both models draw by themselves, code by code, and how good it is."""

from __future__ import annotations

from explorer.ui.page.parts import part


def build() -> None:
    """One part, filled when the tab is visited."""
    part("generate/generate.js", '<section class="ex-gen" data-top></section>', elem_id="ex-generate")
