"""The network of the small classifiers: five convolutions, a mean over places, one linear layer.

Where factors are known, each has a linear layer of its own, which also reads what a narrow map holds at every place: a
parting, or whose colour a cell has, is a matter of where.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, max_pool2d, relu

from explorer.models import ImageShape
from explorer.models.trunk import initialize
from explorer.streams import stream

#: F, the numbers of a feature vector.
FEATURES = 96
#: Channels of the five convolutions.
WIDTHS = (24, 48, 48, FEATURES, FEATURES)
#: After these height and width are halved; later where the first thing done is to average over cells.
HALVED_AFTER = {False: (0, 2), True: (1, 3)}
#: Which convolution the map of places is made of, and its channels.
PLACED, PLACE_CHANNELS = 2, 12


class Network(nn.Module):
    """Images `(B, C, H, W)` in [0, 1] -> features `(B, F)` -> logits `(B, classes)`.

    The features are means of rectified maps: not negative, and a small change of the image moves them a little, which
    distances between them rely on (a max over places would jump).

    Args:
        shape: of the images.
        classes: how many there are.
        seed: of the first weights.
        factors: how many values each factor of the set has; none for a set without.
        cell: pixels of the squares over which pictures are averaged first: those that the originals are drawn in.
    """

    def __init__(self, shape: ImageShape, classes: int, seed: int, factors: Sequence[int] = (), cell: int = 1) -> None:
        super().__init__()
        self.cell = cell
        self.shape = shape
        widths = pairwise((shape.channels, *WIDTHS))
        # no bias: batch normalization (Ioffe & Szegedy 2015) takes the mean away again
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in widths)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in WIDTHS)
        self.head = nn.Linear(FEATURES, classes)
        if factors:
            places = (shape.height // cell // 2) * (shape.width // cell // 2) * PLACE_CHANNELS
            self.places = nn.Conv2d(WIDTHS[PLACED], PLACE_CHANNELS, 1)
            self.factor_heads = nn.ModuleList(nn.Linear(FEATURES + places, values) for values in factors)
        initialize(self, stream(seed, "classifier"))

    def features(self, x: Tensor) -> Tensor:
        """What the last layer reads, `(B, F)`, at least 0."""
        return self._read(x)[0]

    def _read(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The features, and the map from which places are read, before it is halved."""
        placed = x
        x = avg_pool2d(x, self.cell) if self.cell > 1 else x
        for k, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = relu(norm(convolution(x)))
            placed = x if k == PLACED else placed
            if k in HALVED_AFTER[self.cell > 1]:
                x = max_pool2d(x, 2)
        return x.mean((2, 3)), placed

    def all_logits(self, x: Tensor) -> list[Tensor]:
        """Logits of the classes `(B, classes)`, then of each factor `(B, values)`."""
        features, placed = self._read(x)
        logits: list[Tensor] = [self.head(features)]
        if hasattr(self, "places"):
            read = torch.cat([features, relu(self.places(placed)).flatten(1)], 1)
            logits += [head(read) for head in self.factor_heads]
        return logits

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.head(self.features(x))
        return logits
