"""Which of many encoder outputs are drawn: a fixed sample, so that every view of a run shows the same ones."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.streams import stream


def drawn_rows(total: int, most: int) -> Tensor:
    """`most` of `total` rows, ascending; all of them if they are few. Fewer are always a part of more."""
    if total <= most:
        return torch.arange(total)
    return torch.randperm(total, generator=stream(0, "drawn vectors"))[:most].sort().values
