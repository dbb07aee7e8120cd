"""Bundled image sets on disk: one PNG sheet per split, labels, captions, factors, a manifest, the licence.

PNG won over lossless WebP (3 % smaller, twice as slow to read) and over plain zlib (7 % larger), and anyone can look
at a sheet. The picture order is train, val, test, so the splits are three ranges and only their lengths are stored.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from explorer.data.factors import pack_factors, unpack_factors
from explorer.data.image_set import SPLITS, ImageSet, fingerprint
from explorer.errors import DataError

BUNDLED = Path(__file__).parent / "bundled"
COLUMNS = 100  # pictures side by side in a sheet


def _in_memory(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.empty(shape, np.uint8)


def read_bundle(folder: Path, room: Callable[[tuple[int, ...]], NDArray[np.uint8]] = _in_memory) -> ImageSet:
    """The image set stored in `folder`, every file and the decoded tensors checked against the manifest's SHA-256.

    The checks cost about 25 ms for 25,000 small grey pictures, a tenth of the load, so they always run.

    Args:
        room: what the pictures are decoded into, by its shape.

    Raises:
        DataError: `image_set_file_missing`, `image_set_file_damaged`, `image_set_manifest_damaged` or
            `image_set_hash_mismatch`.
    """
    manifest = _read_manifest(folder)
    try:
        counts = {split: int(manifest["counts"][split]) for split in SPLITS}
        channels, height, width = manifest["shape"]
        scale = int(manifest.get("scale", 1))
        files = {name: _read_checked(folder, name, sha256) for name, sha256 in manifest["files"].items()}
        small = (channels, height // scale, width // scale)
        sheets = [_cut_sheet(files[f"{split}.png"], counts[split], *small) for split in SPLITS]
        images = room((sum(map(len, sheets)), channels, scale * small[1], scale * small[2]))
        for part, sheet in zip(np.split(images, np.cumsum([len(sheet) for sheet in sheets[:-1]])), sheets, strict=True):
            _enlarge(sheet, scale, part)
        captions = files["captions.txt"].decode().splitlines() if "captions.txt" in files else []
        image_set = ImageSet(
            name=manifest["name"],
            images=torch.from_numpy(images),
            labels=torch.from_numpy(np.frombuffer(files["labels.bin"], np.uint8).astype(np.int64)),
            class_names=tuple(manifest["class_names"]),
            captions=tuple(captions),
            splits=split_ranges(counts),
            licence=manifest["licence"],
            source=manifest["source"],
            sha256=manifest["sha256"],
            factors=unpack_factors(files["factors.bin"], manifest["factors"]) if "factors" in manifest else {},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # the files are right, so the manifest is not
        raise DataError("image_set_manifest_damaged", path=folder / "manifest.json", name=folder.name) from error
    found = fingerprint(image_set.images, image_set.labels, image_set.splits)
    if found != image_set.sha256:
        raise DataError("image_set_hash_mismatch", name=folder.name, expected=image_set.sha256, found=found)
    return image_set


def write_bundle(image_set: ImageSet, folder: Path, *, licence_text: str, notes: dict[str, Any]) -> None:
    """Store `image_set`, whose splits must be consecutive ranges, in `folder`.

    Args:
        licence_text: stands beside the pictures.
        notes: end the manifest. A `scale` among them is how many equal pixels each pixel of the sheets stands for, down
            and across.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scale = notes.get("scale", 1)
    small = image_set.images[:, :, ::scale, ::scale]
    files = {f"{split}.png": _sheet(small[image_set.split(split)].numpy()) for split in SPLITS}
    files["labels.bin"] = image_set.labels.to(torch.uint8).numpy().tobytes()
    if image_set.captions:
        files["captions.txt"] = ("\n".join(image_set.captions) + "\n").encode()
    if image_set.factors:
        files["factors.bin"] = pack_factors(image_set.factors)
    files["LICENCE.txt"] = licence_text.encode()
    named = {name: list(factor.names) for name, factor in image_set.factors.items()}
    manifest = {
        "name": image_set.name,
        "source": image_set.source,
        "licence": image_set.licence,
        "shape": list(image_set.images.shape[1:]),
        "counts": {split: len(image_set.split(split)) for split in SPLITS},
        "class_names": list(image_set.class_names),
        **({"factors": named} if named else {}),
        "sha256": image_set.sha256,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        **notes,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def split_ranges(counts: dict[str, int]) -> dict[str, Tensor]:
    """Consecutive int64 index ranges of these lengths, in the order train, val, test."""
    ends = np.cumsum([0, *(counts[split] for split in SPLITS)]).tolist()
    return {split: torch.arange(start, end) for split, (start, end) in zip(SPLITS, pairwise(ends), strict=True)}


def _read_manifest(folder: Path) -> Any:
    path = folder / "manifest.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))  # that it is a dict shows when it is read from
    except FileNotFoundError as error:
        raise DataError("image_set_file_missing", path=path, name=folder.name) from error
    except ValueError as error:  # no JSON, or no UTF-8
        raise DataError("image_set_manifest_damaged", path=path, name=folder.name) from error


def _read_checked(folder: Path, name: str, sha256: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise DataError("image_set_file_missing", path=path, name=folder.name)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError("image_set_file_damaged", path=path, name=folder.name)
    return content


def _enlarge(images: NDArray[np.uint8], scale: int, into: NDArray[np.uint8]) -> None:
    """(N, C, H·scale, W·scale): every pixel as a square of equal ones."""
    for down in range(scale):
        for across in range(scale):
            into[:, :, down::scale, across::scale] = images


def _sheet(images: NDArray[np.uint8]) -> bytes:
    """PNG of images (N, C, H, W), `COLUMNS` to a row, the last row filled with black."""
    n, channels, height, width = images.shape
    rows = -(-n // COLUMNS)
    padded = np.zeros((rows * COLUMNS, channels, height, width), np.uint8)
    padded[:n] = images
    grid = padded.reshape(rows, COLUMNS, channels, height, width).transpose(0, 3, 1, 4, 2)
    sheet = grid.reshape(rows * height, COLUMNS * width, channels).squeeze(-1 if channels == 1 else ())
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _cut_sheet(png: bytes, n: int, channels: int, height: int, width: int) -> NDArray[np.uint8]:
    """The inverse of `_sheet`: (n, C, H, W)."""
    sheet = np.asarray(Image.open(io.BytesIO(png)))
    grid = sheet.reshape(-1, height, COLUMNS, width, channels).transpose(0, 2, 4, 1, 3)
    return grid.reshape(-1, channels, height, width)[:n]
