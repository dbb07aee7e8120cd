"""Two runs on the same test images, in numbers."""

from __future__ import annotations

from typing import Any

from explorer.ui.computed.measured import compared
from explorer.ui.questions.params import Params


def answer(params: Params) -> dict[str, Any]:
    """As `explorer.reports.comparison.compare` says it: means, paired differences with intervals, rates in bits.

    Asked for with `left` and `right`, runs of one image set.
    """
    return compared(params.run("left"), params.run("right"))
