"""Members of a study on disk: one `.npz` each, written whole or not at all, without pickle."""

from __future__ import annotations

import io
import json
import os
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import RunError
from explorer.runs import SHIPPED
from explorer.studies.member import Member
from explorer.training.trace import Array

STUDIES_ROOT = SHIPPED / "studies"


def member_path(folder: Path, cell_id: str, seed: int) -> Path:
    """Where a member lies, or will."""
    return folder / f"{cell_id}-s{seed}.npz"


def save_member(path: Path, member: Member) -> None:
    """Write beside `path` first: a reader sees a whole member or none.

    Raises:
        RunError: the place cannot be written.
    """
    buffer = io.BytesIO()
    record = np.frombuffer(json.dumps(member.record, sort_keys=True, allow_nan=False).encode(), np.uint8)
    np.savez_compressed(buffer, record=record, **member.arrays)  # type: ignore[arg-type]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}-{os.getpid()}")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(path)
    except OSError as error:
        raise RunError("run_not_writable", folder=path.parent, reason=error.strerror or error) from error


def load_record(path: Path) -> dict[str, Any]:
    """What a member says of itself; its arrays stay on disk.

    Raises:
        RunError: missing or damaged.
    """
    return _record(path, _stamp(path))


def load_arrays(path: Path, *prefixes: str) -> dict[str, Array]:
    """The arrays of a member whose names begin with one of `prefixes`; all without any."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = [name for name in arrays.files if name != "record" and name.startswith(prefixes or "")]
            return {name: arrays[name] for name in names}
    except FileNotFoundError as error:
        raise RunError("run_file_missing", path=path) from error
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RunError("run_damaged", path=path) from error


def load_records(folder: Path) -> list[dict[str, Any]]:
    """Records of every member in `folder`, by cell and seed; damaged files are passed over."""
    found = []
    for path in sorted(folder.glob("*.npz")):
        try:
            found.append(load_record(path))
        except RunError:
            continue
    return found


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise RunError("run_file_missing", path=path) from error
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=1024)
def _record(path: Path, stamp: tuple[int, int]) -> dict[str, Any]:  # noqa: ARG001
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(json.loads(arrays["record"].tobytes()))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RunError("run_damaged", path=path) from error
