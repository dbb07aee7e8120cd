"""Has Node draw the faces. The program itself never needs Node, only whoever builds the set anew."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.data.places import cache_folder
from explorer.errors import DataError

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "draw.mjs")
SIZE = 16


@dataclass(frozen=True)
class Drawn:
    """What Node drew.

    Attributes:
        faces: uint8 (N, 16, 16, 3), RGB on white.
        layers: (part, style, colour) in the library's words -> float32 (16, 16, 4) in [0, 1], RGB times alpha, and
            alpha; the skin has no style.
    """

    faces: NDArray[np.uint8]
    layers: dict[tuple[str, str | None, str], NDArray[np.float32]]


def draw(faces: Sequence[dict[str, str | None]]) -> Drawn:
    """Draw these faces, and every part by itself in every colour. 25,000 take a quarter of a minute.

    Raises:
        DataError: `node_missing`, or `node_failed` with the last line that Node or npm said.
    """
    installed_in = installed()
    with tempfile.TemporaryDirectory() as folder:
        choices = Path(folder) / "choices.json"
        choices.write_text(json.dumps({"faces": list(faces)}), encoding="utf-8")
        _run([_program("node"), "draw.mjs", str(choices), folder], installed_in)
        pixels = np.fromfile(Path(folder) / "faces.bin", np.uint8).reshape(-1, SIZE, SIZE, 3)
        layers = np.fromfile(Path(folder) / "layers.bin", np.uint8).reshape(-1, SIZE, SIZE, 4) / np.float32(255)
        listed = json.loads((Path(folder) / "layers.json").read_text(encoding="utf-8"))
    keys = [(each["part"], each["style"], each["colour"]) for each in listed]
    return Drawn(pixels, dict(zip(keys, layers.astype(np.float32), strict=True)))


def workshop() -> Path:
    """Where in the cache folder the drawing program and its packages are put."""
    return cache_folder() / "build" / "faces"


def installed() -> Path:
    """`workshop`, with the drawing program and the packages of its lock file, installed by npm if need be."""
    folder = workshop()
    folder.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = folder / "installed.json"
    for file in FILES:
        shutil.copyfile(HERE / file, folder / file)
    if not stamp.is_file() or stamp.read_bytes() != lock:
        _run([_program("npm"), "ci", "--no-audit", "--no-fund"], folder)
        stamp.write_bytes(lock)
    return folder


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise DataError("node_missing", program=name)
    return path


def _run(words: list[str], folder: Path) -> None:
    result = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        said = [line for line in result.stderr.splitlines() if line.strip()]
        raise DataError("node_failed", command=" ".join(words[:2]), reason=said[-1] if said else result.returncode)
