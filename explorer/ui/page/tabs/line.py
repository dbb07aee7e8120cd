"""A tab's first line: a link to each of its parts, in both languages, since neither depends on what is chosen."""

from __future__ import annotations

from explorer.ui.page.parts import part
from explorer.ui.text import TEXTS
from explorer.ui.view import PARTS_OF

#: Parts that stand on a second tab too: `PARTS_OF` lists them at the first.
ALSO = {"train": ("curves",)}
TEMPLATE = '<nav class="ex-parts"></nav>'


def names_of(tab: str) -> dict[str, tuple[str, str]]:
    """Part -> what its link says in English and in Chinese; "top" is what a tab begins with, marked `data-top`."""
    names = {name: TEXTS[f"part.{name}"] for name in (*PARTS_OF[tab], *ALSO.get(tab, ()))}
    top = f"part.top.{tab}"
    return {"top": TEXTS[top], **names} if top in TEXTS else names


def parts_line(tab: str) -> None:
    """Place it, inside the open `gr.Tab`; the client leaves out what is hidden, and keeps the order of the page."""
    part("page/parts.js", TEMPLATE, tab=tab, said=TEXTS["parts.label"], names=names_of(tab))
