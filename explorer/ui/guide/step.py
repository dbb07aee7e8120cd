"""What a step of the guide is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from explorer.ui.guide.formula import Node
from explorer.ui.guide.runs import RunsByRole

Place = Mapping[str, object]


@dataclass(frozen=True)
class Line:
    """A sentence that is still to be written: a key of `explorer.ui.text`, and what fills its holes.

    A value that differs between languages is a function of the language.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict)


def line(key: str, **params: object) -> Line:
    """`Line` with its holes by name."""
    return Line(key, params)


@dataclass(frozen=True)
class Question:
    """Something to predict before it is revealed: one of `options`, else a whole number from 0 to `high`.

    Attributes:
        line: the question.
        options: names; their words are the texts `guide.STEP.option.NAME`.
        high: largest number that can be guessed.
        unit: written behind a number.
        about: runs, images and steps that the answer depends on; another prediction is due when they change.
    """

    line: Line
    options: tuple[str, ...] = ()
    high: int = 0
    unit: str = ""
    about: tuple[object, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What came out.

    Attributes:
        truth: the option's name or the number.
        lines: what was measured and what follows from it.
        place: how the View changes with the answer.
        look: selector of what shows it, "" for what the step looks at anyway.
    """

    truth: str | float
    lines: tuple[Line, ...]
    place: Place = field(default_factory=dict)
    look: str = ""


@dataclass(frozen=True)
class More:
    """Something for who asks: folded away under its title.

    Attributes:
        name: of its texts, `guide.STEP.more.NAME` and `guide.STEP.more.NAME.say`.
        formulas: of it.
    """

    name: str
    formulas: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: of its texts, `guide.NAME.title`, `.say`, `.try`, and `.note` where it has a `doubt`.
        tab: that it opens.
        place: the rest of the View that it sets.
        look: selector of what it speaks of, on its tab.
        formulas: at the heart of it.
        facts: fill the holes of `.say` and `.try`, as a `Line`'s values do.
        question: about the live state.
        answer: measured when it is asked for; may take seconds.
        doubt: what the measurements say to a doubtful sentence, measured likewise.
        more: what stands folded below it.
        own: formulas in the place of `formulas`, by what is on the screen.
        note: what its `doubt` is called, of the texts `guide.note` and `guide.question`.
        watch: selector of what answers the hand, in sight together with `look`; "" where `look` itself does.
    """

    name: str
    tab: str
    place: Callable[[RunsByRole], Place]
    look: str
    formulas: tuple[Node, ...]
    question: Callable[[RunsByRole], Question]
    answer: Callable[[RunsByRole], Answer]
    facts: Callable[[RunsByRole], Mapping[str, object]] = lambda roles: {}  # noqa: ARG005
    doubt: Callable[[RunsByRole], tuple[Line, ...]] | None = None
    more: tuple[More, ...] = ()
    watch: str = ""
    own: Callable[[RunsByRole], tuple[Node, ...]] | None = None
    note: str = "note"
