"""Reading what `explorer.recording.units` wrote of a VAE's training."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import RecordError
from explorer.recording.files import CURVES, DESCRIPTION, FORMAT, FRAMES
from explorer.recording.units import KIND
from explorer.runs.recorded import read_curves, read_frames, read_notes

Array = NDArray[Any]


@dataclass(frozen=True)
class RecordedUnits:
    """A VAE's training of somebody else's.

    Attributes:
        folder: where it lies; `id` is its name.
        values: numbers of a picture, d; 0 where none was logged.
        steps: (T,) of the frames.
        kl_units: (T, Z) nats of each unit, means over the steps' own batches.
        curves: name -> (S,) float32, NaN where a step has none; `curve_steps` (S,).
        notes: what the recorder could not take in, and what could not be read now.
    """

    folder: Path
    values: int
    steps: Array = field(repr=False)
    kl_units: Array = field(repr=False)
    curve_steps: Array = field(repr=False)
    curves: dict[str, Array] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name


def is_unit_record(folder: str | Path) -> bool:
    """Whether a folder says that it holds a record of a VAE."""
    try:
        values = json.loads((Path(folder) / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and values.get("kind") == KIND


def load_unit_record(folder: str | Path) -> RecordedUnits:
    """The record in a folder; a broken file is left out and named in `notes`.

    Raises:
        RecordError: it is damaged, empty, or of a newer version.
    """
    folder = Path(folder)
    described = _described(folder)
    notes = read_notes(folder)
    frames = [each for each in read_frames(folder / FRAMES, notes) if _fits(each, described["units"])]
    if not frames:
        raise RecordError("record_empty", folder=folder)
    curve_steps, curves = read_curves(read_frames(folder / CURVES, notes))
    steps, units = [int(each["step"]) for each in frames], np.stack([each["kl_units"] for each in frames])
    return RecordedUnits(folder, described["values"], np.array(steps), units, curve_steps, curves, tuple(notes))


def _described(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] > FORMAT:
            raise RecordError("record_too_new", folder=folder, version=values["format"], known=FORMAT)
        if values["kind"] != KIND or not all(type(values[name]) is int for name in ("units", "values")):
            raise ValueError
    except OSError as error:
        raise RecordError("record_missing", folder=folder) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordError("record_damaged", path=path) from error
    return dict(values)


def _fits(arrays: dict[str, Any], units: int) -> bool:
    return "step" in arrays and np.shape(arrays.get("kl_units", ())) == (units,)
