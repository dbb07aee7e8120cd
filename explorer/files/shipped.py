"""Where what is shipped lies: beside the sources in the repository, inside the package where it was installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """The folder of shipped runs and classifiers; an installed package brings only what its page opens with."""
    return PACKAGE / "checkpoints" if is_installed() else PACKAGE.parent / "checkpoints"


def is_installed() -> bool:
    """Whether this is the package of a wheel, which has its runs inside."""
    return (PACKAGE / "checkpoints").is_dir()
