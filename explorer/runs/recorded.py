"""Reading a record that `explorer.recorder` wrote: a run of kind *recorded*, with a film but without weights."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import RecordError
from explorer.files.zips import BROKEN_ARRAYS
from explorer.recording.files import CURVES, DESCRIPTION, FORMAT, FRAMES, KIND, NOTES, read_arrays
from explorer.training.trace import MOST_FRAMES, Trace, compact

Array = NDArray[Any]


@dataclass(frozen=True)
class RecordedFrame:
    """What was kept of one step.

    Attributes:
        step: of the optimizer.
        hits: (L, K) since the frame before.
        codebook: (L, K, D) float32, or None.
        z_e: (n, D) float32 drawn of `z_e_total`, or None.
        indices: (n, L) of these, or None.
        ranks: (W, 2) checksums of the codebook on each rank, or None.
        beyond: indices of K or more, since the start.
        labels: (n,) classes of these vectors, or None.
    """

    step: int
    hits: Array
    codebook: Array | None = None
    z_e: Array | None = None
    indices: Array | None = None
    z_e_total: int = 0
    ranks: Array | None = None
    beyond: int = 0
    labels: Array | None = None


@dataclass(frozen=True)
class RecordedRun:
    """A training of somebody else's.

    Attributes:
        folder: where it lies; `id` is its name.
        num_embeddings, embedding_dim, levels: K, D and L of its codebooks.
        codebook_dtype: as the training had it.
        frames: by step.
        curves: name -> (S,) float32, NaN where a step has none; `curve_steps` (S,).
        notes: what the recorder could not take in, and what could not be read now.
        settings: of the quantizer, by name (`explorer.recording.modules`), as far as they are known.
    """

    folder: Path
    num_embeddings: int
    embedding_dim: int
    levels: int
    codebook_dtype: str
    frames: tuple[RecordedFrame, ...] = field(repr=False)
    curve_steps: Array = field(repr=False)
    curves: dict[str, Array] = field(repr=False)
    notes: tuple[str, ...] = ()
    settings: dict[str, float | str] = field(default_factory=dict)
    kind: str = KIND

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def vectors_per_step(self) -> int:
        """Vectors of a step: of the frames that kept some, else hits over steps; at least 1."""
        totals = [frame.z_e_total for frame in self.frames if frame.z_e_total]
        if totals:
            return int(np.median(totals))
        hits = sum(int(frame.hits[0].sum()) for frame in self.frames)
        return max(1, hits // max(1, self.frames[-1].step + 1))

    @cached_property
    def trace(self) -> Trace:
        """The film: at most 48 frames that hold a codebook, with the hits between them."""
        having = [n for n, frame in enumerate(self.frames) if frame.codebook is not None] or list(
            range(len(self.frames))
        )
        at = np.unique(np.linspace(0, len(having) - 1, min(MOST_FRAMES, len(having))).round().astype(int))
        chosen = [having[n] for n in at]
        totals = np.cumsum([frame.hits for frame in self.frames], axis=0)[chosen]
        arrays: dict[str, Array] = {"hits": np.diff(totals, axis=0, prepend=0).astype(np.int32)}
        picked = [self.frames[n] for n in chosen]
        if all(frame.codebook is not None for frame in picked):
            arrays["codebook"] = compact(np.stack([frame.codebook for frame in picked]))
        vectors = [frame.z_e for frame in picked if frame.z_e is not None and len(frame.z_e)]
        if len(vectors) == len(picked):
            least = min(map(len, vectors))  # the last batch of an epoch may be a small one
            arrays["batch_latents"] = compact(
                np.stack([z[np.linspace(0, len(z) - 1, least).round().astype(int)] for z in vectors])
            )
        if self.levels == 1:
            arrays |= {name: arrays[name][:, 0] for name in ("hits", "codebook") if name in arrays}
        steps = np.array([frame.step for frame in picked], np.int32)
        return Trace("codebook", steps, arrays, self.curve_steps.astype(np.int32), self.curves)


def load_record(folder: str | Path) -> RecordedRun:
    """The record in a folder; a broken file is left out and named in `notes`.

    Raises:
        RecordError: there is none, it is damaged, empty, or of a newer version.
    """
    folder = Path(folder)
    described = _description(folder)
    notes = read_notes(folder)
    raw = read_frames(folder / FRAMES, notes)
    if not raw:
        raise RecordError("record_empty", folder=folder)
    curve_steps, curves = read_curves(read_frames(folder / CURVES, notes))
    frames = _frames(raw, described)
    return RecordedRun(
        folder=folder,
        num_embeddings=described["num_embeddings"],
        embedding_dim=described["embedding_dim"],
        levels=described["levels"],
        codebook_dtype=str(described.get("codebook_dtype", "")),
        frames=frames,
        curve_steps=curve_steps,
        curves=curves,
        notes=tuple(notes),
        settings=_settings(described.get("settings")),
    )


def is_record(folder: Path) -> bool:
    """Whether a folder says that it holds a record; whether it can be read is `load_record`'s."""
    try:
        values = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(values, dict) and values.get("kind") == KIND


