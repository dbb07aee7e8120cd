"""Answers to what the page's parts ask about the Views that are offered.

Which questions a part asks is known here by what it asks them with: `ASKED` has for each of them the parameters that
the exported Views lead to. A question that is missing here is answered with one sentence (`export.asked`).
`host/answers.js` finds the answers again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from explorer.export.selection import Chosen, Pair
from explorer.ui import questions
from explorer.ui.view import LANGUAGES, View

Params = dict[str, Any]
AGAIN_SECONDS = 0.2


@dataclass(frozen=True)
class Offered:
    """What the exported Views show of one pair of runs.

    Attributes:
        chosen: what is exported of the image set.
        pair: run ids.
        view: the pair's first View.
        scenes: tab -> its scene, in English.
    """

    chosen: Chosen
    pair: Pair
    view: View
    scenes: Mapping[str, Mapping[str, Any]]

    @property
    def is_opening(self) -> bool:
        """Whether the image set opens on this pair: what is dear is recorded of it alone."""
        return self.pair == self.chosen.pairs[0]

    def shown(self, tab: str) -> dict[str, str]:
        """Side -> the run that a tab shows there."""
        return {side: found["run"] for side, found in self.scenes[tab]["sides"].items() if found["run"]}


@dataclass(frozen=True)
class Question:
    """One of `explorer.ui.questions`.

    Attributes:
        asked: the parameters that a pair's Views lead to.
        plain: whether its answer is the same in every language.
        split: whether each answer is a file of its own.
        by: the parameters that decide in which file an answer lies; None for all words among them.
        less: what of an answer is kept, where all of it would be too much.
    """

    asked: Callable[[Offered], Iterator[Params]]
    plain: bool = False
    split: bool = False
    by: tuple[str, ...] | None = None
    less: Callable[[Any], Any] = lambda answer: answer


def canonical(value: Any) -> str:
    """Names in order, what is nothing left out: the same text as `host/answers.js`."""
    if isinstance(value, dict):
        named = ((key, value[key]) for key in sorted(value) if value[key] is not None)
        return f"{{{','.join(f'{json.dumps(key)}:{canonical(item)}' for key, item in named)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canonical, value))}]"
    return _number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """As JavaScript writes it, from 1e-6 up to 1e21: without an exponent."""
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def about(params: Params, lang: str, *, plain: bool) -> Params:
    """What an answer depends on: of a View its image set and runs, and the language."""
    view = params.get("view")
    kept = {key: value for key, value in params.items() if key not in ("view", "mine", "lang")}
    if isinstance(view, dict):
        kept |= {key: view[key] for key in ("data", "left", "right")}
    return kept if plain else kept | {"lang": lang}


def group(params: Params, question: Question) -> str:
    """Which file an answer lies in."""
    if question.split:
        return canonical(params)
    if question.by is not None:
        return canonical({key: params.get(key) for key in question.by})
    return canonical({key: value for key, value in params.items() if isinstance(value, str) and key != "lang"})


def answered(name: str, question: Question, offered: Offered) -> Iterator[tuple[str, str, Any]]:
    """(file's group, canonical parameters, answer) for all that one pair asks of a question.

    What is refused is left out: the page says that it was not recorded.
    """
    for params in question.asked(offered):
        for lang in LANGUAGES[:1] if question.plain else LANGUAGES:
            asked = about(params, lang, plain=question.plain)
            found = questions.answer(name, {**params, "lang": lang})
            while (
                "done" in found and len(found) == 2
            ):  # a share of what has to be read first: asked again, as the page does
                time.sleep(AGAIN_SECONDS)
                found = questions.answer(name, {**params, "lang": lang})
            if found.pop("ok"):
                yield group(asked, question), canonical(asked), json.loads(json.dumps(question.less(found)))


def view_of(offered: Offered, **more: Any) -> Params:
    """A View as the client sends it."""
    return json.loads(json.dumps(vars(replace(offered.view, **more))))
