"""Folders that are gone when the work in them is over, also when its process was killed in the middle of it.

A folder is locked by whoever works in it, and the lock dies with its process; what nobody holds any more is deleted by
`sweep`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks here: nothing is swept
    fcntl = None  # type: ignore[assignment]

#: Folders among the temporary ones are called so, with what they are for.
PREFIX = "explorer-"
#: Seconds for which a new folder may be there without its lock.
YOUNG = 60.0


@dataclass(frozen=True)
class Passing:
    """A folder and the lock on it, -1 where there is none to be had."""

    path: Path
    lock: int

    def close(self) -> None:
        """Delete the folder, if it is still there under its name."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock >= 0:
            os.close(self.lock)


def passing(prefix: str, within: Path | None = None) -> Passing:
    """A new folder that only this user may read.

    Args:
        prefix: of its name.
        within: where; among the temporary folders if left out.

    Raises:
        OSError: it cannot be made.
    """
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=within))
    return Passing(path, _locked(path))


@contextmanager
def passing_folder(prefix: str, within: Path | None = None) -> Iterator[Path]:
    """The same, deleted at the end of the block."""
    made = passing(prefix, within)
    try:
        yield made.path
    finally:
        made.close()


def sweep(called: Callable[[str], object], within: Path | None = None) -> list[str]:
    """Delete the folders of killed processes, of this user alone; returns their names.

    Args:
        called: whether a name is that of such a folder.
        within: where; among the temporary folders if left out.
    """
    swept = []
    for path in Path(within or tempfile.gettempdir()).glob("*"):
        with suppress(OSError):
            if called(path.name) and _is_left(path):
                shutil.rmtree(path)
                swept.append(path.name)
    return sorted(swept)


def _is_left(path: Path) -> bool:
    """Whether nobody works in a folder any more."""
    status = path.lstat()
    if path.is_symlink() or not path.is_dir() or status.st_uid != os.getuid():
        return False
    if abs(time.time() - status.st_mtime) < YOUNG or (lock := _locked(path)) < 0:
        return False
    os.close(lock)
    return True


def _locked(path: Path) -> int:
    """The lock on a folder as an open file; -1 if another has it, or there are no locks."""
    if fcntl is None:
        return -1  # type: ignore[unreachable]
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return -1
    return file
