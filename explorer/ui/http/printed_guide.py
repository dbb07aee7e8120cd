"""The guide on paper: every step with its formulas, its question and what was measured, as one plain page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from html import escape

from explorer.errors import ExplorerError
from explorer.ui.guide import STEPS, roles_of
from explorer.ui.guide.formula import markup
from explorer.ui.http.printed_figures import figure_of
from explorer.ui.scene.bar import set_label
from explorer.ui.scene.guide import doubt_of, guide_of, place_of, written
from explorer.ui.text import COLON, error_text, text
from explorer.ui.view import View, default_view, from_query

PATH = "explorer/guide"


def guide_page(query: Mapping[str, object], browser_lang: str, style: str) -> str:
    """The page as HTML.

    Args:
        query: `data` and `lang`, as in a link; with `answers=0` a line to write on stands where the answers are.
        browser_lang: the language if it names none.
        style: address of the style sheet.
    """
    asked = from_query({key: query.get(key) for key in ("data", "lang")}, browser_lang)[0]
    lang, data = asked.lang, set_label(asked.data, asked.lang)
    view = default_view(asked.data, lang)
    title = text("page.title", lang) + COLON[lang] + text("guide.title", lang)
    back = escape(text("guide.printed.back", lang))
    answers = query.get("answers") != "0"
    other = text("guide.printed.without" if answers else "guide.printed.with", lang)
    steps = "".join(_step(number, view, answers=answers) for number in range(1, len(STEPS) + 1))
    return (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f'<link rel="stylesheet" href="{escape(style)}"></head><body><main><h1>{escape(title)}</h1>'
        f'<p class="lead">{escape(text("guide.printed", lang, data=data))} '
        f'<a href="../?data={view.data}&amp;lang={lang}&amp;guide=1">{back}</a> · '
        f'<a href="?data={view.data}&amp;lang={lang}&amp;answers={int(not answers)}">{escape(other)}</a></p>'
        f"{steps}</main></body></html>"
    )


def _step(number: int, start: View, *, answers: bool) -> str:
    view = replace(start, **place_of(number, start))
    step, roles, lang = STEPS[number - 1], roles_of(view), view.lang
    shown = guide_of(view).open
    assert shown is not None
    parts = [f"<h2>{number} · {escape(shown.title)}</h2>", _paragraph(shown.say)]
    parts.append(f'<div class="formulas">{"".join(map(markup, shown.formulas))}</div>')
    with suppress(ExplorerError):  # what is missing is said once, below
        parts.append(figure_of(step.name, roles))
    if shown.note:
        said = escape(doubt_of(step, roles, lang))
        parts.append(f'<p class="note"><b>{escape(shown.note)}</b> {said}</p>')
    if shown.asked:
        options = text("guide.printed.option", lang, options=" · ".join(label for _, label in shown.asked.options))
        parts.append(_paragraph(f"{shown.asked.question} {options if shown.asked.options else ''}", "ask"))
        parts.append(_paragraph(_answer(number, view), "answer") if answers else '<p class="blank"></p>')
    parts.append(_paragraph(shown.trouble, "trouble"))
    parts.append(_paragraph(text("guide.printed.runs", lang, left=view.left, right=view.right), "runs"))
    return f'<section id="step-{number}">{"".join(parts)}</section>'


def _answer(number: int, view: View) -> str:
    try:
        said = written(STEPS[number - 1].answer(roles_of(view)).lines, view.lang)
        return text("guide.revealed", view.lang) + COLON[view.lang] + said
    except ExplorerError as error:
        return error_text(error, view.lang)


def _paragraph(sentence: str, name: str = "") -> str:
    return f'<p class="{name}">{escape(sentence)}</p>' if sentence else ""
