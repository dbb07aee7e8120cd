"""What every recorder is: it writes into one folder, rises step by step, and never raises into somebody's training."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import torch

from explorer.errors import ExplorerError, RecordError
from explorer.recording.files import add_note


class RecorderWarning(UserWarning):
    """What the recorder could not take in."""


class Guarded:
    """A recorder's folder, its last step, and what it has said.

    Args:
        folder: of the record.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._last_step = -1
        self._said: set[str] = set()
        self._writes = _rank() == 0

    @property
    def last_step(self) -> int:
        """The last step that was logged, -1 before the first."""
        return self._last_step

    def close(self) -> None:
        """Write what is not written yet."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def guarded(self, act: Callable[[], None]) -> None:
        """Do it; a fault must not end somebody's training."""
        try:
            with torch.no_grad():
                act()
        except ExplorerError as error:
            self._say(error.code, str(error))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._say("record_write", str(RecordError("record_write", folder=self.folder, reason=reason)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on
            self._say(type(error).__name__, f"{type(error).__name__}: {error}")

    def _say(self, code: str, sentence: str) -> None:
        """One warning for each kind of fault, and a note in the record."""
        if code in self._said:
            return
        self._said.add(code)
        with suppress(RecorderWarning):  # where warnings are errors they would end the loop
            warnings.warn(f"recorder: {sentence}", RecorderWarning, stacklevel=5)
        with suppress(OSError):  # the folder itself may be what is wrong
            if self._writes and self.folder.is_dir():
                add_note(self.folder, {"step": self._last_step, "code": code, "note": sentence})


def _rank() -> int:
    there = torch.distributed.is_available() and torch.distributed.is_initialized()
    return torch.distributed.get_rank() if there else 0
