"""Tab Reconstruct: the same test images through both runs, with what they lose and what they cost."""

from __future__ import annotations

from explorer.ui.page.parts import part


def build() -> None:
    """A gallery, and below it how sharp both are; filled when the tab is visited."""
    part("reconstruct/reconstruct.js", '<section class="ex-rec" data-top></section>', elem_id="ex-reconstruct")
    part(
        "sharpness/sharpness.js",
        '<section class="ex-sharp" data-part="sharpness" hidden></section>',
        elem_id="ex-sharpness",
    )
