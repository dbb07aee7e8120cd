"""Caches of the newest results that are bounded by their size, which `lru_cache` is not.

A result is as large as the run that it is of, and a run may be somebody's own: a bound in pieces bounds nothing.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np
from torch import Tensor, nn

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Given = ParamSpec("Given")
#: Of what holds no array: a number, a name.
SMALL = 64


class Newest(Generic[Key, Value]):
    """The values that were asked for last; the newest one always stays.

    Args:
        most: values.
        most_bytes: of all values together.
        size: of a value in bytes.
    """

    def __init__(self, most: int, most_bytes: float = math.inf, size: Callable[[Value], float] = lambda _: 0.0) -> None:
        self._most, self._most_bytes, self._size = most, most_bytes, size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """The value of `key`, which is the newest then; None if there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        """Keep a value, and let go of the oldest ones while there are too many or too large ones."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > 1 and self._is_full():
                self._values.popitem(last=False)
        return value

    def drop(self, gone: Callable[[Key], bool]) -> None:
        """Forget the values of those keys that are gone."""
        with self._lock:
            for key in [key for key in self._values if gone(key)]:
                del self._values[key]

    def __iter__(self) -> Iterator[Key]:
        """The keys, the oldest first."""
        with self._lock:
            return iter(list(self._values))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def __len__(self) -> int:
        return len(self._values)

    def _is_full(self) -> bool:
        return len(self._values) > self._most or sum(map(self._size, self._values.values())) > self._most_bytes


class Kept(Generic[Given, Value]):
    """A function whose newest results are kept, as `lru_cache` does, and bounded by `bytes_of` them too.

    Args:
        function: of hashable arguments; None is never kept.
        most: results.
        most_bytes: of all of them together.
    """

    def __init__(self, function: Callable[Given, Value], most: int, most_bytes: float) -> None:
        self._function = function
        self._results: Newest[Hashable, Value] = Newest(most, most_bytes, bytes_of)

    def __call__(self, *args: Given.args, **named: Given.kwargs) -> Value:
        key = (args, tuple(named.items()))
        found = self._results.get(key)
        return self._results.put(key, self._function(*args, **named)) if found is None else found

    def cache_clear(self) -> None:
        """Forget every result."""
        self._results.clear()


def newest(most: int, most_bytes: float) -> Callable[[Callable[Given, Value]], Kept[Given, Value]]:
    """Decorates a function: its newest results are kept, at most `most` and at most `most_bytes` of them together."""
    return lambda function: Kept(function, most, most_bytes)


def bytes_of(value: Any) -> int:
    """Bytes that a result holds: of its arrays, tensors, weights and texts, wherever they stand in it."""
    if isinstance(value, Tensor | np.ndarray):
        return int(value.nbytes)
    if isinstance(value, bytes | str):
        return len(value)
    if isinstance(value, nn.Module):
        return sum(map(bytes_of, (*value.parameters(), *value.buffers()))) + SMALL
    if isinstance(value, Mapping):
        return sum(map(bytes_of, value.values())) + SMALL
    if isinstance(value, list | tuple):
        return sum(map(bytes_of, value)) + SMALL
    if is_dataclass(value):
        return sum(bytes_of(getattr(value, field.name)) for field in fields(value)) + SMALL
    return sum(map(bytes_of, vars(value).values())) + SMALL if type(value).__module__.startswith("explorer.") else SMALL
