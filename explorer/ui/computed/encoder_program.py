"""A run's encoder as data, as `explorer.ui.computed.program` has its decoder: for pictures that stay in the browser.

`assets/core/encoder.js` runs it. Of a VAE it gives the posterior mean alone. What a codebook makes of the output is
the nearest of the run's codes, whose medium the page has for the planes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from explorer.models import VQVAE, Autoencoder
from explorer.models.bsq import BSQ
from explorer.models.distances import Euclidean
from explorer.models.fsq import FSQ, SHRINK
from explorer.models.grouped import GroupedQuantizer
from explorer.models.quantizer_base import Quantizer
from explorer.models.trunk import HEAD_CHANNELS, HEAD_UNITS
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.ui.computed.program import MAX_WORK, Op, decoder_program, fit_half, work_of


@dataclass(frozen=True)
class EncoderProgram:
    """What `encoder.js` needs.

    Attributes:
        input: (C, H, W), which the browser takes channels-last.
        output: (Z,) for a vector latent, (D, h, w) for a grid, which the browser gives channels-last.
        ops: the steps in order, each with its shapes; the last may put an output among the codes.
        numbers: how many weights and biases there are.
        work: multiply-adds of one image.
    """

    input: tuple[int, int, int]
    output: tuple[int, ...]
    ops: tuple[Op, ...]
    numbers: int
    work: int

    def to_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"input": self.input, "output": self.output, "ops": self.ops, "numbers": self.numbers}


def encoder_program(model: Autoencoder) -> EncoderProgram | None:
    """The program of a model's encoder; None where the browser cannot do the same.

    That is too much work, codes in levels, or a weight beyond what half precision holds.
    """
    projection = _projection(model)
    if projection is None:
        return None
    shape, output = model.shape, decoder_program(model).input
    width, grid = model.encoder.down1.out_channels, shape.grid
    here, twice = {"height": grid, "width": grid}, {"height": 2 * grid, "width": 2 * grid}
    ops: list[Op] = [
        {"op": "conv4", "in": shape.channels, "out": width, **twice},
        {"op": "relu", "size": 4 * width * grid**2},
        {"op": "conv4", "in": width, "out": width, **here},
        {"op": "mix", "in": width, **here},
        {"op": "relu", "size": width * grid**2},
        *_head_ops(width, grid, output),
        *projection,
    ]
    if (work := work_of(ops)) > MAX_WORK or not fit_half(_arrays(model)):
        return None
    numbers = sum(array.numel() for array in _arrays(model))
    return EncoderProgram((shape.channels, shape.height, shape.width), output, tuple(ops), numbers, work)


def encoder_numbers(model: Autoencoder) -> bytes:
    """All weights and biases as little-endian float16, in the program's order and in the layout of the decoder's."""
    flat = torch.cat([array.detach().reshape(-1) for array in _arrays(model)]).float().cpu().numpy()
    return bytes(flat.astype(np.dtype("<f2")).tobytes())


def _arrays(model: Autoencoder) -> Iterator[Tensor]:
    encoder, outputs = model.encoder, decoder_program(model).input[0]
    layers = [each for each in encoder.modules() if isinstance(each, nn.Conv2d | nn.Linear)]
    for layer in layers:
        # of a VAE the means come before the log variances
        kept = outputs if layer is layers[-1] else len(layer.weight)
        weight = layer.weight[:kept]
        yield weight.permute(2, 3, 1, 0) if weight.ndim == 4 else weight.T  # PyTorch: [out][in][ky][kx]
        yield cast(Tensor, layer.bias)[:kept]


def _head_ops(width: int, grid: int, output: tuple[int, ...]) -> list[Op]:
    here = {"height": grid, "width": grid}
    if len(output) > 1:
        return [{"op": "conv1", "in": width, "out": output[0], **here}]
    return [
        {"op": "conv1", "in": width, "out": HEAD_CHANNELS, **here},
        {"op": "flatten", "shape": [HEAD_CHANNELS, grid, grid]},
        {"op": "linear", "in": HEAD_CHANNELS * grid**2, "out": HEAD_UNITS},
        {"op": "relu", "size": HEAD_UNITS},
        {"op": "linear", "in": HEAD_UNITS, "out": output[0]},
    ]


def _projection(model: Autoencoder) -> list[Op] | None:
    """Ops that put an output among the codes, where the code that it gets is the nearest; None where none does."""
    if not isinstance(model, VQVAE):
        return []
    quantizer: Quantizer = model.quantizer
    if isinstance(quantizer, FSQ):
        return [_bound(quantizer)]
    if isinstance(quantizer, BSQ):
        return [{"op": "unit", "in": quantizer.embedding_dim}]
    if isinstance(quantizer, VectorQuantizer):
        return [] if quantizer.distance == Euclidean() else [{"op": "unit", "in": quantizer.embedding_dim}]
    # groups side by side: nearest in each is nearest in all, of outputs as they are
    part = quantizer.part(0) if isinstance(quantizer, GroupedQuantizer) else None
    return [] if isinstance(part, VectorQuantizer) and part.distance == Euclidean() else None


def _bound(quantizer: FSQ) -> Op:
    """`FSQ.project` as `tanh(z + shift) * scale - offset` of each number."""
    levels = quantizer.levels.double()
    half, middle = (levels - 1) * (1 - SHRINK) / 2, torch.div(levels, 2, rounding_mode="floor")
    offset = (levels % 2 == 0) * 0.5
    numbers = {"shift": torch.tan(offset / half), "scale": half / middle, "offset": offset / middle}
    return {"op": "bound", "in": len(levels)} | {name: values.tolist() for name, values in numbers.items()}
