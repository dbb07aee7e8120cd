"""The image that a question is about: a test image by id, or a picture that came with the question."""

from __future__ import annotations

import base64
import binascii
import re

import torch
from torch import Tensor

from explorer.data.own.limits import Limits
from explorer.data.own.picture import read_picture
from explorer.errors import DataError, ViewError
from explorer.runs import Run
from explorer.ui.computed import encoded
from explorer.ui.questions.params import Params

LONGEST_PICTURE = 2_000_000  # characters of base64
LIMITS = Limits(pixels=25_000_000)


def image_of(params: Params, run: Run) -> Tensor:
    """uint8 (1, C, H, W): `picture`, PNG or JPEG in base64 or as a data URL, if it came; else test image `image`.

    A picture is made ready as those of a set of one's own are: upright, its middle square, on white, as large as the
    run's images.
    """
    if not params.has("picture"):
        images = encoded.test_images(run.config.data)
        return images[params.integer("image", len(images), 0)][None]
    shape = run.model.shape
    word = re.sub(r"\Adata:image/[a-z+.-]{1,20};base64,", "", params.word("picture", LONGEST_PICTURE))
    try:
        content = base64.b64decode(word, validate=True)
        picture = read_picture(content, "picture", shape.height, shape.channels, LIMITS).values
    except (binascii.Error, DataError) as error:
        raise ViewError("ask_picture") from error
    return torch.from_numpy(picture.copy())[None]