def _settings(values: object) -> dict[str, float | str]:
    """Plain words and numbers; what is neither is left out."""
    pairs = values.items() if isinstance(values, dict) else ()
    return {str(name): value for name, value in pairs if isinstance(value, int | float | str)}


def _description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["kind"] != KIND:
            raise RecordError("record_missing", folder=folder)
        if values["format"] > FORMAT:
            raise RecordError("record_too_new", folder=folder, version=values["format"], known=FORMAT)
        sizes = [values[name] for name in ("num_embeddings", "embedding_dim", "levels")]
        if not all(type(size) is int and 0 < size < 1 << 27 for size in sizes):
            raise ValueError
    except OSError as error:
        raise RecordError("record_missing", folder=folder) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordError("record_damaged", path=path) from error
    return dict(values)


def read_notes(folder: Path) -> list[str]:
    """What the recorder noted, a sentence each."""
    found: list[str] = []
    path = folder / NOTES
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
        try:
            found.append(str(json.loads(line)["note"]))
        except (ValueError, KeyError, TypeError):
            continue  # the last line of a training that was killed while it wrote
    return found


def read_frames(folder: Path, notes: list[str]) -> list[dict[str, Any]]:
    """Files of a folder by their step; one that cannot be read is noted."""
    found = []
    for path in sorted(path for path in folder.glob("*.npz") if path.stem.isdecimal()):
        try:
            found.append(read_arrays(path))
        except BROKEN_ARRAYS:
            notes.append(f"{path.parent.name}/{path.name} cannot be read and is left out")
    return found


def _frames(raw: list[dict[str, Any]], described: dict[str, Any]) -> tuple[RecordedFrame, ...]:
    shape = (described["levels"], described["num_embeddings"])
    frames, before = [], np.zeros(shape, np.int64)
    for arrays in raw:
        if arrays.get("hits", before[:0]).shape != shape or "step" not in arrays:
            continue
        extra = {name: arrays[name].astype(np.float32) for name in ("codebook", "z_e") if name in arrays}
        frames.append(
            RecordedFrame(
                step=int(arrays["step"]),
                hits=np.maximum(arrays["hits"] - before, 0),
                indices=arrays.get("z_e_indices"),
                z_e_total=int(arrays.get("z_e_total", 0)),
                ranks=arrays.get("ranks"),
                beyond=int(arrays.get("beyond", 0)),
                labels=arrays.get("z_e_labels"),
                **extra,
            )
        )
        before = arrays["hits"]
    return tuple(frames)


def read_curves(raw: list[dict[str, Any]]) -> tuple[Array, dict[str, Array]]:
    """Steps and curves by name, joined by step; a step that two files hold counts once."""
    steps = np.unique(
        np.concatenate([arrays["steps"] for arrays in raw if "steps" in arrays] or [np.zeros(0, np.int64)])
    )
    curves: dict[str, Array] = {}
    for arrays in raw:
        at = np.searchsorted(steps, arrays.get("steps", steps[:0]))
        for key, values in arrays.items():
            if key.startswith("curve/") and len(values) == len(at):
                curve = curves.setdefault(key.removeprefix("curve/"), np.full(len(steps), np.nan, np.float32))
                said = ~np.isnan(values)  # a step's gradients may stand in another file than its losses
                curve[at[said]] = values[said]
    return steps, curves
