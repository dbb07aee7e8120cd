"""The guide beside the tabs: its open step in the reader's language, and how its neighbours set the page up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import ExplorerError
from explorer.ui.guide import STEPS, Line, More, Node, Question, RunsByRole, Step, roles_of, step_at
from explorer.ui.text import error_text, text
from explorer.ui.view import View, from_query

WORDS = (
    *("back", "next", "first", "fold", "smaller", "larger", "reset", "print", "try"),
    *("predict", "reveal", "revealed", "guess", "truth", "right", "measuring"),
)


@dataclass(frozen=True)
class Asked:
    """The question.

    Attributes:
        question: what is to be predicted.
        options: (name, words) to choose from; empty for a number from 0 to `high`.
        stamp: changes when another answer is due, but not with the language.
    """

    question: str
    options: tuple[tuple[str, str], ...]
    high: int
    unit: str
    stamp: str


@dataclass(frozen=True)
class Folded:
    """Something for who asks."""

    title: str
    say: str
    formulas: tuple[Node, ...]


@dataclass(frozen=True)
class Open:
    """An open step.

    Attributes:
        place: of the View, as the step has it.
        look: selector of what it speaks of.
        watch: selector of what answers the hand; "" where that is `look` itself.
        more: what stands folded below its words.
        note: a doubt about the story, which measurements answer; "" if there is none.
        trouble: why something of it is missing, "" if nothing is.
        elsewhere: a sentence while another tab is open than the one it speaks of.
    """

    name: str
    title: str
    at: str
    say: str
    try_: str
    formulas: tuple[Node, ...]
    place: dict[str, Any]
    look: str
    watch: str
    more: tuple[Folded, ...]
    note: str
    asked: Asked | None
    trouble: str
    elsewhere: str


@dataclass(frozen=True)
class Guide:
    """The panel.

    Attributes:
        title: its name.
        steps: how many there are.
        invite: what stands there while it is folded; `resume` names a step that was left, with a hole {step}.
        places: what of the View a step sets, by its number; of the first alone while it is folded.
    """

    title: str
    steps: int
    invite: str
    resume: str
    places: dict[str, dict[str, Any]]
    open: Open | None = None
    words: dict[str, str] = field(default_factory=dict)


def guide_of(view: View) -> Guide:
    """The guide of a view."""
    numbers = range(1, len(STEPS) + 1 if view.guide else 2)
    return Guide(
        title=text("guide.title", view.lang),
        steps=len(STEPS),
        invite=text("guide.invite", view.lang, steps=len(STEPS)),
        resume=text("guide.resume", view.lang, step="{step}"),
        places={str(number): place_of(number, view) for number in numbers},
        open=_open(view) if view.guide else None,
        words={key: text(f"guide.{key}", view.lang) for key in WORDS} if view.guide else {},
    )


def place_of(number: int, view: View) -> dict[str, Any]:
    """What of the View a step sets; only its tab where the set has not the runs it needs."""
    step = step_at(number)
    place: dict[str, Any] = {"step": None, "guide": number, "tab": step.tab}
    try:
        return place | dict(step.place(roles_of(view)))
    except ExplorerError:
        return place


def guided(query: Mapping[str, Any], browser_lang: str) -> dict[str, Any]:
    """A link's query; one that names a step but no tab gets the step's place, under whatever else it names."""
    if query.get("tab") or not query.get("guide"):
        return dict(query)
    view = from_query(query, browser_lang)[0]
    return (place_of(view.guide, view) if view.guide else {}) | dict(query)


def _open(view: View) -> Open:
    step, roles, lang = step_at(view.guide), roles_of(view), view.lang
    say, tried, asked, trouble, formulas = "", "", None, "", step.formulas
    try:
        facts = _in_language(step.facts(roles), lang)
        say, tried = (text(f"guide.{step.name}.{key}", lang, **facts) for key in ("say", "try"))
        formulas = step.own(roles) if step.own else step.formulas
        asked = _asked(step, step.question(roles), lang)
    except ExplorerError as error:
        trouble = error_text(error, lang)
    return Open(
        name=step.name,
        title=text(f"guide.{step.name}.title", lang),
        at=text("guide.at", lang, step=view.guide, steps=len(STEPS)),
        say=say,
        try_=tried,
        formulas=formulas,
        place=place_of(view.guide, view),
        look=step.look,
        watch=step.watch,
        more=tuple(_folded(step, each, lang) for each in step.more),
        note=_note(step, lang),
        asked=asked,
        trouble=trouble,
        elsewhere="" if view.tab == step.tab else text("guide.elsewhere", lang, tab=text(f"tab.{step.tab}", lang)),
    )


def _note(step: Step, lang: str) -> str:
    return text(f"guide.{step.note}", lang, note=text(f"guide.{step.name}.note", lang)) if step.doubt else ""


def _folded(step: Step, more: More, lang: str) -> Folded:
    key = f"guide.{step.name}.more.{more.name}"
    return Folded(text(key, lang), text(f"{key}.say", lang), more.formulas)


def _asked(step: Step, question: Question, lang: str) -> Asked:
    return Asked(
        question=written([question.line], lang),
        options=tuple((name, text(f"guide.{step.name}.option.{name}", lang)) for name in question.options),
        high=question.high,
        unit=question.unit,
        stamp="·".join(map(str, (step.name, *question.about))),
    )


def written(lines: Sequence[Line], lang: str) -> str:
    """Sentences in the reader's language, one after the other."""
    return ("" if lang == "zh" else " ").join(text(each.key, lang, **_in_language(each.params, lang)) for each in lines)


def _in_language(params: Mapping[str, object], lang: str) -> dict[str, object]:
    return {name: value(lang) if callable(value) else value for name, value in params.items()}


def doubt_of(step: Step, roles: RunsByRole, lang: str) -> str:
    """What the measurements say to the step's doubtful sentence, or why they cannot; "" if there is none."""
    if step.doubt is None:
        return ""
    try:
        return written(step.doubt(roles), lang)
    except ExplorerError as error:
        return error_text(error, lang)
