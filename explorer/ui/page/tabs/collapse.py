"""Tab Collapse: anyone's codebook or code indices, what they show, what brings codes back, and the lines to paste."""

from __future__ import annotations

from explorer.ui.page.parts import part


def build() -> None:
    """What is brought and what it shows; below it the remedies, each with its code."""
    part("collapse/report.js", '<section class="ex-col-panel" data-part="report"></section>', elem_id="ex-col-report")
    part(
        "collapse/remedies.js",
        '<section class="ex-col-panel" data-part="remedies"></section>',
        elem_id="ex-col-remedies",
    )
