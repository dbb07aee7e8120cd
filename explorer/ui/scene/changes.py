"""What was changed in a run while it trained, in words: its settings say how it began."""

from __future__ import annotations

from explorer.runs import RunInfo
from explorer.training.interventions import Intervention, Value
from explorer.ui.text import SEMICOLON, text
from explorer.ui.text.choices import choice_name


def change_text(change: Intervention, lang: str) -> str:
    """A change without its step: `β: 1 → 20`."""
    kind = "set" if change.before is not None else "done" if change.value is None else "done_with"
    values = {"value": _shown(change.value, change.what, lang), "before": _shown(change.before, change.what, lang)}
    return text(f"train.history.{kind}", lang, name=text(f"train.do.{change.what}", lang), **values)


def changed_chips(info: RunInfo, lang: str) -> tuple[str, ...]:
    """Sentences for whoever would take a run for one of its settings; () for one that is."""
    chips = []
    if info.history:
        at = [f"{text('train.history.at', lang, step=f'{c.step:,}')} {change_text(c, lang)}" for c in info.history]
        chips.append(text("chip.changed", lang, changes=SEMICOLON[lang].join(at)))
    if info.step < info.config.steps:
        chips.append(text("chip.stopped", lang, step=f"{info.step:,}", steps=f"{info.config.steps:,}"))
    return tuple(chips)


def _shown(value: Value, what: str, lang: str) -> str:
    if what == "kill" and isinstance(value, float):
        return f"{100 * value:g} %"
    return f"{value:g}" if isinstance(value, float) else choice_name(what, str(value), lang)
