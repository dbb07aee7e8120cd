"""An unfinished prior on disk: one file, which names what it belongs to."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.errors import RunError


def save_state(path: Path, key: str, state: dict[str, Tensor]) -> None:
    """Write `state` whole or not at all.

    Args:
        path: of the file.
        key: what the training is: another one does not go on from here.
        state: from `PriorTrainer.state`.

    Raises:
        RunError: the place cannot be written.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(save_tensors({k: v.contiguous() for k, v in state.items()}, metadata={"key": key}))
        fresh.replace(path)
    except OSError as error:
        raise RunError("run_not_writable", folder=path.parent, reason=error.strerror or error) from error


def load_state(path: Path, key: str) -> dict[str, Tensor] | None:
    """The state under this `key`; None where there is none, or it belongs to another training.

    Raises:
        RunError: `run_damaged`.
    """
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        return load_tensors(path.read_bytes()) if metadata.get("key") == key else None
    except (SafetensorError, ValueError, OSError) as error:
        raise RunError("run_damaged", path=path) from error
