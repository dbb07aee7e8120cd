"""What two codebooks differ by, in words, and what the tab Codebook opened on by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.errors import RunError
from explorer.training.config import RunConfig, flag
from explorer.ui.computed import cases, catalog
from explorer.ui.computed.cases import Case
from explorer.ui.text import COMMA, TEXTS, text
from explorer.ui.text.choices import choice_name
from explorer.ui.view import View

SPACE = {"en": " ", "zh": ""}
#: Where codebooks begin, as it is written in every language.
STARTS = {"uniform": "U(±1/K)", "reference": "U(±√(3/D))", "normal": "N(0, 1)"}


@dataclass(frozen=True)
class CaseChip:
    """A case with its outcome.

    Attributes:
        left, right: the runs that it loads.
        label: the outcome, in numbers of the runs' reports.
        shown: whether it is the pair on the screen.
    """

    left: str
    right: str
    label: str
    shown: bool


def case_chips(view: View, pair: tuple[catalog.Choice, catalog.Choice]) -> tuple[CaseChip, ...]:
    """The cases of the View's image set, as the tab offers them: cures first, what shows no difference last."""
    found = [case for case in cases.cases_of(view.data) if not _beside_the_point(case)]
    on_screen = (pair[0].run, pair[1].run)
    return tuple(
        CaseChip(case.left, case.right, label, (case.left, case.right) == on_screen)
        for case in sorted(found, key=_order)
        if (label := case_label(case, found, view.lang))
    )


def _beside_the_point(case: Case) -> bool:
    """The gradient beside the snippet: what a snippet does shows beside the same rule with another start."""
    return {_rule(case.left), _rule(case.right)} == {"gradient", "snippet"}


def _order(case: Case) -> tuple[int, bool, float, str]:
    kinds = {_rule(case.left), _rule(case.right)}
    if case.setting == "dead_codes" and case.gap:
        place = 0
    elif kinds == {"gradient", "ema"} and case.gap:
        place = 1
    elif "snippet" in kinds:
        place = 2
    else:
        place = 3 if case.gap else 4
    return place, place == 0 and _rule(case.left) == "gradient", -case.gap / case.codes, case.left


def case_label(case: Case, among: Sequence[Case], lang: str) -> str:
    """A case's outcome; "" where its film lacks what would be said."""
    left, right = (catalog.run(run).config for run in (case.left, case.right))
    params: dict[str, object] = {"size": _size(case, among, lang), "left": case.dead[0], "right": case.dead[1]}
    rules = [_rule_name(config, lang) for config in (left, right)]
    if "snippet" in (left.codebook_update, right.codebook_update):
        return _snippet_label(case, lang)
    if case.dead == (0, 0):
        return text("codebook.case.both", lang, **params, one=rules[0], other=rules[1])
    if case.setting == "dead_codes" and left.dead_codes == "keep":
        cure = text(f"codebook.case.cure.{right.dead_codes}", lang)
        return text("codebook.case.cure", lang, **params, rule=rules[0], cure=cure)
    if case.setting == "codebook_update":
        return text("codebook.case.rules", lang, **params, one=rules[0], other=rules[1])
    before, after = (_value(case.setting, getattr(config, case.setting), lang) for config in (left, right))
    return text("codebook.case.other", lang, **params, rule=rules[0], one=before, other=after)


def _snippet_label(case: Case, lang: str) -> str:
    run = next(run for run in map(catalog.run, (case.left, case.right)) if run.config.codebook_update == "snippet")
    far = cases.thrown(run)
    if far is None or far < 1:
        return ""
    return text("codebook.case.snippet", lang, far=f"1e{round(math.log10(far))}", step=cases.return_step(run.config))


def _size(case: Case, among: Sequence[Case], lang: str) -> str:
    """`D = 64`, and where the codebook began if a case of this setting and size began elsewhere."""
    config = catalog.run(case.left).config
    others = [catalog.run(other.left).config for other in among if other.setting == case.setting]
    starts = {other.codebook_init for other in others if other.embedding_dim == config.embedding_dim}
    size = f"D = {config.embedding_dim}"
    start = _value("codebook_init", config.codebook_init, lang)
    return f"{size}{COMMA[lang]}{start}" if len(starts) > 1 and case.setting != "codebook_init" else size


def _value(setting: str, value: object, lang: str) -> str:
    return STARTS.get(str(value)) or choice_name(setting, str(value), lang)


def _rule(run: str) -> str:
    return catalog.run(run).config.codebook_update


def _rule_name(config: RunConfig, lang: str) -> str:
    return text(f"codebook.case.rule.{cases.rule_of(config)}", lang)


def differ_text(runs: tuple[str, ...], lang: str) -> str:
    """By what two trainings differ, setting by setting as their runs say, and how the discs are read."""
    read = text("codebook.see", lang)
    if len(runs) < 2 or runs[0] == runs[1]:
        return read
    try:
        first, second = (catalog.run(run) for run in runs)
    except RunError:  # the side itself says what is wrong with it
        return read
    differing = cases.apart(first.config, second.config)
    if catalog.root_of(first.info) != catalog.root_of(second.info):
        start = "codebook.differ.strangers"
    else:
        start = "codebook.differ.one" if len(differing) == 1 else "codebook.differ.many"
    each = (_setting(name, getattr(first.config, name), getattr(second.config, name), lang) for name in differing)
    listed = text("codebook.differ.and", lang).join(each) or text("codebook.differ.nothing", lang)
    return text(start, lang, listed=listed) + SPACE[lang] + read


def _setting(name: str, left: object, right: object, lang: str) -> str:
    key = f"train.set.{name}"
    label = text(key, lang) if key in TEXTS else flag(name)
    shown = {side: choice_name(name, str(value), lang) for side, value in (("left", left), ("right", right))}
    return text("codebook.differ.each", lang, name=label, **shown)


def opening_chips(pair: tuple[catalog.Choice, catalog.Choice], view: View) -> tuple[str, ...]:
    """Which pair the tab opened on by itself; () where a reader chose one."""
    case = cases.opening_case(view.data)
    if case is None or (pair[0].run, pair[1].run) != (case.left, case.right) or pair[1].asked is None:
        return ()
    left, right = case.dead
    said = text("codebook.chip.opening", view.lang, left=left, right=right, codes=case.codes, asked=view.right)
    return (said,)
