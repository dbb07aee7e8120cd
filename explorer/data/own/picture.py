"""One picture of unknown origin, made square, small and plain: the header is judged before anything is decoded."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from explorer.data.own.depth import NotFiniteError, Scale, flat_grey, is_deep
from explorer.data.own.limits import Limits
from explorer.errors import DataError

#: Formats that Pillow decodes by itself. Others are never tried: EPS would start Ghostscript.
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
#: What decoders raise for files that are cut off or made to break them; where warnings are errors, those too.
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, AttributeError, OverflowError),
    *(RuntimeError, struct.error, zlib.error, Warning),
)
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
ORIENTATION = 0x0112
# What Pillow thinks of somebody's metadata helps nobody here.
warnings.filterwarnings("ignore", module="PIL")
#: EXIF's eight orientations; 1 is upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A small picture.

    Attributes:
        values: (C, size, size).
        scale: that made 8 bits of more, or None.
    """

    values: NDArray[np.uint8]
    scale: Scale | None = None


def read_picture(content: bytes, file: str, size: int, channels: int, limits: Limits) -> Picture:
    """The middle square, upright, on white, in grey or colour. Of an animation, the first frame.

    Args:
        content: the file's bytes.
        file: its name, for the sentence.
        size: pixels a side.
        channels: 1 for grey, 3 for colour.
        limits: bounds on its pixels.

    Raises:
        DataError: it is no picture, too large, damaged, or holds values that are not finite.
    """
    with _opened(content, file) as picture:
        if max(picture.size) > limits.side or picture.width * picture.height > limits.pixels:
            raise _too_large(file, limits)
        try:
            picture.draft(None, (2 * size, 2 * size))  # a JPEG is decoded at an eighth of its size if that will do
            square, scale = _middle(picture), None
            if is_deep(picture):
                square, scale = flat_grey(square, getattr(picture, "tag_v2", {}))
            else:
                square = _plain(square)
            # halved coarsely first where it is much larger
            small = square.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
            upright = UPRIGHT.get(_orientation(picture))
            small = small.transpose(upright) if upright is not None else small
        except NotFiniteError as error:
            raise DataError("own_picture_floats", file=file) from error
        except BROKEN as error:
            raise DataError("own_file_damaged", file=file) from error
    values = np.asarray(_on_white(small).convert("L" if channels == 1 else "RGB"))
    return Picture(values[None] if channels == 1 else values.transpose(2, 0, 1), scale)


def _opened(content: bytes, file: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(file, Limits()) from error
    except BROKEN as error:
        raise DataError(_what_else(content, file), file=file) from error


def _too_large(file: str, limits: Limits) -> DataError:
    return DataError("own_picture_large", file=file, millions=limits.pixels // 10**6, side=limits.side)


def _what_else(content: bytes, file: str) -> str:
    """The sentence for what Pillow does not open."""
    if content.startswith(ARCHIVES):
        return "own_file_nested"
    if file.lower().endswith((".svg", ".svgz")) or b"<svg" in content[:4096]:
        return "own_picture_svg"
    return "own_picture_none"


def _plain(picture: Image.Image) -> Image.Image:
    """8 bits in L, RGB or RGBA."""
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode in ("L", "1") else "RGB")


def _middle(picture: Image.Image) -> Image.Image:
    """The square in the middle. (`resize` takes a box too, but its filter reads what lies outside of it.)"""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except BROKEN:
        return 1  # damaged EXIF does not make a damaged picture
