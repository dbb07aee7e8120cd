"""Modules without a weight, for their names and shapes alone: a description may be larger than this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

#: Drawn on the device "meta", normal numbers import torch's compiler with its algebra: 160 MB and 1.2 s.
NORMAL = {nn.init.normal_: "tensor", Tensor.normal_: "self"}


class _Undrawn(TorchFunctionMode):
    """Leaves a tensor as it is where normal numbers were to be drawn into it."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        named = kwargs or {}
        if func not in NORMAL:
            return func(*args, **named)
        return args[0] if args else named[NORMAL[func]]


@contextmanager
def weightless() -> Iterator[None]:
    """Inside the block modules are built without room for their weights, and no normal numbers are drawn into them."""
    with torch.device("meta"), _Undrawn():
        yield
