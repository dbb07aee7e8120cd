"""The plotly.js that the plotly package brings: served by the page itself, so that no other host is asked.

The package brings all of it, and a browser spends a second in one piece on running it: 4.8 MB are read again inside a
function around them, and some forty kinds of charts are made ready. What is served is the same script without that
function, and makes ready the kinds that `explorer.plots` draws (docs/decisions/0029-plotly.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

#: Kinds of traces, as plotly.js names them; its core has "scatter".
KINDS = frozenset(("bar", "contour", "heatmap", "scattergl"))

_BEGIN, _END = '"use strict";var Plotly=(()=>{', "window.Plotly = Plotly;"
_LICENSE = re.compile(r"\s*/\*.*?\*/", re.DOTALL)
#: Where the last module hands every kind to the core: `register([a(),b(),...])`, each call the first of its module.
_REGISTER = ".register(["
_REGISTERED = re.compile(r"\.register\(\[((?:[\w$]+\(\),?){9,})\]\)")
_MODULE = re.compile(r"[\w$]+=[\w$]+\(\([\w$,]*\)=>\{")
_NAMED = re.compile(r'moduleType:"trace",name:"(\w+)"')
#: A module that holds no trace itself passes one on: as it is, or with something put to it.
_PASSED_ON = re.compile(r'"use strict";(?:[\w$]+\.exports|var [\w$]+)=([\w$]+)\(\)')
#: A trace's own name stands within so many characters of its module's beginning.
_NEAR = 6000


def plotly_js() -> bytes:
    """The minified script; it sets `window.Plotly`."""
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    return lighter((Path(spec.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")).encode()


def lighter(script: str) -> str:
    """The script that a browser runs sooner; as it is where another release is built in another way."""
    begin, end = script.find(_BEGIN), script.rfind(_END)
    found = _REGISTERED.match(script, max(0, script.rfind(_REGISTER)))
    license_ = _LICENSE.match(script)
    if not (0 < begin < end) or not found or not license_:
        return script
    kept = [module for module, kind in _kinds(script, found[1].removesuffix("()").split("(),")) if kind in KINDS]
    if len(kept) != len(KINDS):
        return script
    calls = ",".join(f"{module}()" for module in kept)
    first, last = script[begin : found.start()], script[found.end() : end]
    return f"{license_[0]}\n{first}.register([{calls}]){last}{_END}\n"


def _kinds(script: str, modules: list[str]) -> Iterator[tuple[str, str | None]]:
    """Each module, and the trace that it holds, or another module that it passes on; None where neither is found.

    Modules stand in the order in which they are handed over, and what they pass on stands before them.
    """
    place = 0
    for module in modules:
        place = script.find(f"{module}=", place)
        if place < 0:
            return
        body, before = _body(script, place), place
        while not (named := _NAMED.search(body)) and (passed := _PASSED_ON.match(body)):
            before = script.rfind(f"{passed[1]}=", 0, before)
            body = _body(script, before)
        yield module, named and named[1]


def _body(script: str, place: int) -> str:
    """The beginning of the module at a place; nothing where there is none."""
    found = _MODULE.match(script, place) if place >= 0 else None
    if not found:
        return ""
    text = script[found.end() : found.end() + _NEAR]
    following = _MODULE.search(text)
    return text[: following.start()] if following else text
