"""A run's decoder as data: a short program and its numbers, for the browser to interpret.

`assets/core/decoder.js` runs it. Weights travel as float16 in the order of its loops (channels last), so that the
browser only widens them; half precision moves an image by far less than the 2/255 the twins may differ by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from explorer.models import Autoencoder
from explorer.models.trunk import HEAD_CHANNELS, Decoder

#: Multiply-adds above which the browser should not be asked to decode under the pointer.
MAX_WORK = 60_000_000

Op = dict[str, object]


@dataclass(frozen=True)
class DecoderProgram:
    """What `decoder.js` needs.

    Attributes:
        input: (Z,) for a vector latent, (D, h, w) for a grid, which the browser takes channels-last.
        output: (C, H, W).
        ops: the steps in order, each with its shapes.
        numbers: how many weights and biases there are.
        work: multiply-adds of one image.
    """

    input: tuple[int, ...]
    output: tuple[int, int, int]
    ops: tuple[Op, ...]
    numbers: int
    work: int

    def to_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"input": self.input, "output": self.output, "ops": self.ops, "numbers": self.numbers}


def decoder_program(model: Autoencoder) -> DecoderProgram:
    """The program of a model's decoder."""
    decoder, grid = model.decoder, model.shape.grid
    enter, _, up1, up2 = _layers(decoder)
    head = _head_ops(decoder, grid)
    width = enter.out_channels
    here = {"height": grid, "width": grid}
    twice = {"height": 2 * grid, "width": 2 * grid}
    ops: list[Op] = [
        *head,
        {"op": "conv3", "in": enter.in_channels, "out": width, **here},
        {"op": "mix", "in": width, **here},
        {"op": "relu", "size": width * grid**2},
        {"op": "convT4", "in": width, "out": up1.out_channels, **here},
        {"op": "relu", "size": 4 * up1.out_channels * grid**2},
        {"op": "convT4", "in": up2.in_channels, "out": up2.out_channels, **twice},
    ]
    vector = cast(int, head[0]["in"]) if head else None
    return DecoderProgram(
        input=(enter.in_channels, grid, grid) if vector is None else (vector,),
        output=(up2.out_channels, 4 * grid, 4 * grid),
        ops=tuple(ops),
        numbers=sum(p.numel() for p in decoder.parameters()),
        work=work_of(ops),
    )


def is_light(model: Autoencoder, program: DecoderProgram) -> bool:
    """Whether the browser can decode: not too much work, and no weight beyond what half precision holds."""
    return program.work <= MAX_WORK and fit_half(model.decoder.parameters())


def fit_half(arrays: Iterable[Tensor]) -> bool:
    """Whether all numbers are finite as float16."""
    largest = torch.finfo(torch.float16).max
    return all(bool(array.detach().abs().amax() <= largest) for array in arrays)


def decoder_numbers(model: Autoencoder) -> bytes:
    """All weights and biases as little-endian float16, in the program's order.

    Linear weights as [in][out]; convolutions as [ky][kx][in][out].
    """
    decoder = model.decoder
    enter, mix, up1, up2 = _layers(decoder)
    linears = [m for m in decoder.head if isinstance(m, nn.Linear)] if isinstance(decoder.head, nn.Sequential) else []
    arrays: list[Tensor] = []
    for linear in linears:
        arrays += [linear.weight.T, linear.bias]
    for convolution in (enter, mix):  # PyTorch: [out][in][ky][kx]
        arrays += [convolution.weight.permute(2, 3, 1, 0), cast(Tensor, convolution.bias)]
    for transposed in (up1, up2):  # PyTorch: [in][out][ky][kx]
        arrays += [transposed.weight.permute(2, 3, 0, 1), cast(Tensor, transposed.bias)]
    flat = torch.cat([a.detach().reshape(-1) for a in arrays]).float().cpu().numpy()
    return bytes(flat.astype(np.dtype("<f2")).tobytes())


def _head_ops(decoder: Decoder, grid: int) -> list[Op]:
    if not isinstance(decoder.head, nn.Sequential):
        return []
    first, second = cast(nn.Linear, decoder.head[0]), cast(nn.Linear, decoder.head[2])
    return [
        {"op": "linear", "in": first.in_features, "out": first.out_features},
        {"op": "relu", "size": first.out_features},
        {"op": "linear", "in": second.in_features, "out": second.out_features},
        {"op": "reshape", "shape": [HEAD_CHANNELS, grid, grid]},
    ]


def _layers(decoder: Decoder) -> tuple[nn.Conv2d, nn.Conv2d, nn.ConvTranspose2d, nn.ConvTranspose2d]:
    return decoder.enter, decoder.mix, decoder.up1, decoder.up2


def work_of(ops: list[Op]) -> int:
    """Multiply-adds of a program's ops."""
    total = 0
    for op in ops:
        cells = cast(int, op.get("height", 1)) * cast(int, op.get("width", 1))
        taps = {"conv1": 1, "conv3": 9, "mix": 9, "conv4": 16, "convT4": 16, "linear": 1}.get(cast(str, op["op"]), 0)
        channels = cast(int, op.get("in", 0)) * cast(int, op.get("out", op.get("in", 0)))
        total += cells * taps * channels
    return total
