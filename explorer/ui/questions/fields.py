"""Errors about settings as the tab Train says them: by the names of its fields, not by those of the command line."""

from __future__ import annotations

import re

from explorer.errors import ExplorerError
from explorer.ui.text import TEXTS, error_text, text

#: Parameters of errors that name a setting, an intervention or a command.
NAMES = ("name", "what", "do", "phase", "setting", "other")
FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)*)")
#: Chinese has no space between two of its characters, and a label may be either.
GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def on_page(error: ExplorerError, lang: str) -> str:
    """`error_text` with the page's own names, large numbers in groups of three."""
    params = {key: _param(key, value, lang) for key, value in error.params.items()}
    sentence = FLAG.sub(
        lambda found: _label(found[1].replace("-", "_"), found[0], lang), error_text(_like(error, params), lang)
    )
    return GAP.sub("", sentence) if lang == "zh" else sentence


class _Shown(str):
    """What a sentence shows as it is, also where it asks for the way Python writes a value, or a number's commas."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


def _like(error: ExplorerError, params: dict[str, object]) -> ExplorerError:
    return type(error)(error.code, **params)


def _param(key: str, value: object, lang: str) -> object:
    if isinstance(value, str) and key in NAMES:
        label = _label(value.removeprefix("--").replace("-", "_"), "", lang)
        return _Shown(label) if label else value
    if isinstance(value, int) and not isinstance(value, bool):
        return _Shown(f"{value:,}")
    if isinstance(value, float):
        return _Shown(f"{value:,.0f}" if value.is_integer() else f"{value:g}")
    return _Shown(text("train.nothing", lang)) if value is None else value


def _label(name: str, otherwise: str, lang: str) -> str:
    """A field's name on the page, or an intervention's, a command's or a phase's."""
    if name == "kill":
        return text("train.steer.share", lang)
    keys = (f"train.set.{name}", f"train.do.{name}", f"train.phase.{name}", f"train.{name}")
    return next((text(key, lang) for key in keys if key in TEXTS), otherwise)
