"""One convolutional trunk for every model: two stride-2 steps down, two up.

The models differ in their heads alone, so that a difference between two runs is never a difference of trunks.
The decoder is small enough for a browser to run it under the pointer (its twin is
`explorer/ui/assets/core/decoder.js`).
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

#: Channels of the little feature grid between a vector latent and the trunk.
HEAD_CHANNELS = 8
#: Hidden units of the heads of vector latents.
HEAD_UNITS = 128
#: What the trunk divides height and width by.
STRIDE = 4


class Encoder(nn.Module):
    """Image to features or to a vector.

    `(B, C, H, W)` -> `(B, outputs, H/4, W/4)` with `spatial`, else `(B, outputs)`.

    Args:
        channels: C, of the image.
        outputs: numbers per position (`spatial`) or per image.
        size: H = W of the image; a multiple of 4.
        width: channels of the trunk.
        spatial: whether the latent is a grid.
    """

    def __init__(self, channels: int, outputs: int, size: int, width: int, *, spatial: bool) -> None:
        super().__init__()
        self.down1 = nn.Conv2d(channels, width, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width, width, 4, stride=2, padding=1)
        self.mix = nn.Conv2d(width, width, 3, padding=1)
        self.head: nn.Module
        if spatial:
            self.head = nn.Conv2d(width, outputs, 1)
        else:
            cells = (size // STRIDE) ** 2
            self.head = nn.Sequential(
                nn.Conv2d(width, HEAD_CHANNELS, 1),
                nn.Flatten(),
                nn.Linear(HEAD_CHANNELS * cells, HEAD_UNITS),
                nn.ReLU(),
                nn.Linear(HEAD_UNITS, outputs),
            )

    def forward(self, x: Tensor) -> Tensor:
        a = self.down2(relu(self.down1(x)))  # (B, width, H/4, W/4)
        a = a + self.mix(relu(a))
        return cast(Tensor, self.head(relu(a)))


class Decoder(nn.Module):
    """Latent to image: `(B, inputs)` or `(B, inputs, H/4, W/4)` with `spatial` -> `(B, C, H, W)`.

    The output is linear: it is the mean of a Gaussian likelihood. Clip it to [0, 1] to look at it.
    """

    def __init__(self, inputs: int, channels: int, size: int, width: int, *, spatial: bool) -> None:
        super().__init__()
        grid = size // STRIDE
        self.head: nn.Module | None = None
        if not spatial:
            self.head = nn.Sequential(
                nn.Linear(inputs, HEAD_UNITS),
                nn.ReLU(),
                nn.Linear(HEAD_UNITS, HEAD_CHANNELS * grid * grid),
                nn.Unflatten(1, (HEAD_CHANNELS, grid, grid)),
            )
        self.enter = nn.Conv2d(inputs if spatial else HEAD_CHANNELS, width, 3, padding=1)
        self.mix = nn.Conv2d(width, width, 3, padding=1)
        self.up1 = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        if self.head is not None:
            z = self.head(z)
        a = self.enter(z)  # (B, width, H/4, W/4)
        a = a + self.mix(relu(a))
        a = self.up1(relu(a))  # (B, width, H/2, W/2)
        return cast(Tensor, self.up2(relu(a)))


def initialize(module: nn.Module, generator: torch.Generator) -> None:
    """Draw all weights of `module` from `generator`, by PyTorch's own default rule: U(±1/sqrt(fan in)).

    PyTorch's constructors draw from the global generator, which would make twins depend on what was built before.
    """
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            fan_in, _ = nn.init._calculate_fan_in_and_fan_out(layer.weight)
            bound = 1 / math.sqrt(fan_in)
            nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
            if layer.bias is not None:
                nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
