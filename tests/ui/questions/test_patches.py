from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import load_image_set
from explorer.latent.encode import encode_images
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.questions.patches import FIELD, MARGIN, MOST
from tests.ui.conftest import EMA, EMOJI_VQ, VAE


def encoded(run):
    images = load_image_set(catalog.run(run).config.data)
    pixels = images.images[images.split("test")]
    return pixels, encode_images(catalog.run(run).model, pixels).indices


def sheet(answer):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["png"]))))


@pytest.mark.parametrize("run", [EMA, EMOJI_VQ])
def test_patches_are_cut_around_cells_that_hold_the_code(run):
    pixels, indices = encoded(run)
    counts = indices.flatten().bincount(minlength=256)
    code = int(counts.argmax())
    answer = questions.answer("patches", {"run": run, "code": code})
    assert answer["total"] == int(counts[code])
    assert len(answer["images"]) == len(answer["cells"]) == min(MOST, answer["total"])
    assert len(set(zip(answer["images"], answer["cells"], strict=True))) == len(answer["images"])
    drawn, grid = sheet(answer), indices.shape[1]
    for number, (image, cell) in enumerate(zip(answer["images"], answer["cells"], strict=True)):
        y, x = divmod(cell, grid)
        assert int(indices[image, y, x]) == code
        top, left = (number // 20) * FIELD + MARGIN, (number % 20) * FIELD + MARGIN
        own = pixels[image, :, 4 * y : 4 * y + 4, 4 * x : 4 * x + 4].permute(1, 2, 0).squeeze(2).numpy()
        assert np.array_equal(drawn[top : top + 4, left : left + 4], own)


def test_a_patch_is_all_that_the_encoder_sees():
    """The gradient of one cell of the encoder's output reaches these pixels and no others."""
    model = catalog.run(EMA).model
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1), requires_grad=True)
    model.features(x)[0, :, 3, 3].sum().backward()
    assert x.grad is not None
    rows, columns = x.grad[0, 0].nonzero(as_tuple=True)
    first, last = 4 * 3 - MARGIN, 4 * 3 - MARGIN + FIELD - 1
    assert {int(rows.min()), int(columns.min())} == {first}
    assert {int(rows.max()), int(columns.max())} == {last}


def test_a_dead_code_has_no_patch():
    _, indices = encoded(EMA)
    dead = int((indices.flatten().bincount(minlength=256) == 0).nonzero()[0])
    answer = questions.answer("patches", {"run": EMA, "code": dead})
    assert (answer["ok"], answer["total"], answer["images"]) == (True, 0, [])
    assert "png" not in answer


@pytest.mark.parametrize("asked", [{"run": EMA, "code": 256}, {"run": EMA, "code": "1"}, {"run": VAE, "code": 0}, {}])
def test_what_names_no_code_is_refused(asked):
    answer = questions.answer("patches", asked)
    assert (answer["ok"], answer["code"]) == (False, "ask_parameter")
