"""Scalars of a record: every step to 100, then about two thousand, fetched from the GPU a few dozen at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from explorer.recording.files import CURVES, read_arrays, write_arrays

Sink = Callable[[int, Mapping[str, float]], None]

EVERY_STEP_TO = 100
MOST_POINTS = 4000
#: Points that wait in memory, as tensors, before they are written.
WAITING = 64


class CurveLog:
    """Collects scalars and writes them in files that are complete alone.

    Args:
        folder: of the record.
        sink: told of every point, or None.
    """

    def __init__(self, folder: Path, sink: Sink | None) -> None:
        self.folder, self.sink = folder / CURVES, sink
        self._stride = 1
        self._waiting: list[tuple[int, Mapping[str, Tensor | float]]] = []
        self._points: list[tuple[int, dict[str, float]]] = []
        self._written = 0
        self._writes = int(os.environ.get("RANK", "0")) == 0

    def add(self, step: int, values: Mapping[str, Tensor | float], *, rare: bool = False) -> None:
        """Keep the scalars of a step, thinned unless they are `rare`; a tensor stays as it is until it is written."""
        if not values or (step > EVERY_STEP_TO and step % self._stride and not rare):
            return
        kept = {name: v.detach().clone() if isinstance(v, Tensor) else float(v) for name, v in values.items()}
        self._waiting.append((step, kept))
        if len(self._waiting) >= WAITING:
            self.flush()

    def flush(self) -> None:
        """Write what waits; thin what is there once it is much."""
        fresh = self._fetched()
        if not fresh or not self._writes:
            return
        self._points += fresh
        if self.sink is not None:
            for step, values in fresh:
                self.sink(step, values)
        self.folder.mkdir(parents=True, exist_ok=True)
        if len(self._points) > MOST_POINTS:
            self._stride *= 2
            self._points = [p for p in self._points if p[0] <= EVERY_STEP_TO or p[0] % self._stride == 0] + fresh[-1:]
            before = sorted(self.folder.glob("*.npz"))
            self._write(self._points)
            for path in before:
                if path.stem != f"{self._points[-1][0]:06d}":
                    path.unlink(missing_ok=True)
            return
        self._write(fresh)

    def _fetched(self) -> list[tuple[int, dict[str, float]]]:
        """Points as numbers, with one wait for the device instead of one for each."""
        tensors = [v for _, values in self._waiting for v in values.values() if isinstance(v, Tensor)]
        numbers = iter(torch.stack([t.reshape(()).float() for t in tensors]).tolist() if tensors else [])
        fetched = [
            (step, {name: next(numbers) if isinstance(v, Tensor) else v for name, v in values.items()})
            for step, values in self._waiting
        ]
        self._waiting = []
        return fetched

    def _write(self, points: list[tuple[int, dict[str, float]]]) -> None:
        path = self.folder / f"{points[-1][0]:06d}.npz"
        if path.exists():  # gradients of a step come after its losses, which may be written already
            points = sorted([*_points_in(path), *points], key=lambda point: point[0])
        names = sorted({name for _, values in points for name in values})
        arrays = {
            f"curve/{name}": np.array([values.get(name, np.nan) for _, values in points], np.float32) for name in names
        }
        arrays["steps"] = np.array([step for step, _ in points], np.int64)
        write_arrays(path, arrays)


def _points_in(path: Path) -> list[tuple[int, dict[str, float]]]:
    arrays = read_arrays(path)
    curves = {name.removeprefix("curve/"): values for name, values in arrays.items() if name.startswith("curve/")}
    return [
        (int(step), {name: float(values[n]) for name, values in curves.items() if not np.isnan(values[n])})
        for n, step in enumerate(arrays["steps"])
    ]
