"""Parameters of a question, of unknown origin: each is read as one type within bounds, or refused in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from explorer.errors import ConfigError, TrainingError, ViewError
from explorer.jobs.tokens import is_token, is_watch_token, new_token
from explorer.runs import Run
from explorer.training.config import RANGES, RunConfig, flag
from explorer.ui.computed import catalog
from explorer.ui.computed.catalog import readable
from explorer.ui.view import LANGUAGES, View, from_query

#: What a visitor may set of a run; how it is filmed is the page's business.
DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(RunConfig)}
SETTABLE = DEFAULTS.keys() - {"trace", "kept_weights"}
#: JSON has whole numbers that no float can hold.
LARGEST = sys.float_info.max


class Params:
    """Reads what a client sent.

    Args:
        values: by name; nothing about them is known.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether a value came at all."""
        return self._values.get(name) is not None

    @property
    def lang(self) -> str:
        """The language of answers; English unless it names another."""
        lang = self._values.get("lang")
        return lang if isinstance(lang, str) and lang in LANGUAGES else LANGUAGES[0]

    @property
    def mine(self) -> str:
        """The token of the visitor who asks, or of one who may look; "" without one, and for anything that is none."""
        mine = self._values.get("mine")
        return mine if isinstance(mine, str) and (is_token(mine) or is_watch_token(mine)) else ""

    @property
    def owner(self) -> str:
        """The token of the visitor who asks, a new one for whoever has none: for what changes something.

        Raises:
            TrainingError: who asks may only look.
        """
        if self.mine and not is_token(self.mine):
            raise TrainingError("train_view_only")
        return self.mine or new_token()

    def configs(self, name: str = "configs") -> tuple[RunConfig, ...]:
        """One run's settings or two; what is left out is plain.

        Raises:
            ViewError: this is no list of settings.
            ExplorerError: the settings contradict each other.
        """
        value = self._values.get(name)
        sides: list[Any] = value if isinstance(value, list) and 1 <= len(value) <= 2 else [None]
        if not all(isinstance(side, dict) and _are_settings(side) for side in sides):
            raise self._refused(name, "the settings of one run or two")
        for name, low, high in RANGES:
            if any(name in side and side[name] is None and DEFAULTS[name] is not None for side in sides):
                raise ConfigError("config_range", name=flag(name), got=None, low=low, high=high)  # an emptied field
        return tuple(RunConfig.from_dict(side) for side in sides)

    def plain(self, name: str) -> float | str | None:
        """A number, a short word or nothing, as it came."""
        value = self._values.get(name)
        if value is None or _is_number(value, -LARGEST, LARGEST) or (isinstance(value, str) and len(value) <= 40):
            return value
        raise self._refused(name, "a number or a word")

    def run(self, name: str = "run", kinds: tuple[str, ...] = catalog.KINDS) -> Run:
        """A run by id.

        Raises:
            ViewError: there is none, or it is of another kind.
            RunError: it cannot be read.
        """
        value = self._values.get(name)
        known = {info.id: info for data in catalog.image_sets() for info in catalog.runs_of(data)}
        if not isinstance(value, str) or value not in known or known[value].config.model not in kinds:
            raise self._refused(name, f"the id of a {' or '.join(kinds)} run")
        return catalog.run(value)

    def view(self, name: str = "view") -> View:
        """What a reader looks at; what names nothing falls back to its default."""
        value = self._values.get(name)
        return from_query(value if isinstance(value, dict) else {}, self.lang)[0]

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """One of `known`."""
        value = self._values.get(name)
        if not isinstance(value, str) or value not in known:
            raise self._refused(name, "one of " + ", ".join(known))
        return value

    def word(self, name: str, longest: int) -> str:
        """At most `longest` printable ASCII characters."""
        value = self._values.get(name)
        if not isinstance(value, str) or len(value) > longest or not (value.isascii() and value.isprintable()):
            raise self._refused(name, f"at most {longest} letters and digits")
        return value

    def files(self, name: str, most: int, longest: int) -> tuple[tuple[str, int], ...]:
        """One to `most` pairs of a file's name, of up to `longest` characters, and its size in bytes."""
        value = self._values.get(name)
        pairs: list[Any] = value if isinstance(value, list) and 0 < len(value) <= most else [None]
        if not all(_is_file(pair, longest) for pair in pairs):
            raise self._refused(name, f"1 to {most} pairs of a file's name and size")
        return tuple((str(pair[0]), int(pair[1])) for pair in pairs)

    def integer(self, name: str, below: int, default: int | None = None) -> int:
        """A whole number from 0 to `below` - 1."""
        if default is not None and not self.has(name):
            return default
        value = self._values.get(name)
        if not _is_index(value, below):
            raise self._refused(name, f"a whole number from 0 to {below - 1}")
        return int(value)  # type: ignore[arg-type]

    def integers(self, name: str, count: int, below: int) -> list[int]:
        """`count` whole numbers from 0 to `below` - 1."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) != count or not all(_is_index(item, below) for item in value):
            raise self._refused(name, f"{count} whole numbers from 0 to {below - 1}")
        return value

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        """A finite number from `low` to `high`."""
        if default is not None and not self.has(name):
            return default
        value = self._values.get(name)
        if not _is_number(value, low, high):
            raise self._refused(name, f"a number from {low:g} to {high:g}")
        return float(value)  # type: ignore[arg-type]

    def numbers(self, name: str, count: int, limit: float) -> list[float]:
        """`count` finite numbers within ±`limit`."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) != count or not all(_is_number(x, -limit, limit) for x in value):
            raise self._refused(name, f"{count} numbers within ±{limit:g}")
        return [float(x) for x in value]

    def _refused(self, name: str, expected: str) -> ViewError:
        return ViewError("ask_parameter", name=name, expected=expected, got=readable(self._values.get(name)))


def _are_settings(side: dict[str, Any]) -> bool:
    """Values of the types that `RunConfig` has, so that its own checks can compare them."""
    for name, value in side.items():
        default = DEFAULTS.get(name)
        if name not in SETTABLE or len(str(value)) > 60:
            return False
        if value is None and isinstance(default, bool | str):
            return False
        if isinstance(default, bool | str) and type(value) is not type(default):
            return False
    return True


def _is_file(pair: object, longest: int) -> bool:
    if not isinstance(pair, list) or len(pair) != 2:
        return False
    name, size = pair
    return isinstance(name, str) and len(name) <= longest and _is_index(size, 1 << 40)


def _is_index(value: object, below: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below


def _is_number(value: object, low: float, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return low <= value <= high  # of Python's own numbers of any size, and never of NaN
