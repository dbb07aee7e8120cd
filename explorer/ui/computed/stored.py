"""What was computed for shipped runs when they were made, and travels with them: `python -m scripts.computed`.

`checkpoints/computed/OF/KIND.npz`, where OF is a run or an image set: arrays by name, and `sha256`, of the weights that
they were computed with. Other weights, or a file that is not there or broken: computed when it is asked for, as for
everybody's own runs. What stands here saves time and nothing else: `tests/scripts/test_computed.py` computes again.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.files.bounded_cache import newest
from explorer.files.shipped import shipped_folder

Arrays = dict[str, NDArray[Any]]

FOLDER = shipped_folder() / "computed"


def stored(of: str, kind: str, sha256: str) -> Arrays:
    """Arrays by name; {} where nothing was stored for these weights.

    Args:
        of: run id, or name of an image set.
        kind: of what was computed.
        sha256: of the weights that it was computed with.
    """
    return _stored(FOLDER, of, kind, sha256)


@newest(64, 48e6)
def _stored(folder: Path, of: str, kind: str, sha256: str) -> Arrays:
    path = folder / of / f"{kind}.npz"
    if path.parent.parent != folder or not path.is_file():
        return {}
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files} if str(arrays["sha256"]) == sha256 else {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def place_of(found: Arrays, image: int) -> int | None:
    """Where an image stands in arrays that have a row for each of "image"; None if it is not among them."""
    places = np.flatnonzero(found["image"] == image).tolist() if found else []
    return int(places[0]) if places else None


def store(of: str, kind: str, sha256: str, arrays: Arrays) -> None:
    """Write what `stored` reads, whole or not at all."""
    path = FOLDER / of / f"{kind}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, sha256=np.array(sha256), **arrays)
    part.replace(path)
    _stored.cache_clear()
