"""What a code stands for: patches of test images whose vectors fall to it.

A patch is what the encoder saw when it chose the code, its receptive field: 18 × 18 pixels around the code's own 4 × 4.
"""

from __future__ import annotations

import base64
from typing import Any, cast

import torch
from torch import Tensor

from explorer.models.trunk import STRIDE
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.patch import draws_text
from explorer.ui.media.sheets import png, sheet
from explorer.ui.questions.params import Params

#: Patches of one code at most; of more, a fixed choice spread evenly over the test split.
MOST = 200
COLUMNS = 20
#: Pixels that one output of the encoder sees: convolutions of 4, 4 and 3 with strides 2, 2 and 1.
FIELD = 18
#: Pixels of the field before the code's own cell begins.
MARGIN = 7


def answer(params: Params) -> dict[str, Any]:
    """Patches of `code` of `run` in one sheet, row by row, with the code's cell in the middle of each.

    Answers with `png` in base64 (absent without any patch), `columns`, `size` and `margin` in pixels, how many vectors
    of the test split fall to the code (`total`), for each patch the id of its image and the number of its cell, and in
    `draws` what a code draws.
    """
    run = params.run(kinds=catalog.RIGHT_KINDS)
    code = params.integer("code", run.config.num_codes)
    indices = cast(Tensor, encoded.encoded_test(run.id).indices)  # (N, h, w)
    hits = (indices.flatten() == code).nonzero()[:, 0]
    shown = hits[spread(len(hits))]
    cells = run.model.shape.grid**2
    found = {
        "columns": COLUMNS,
        "size": FIELD,
        "margin": MARGIN,
        "total": len(hits),
        "draws": draws_text(run, params.lang),
        "images": (shown // cells).tolist(),
        "cells": (shown % cells).tolist(),
    }
    if not len(shown):
        return found
    patches = cut(encoded.test_images(run.config.data), shown // cells, shown % cells)
    picture = png(sheet(patches, COLUMNS), optimize=False)
    return found | {"png": base64.b64encode(picture).decode()}


def spread(count: int) -> Tensor:
    """Positions (min(count, MOST),) among `count`, evenly spread, the first among them."""
    shown = min(count, MOST)
    return torch.arange(shown) * count // max(1, shown)


def cut(images: Tensor, which: Tensor, cells: Tensor) -> Tensor:
    """Receptive fields (n, C, FIELD, FIELD) of cells of images (N, C, H, W), uint8.

    Where a field leaves its image it is 0, as the encoder's padding has it.
    """
    padded = torch.nn.functional.pad(images[which], (MARGIN, FIELD, MARGIN, FIELD))
    grid = images.shape[3] // STRIDE
    rows, columns = cells // grid * STRIDE, cells % grid * STRIDE
    corners = zip(rows.tolist(), columns.tolist(), strict=True)
    return torch.stack([image[:, y : y + FIELD, x : x + FIELD] for image, (y, x) in zip(padded, corners, strict=True)])
