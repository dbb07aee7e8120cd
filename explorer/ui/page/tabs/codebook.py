"""Tab Codebook: cases, two codebooks side by side, how their codes live and die, and one update opened up."""

from __future__ import annotations

import gradio as gr

from explorer.ui.page.parts import part

#: Holds the place of a side until its scripts are there, so that nothing jumps.
SIDE = '<section class="ex-side ex-cb-side" data-kind="vqvae"{top}></section>'
#: What stands below the films, from what moves a code to what many trainings say.
PANELS = ("step", "curves", "follow", "study", "waste")


def build() -> None:
    """Cases; both films and a VAE's, by one scrubber; the rule behind those; then one panel after the other."""
    _strip("cases")
    with gr.Row(elem_classes="ex-sides"):
        part("codebook/side.js", SIDE.format(top=" data-top"), side="left", elem_id="ex-cb-left")
        part("codebook/side.js", SIDE.format(top=""), side="right", elem_id="ex-cb-right")
    part(
        "codebook/units.js",
        '<section class="ex-cb-panel ex-cb-units" data-part="units"></section>',
        elem_id="ex-cb-units",
    )
    _strip("scrubber")
    _strip("rule")
    part("sandbox/panel.js", '<section class="ex-cb-panel ex-sb" data-part="sandbox"></section>', elem_id="ex-sandbox")
    for name in PANELS:
        template = f'<section class="ex-cb-panel ex-cb-{name}" data-part="{name}"></section>'
        part(f"codebook/{name}.js", template, elem_id=f"ex-cb-{name}")


def _strip(name: str) -> None:
    template = f'<section class="ex-cb-{name}" data-part="{name}"></section>'
    part(f"codebook/{name}.js", template, elem_id=f"ex-cb-{name}")
