"""The page's own components: canvas and plain DOM, each drawn by one JavaScript module from the client store.

They are plain `gr.HTML`, not subclasses: for each subclass Gradio writes a `.pyi` file beside its source.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from explorer.ui.http.routes import asset_address

#: Gradio runs this with `element`, `props`, `trigger` and `watch`; an event's name has to stand in it in quotes.
LOADER = """
// events: "commit"
import(new URL(props.module, document.baseURI).href)
  .then((part) => part.mount(element, { props, trigger, watch }));
"""


def part(module: str, template: str, **settings: Any) -> gr.HTML:
    """A piece of the page that shows what the client store holds.

    Args:
        module: JavaScript file in `assets/` with a function `mount(element, {props, trigger, watch})`.
        template: its first HTML; the module fills it and Gradio never touches it again.
        settings: arguments of `gr.HTML`, and constants that the module reads from `props`.
    """
    return gr.HTML(
        html_template=template,
        js_on_load=LOADER,
        apply_default_css=False,
        container=False,
        padding=False,
        module=asset_address(module),
        **settings,
    )


def bridge(first: dict[str, Any]) -> tuple[gr.HTML, gr.HTML]:
    """The one way between the client store and Python, two hidden parts.

    The first carries `{"view", "serial"}` to Python, on its event `commit`; the second carries
    `{"scene", "query", "serial"}` to the client. They are two because Gradio reads an event's inputs again when it was
    held back behind a running one (`trigger_mode="always_last"`): a part that is both input and output would then send
    the answer back as a question.

    Args:
        first: the answer that is on the page before any question.
    """
    ask = part("core/bridge.js", "<div></div>", value=None, visible="hidden", elem_id="ex-ask", role="ask")
    answer = part("core/bridge.js", "<div></div>", value=first, visible="hidden", elem_id="ex-answer", role="answer")
    return ask, answer


def lender() -> tuple[gr.HTML, gr.HTML]:
    """The way to a GPU that is lent, two hidden parts: `{"job", ...}` to Python on `commit`, and how it goes back.

    It is an event of Gradio's because its client sends along what the lender knows the visitor by.
    """
    asking, telling = (
        part("train/lender.js", "<div></div>", value=None, visible="hidden", elem_id=f"ex-lender-{role}", role=role)
        for role in ("ask", "tell")
    )
    return asking, telling
