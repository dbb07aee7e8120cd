"""Where image sets are kept that do not come with the program: fetched ones and the user's own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from explorer.errors import DataError


def cache_folder() -> Path:
    """`$EXPLORER_CACHE`, else `explorer/` in the user's cache folder, else one in the temporary folder.

    The last is for machines without a writable home, such as a Space; what lies there is gone with the container.

    Raises:
        DataError: `cache_not_writable`; `$EXPLORER_CACHE` itself is never replaced by another place.
    """
    asked = os.environ.get("EXPLORER_CACHE")
    for folder in [Path(asked)] if asked else _usual_folders():
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK) and _is_mine(folder):
                return folder
    raise DataError("cache_not_writable", folder=asked or tempfile.gettempdir(), reason="no permission")


def sets_folder() -> Path:
    """One folder for each stored image set (`explorer.data.stored`)."""
    return cache_folder() / "sets"


def downloads_folder(name: str) -> Path:
    """The files of a published set as they came; one that is put here by hand need not be fetched."""
    return cache_folder() / "downloads" / name


def compiled_folder(otherwise: Path) -> Path:
    """Where numba keeps what it compiles and runs again: nobody else may write there, or theirs would be run.

    Args:
        otherwise: a private folder, where what is compiled is kept for once, if the cache is not ours alone.
    """
    with suppress(OSError, DataError):
        folder = cache_folder() / "compiled"
        folder.mkdir(mode=0o700, exist_ok=True)
        if all(_is_ours_alone(each) for each in (folder, folder.parent)) and not folder.is_symlink():
            return folder
    return otherwise / "compiled"


def _is_ours_alone(folder: Path) -> bool:
    return _is_mine(folder) and not folder.stat().st_mode & 0o022


def _usual_folders() -> Iterator[Path]:
    base = os.environ.get("XDG_CACHE_HOME", "")
    with suppress(RuntimeError):  # no home
        yield (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "explorer"
    yield Path(tempfile.gettempdir()) / f"explorer-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"


def _is_mine(folder: Path) -> bool:
    """Whether no other user of the machine can have put the folder there: the temporary folder is everybody's."""
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
