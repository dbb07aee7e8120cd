"""Test images by their ids, as pixels: for lists that are sorted by something."""

from __future__ import annotations

import base64
from typing import Any

from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.pictured import image_name
from explorer.ui.questions.params import Params

MOST = 60


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `data`, `count` (at most 60) and that many `images`.

    Answers with `width`, `height`, `channels`, `names`, and `pixels`, uint8 (N, H, W, C) in base64.
    """
    data = params.choice("data", catalog.image_sets())
    images = encoded.test_images(data)
    ids = params.integers("images", params.integer("count", MOST + 1), len(images))
    _, channels, height, width = images.shape
    return {
        "width": width,
        "height": height,
        "channels": channels,
        "names": [image_name(data, image, params.lang) for image in ids],
        "pixels": base64.b64encode(images[ids].permute(0, 2, 3, 1).contiguous().numpy().tobytes()).decode(),
    }
