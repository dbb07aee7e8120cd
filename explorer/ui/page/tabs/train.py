"""Tab Train: set up a run or a pair, watch it train, steer it, keep it."""

from __future__ import annotations

from explorer.ui.page.parts import part


def build() -> None:
    """One part, filled when the tab is visited."""
    part("train/train.js", '<section class="ex-train"></section>', elem_id="ex-train")
