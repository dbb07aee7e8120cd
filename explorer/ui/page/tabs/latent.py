"""Tab Latent: two planes side by side; below them what lies between two pictures, and the workbench."""

from __future__ import annotations

import gradio as gr

from explorer.ui.page.parts import part

#: Holds the place of a side until its scripts are there, so that nothing jumps.
SIDE = '<section class="ex-side" data-kind="{kind}"{top}></section>'

FEATURES = '<section class="ex-box ex-features ex-features-none" data-part="features"></section>'


def build() -> None:
    """Legend and the two sides; below them parts that fetch what they need when they come into sight."""
    part("page/legend.js", '<div class="ex-legend" role="group"></div>')
    with gr.Row(elem_classes="ex-sides"):
        part("plane/side.js", SIDE.format(kind="vae", top=" data-top"), side="left", elem_id="ex-left")
        part("plane/side.js", SIDE.format(kind="vqvae", top=""), side="right", elem_id="ex-right")
    part(
        "levels/levels.js",
        '<section class="ex-box ex-levels ex-levels-none" data-part="levels"></section>',
        elem_id="ex-levels",
    )
    part("between/between.js", '<section class="ex-between" data-part="between"></section>', elem_id="ex-between")
    part("features/features.js", FEATURES, elem_id="ex-features")
    part("workbench/workbench.js", '<section class="ex-bench" data-part="workbench"></section>', elem_id="ex-workbench")
