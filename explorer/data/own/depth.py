"""Pictures of more than 8 bits: which of their values is black and which is white.

A TIFF may say so; else it follows from what its values reach: 12 bits are often kept in 16. All pictures of a set that
say nothing share one scale, so that a dark picture among light ones stays dark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BITS_PER_SAMPLE, PHOTOMETRIC, SAMPLE_FORMAT = 258, 262, 339
LOWEST, HIGHEST = (340, 280), (341, 281)  # SMinSampleValue or MinSampleValue, SMaxSampleValue or MaxSampleValue
MINISWHITE, UNSIGNED = 0, 1
#: Whites of unsigned 16 bits: those of 8, 10, 12, 14 and 16.
WHITES = (255, 1023, 4095, 16_383, 65_535)


class NotFiniteError(ValueError):
    """A picture holds NaN or infinity."""


@dataclass(frozen=True)
class Scale:
    """Which value is 0 and which is 255.

    Attributes:
        black, white: values of the picture.
        kind: what its values are, such as "16 bits" or "floats"; pictures of one kind share a scale.
        said: whether the file says it.
    """

    black: float
    white: float
    kind: str
    said: bool

    def apply(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        """Values of any type as 0 to 255, a row at a time: a large picture as floats would take eight times as much."""
        spread, out = self.white - self.black, np.zeros(values.shape, np.uint8)
        for row, grey in zip(values, out, strict=True):
            if spread:
                grey[...] = (255 * ((row.astype(np.float64) - self.black) / spread)).round().clip(0, 255)
        return out

    def joined(self, other: Scale) -> Scale:
        """One that holds the values of both."""
        return Scale(min(self.black, other.black), max(self.white, other.white), self.kind, self.said)

    def rescale(self, stored: NDArray[np.uint8], to: Scale) -> NDArray[np.uint8]:
        """What was scaled by this one, by another."""
        return to.apply(self.black + stored / 255.0 * (self.white - self.black))


def is_deep(picture: Image.Image) -> bool:
    """Whether its values are more than 8 bits of grey."""
    return picture.mode.startswith("I") or picture.mode == "F"


def flat_grey(picture: Image.Image, tags: Any) -> tuple[Image.Image, Scale]:
    """A deep picture as 8 bits of grey, and the scale that made it.

    Args:
        picture: deep.
        tags: of the TIFF it comes from, or {}.

    Raises:
        NotFiniteError: a value is not finite.
    """
    values = np.asarray(picture)
    if picture.mode == "I" and _first(tags, BITS_PER_SAMPLE) == 32 and _first(tags, SAMPLE_FORMAT) in (None, UNSIGNED):
        values = values.astype(np.int64) & 0xFFFFFFFF  # unsigned, which the mode is not
    if not np.isfinite(values).all():
        raise NotFiniteError
    scale = _scale(values, picture.mode, tags)
    grey = scale.apply(values)
    return Image.fromarray(255 - grey if _first(tags, PHOTOMETRIC) == MINISWHITE else grey), scale


def _scale(values: NDArray[Any], mode: str, tags: Any) -> Scale:
    low, high = (next((v for key in keys if (v := _first(tags, key)) is not None), None) for keys in (LOWEST, HIGHEST))
    bits = _first(tags, BITS_PER_SAMPLE)
    least, most = float(values.min()), float(values.max())
    if high is not None and (low or 0) < high and (low or 0) <= least and most <= high:
        return Scale(float(low or 0), float(high), f"{bits or 16} bits", True)
    if mode == "F":
        known = [white for white in (1.0, 255.0) if least >= 0 and most <= white]
        return Scale(0.0, known[0], "floats", False) if known else Scale(least, most, "floats", False)
    if bits is not None and 8 < bits < 16:
        return Scale(0.0, 2.0**bits - 1, f"{bits} bits", True)
    if mode.startswith("I;16") or (mode == "I" and least >= 0 and most <= WHITES[-1] and bits in (None, 16)):
        white = next(white for white in WHITES if most <= white) if least >= 0 else most
        return Scale(min(0.0, least), float(white), "16 bits", False)
    return Scale(least, most, f"{bits or 32} bits", False)


def _first(tags: Any, key: int) -> Any:
    value = tags.get(key)
    return value[0] if isinstance(value, tuple) and value else value


def one_scale(
    images: NDArray[np.uint8], hashes: list[str], scales: Mapping[int, Scale]
) -> dict[str, tuple[Scale, int]]:
    """Bring pictures of one kind that say nothing to one scale; return by kind which it is, and for how many.

    Args:
        images: uint8 (N, C, H, W), changed in place.
        hashes: of each picture, changed with it.
        scales: by index.
    """
    shared: dict[str, tuple[Scale, int]] = {}
    for scale in scales.values():
        before, count = shared.get(scale.kind, (scale, 0))
        shared[scale.kind] = (before if scale.said and before.said else before.joined(scale), count + 1)
    for index, scale in scales.items():
        common = shared[scale.kind][0]
        if not scale.said and (scale.black, scale.white) != (common.black, common.white):
            images[index] = scale.rescale(images[index], common)
            hashes[index] = hashlib.sha256(images[index].tobytes()).hexdigest()
    return shared
