"""Three training images nearest to a generated picture: whether it is new or remembered."""

from __future__ import annotations

import base64
from typing import Any

from torch import Tensor

from explorer.classifier import load_classifier
from explorer.data import load_image_set
from explorer.ui.computed import catalog, neighbours
from explorer.ui.questions.decode import decoded
from explorer.ui.questions.params import Params
from explorer.ui.text import class_name, text

COUNT = 3


def answer(params: Params) -> dict[str, Any]:
    """`images`, the nearest first, `usual`, what to read their distances by, and `what` these are.

    Or only `done`, the share of the training images that were read so far: ask again.

    Asked for with `run` and a latent, as `decode` is.
    """
    run = params.run()
    data = run.config.data
    found = neighbours.neighbours(data, decoded(run, params), COUNT)
    if isinstance(found, float):
        return {"done": found}
    classifier = load_classifier(data)
    return {
        "images": [_image(data, *pair, params.lang) for pair in zip(found.images, found.distances, strict=True)],
        "usual": text("generate.near.usual", params.lang, usual=f"{found.usual:.2f}"),
        "what": text(
            "generate.near.what",
            params.lang,
            features=classifier.network.head.in_features,
            accuracy=f"{100 * classifier.accuracy:.0f}",
            n=min(neighbours.USUAL, catalog.test_count(data)),
        ),
    }


def _image(data: str, image: int, distance: float, lang: str) -> dict[str, Any]:
    image_set = load_image_set(data)
    pixels: Tensor = image_set.images[image].permute(1, 2, 0).contiguous()
    height, width, channels = pixels.shape
    return {
        "name": class_name(image_set.class_names[int(image_set.labels[image])], lang),
        "distance": f"{distance:.2f}",
        "width": width,
        "height": height,
        "channels": channels,
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }
