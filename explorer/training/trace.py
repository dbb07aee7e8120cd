"""The film of a run: what every view with a time scrubber reads.

Arrays only, so that a trace is written and read without pickle. T frames, log-spaced to step 100 and then evenly;
frame 0 is the state before the first update.

| frame array | shape | meaning |
|---|---|---|
| `val_mse`, `val_loss` | (T,) float32 | on the validation split, fixed noise |
| `reconstructions` | (T, 8, C, H, W) uint8 | of eight fixed validation images |
| `kl_units` | (T, units) float32 | VAE, at every level: nats of each unit (grid: channel), mean over images |
| `probe_latents` | (T, P, D) | encoder outputs of fixed vectors; a VAE's posterior means |
| `probe_logvar` | (T, P, D) | VAE only |
| `codebook` | (T, K, D) | float32 where float16 would overflow (the snippet's 1e5) |
| `hits` | (T, K) int32 | in the sliding window that ends at the frame |
| `ema_count`, `ema_sum` | (T, K), (T, K, D) | EMA runs only |
| `batch_latents` | (T, ≤ 512, D) | encoder outputs of the frame's own mini-batch, every `sampled_every`-th vector |
| `batch_ids` | (T, B) int32 | the images of that mini-batch |

A model of several codebooks has them on an axis of their own: `codebook` and `ema_sum` (T, L, K, D), `hits` and
`ema_count` (T, L, K). Format 1 had no `kl_units`, no such axis, and no probes where D is large; it is read as it is.
Formats 1 and 2 took every 8th vector of a grid of 8 × 8, and so one column of each picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FORMAT = 3
#: Numbers of one codebook in the frame arrays: (T, K, D) of these, (T, K) of the others.
OF_CODEBOOKS = {"codebook": 3, "ema_sum": 3, "hits": 2, "ema_count": 2}

MOST_FRAMES = 48
MOST_CODEBOOK_FRAMES = 12
#: Largest value float16 holds with room to spare.
FLOAT16_SAFE = 6e4


def sampled_every(vectors: int, cells: int, most: int, version: int = FORMAT) -> int:
    """How far apart vectors are that a frame keeps of a mini-batch: about N / `most`, without a factor of the grid's.

    Args:
        vectors: N of a mini-batch, picture by picture and row by row.
        cells: of a picture; 1 without a grid.
        most: that are kept.
        version: format of the trace.
    """
    every = max(1, vectors // most)
    while version > 2 and math.gcd(every, cells) > 1:
        every -= 1
    return every


@dataclass
class Trace:
    """What a run left behind, step by step.

    Attributes:
        level: "full", "codebook" or "scalars".
        frame_steps: (T,) int32, the step of each frame; state *after* that many updates.
        frames: name -> (T, ...) as in the table above.
        curve_steps: (S,) int32.
        curves: name -> (S,) float32: loss terms, code norms, used codes, perplexity.
        fixed: what stays the same over frames: `probe_ids` (P,), `probe_cells` (P,), `reconstruction_ids` (8,).
        weights: step -> name -> float16 array, at the kept steps.
        format: of what was read; 3 where it is written.
    """

    level: str
    frame_steps: Array
    frames: dict[str, Array] = field(default_factory=dict)
    curve_steps: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    curves: dict[str, Array] = field(default_factory=dict)
    fixed: dict[str, Array] = field(default_factory=dict)
    weights: dict[int, dict[str, Array]] = field(default_factory=dict)
    format: int = FORMAT

    def by_codebook(self, name: str) -> Array:
        """A codebook's frame array with the axis of codebooks, of length 1 where there is one: (T, L, K, …).

        Raises:
            KeyError: it was not recorded, or is no array of a codebook.
        """
        array = self.frames[name]
        return array[:, None] if array.ndim == OF_CODEBOOKS[name] else array

    def to_arrays(self) -> dict[str, Array]:
        """One flat dict of arrays, ready for `numpy.savez`; `from_arrays` is the inverse."""
        arrays: dict[str, Array] = {
            "format": np.array(self.format),
            "level": np.array(self.level),
            "frame_steps": self.frame_steps,
            "curve_steps": self.curve_steps,
        }
        for group in ("frames", "curves", "fixed"):
            arrays |= {f"{group}/{name}": array for name, array in getattr(self, group).items()}
        for step, weights in self.weights.items():
            arrays |= {f"weights/{step}/{name}": array for name, array in weights.items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: dict[str, Array]) -> Trace:
        """Rebuild a trace from what `to_arrays` gave.

        Raises:
            KeyError: an array is missing, or of no known group.
            ValueError: a newer version wrote it, an array has not one row for each frame, or a curve not one number for
                each of its steps.
        """
        trace = cls(str(arrays["level"]), arrays["frame_steps"], curve_steps=arrays["curve_steps"])
        trace.format = int(arrays["format"].item()) if "format" in arrays else 1
        if trace.format > FORMAT:
            raise ValueError(f"a trace of format {trace.format}")
        groups = {"frames": trace.frames, "curves": trace.curves, "fixed": trace.fixed}
        for key, array in arrays.items():
            group, _, name = key.partition("/")
            if group == "weights":
                step, _, name = name.partition("/")
                trace.weights.setdefault(int(step), {})[name] = array
            elif name:
                groups[group][name] = array
        rows = [(trace.frames, trace.frame_steps), (trace.curves, trace.curve_steps)]
        if any(array.shape[:1] != steps.shape for arrays, steps in rows for array in arrays.values()):
            raise ValueError
        return trace


def frame_schedule(steps: int, most: int = MOST_FRAMES) -> list[int]:
    """At most `most` steps from 0 to `steps`: a quarter of them log-spaced to 100, the others even.

    A codebook's fate is mostly settled in the first hundred steps, which an even spacing would miss.
    """
    if steps + 1 <= most:
        return list(range(steps + 1))
    turn = min(100, steps // 2)
    early = max(2, most // 4)
    head = {0, *np.unique(np.geomspace(1, turn, early - 1).round().astype(int)).tolist()}
    tail = np.linspace(turn, steps, most - len(head) + 1).round().astype(int)[1:]
    return sorted(head | set(tail.tolist()))


def curve_schedule(steps: int, most: int = 500) -> list[int]:
    """Every step to 100, then about `most` evenly spaced ones, ending at `steps`."""
    every = max(1, steps // most)
    return [step for step in range(1, steps + 1) if step <= 100 or step % every == 0 or step == steps]


def compact(array: Array) -> Array:
    """Float16 where the values allow it, else float32; integers stay as they are."""
    if array.dtype.kind != "f":
        return array
    fits = bool(np.all(np.abs(array) < FLOAT16_SAFE)) if array.size else True
    return array.astype(np.float16 if fits else np.float32)
