"""The page: parts in their order, and the two handlers behind them."""

from __future__ import annotations

import logging
from dataclasses import fields
from typing import Any

import gradio as gr

from explorer.errors import ViewError
from explorer.ui.computed.catalog import readable
from explorer.ui.http.guard import place_of
from explorer.ui.page import endpoints, gpu
from explorer.ui.page.parts import bridge, part
from explorer.ui.page.tabs import TABS
from explorer.ui.page.tabs.line import parts_line
from explorer.ui.scene import scene
from explorer.ui.scene.guide import guided
from explorer.ui.text import text
from explorer.ui.view import LINK_VERSION, PARTS_OF, View, default_view, from_query
from explorer.ui.view.languages import browser_language

Answer = dict[str, Any]
#: Of a View that the client numbered: JavaScript counts no further, and Gradio writes no larger number.
LARGEST_SERIAL = 2**53


class Page(gr.Blocks):
    """Blocks that refuse what they cannot take in a sentence, and not in a traceback."""

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Called by Gradio before every event, also one that a program sends."""
        wanted, name = len(block_fn.inputs), str(block_fn.api_name or block_fn.name)
        if len(inputs) < wanted:
            expected = f"{wanted} values"
        elif names_a_file(inputs):  # Gradio would fetch it from wherever it is said to be
            expected = "values without files"
        else:
            return
        refused = ViewError("ask_parameter", name=name, expected=expected, got=readable(inputs))
        logging.getLogger(__name__).warning("%s: %s", name, refused.code)
        raise gr.Error(str(refused), print_exception=False)

    async def process_api(self, *args: Any, **more: Any) -> dict[str, Any]:
        """Called by Gradio for every event: a fault of ours is one line in the log and a sentence, and no traceback."""
        try:
            return await super().process_api(*args, **more)
        except gr.Error:
            raise
        except Exception as error:
            logging.getLogger(__name__).error("event: %s", place_of(error))
            raise gr.Error(str(ViewError("answer_failed")), print_exception=False) from error


def names_a_file(value: object) -> bool:
    """Whether something somewhere in a value is what Gradio takes for a file."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            meta = found.get("meta")
            if isinstance(meta, dict) and meta.get("_type") == "gradio.FileData":
                return True
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    return False


def build() -> gr.Blocks:
    """The Blocks; the default scene is part of the page itself, so that it is alive before the first event."""
    first = default_view()
    with Page(
        title=text("page.title", "en"), fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600)
    ) as demo:
        asking, answering = bridge({"scene": scene(first).to_json(), "query": None, "serial": 0})
        part("page/bar.js", '<div class="ex-bar"></div>')
        part("page/strip.js", '<div class="ex-strip" role="radiogroup" data-part="strip"></div>')
        part(
            "page/words.js", '<div class="ex-notes" role="status"></div><div class="ex-lines" data-part="lines"></div>'
        )
        part("guide/guide.js", '<aside class="ex-guide" data-part="guide"></aside>', elem_id="ex-guide")
        labels = []
        with gr.Tabs(elem_id="ex-tabs", overflow_behavior="wrap") as tabs:
            for tab in TABS:
                with gr.Tab(text(f"tab.{tab.name}", first.lang), id=tab.name) as label:
                    if tab.name in PARTS_OF:
                        parts_line(tab.name)
                    tab.build()
                labels.append(label)
        for tab, label in zip(TABS, labels, strict=True):
            # the first is selected before our scripts are there: no fault, and no "Error" in a reader's ears
            opens = f"() => window.explorer?.store.open('{tab.name}')"
            label.select(None, js=opens, show_progress="hidden", api_visibility="private")
        outputs = [answering, *labels]
        settings: dict[str, Any] = {"show_progress": "hidden", "queue": False}
        asking.commit(on_commit, asking, outputs, trigger_mode="always_last", api_visibility="undocumented", **settings)
        endpoints.publish()
        gpu.publish()
        demo.load(on_load, None, [*outputs, tabs], api_visibility="private", **settings)
    return demo


def on_commit(asked: Any, request: gr.Request) -> list[Any]:
    """A View from the client, `{"view", "serial"}`; answers with its scene. Anybody may send anything here."""
    asked = asked if isinstance(asked, dict) else {}
    view, serial = asked.get("view"), asked.get("serial")
    lang = browser_language(request.headers.get("accept-language", ""))
    asked = {**view, "v": LINK_VERSION} if isinstance(view, dict) else {}
    return answer(asked, serial if isinstance(serial, int) and abs(serial) < LARGEST_SERIAL else 0, lang)


def on_load(request: gr.Request) -> list[Any]:
    """The View of the link. The default view in English is on the page already: `bridge.js` knows when to wait."""
    lang = browser_language(request.headers.get("accept-language", ""))
    query = guided(dict(request.query_params), lang)
    if lang == "en" and not any(query.get(field.name) for field in fields(View)):
        return [gr.skip()] * (2 + len(TABS))
    answered = answer(query, 0, lang)
    tab = answered[0]["scene"]["view"]["tab"]
    # never with a later answer: it would take the reader back from the tab opened meanwhile
    return [*answered, gr.update(selected=tab) if tab != TABS[0].name else gr.skip()]


def answer(query: Answer, serial: int, browser_lang: str) -> list[Any]:
    """Values of the bridge and of the tabs' labels for what a link or the client asks for."""
    view, notes = from_query(query, browser_lang)
    shown = {"scene": scene(view, notes).to_json(), "query": view.to_query(browser_lang), "serial": serial}
    return [shown, *(gr.update(label=text(f"tab.{tab.name}", view.lang)) for tab in TABS)]
