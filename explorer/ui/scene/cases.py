"""What two codebooks differ by, in words, and what the tab Codebook opened on by itself."""

from __future__ import annotations

from explorer.errors import RunError
from explorer.training.config import flag
from explorer.ui import cases, catalog
from explorer.ui.text import TEXTS, text
from explorer.ui.view import View

SPACE = {"en": " ", "zh": ""}


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
    return text("codebook.differ.each", lang, name=label, left=left, right=right)


def opening_chips(pair: tuple[catalog.Choice, catalog.Choice], view: View) -> tuple[str, ...]:
    """Which pair the tab opened on by itself; () where a reader chose one."""
    case = cases.opening_case(view.data)
    if case is None or (pair[0].run, pair[1].run) != (case.left, case.right) or pair[1].asked is None:
        return ()
    left, right = case.dead
    said = text("codebook.chip.opening", view.lang, left=left, right=right, codes=case.codes, asked=view.right)
    return (said,)
