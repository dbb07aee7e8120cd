"""Writing with a PixelCNN cell by cell: what a full pass would compute, without computing anything twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import linear

from explorer.models.prior.base import CodeWriter

if TYPE_CHECKING:
    from explorer.models.prior.pixelcnn import GatedPixelCNN


class RowWriter(CodeWriter):
    """Keeps the vertical stack of all rows above, computed once for a row, and the horizontal one of the row so far."""

    prior: GatedPixelCNN

    def __init__(self, prior: GatedPixelCNN, n: int, labels: Tensor | None = None) -> None:
        super().__init__(prior, n, labels)
        space, size = prior.space, (n, prior.channels)
        self.layers = prior.gated_layers()
        self.condition = prior.condition(n, labels)
        # What goes into each layer of the vertical stack, and beyond the last one: (n, channels, h, w).
        self.vertical = [torch.zeros(*size, space.height, space.width) for _ in range(len(self.layers) + 1)]
        # What goes into each layer of the horizontal stack in this row, with `reach` empty cells before it.
        self.horizontal = [torch.zeros(*size, space.width + prior.reach) for _ in range(len(self.layers) + 1)]
        self.from_above: list[Tensor] = []  # of each layer, (n, 2·channels, w)
        self.done = 0
        self._logits = torch.empty(0)

    def _next_logits(self) -> Tensor:
        while self.done <= self.position:
            row, column = divmod(self.done, self.prior.space.width)
            if not column:
                self._begin_row(row)
            self._logits = self._cell(row, column)
            self.done += 1
        return self._logits

    def _begin_row(self, row: int) -> None:
        """The vertical stack at `row`, from the codes of the rows above."""
        prior = self.prior
        if row:
            self.vertical[0][:, :, row - 1] = prior.codes(self.grids[:, row - 1]).transpose(1, 2)
        self.from_above = []
        for k, layer in enumerate(self.layers):
            seen, label = layer.vertical_row(self.vertical[k], row), layer.label(self.condition)
            self.from_above.append(layer.down(seen[:, :, None])[:, :, 0] + label)
            self.vertical[k + 1][:, :, row] = layer.gate(seen + label)
        for rows in self.horizontal:
            rows.zero_()

    def _cell(self, row: int, column: int) -> Tensor:
        """The horizontal stack at one cell, up to the logits."""
        prior, reach = self.prior, self.prior.reach
        if column:
            self.horizontal[0][:, :, reach + column - 1] = prior.codes(self.grids[:, row, column - 1])
        h = torch.empty(0)
        for k, layer in enumerate(self.layers):
            # The first layer's kernel ends one cell before this one.
            window = self.horizontal[k][:, :, column : column + reach + (0 if layer.first else 1)]
            before = linear(window.flatten(1), layer.horizontal.weight.flatten(1), layer.horizontal.bias)
            gated = layer.gate(before + self.from_above[k][:, :, column])
            out = linear(gated, layer.merge.weight.flatten(1), layer.merge.bias)
            h = out + prior.places[:, row, column] if layer.first else out + h
            self.horizontal[k + 1][:, :, reach + column] = h
        return prior.head(h)
