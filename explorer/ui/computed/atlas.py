"""The atlas of a codebook: for each code the grid that shows it among its usual neighbours, and its mean patch."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor

from explorer.errors import ViewError
from explorer.latent.atlas import commonest_neighbours, mean_patches
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.stored import Arrays, stored

KIND = "atlas"
#: Tables of pairs of codes grow with K².
MOST_CODES = 2048


def check_size(run: Run) -> None:
    """Refuse codebooks that are too large to be tabulated.

    Raises:
        ViewError: it has more than `MOST_CODES` codes.
    """
    if run.config.num_codes > MOST_CODES:
        raise ViewError("atlas_too_large", run=run.id, got=run.config.num_codes, most=MOST_CODES)


def atlas(run_id: str) -> bytes:
    """(K, h, w) codes, uint16, and then (K, 3s, 3s, C) mean patches, uint8; s pixels to a cell.

    Over the whole test split. A code that no image uses has black pixels: its hits, which travel with the codebook, say
    so.

    Raises:
        ViewError: the codebook is larger than `MOST_CODES`.
    """
    run = catalog.run(run_id)
    check_size(run)
    found = stored(run.id, KIND, run.weights_sha256) or packed(run)
    return b"".join(np.ascontiguousarray(found[name]).tobytes() for name in ("grids", "patches"))


def packed(run: Run) -> Arrays:
    """The parts of `atlas`, computed."""
    indices = cast(Tensor, encoded.encoded_test(run.id).indices)
    count = run.config.num_codes
    grids = commonest_neighbours(indices, count)
    patches = mean_patches(encoded.test_images(run.config.data), indices, count)
    pixels = (patches.nan_to_num(0.0) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
    return {"grids": grids.numpy().astype("<u2"), "patches": pixels.numpy()}
