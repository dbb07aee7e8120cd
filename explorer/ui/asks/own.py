"""The image that a question is about: a test image by id, or a picture that came with the question."""

from __future__ import annotations

import base64
import binascii
import io
import re

import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from explorer.errors import ViewError
from explorer.runs import Run
from explorer.ui import encoded
from explorer.ui.asks.params import Params

LONGEST_PICTURE = 2_000_000  # characters of base64
MOST_PIXELS = 25_000_000  # of the picture that came, before it is made small
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


def image_of(params: Params, run: Run) -> Tensor:
    """uint8 (1, C, H, W): `picture`, PNG or JPEG in base64 or as a data URL, if it came; else test image `image`.

    A picture is cut to a square about its middle and made as large as the run's images are.
    """
    if not params.has("picture"):
        images = encoded.test_images(run.config.data)
        return images[params.integer("image", len(images), 0)][None]
    shape = run.model.shape
    mode = "L" if shape.channels == 1 else "RGB"
    small = ImageOps.fit(_picture(params).convert(mode), (shape.width, shape.height))
    flat = torch.frombuffer(bytearray(small.tobytes()), dtype=torch.uint8)
    return flat.view(1, shape.height, shape.width, shape.channels).permute(0, 3, 1, 2).contiguous()


def _picture(params: Params) -> Image.Image:
    word = re.sub(r"\Adata:image/[a-z+.-]{1,20};base64,", "", params.word("picture", LONGEST_PICTURE))
    try:
        opened = Image.open(io.BytesIO(base64.b64decode(word, validate=True)), formats=FORMATS)
        if opened.width * opened.height > MOST_PIXELS:
            raise ViewError("ask_picture")
        opened.load()
    except (
        binascii.Error,
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise ViewError("ask_picture") from error
    return opened
