"""The page itself: its HTML with everything that the host has to know before it reads a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from html import escape
from typing import Any, get_type_hints

from explorer.ui.http.routes import asset_address
from explorer.ui.page import bare
from explorer.ui.text import TEXTS, text
from explorer.ui.view import HIDEABLE, LANGUAGES, LINK_VERSION, ORDERS, PLANES, PRIORS, RULES, SAMPLES, TABS, View

#: Values of a View of which only some are known.
KNOWN: dict[str, tuple[Any, ...]] = {
    "tab": TABS,
    "lang": LANGUAGES,
    "rule": RULES,
    "order": ORDERS,
    "prior": PRIORS,
    "samples": SAMPLES,
    "planes": PLANES,
    "hide": HIDEABLE,
}
KINDS: dict[Any, str] = {
    bool: "flag",
    int: "whole",
    int | None: "whole",
    float: "number",
    float | None: "number",
    tuple[str, ...]: "names",
    tuple[float, ...]: "point",
    str: "word",
}
#: Parts that need the app, by the beginning of their script's name, and what stands in their place.
ABSENT = {"train/": "export.absent"}
THEME = (
    'const asked = new URLSearchParams(location.search).get("__theme");'
    'const dark = asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;'
    'document.body.classList.toggle("dark", dark);'
)


def view_fields() -> list[list[Any]]:
    """[name, kind, known values or None] of each value of a View: how the host reads a link."""
    hints = get_type_hints(View)
    return [[each.name, KINDS[hints[each.name]], KNOWN.get(each.name)] for each in fields(View)]


def sentences() -> dict[str, dict[str, str]]:
    """The host's own sentences by language, with their holes."""
    keys = [key for key in TEXTS if key.startswith("export.")]
    return {key: dict(zip(LANGUAGES, TEXTS[key], strict=True)) for key in keys}


def labels() -> dict[str, dict[str, str]]:
    """Name of each tab by language."""
    return {tab: {lang: text(f"tab.{tab}", lang) for lang in LANGUAGES} for tab in TABS}


def absent(tree: list[dict[str, Any]]) -> dict[str, str]:
    """Script of a part that needs the app -> the sentence in its place."""
    found: dict[str, str] = {}
    for node in tree:
        found |= absent(node.get("children", []))
        for start, sentence in ABSENT.items():
            if node["type"] == "part" and node["module"].startswith(asset_address(start)):
                found[node["module"]] = sentence
    return found


def described() -> dict[str, Any]:
    """What of the page itself the host has to know."""
    tree = bare.tree()
    return {
        "version": LINK_VERSION,
        "fields": view_fields(),
        "texts": sentences(),
        "labels": labels(),
        "absent": absent(tree),
        "tree": tree,
    }


def html(frozen: Mapping[str, Any], title: str) -> str:
    """The page. Everything in it is relative, so that it works wherever it lies."""
    _, container = bare.base_style()
    written = json.dumps(frozen, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="theme.css">
<link rel="stylesheet" href="{asset_address("host/host.css")}">
<link rel="stylesheet" href="page.css">
{bare.scripts()}
</head>
<body>
<script>{THEME}</script>
<div class="gradio-container {container}"><div class="main"><div class="wrap">
<main class="contain"><div class="column" id="ex-page"></div></main></div></div></div>
<script type="application/json" id="ex-frozen">{written}</script>
<script type="module" src="{asset_address("host/host.js")}"></script>
</body>
</html>
"""
