"""Pictures that tests draw themselves: folders and zips of them, good and bad."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def drawing(number: int, *, side: int = 40, mode: str = "RGB") -> Image.Image:
    """A disc or a bar on a shaded ground, different for each number."""
    rng = np.random.default_rng(number)
    ground = np.linspace(20, 120 + 5 * (number % 20), side * side, dtype=np.float32).reshape(side, side)
    picture = Image.fromarray(ground.astype(np.uint8)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    x, y = rng.integers(4, side // 2, 2).tolist()
    width, height = rng.integers(side // 5, side // 2, 2).tolist()
    colour = tuple(rng.integers(100, 256, 3).tolist())
    shape = pen.ellipse if number % 2 else pen.rectangle
    shape((x, y, x + width, y + height), fill=colour)
    return picture.convert(mode)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def folder_of(path: Path, count: int = 40, classes: tuple[str, ...] = ("bars", "discs")) -> Path:
    """`count` different drawings as PNG, taking turns in the sub-folders `classes`."""
    for number in range(count):
        folder = path / classes[number % len(classes)] if classes else path
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:03}.png").write_bytes(encoded(drawing(number)))
    return path


def zip_of(path: Path, files: dict[str, bytes], *, compresslevel: int = 6) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=compresslevel) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def good_files(count: int = 30) -> dict[str, bytes]:
    return {f"good/{number:03}.png": encoded(drawing(number)) for number in range(count)}


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims these sizes and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
