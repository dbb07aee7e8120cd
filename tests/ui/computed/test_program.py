"""A decoder as data, interpreted here in NumPy by the text of the format; the browser's twin is tested in a browser."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.models import AE, ImageShape
from explorer.ui.computed.encoder_program import encoder_program
from explorer.ui.computed.program import decoder_numbers, decoder_program, is_light

CASES = [(1, 28, 2, False), (3, 32, 16, False), (1, 28, 2, True), (3, 64, 5, True)]


class Reader:
    """The numbers in order."""

    def __init__(self, numbers):
        self.numbers, self.at = numbers, 0

    def take(self, *shape):
        size = int(np.prod(shape))
        self.at += size
        return self.numbers[self.at - size : self.at].reshape(shape)


def conv3(x, weight, bias):
    h, w, _ = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    return bias + sum(padded[ky : ky + h, kx : kx + w] @ weight[ky, kx] for ky in range(3) for kx in range(3))


def conv_t4(x, weight, bias):
    h, w, _ = x.shape
    out = np.zeros((2 * h + 2, 2 * w + 2, weight.shape[3]))
    for ky in range(4):
        for kx in range(4):
            out[ky : ky + 2 * h : 2, kx : kx + 2 * w : 2] += x @ weight[ky, kx]
    return out[1:-1, 1:-1] + bias


STEPS = {
    "linear": lambda x, op, take: x @ take(op["in"], op["out"]) + take(op["out"]),
    "relu": lambda x, op, take: np.maximum(x, 0).reshape(op["size"]).reshape(x.shape),
    "reshape": lambda x, op, take: x.reshape(op["shape"]).transpose(1, 2, 0),
    "conv3": lambda x, op, take: conv3(x, take(3, 3, op["in"], op["out"]), take(op["out"])),
    "mix": lambda x, op, take: x + conv3(np.maximum(x, 0), take(3, 3, op["in"], op["in"]), take(op["in"])),
    "convT4": lambda x, op, take: conv_t4(x, take(4, 4, op["in"], op["out"]), take(op["out"])),
}


def interpret(program, numbers, latent):
    """The format, read as its docstring says, with no regard for speed. `latent` and images are channels-last."""
    reader, x = Reader(numbers), latent
    for op in program.ops:
        if "height" in op:
            assert x.shape == (op["height"], op["width"], op["in"])
        x = STEPS[op["op"]](x, op, reader.take)
    assert reader.at == len(numbers) == program.numbers
    return x


@pytest.mark.parametrize("channels, size, dim, spatial", CASES)
def test_the_program_is_the_decoder(channels, size, dim, spatial):
    model = AE(ImageShape(channels, size, size), dim, spatial=spatial, width=12, seed=3).eval()
    program = decoder_program(model)
    assert program.output == (channels, size, size)
    grid = size // 4
    assert program.input == ((dim, grid, grid) if spatial else (dim,))
    z = torch.randn(1, *program.input, generator=torch.Generator().manual_seed(1))
    latent = z[0].permute(1, 2, 0).numpy() if spatial else z[0].numpy()
    numbers = np.frombuffer(decoder_numbers(model), "<f2").astype(np.float64)
    with torch.no_grad():
        expected = model.decode(z)[0].permute(1, 2, 0).numpy()
    assert np.abs(interpret(program, numbers, latent) - expected).max() < 0.5 / 255


def test_work_counts_multiply_adds():
    """28×28, width 32, two numbers in: by hand."""
    model = AE(ImageShape(1, 28, 28), 2, width=32)
    head = 2 * 128 + 128 * 8 * 49
    trunk = 49 * 9 * 8 * 32 + 49 * 9 * 32 * 32 + 49 * 16 * 32 * 32 + 196 * 16 * 32
    assert decoder_program(model).work == head + trunk


@pytest.mark.parametrize("weight", [65_504.0, -65_504.0, 65_536.0, -1e9, float("inf")])
def test_a_weight_beyond_half_precision_keeps_a_decoder_on_the_server(weight: float) -> None:
    model = AE(ImageShape(1, 28, 28), 2)
    assert is_light(model, decoder_program(model))
    with torch.no_grad():
        model.decoder.up1.weight[0, 0, 0, 0] = weight
    assert is_light(model, decoder_program(model)) == (abs(weight) <= 65_504)


def test_and_an_encoder_too() -> None:
    model = AE(ImageShape(1, 28, 28), 2)
    assert encoder_program(model) is not None
    with torch.no_grad():
        assert model.encoder.down1.bias is not None
        model.encoder.down1.bias[0] = 1e6
    assert encoder_program(model) is None
