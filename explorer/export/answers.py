"""Answers to what the page's parts ask about the Views that are offered.

Which questions a part asks is known here by what it asks them with: `ASKED` has for each of them the parameters that
the exported Views lead to. A question that is missing here is answered with one sentence (`export.asked`).
`host/answers.js` finds the answers again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from explorer.export.selection import Chosen, Pair
from explorer.ui import questions
from explorer.ui.view import LANGUAGES, View

Params = dict[str, Any]


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
    """

    asked: Callable[[Offered], Iterator[Params]]
    plain: bool = False
    split: bool = False


def canonical(value: Any) -> str:
    """Names in order, what is nothing left out: the same text as `host/answers.js`."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def about(params: Params, lang: str, *, plain: bool) -> Params:
    """What an answer depends on: of a View its image set and runs, and the language."""
    view = params.get("view")
    kept = {key: value for key, value in params.items() if key not in ("view", "mine", "lang")}
    if isinstance(view, dict):
        kept |= {key: view[key] for key in ("data", "left", "right")}
    return kept if plain else kept | {"lang": lang}


def group(params: Params, *, split: bool) -> str:
    """Which file an answer lies in: words decide, unless each has its own."""
    words = {key: value for key, value in params.items() if isinstance(value, str) and key != "lang"}
    return canonical(params if split else words)


def answered(name: str, question: Question, offered: Offered) -> Iterator[tuple[str, str, Any]]:
    """(file's group, canonical parameters, answer) for all that one pair asks of a question.

    What is refused is left out: the page says that it was not recorded.
    """
    for params in question.asked(offered):
        for lang in LANGUAGES[:1] if question.plain else LANGUAGES:
            asked = about(params, lang, plain=question.plain)
            found = questions.answer(name, {**params, "lang": lang})
            if found.pop("ok"):
                yield group(asked, split=question.split), canonical(asked), json.loads(json.dumps(found))


def view_of(offered: Offered, **more: Any) -> Params:
    """A View as the client sends it."""
    return json.loads(json.dumps(vars(replace(offered.view, **more))))
