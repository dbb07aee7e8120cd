"""A cache of the newest results that is bounded by their size, which `lru_cache` is not."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Newest(Generic[Value]):
    """The values that were asked for last; the newest one always stays.

    Args:
        most: values.
        most_bytes: of all values together.
        size: of a value in bytes.
    """

    def __init__(self, most: int, most_bytes: float = math.inf, size: Callable[[Value], float] = lambda _: 0.0) -> None:
        self._most, self._most_bytes, self._size = most, most_bytes, size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value of `key`, which is the newest then; None if there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: Value) -> Value:
        """Keep a value, and let go of the oldest ones while there are too many or too large ones."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > 1 and self._is_full():
                self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def __len__(self) -> int:
        return len(self._values)

    def _is_full(self) -> bool:
        return len(self._values) > self._most or sum(map(self._size, self._values.values())) > self._most_bytes
