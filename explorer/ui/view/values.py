"""Values of a View as a link or the client writes them: each is read as one type within bounds, or refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from explorer.errors import ViewError
from explorer.ui.computed import catalog

#: Longest latent vector a link may pin, and the largest value in it: far outside every prior.
MAX_Z = 64
MAX_ABS_Z = 100.0

NUMBER = re.compile(r"-?[0-9]{0,6}(\.[0-9]{0,20})?(e-?[0-9]{1,3})?")


def as_text(value: object) -> str:
    """The client sends numbers, lists and null, a link sends text; all are read as text."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value[: MAX_Z + 1])
    return str(value)


def as_query(value: object) -> str:
    """What stands in the link: as many digits as `rounded` keeps."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(map(as_query, value)) if isinstance(value, tuple) else str(value)


def rounded(value: float) -> float:
    """As many digits as a link writes, so that it restores the same."""
    return float(f"{value:g}")


def one_of(key: str, known: tuple[str, ...]) -> Callable[[str], str]:
    """One of the known words."""

    def parse(value: str) -> str:
        if value not in known:
            raise ViewError("view_choice", key=key, got=catalog.readable(value), known=", ".join(known))
        return value

    return parse


def number_of(key: str, known: tuple[int, ...]) -> Callable[[str], int]:
    """One of the known numbers."""
    among = one_of(key, tuple(map(str, known)))
    return lambda value: int(among(value))


def percent(key: str, most: int) -> Callable[[str], int]:
    """A whole number from 1 to `most`; 0 counts as 1."""
    read = below(key, most + 1)
    return lambda value: max(1, read(value))


def counted(key: str, last: int) -> Callable[[str], int]:
    """A whole number from 1 to `last`; 0 counts as 1."""
    return percent(key, last)


def flag(key: str) -> Callable[[str], bool]:
    """1 or 0, or what a client writes for them."""
    among = one_of(key, ("0", "1", "false", "true"))
    return lambda value: among(value.lower()) in ("1", "true")


def run(key: str, known: tuple[str, ...], data: str) -> Callable[[str], str]:
    """The id of one of a set's runs."""

    def parse(value: str) -> str:
        if value not in known:
            raise ViewError("view_run", key=key, got=catalog.readable(value), data=data)
        return value

    return parse


def below(key: str, limit: int) -> Callable[[str], int]:
    """A whole number from 0 to `limit` - 1."""

    def parse(value: str) -> int:
        # int() would also take "1_000", " 7 " and digits of other scripts
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) >= limit:
            raise ViewError("view_number", key=key, got=catalog.readable(value), last=limit - 1)
        return int(value)

    return parse


def between(key: str, low: float, high: float) -> Callable[[str], float]:
    """A number from `low` to `high`."""

    def parse(value: str) -> float:
        number = _number(value)
        if not low <= number <= high:
            raise ViewError("view_range", key=key, got=catalog.readable(value), low=f"{low:g}", high=f"{high:g}")
        return rounded(number)

    return parse


def point(value: str) -> tuple[float, ...]:
    """A latent: numbers with commas between them."""
    parts = value.split(",")
    z = tuple(map(_number, parts)) if len(parts) <= MAX_Z else ()
    if not z or not all(abs(number) <= MAX_ABS_Z for number in z):
        raise ViewError("view_point", got=catalog.readable(value), limit=f"{MAX_ABS_Z:g}")
    return tuple(map(rounded, z))


def _number(value: str) -> float:
    """Not a number where it is none, or not finite; float() would also take "1_0", " 7 " and "infinity"."""
    if not value or len(value) > 40 or not NUMBER.fullmatch(value):
        return math.nan
    try:
        return float(value)
    except ValueError:  # "-", "." and "e5" pass the pattern
        return math.nan
