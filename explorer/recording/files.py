"""How a record lies on disk: each file whole or not there, each complete alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import RecordError

FORMAT = 2
KIND = "recorded"
FRAMES, CURVES, NOTES, DESCRIPTION = "frames", "curves", "notes.jsonl", "run.json"


def frame_path(folder: Path, step: int) -> Path:
    """Of the frame of a step."""
    return folder / FRAMES / f"{step:06d}.npz"


def write_arrays(path: Path, arrays: dict[str, Any]) -> None:
    """Write an npz under another name and rename it, so that a reader never finds half of one.

    Raises:
        OSError: the disk is full, or may not be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def read_arrays(path: Path) -> dict[str, Any]:
    """Arrays of an npz that this process or another one wrote whole."""
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def write_description(folder: Path, values: dict[str, Any]) -> None:
    """Write run.json, whole."""
    unfinished = folder / f".{DESCRIPTION}.{os.getpid()}"
    unfinished.write_text(json.dumps({"format": FORMAT, "kind": KIND} | values, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(folder / DESCRIPTION)


def description_of(folder: Path, num_embeddings: int) -> dict[str, Any] | None:
    """What run.json says of a record of K codes, or None where there is none.

    Raises:
        RecordError: the folder holds something else, or a record of another K or of a newer version.
    """
    path = folder / DESCRIPTION
    if not path.exists():
        return None
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        known = (values["kind"], values["num_embeddings"]) == (KIND, num_embeddings) and values["format"] <= FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise RecordError("record_foreign", folder=folder) from error
    if not known:
        raise RecordError("record_other", folder=folder, num_embeddings=num_embeddings)
    return dict(values)


def steps_in(folder: Path) -> list[int]:
    """Steps of the frames that lie there."""
    return sorted(int(path.stem) for path in (folder / FRAMES).glob("*.npz") if path.stem.isdecimal())


def add_note(folder: Path, values: dict[str, Any]) -> None:
    """Append one line to the notes."""
    with (folder / NOTES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(values, ensure_ascii=False) + "\n")
