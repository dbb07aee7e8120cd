"""Dataclasses as plain data, for JSON: `dataclasses.asdict` without its copies of what nobody changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any


def plain(value: Any) -> Any:
    """A value with a dict in place of every dataclass in it.

    What stands in no dataclass, dict, list or tuple is the same object as before. A scene has two thousand of them, and
    copying each takes longer than most of what is computed for it.
    """
    kind: type = type(value)
    if kind is str or kind is int or kind is float or value is None or kind is bool:
        return value
    if kind is dict:
        return {key: plain(each) for key, each in value.items()}
    if kind is list or kind is tuple:
        return kind(map(plain, value))
    names = _names(kind)
    return {name: plain(getattr(value, name)) for name in names} if names is not None else value


@cache
def _names(kind: Hashable) -> tuple[str, ...] | None:
    """Of the fields of a dataclass; None for any other type."""
    return tuple(field.name for field in fields(kind)) if isinstance(kind, type) and is_dataclass(kind) else None
