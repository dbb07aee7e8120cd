"""Tab Codebook: two codebooks side by side, how their codes live and die, and one update opened up."""

from __future__ import annotations

import gradio as gr

from explorer.ui.parts import part

#: Holds the place of a side until its scripts are there, so that nothing jumps.
SIDE = '<section class="ex-side ex-cb-side" data-kind="vqvae"></section>'


def build() -> None:
    """The rule, both films under one scrubber, curves, one code, one step; the study of many, and anyone's own."""
    part("codebook/rule.js", '<section class="ex-cb-rule" data-part="rule"></section>', elem_id="ex-cb-rule")
    with gr.Row(elem_classes="ex-sides"):
        part("codebook/side.js", SIDE, side="left", elem_id="ex-cb-left")
        part("codebook/side.js", SIDE, side="right", elem_id="ex-cb-right")
    part(
        "codebook/scrubber.js",
        '<section class="ex-cb-scrubber" data-part="scrubber"></section>',
        elem_id="ex-cb-scrubber",
    )
    part(
        "codebook/curves.js",
        '<section class="ex-cb-panel ex-cb-curves" data-part="curves"></section>',
        elem_id="ex-cb-curves",
    )
    part(
        "codebook/follow.js",
        '<section class="ex-cb-panel ex-cb-follow" data-part="follow"></section>',
        elem_id="ex-cb-follow",
    )
    part(
        "codebook/step.js", '<section class="ex-cb-panel ex-cb-step" data-part="step"></section>', elem_id="ex-cb-step"
    )
    part(
        "codebook/study.js",
        '<section class="ex-cb-panel ex-cb-study" data-part="study"></section>',
        elem_id="ex-cb-study",
    )
    part(
        "codebook/report.js",
        '<section class="ex-cb-panel ex-cb-report" data-part="report"></section>',
        elem_id="ex-cb-report",
    )
