"""Two runs on the same test images, in numbers."""

from __future__ import annotations

from typing import Any

from explorer.comparison import compare_measures
from explorer.ui.asks.params import Params
from explorer.ui.measured import measured


def answer(params: Params) -> dict[str, Any]:
    """As `explorer.comparison.compare` says it: means, paired differences with intervals, rates in bits.

    Asked for with `left` and `right`, runs of one image set.
    """
    first, second = params.run("left"), params.run("right")
    return compare_measures(first, second, measured(first), measured(second))
