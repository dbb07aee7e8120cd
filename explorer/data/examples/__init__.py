"""Examples of the tab Collapse, written by scripts/examples.py: files of shipped runs, and the record of a training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """A file, and what has to be said to read it: K of bare indices, and the index that stands for no code."""

    file: str
    num_embeddings: int | None = None
    ignore: int | None = None


NAMES = {
    "gradient": Example("gradient-d64.npz"),
    "record": Example("record-narrow.zip"),
    "codebook": Example("ema-d2-codebook.safetensors"),
    "indices": Example("restart-indices.npy", num_embeddings=512, ignore=-1),
}
