"""What of the page is needed where another host stands in Gradio's place: its parts in order, its colours, its fonts.

Read from the page itself, so that nothing is listed twice: a part or a tab that is added is there too.
"""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.ui.http.routes import ASSETS
from explorer.ui.page import layout, server

#: Properties of Gradio's own that no part reads.
NOT_FOR_PARTS = ("value", "role")
STYLE_SHEET = re.compile(r'href="\./(assets/[\w.-]+\.css)"')
CONTAINER = re.compile(r"gradio-container-[\d-]+")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
FONT_ADDRESS = re.compile(r"static/fonts/([\w/.-]+\.woff2)")


def tree() -> list[dict[str, Any]]:
    """The page's blocks from the top down.

    Each has a `type`: "part" (`module`, an address; `template`, its HTML; `id`; `props`), "row" (`classes`,
    `children`), "tabs" (`id`, `children`) or "tab" (`name`, `children`). The bridge is no part of it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Gradio leaves event loops to the garbage collector
        config: dict[str, Any] = dict(layout.build().get_config_file())
        gc.collect()
    blocks = {block["id"]: block for block in config["components"]}
    return [node for child in config["layout"]["children"] if (node := _node(child, blocks)) is not None]


def _node(place: dict[str, Any], blocks: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    block = blocks[place["id"]]
    kind, props = block["type"], block["props"]
    children = [node for child in place.get("children") or [] if (node := _node(child, blocks)) is not None]
    if kind == "html":
        settings = {key: value for key, value in props["props"].items() if key not in NOT_FOR_PARTS}
        if props["visible"] == "hidden":
            return None
        module = settings.pop("module")
        template, name = props["html_template"], props.get("elem_id") or ""
        return {"type": "part", "module": module, "template": template, "id": name, "props": settings}
    if kind == "tabs":
        return {"type": "tabs", "id": props["elem_id"], "children": children}
    if kind == "tabitem":
        return {"type": "tab", "name": props["id"], "children": children}
    if kind == "row":
        return {"type": "row", "classes": props["elem_classes"], "children": children}
    return None


def scripts() -> str:
    """Links that fetch the first tab's scripts all at once."""
    return server.preloads()


def base_style() -> tuple[str, str]:
    """What Gradio's page has as a style below ours, and the class of the element that it is for."""
    frontend = Path(gr.__file__).parent / "templates" / "frontend"
    found = STYLE_SHEET.search((frontend / "index.html").read_text(encoding="utf-8"))
    assert found is not None, "Gradio's page names no style sheet"
    css = (frontend / found[1]).read_text(encoding="utf-8")
    return css, CONTAINER.findall(css)[0]


def theme_style() -> tuple[str, dict[str, bytes]]:
    """The theme's variables, light and dark, with fonts at addresses beside the style sheet, and those files."""
    css = server.theme()._get_theme_css()
    folder = Path(gr.__file__).parent / "templates" / "frontend" / "static" / "fonts"
    files = {f"fonts/{name.rpartition('/')[2]}": (folder / name).read_bytes() for name in FONT_ADDRESS.findall(css)}
    return FONT_ADDRESS.sub(lambda found: f"fonts/{found[1].rpartition('/')[2]}", css), files


def page_style() -> str:
    """The page's own style sheet as Gradio puts it on the page: every rule once as it is, once for its container only.

    Rules for some windows only stand there in the second form alone. What is given to Gradio as `css` so outweighs its
    own style, and what parts bring with them does not.
    """
    css = COMMENT.sub("", (ASSETS / "page" / "explorer.css").read_text(encoding="utf-8"))
    _, container = base_style()
    prefix = f".gradio-container.{container} .contain"
    rules = []
    for selector, body in _rules(css):
        if selector.startswith("@media"):
            inner = "".join(_prefixed(each, text, prefix) for each, text in _rules(body))
            rules.append(f"{selector} {{\n{inner}}}\n")
        elif selector.startswith("@"):
            rules.append(f"{selector} {{{body}}}\n")
        else:
            rules.append(f"{selector} {{{body}}}\n{_prefixed(selector, body, prefix)}")
    return "".join(rules)


def _prefixed(selector: str, body: str, prefix: str) -> str:
    dark = ".dark" if ".dark" in selector else ""
    each = (f"{dark} {prefix} {one.strip()}".strip() for one in selector.replace(".dark", "", 1).split(","))
    return f"{', '.join(each)} {{{body}}}\n"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each pair of outermost braces, and what between them."""
    depth, start, opened = 0, 0, 0
    for at, letter in enumerate(css):
        if letter == "{":
            opened = at if not depth else opened
            depth += 1
        elif letter == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
