"""The gated PixelCNN of van den Oord et al. 2016 ("Conditional Image Generation with PixelCNN Decoders")."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from explorer.models.prior.base import CodePrior, CodeWriter
from explorer.models.prior.embedding import CodeEmbedding
from explorer.models.prior.pixelcnn_writer import RowWriter
from explorer.models.prior.space import CodeSpace


class GatedLayer(nn.Module):
    """One layer of both stacks (figure 2): the vertical one sees the rows above, the horizontal one also its own row.

    Causality comes from where the kernels lie, not from masks: the vertical kernel ends one row above, the horizontal
    one at the cell itself, or in the first layer one cell before it.

    Args:
        channels: of each stack.
        reach: cells to each side that a kernel sees.
        first: the horizontal stack must not see the cell itself.
        conditions: rows of the label table.
        dropout: of what the horizontal stack adds, in training only.
    """

    def __init__(self, channels: int, reach: int, *, first: bool, conditions: int, dropout: float) -> None:
        super().__init__()
        self.reach, self.first = reach, first
        self.vertical = nn.Conv2d(channels, 2 * channels, (reach + 1, 2 * reach + 1))
        self.down = nn.Conv2d(2 * channels, 2 * channels, 1)
        self.horizontal = nn.Conv2d(channels, 2 * channels, (1, reach + (0 if first else 1)))
        self.merge = nn.Conv2d(channels, channels, 1)
        self.condition = nn.Embedding(conditions, 2 * channels)
        self.drop = nn.Dropout(dropout)

    def forward(self, v: Tensor, h: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Both stacks, (B, channels, rows, w); the vertical one at row r holds what is known of rows up to r - 1."""
        r = self.reach
        label = self.label(condition)[..., None]
        # The first layer's input is the codes themselves, so the kernel is moved up by a row there, and only there.
        rows_above = r + 1 if self.first else r
        v_next = self.vertical(pad(v, (r, r, rows_above, 0)))[:, :, : v.shape[2]]
        before = self.horizontal(pad(h, (r, 0, 0, 0)))[:, :, :, : h.shape[3]]
        out = self.merge(self.gate(before + self.down(v_next) + label))
        return self.gate(v_next + label), self.drop(out) if self.first else h + self.drop(out)

    def vertical_row(self, v: Tensor, row: int) -> Tensor:
        """The vertical convolution at one row of (B, channels, h, w), from the rows it sees: (B, 2·channels, w)."""
        end = row if self.first else row + 1
        begin = end - (self.reach + 1)
        seen = pad(v[:, :, max(begin, 0) : end], (self.reach, self.reach, max(-begin, 0), 0))
        return self.vertical(seen)[:, :, 0]

    def label(self, condition: Tensor) -> Tensor:
        """What a label adds before both gates (eq. 4), (B, 2·channels, 1)."""
        return self.condition(condition)[:, :, None]

    @staticmethod
    def gate(x: Tensor) -> Tensor:
        """`tanh(a) ⊙ σ(b)` of the two halves of the channels (eq. 2)."""
        a, b = x.chunk(2, dim=1)
        return torch.tanh(a) * torch.sigmoid(b)


class GatedPixelCNN(CodePrior):
    """The VQ-VAE paper's prior.

    Args:
        space: the grids it is over.
        channels: of each stack.
        layers: gated layers; together they see `layers · reach` cells far.
        reach: cells to each side that a kernel sees.
        dropout: in training only.
        codebook: (K, D); codes that are near each other start with similar embeddings.
        generator: of the first weights.
    """

    kind = "pixelcnn"

    def __init__(
        self,
        space: CodeSpace,
        channels: int = 64,
        layers: int = 4,
        reach: int = 1,
        dropout: float = 0.0,
        *,
        codebook: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(space)
        self.channels, self.reach, self.dropout = channels, reach, dropout
        self.codes = CodeEmbedding(space.num_embeddings, channels, codebook, generator)
        self.places = nn.Parameter(torch.zeros(channels, space.height, space.width))
        conditions = space.num_classes + 1  # the last row: no label
        self.stack = nn.ModuleList(
            GatedLayer(channels, reach, first=not k, conditions=conditions, dropout=dropout) for k in range(layers)
        )
        self.out = nn.Linear(channels, channels)
        self._initialize(generator)

    def _initialize(self, generator: torch.Generator | None) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                assert module.bias is not None
                fan_in = module.weight[0].numel()
                nn.init.normal_(module.weight, std=fan_in**-0.5, generator=generator)
                nn.init.zeros_(module.bias)
            elif isinstance(module, GatedLayer):
                nn.init.normal_(module.condition.weight, std=0.1, generator=generator)

    def sizes(self) -> dict[str, Any]:
        """See `CodePrior.sizes`."""
        layers = len(self.stack)
        return {"channels": self.channels, "layers": layers, "reach": self.reach, "dropout": self.dropout}

    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.logits`; also for the first rows of a grid, (B, rows, w)."""
        condition = self.condition(len(indices), labels)
        v = h = self.codes(indices).permute(0, 3, 1, 2)
        for k, layer in enumerate(self.stack):
            v, h = layer(v, h, condition)
            if not k:
                # Where a cell lies may be known to it: added after the first layer, which must not see the cell.
                h = h + self.places[:, : indices.shape[1]]
        return self.head(h.permute(0, 2, 3, 1))

    def gated_layers(self) -> list[GatedLayer]:
        """The stack, from the codes on."""
        return [layer for layer in self.stack if isinstance(layer, GatedLayer)]

    def condition(self, n: int, labels: Tensor | None) -> Tensor:
        """Rows (n,) of the label tables."""
        return torch.full((n,), self.space.num_classes) if labels is None else labels

    def head(self, h: Tensor) -> Tensor:
        """The horizontal stack's last output (..., channels) to logits (..., K)."""
        return self.codes.scores(torch.relu(self.out(torch.relu(h))))

    def writer(self, n: int, labels: Tensor | None = None) -> CodeWriter:
        """See `CodePrior.writer`; each row of the vertical stack and each cell of the other is computed once."""
        return RowWriter(self, n, labels)

    def next_logits(self, indices: Tensor, position: int, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.next_logits`; rows below the position are left out."""
        rows = position // self.space.width + 1
        return self.logits(indices[:, :rows], labels).flatten(1, 2)[:, position]
