"""The package `spaces` of a ZeroGPU Space: imported where that is what the app runs on, and nowhere else.

It has to come before whatever touches CUDA, and a Space in which it decorates no function is not started.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


def spaces() -> ModuleType | None:
    """The package; None anywhere but on ZeroGPU."""
    wanted = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
    return import_module("spaces") if wanted and find_spec("spaces") else None
