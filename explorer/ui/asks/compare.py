"""Two runs on the same test images, in numbers."""

from __future__ import annotations

from typing import Any

from explorer.ui.asks.params import Params
from explorer.ui.measured import compared


def answer(params: Params) -> dict[str, Any]:
    """As `explorer.comparison.compare` says it: means, paired differences with intervals, rates in bits.

    Asked for with `left` and `right`, runs of one image set.
    """
    return compared(params.run("left"), params.run("right"))
