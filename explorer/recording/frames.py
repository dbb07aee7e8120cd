"""What a frame holds, and how many of them a record may have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import RecordError
from explorer.recording.axes import drawn, drawn_rows
from explorer.recording.files import frame_path, read_arrays, write_arrays

Array = NDArray[Any]

#: Vectors of z_e in a frame.
VECTORS = 512
#: Frames of a record, and bytes of all of them together.
MOST_FRAMES, MOST_BYTES = 400, 40_000_000
#: A codebook of more numbers is kept in a few frames only, all of them in this share of the bytes.
LARGE_CODEBOOK, CODEBOOK_FRAMES, CODEBOOK_SHARE = 65_536, 12, 0.5


def most_frames(codes: Tensor) -> int:
    """How many frames beside a codebook (L, K, D) fit."""
    levels, k, dim = codes.shape
    large = codes.numel() > LARGE_CODEBOOK
    each = 2 * VECTORS * dim + 4 * VECTORS * levels + 8 * levels * k + (0 if large else 2 * codes.numel()) + 2000
    room = MOST_BYTES * (1 - CODEBOOK_SHARE if large else 1)
    return int(min(MOST_FRAMES, max(2, room // each)))


def half(values: Array) -> Array:
    """float16 where the values allow it."""
    return values.astype(np.float16 if np.abs(values).max(initial=0) < 6e4 else np.float32)


def drawn_vectors(
    step: int,
    z_e: Tensor,
    indices: Tensor,
    axis: int,
    levels: int,
    labels: Tensor | None = None,
) -> dict[str, Any]:
    """Vectors of z_e without replacement, beside their indices and how many there were.

    Args:
        step: of the optimizer.
        z_e: of any shape; `axis` of it is D.
        indices: of the same vectors, (…, L) of several codebooks.
        axis: as `explorer.recording.axes.channel_axis` finds it.
        levels: L.
        labels: (B,) classes of the inputs along z_e's first axis, or None.

    Raises:
        RecordError: not finite, or labels that are not one for each input.
    """
    count = z_e.numel() // z_e.shape[axis]
    rows = drawn(count, VECTORS, step)
    vectors = drawn_rows(z_e, axis, rows)
    if not bool(torch.isfinite(vectors).all()):
        raise RecordError("record_not_finite", step=step)
    chosen = indices.detach().reshape(-1, levels)[torch.as_tensor(rows, device=indices.device)]
    arrays = {"z_e": half(vectors.numpy()), "z_e_total": np.int64(count), "z_e_indices": chosen.int().cpu().numpy()}
    if labels is not None:
        if labels.ndim != 1 or labels.is_floating_point() or not len(labels) or count % len(labels):
            raise RecordError("record_labels", shape=tuple(labels.shape), count=count)
        arrays["z_e_labels"] = labels.detach().int().cpu().numpy()[rows // (count // len(labels))]
    return arrays


def checksums(codes: Tensor) -> Array:
    """(W, 2) sum and sum of squares of the codebook on every rank; they are equal where ranks agree."""
    mine = torch.stack([codes.double().sum(), codes.double().square().sum()])
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return np.asarray(mine[None].cpu().numpy())
    gathered = [torch.empty_like(mine) for _ in range(torch.distributed.get_world_size())]
    torch.distributed.all_gather(gathered, mine)
    return np.asarray(torch.stack(gathered).cpu().numpy())


class CodebookFrames:
    """Which frames hold a codebook; of a large one a dozen, denser at the start.

    Args:
        folder: of the record.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[int] = []

    def find(self, steps: list[int]) -> None:
        """Take over a record."""
        self.steps = [step for step in steps if "codebook" in read_arrays(frame_path(self.folder, step))]

    def drop(self, steps: list[int]) -> None:
        """Frames that are gone."""
        gone = set(steps)
        self.steps = [step for step in self.steps if step not in gone]

    def keep(self, step: int, arrays: dict[str, Any]) -> None:
        """Make room for the codebook in `arrays`, or take it out of them.

        Raises:
            RecordError: one alone is too large.
        """
        size = arrays["codebook"].size
        if size <= LARGE_CODEBOOK:
            self.steps.append(step)
            return
        most = int(min(CODEBOOK_FRAMES, CODEBOOK_SHARE * MOST_BYTES // (2 * size)))
        if most < 2:
            del arrays["codebook"]
            raise RecordError("record_codebook_large", megabytes=2 * size // 10**6)
        self.steps.append(step)
        if len(self.steps) > most:
            self._remove(self._closest())

    def _closest(self) -> int:
        """The step, neither first nor last, whose neighbours are the closest for how late it is."""
        triples = list(zip(self.steps, self.steps[1:], self.steps[2:], strict=False))
        return min(triples, key=lambda triple: (triple[2] - triple[0]) / (1 + triple[1]))[1]

    def _remove(self, step: int) -> None:
        self.steps.remove(step)
        path = frame_path(self.folder, step)
        if path.exists():
            write_arrays(path, {name: array for name, array in read_arrays(path).items() if name != "codebook"})
