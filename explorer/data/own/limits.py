"""How much of somebody's pictures is taken: what keeps memory, disk and time bounded whatever is sent."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 10**6


@dataclass(frozen=True)
class Limits:
    """Bounds of one import.

    Attributes:
        files: in a folder or a zip, hidden ones not counted.
        file_bytes: of one file, unpacked.
        unpacked_bytes: of all files of a zip together. Overlapping entries of a zip bomb add up here.
        directory_bytes: of a zip's list of files, which is read whole.
        expansion: unpacked over packed size of one file of a zip; a flat drawing as BMP reaches 250, zeros 1,000.
        side: pixels of the longer side, by the picture's header.
        pixels: of a picture. Decoding needs up to 12 bytes for each.
        classes: sub-folders; the page keeps a class in one byte and shows each by its name.
    """

    files: int = 100_000
    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 16_000 * MEGABYTE
    directory_bytes: int = 16 * MEGABYTE
    expansion: int = 500
    side: int = 20_000
    pixels: int = 50_000_000
    classes: int = 200
