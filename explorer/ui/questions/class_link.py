"""The words of the class link: what can be left off the page, by where it stands."""

from __future__ import annotations

from typing import Any

from explorer.ui.questions.params import Params
from explorer.ui.text import templates, text
from explorer.ui.view import PARTS_OF, TABS


def answer(params: Params) -> dict[str, Any]:
    """`words`, and `groups` of `label` and `parts`: each the `name` that a link hides it by, and a `label`."""
    lang = params.lang
    titles = {"page": text("lesson.page", lang)}
    groups = [_group(text("lesson.tabs", lang), TABS, lang)]
    for place, parts in PARTS_OF.items():
        groups.append(_group(titles.get(place) or text(f"tab.{place}", lang), parts, lang))
    return {"words": templates("lesson.", lang), "groups": groups}


def _group(label: str, names: tuple[str, ...], lang: str) -> dict[str, Any]:
    return {"label": label, "parts": [{"name": name, "label": text(f"hide.{name}", lang)} for name in names]}
