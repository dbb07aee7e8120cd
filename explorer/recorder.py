"""A record of anyone's VQ training, in three lines: which codes were hit, where they lay, what the encoder said.

    from explorer.recorder import Recorder

    recorder = Recorder("runs/mine", num_embeddings=512)
    recorder.log(step, z_e=z_e, indices=indices, codebook=quantizer.codebook, losses={"reconstruction": r})

or, for quantizers that are known (`explorer.recording.modules`), without a line in the loop: `recorder.attach(model)`.
It needs torch and NumPy. It never raises into the loop: a fault becomes one warning and a line in `notes.jsonl`. It
draws from no stream of the training and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, nn

from explorer.errors import RecordError
from explorer.recording.axes import channel_axis
from explorer.recording.curves import CurveLog, Sink
from explorer.recording.files import (
    FRAMES,
    description_of,
    frame_path,
    read_arrays,
    steps_in,
    write_arrays,
    write_description,
)
from explorer.recording.frames import MOST_FRAMES, CodebookFrames, checksums, drawn_vectors, half, most_frames
from explorer.recording.gradients import watch_codebook, watch_encoder
from explorer.recording.guarded import Guarded, RecorderWarning
from explorer.recording.hits import HitCounter, summed_over_ranks
from explorer.recording.schedule import Schedule

__all__ = ["Recorder", "RecorderWarning"]

PACKAGE, VERSION = "vae-vq-vae-explorer", "1"
#: Pictures whose reconstructions are kept.
IMAGES = 8


class Recorder(Guarded):
    """Writes a record of a training.

    Args:
        folder: new, or holding a record of the same K, which goes on.
        num_embeddings: K, of each codebook.
        channel_dim: the axis of z_e that is D; None finds out.
        ignore_index: an index that stands for no code; negative ones never do.
        sink: called with a step and the scalars at it, such as `lambda step, values: wandb.log(values, step=step)`.
        settings: of the quantizer, words and numbers (`explorer.recording.modules.SETTINGS`), for the diagnosis.
    """

    def __init__(
        self,
        folder: str | Path,
        num_embeddings: int,
        *,
        channel_dim: int | None = None,
        ignore_index: int | None = None,
        sink: Sink | None = None,
        settings: Mapping[str, float | str] | None = None,
    ) -> None:
        self.settings: dict[str, float | str] = dict(settings or {})
        super().__init__(folder)
        self.num_embeddings = num_embeddings
        self.channel_dim = channel_dim
        self._counter = HitCounter(num_embeddings, ignore_index)
        self._described: dict[str, Any] = {}
        self._schedule: Schedule | None = None
        self._codebooks = CodebookFrames(self.folder)
        self._handles: list[Any] = []
        self._curves = CurveLog(self.folder, sink)
        self.guarded(self._open)

    def log(
        self,
        step: int,
        *,
        z_e: Tensor | None = None,
        indices: Tensor | None = None,
        codebook: Tensor | None = None,
        losses: Mapping[str, Tensor | float] | None = None,
        images: tuple[Tensor, Tensor] | None = None,
        labels: Tensor | None = None,
        quantized: Tensor | None = None,
        parameter: Tensor | None = None,
    ) -> None:
        """Take in one step; the same step twice counts once.

        Where `z_e` and `quantized` are of the graph and are logged before the backward pass, the record tells how much
        of the encoder's gradient is the commitment term's.

        Args:
            step: of the optimizer, rising.
            z_e: what is compared with the codes: (B, D, *spatial), (B, T, D) or (N, D); (L, …) of levels of their own.
            indices: chosen codes, any integers; (…, L) of several codebooks.
            codebook: (K, D), or (L, K, D); as it was when the indices were chosen.
            losses: scalars by name, unweighted.
            images: originals and their reconstructions, (B, C, H, W) in [0, 1].
            labels: (B,) classes of the inputs, along the first axis of z_e.
            quantized: what the decoder is given, by the straight-through estimator, like z_e.
            parameter: (K, D) that the optimizer moves, where `codebook` is a copy of it.
        """
        given = _Given(z_e, indices, codebook, images, labels, quantized, codebook if parameter is None else parameter)
        self.guarded(lambda: self._log(int(step), given, losses or {}))

    def add_scalars(self, values: Mapping[str, Tensor | float]) -> None:
        """Keep scalars beside the step that was logged last, such as losses where `attach` logs the steps."""
        if self._last_step >= 0:
            self.guarded(lambda: self._curves.add(self._last_step, values))

    def attach(self, module: nn.Module) -> None:
        """Log every training pass of the quantizers in `module` that are known; a pass is a step."""
        from explorer.recording.modules import attach

        self.guarded(lambda: self._handles.extend(attach(self, module)))

    def due(self, step: int) -> bool:
        """Whether the frame of this step is kept, and so z_e and codebook are looked at."""
        return step > self._last_step and (self._schedule is None or self._schedule.due(step))

    def close(self) -> None:
        """Write what is not written yet, and let go of modules."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self.guarded(self._finish)

    def _open(self) -> None:
        try:
            described = description_of(self.folder, self.num_embeddings)
        except RecordError:
            self._writes = False
            raise
        (self.folder / FRAMES).mkdir(parents=True, exist_ok=True)
        if described is None:
            return
        self._described = {name: described[name] for name in described if name not in ("format", "kind")}
        kept = steps_in(self.folder)
        if kept:
            last = read_arrays(frame_path(self.folder, kept[-1]))
            self._counter.resume(last["hits"])
            self._last_step = kept[-1]
            self._schedule = Schedule(int(described.get("most_frames", MOST_FRAMES)), kept)
            self._codebooks.find(kept)

    def _log(self, step: int, given: _Given, losses: Mapping[str, Tensor | float]) -> None:
        if step <= self._last_step:
            if step < self._last_step:
                raise RecordError("record_step_back", step=step, last=self._last_step)
            return
        is_frame = self.due(step)
        self._last_step = step
        self._curves.add(step, losses)
        if given.indices is not None:
            self._counter.add(given.indices.detach(), self._levels(given.codebook))
        if is_frame:
            self._keep(step, self._frame(step, given))

    def _levels(self, codebook: Tensor | None) -> int:
        if codebook is not None and codebook.ndim == 3:
            return len(codebook)
        return int(self._described.get("levels", 1))

    def _frame(self, step: int, given: _Given) -> dict[str, Any]:
        codebook, images = given.codebook, given.images
        arrays: dict[str, Any] = {"step": np.int64(step), "hits": summed_over_ranks(self._counter.total())}
        arrays["beyond"] = np.int64(self._counter.beyond())
        if codebook is not None:
            codes = codebook.detach()
            codes = codes[None] if codes.ndim == 2 else codes
            if codes.shape[1] != self.num_embeddings:
                raise RecordError("record_codebook", shape=tuple(codebook.shape), num_embeddings=self.num_embeddings)
            self._describe(codes)
            arrays["codebook"] = half(codes.float().cpu().numpy())
            arrays["ranks"] = checksums(codes)
        if given.z_e is not None and given.indices is not None:
            self.guarded(lambda: arrays.update(self._vectors(step, given)))
        if images is not None:
            shown = [(part.detach()[:IMAGES].clamp(0, 1) * 255).round().byte().cpu().numpy() for part in images]
            arrays |= {"originals": shown[0], "reconstructions": shown[1]}
        return arrays

    def _describe(self, codes: Tensor) -> None:
        """Write run.json once D is known, and take the schedule that keeps the record small."""
        shape = dict(zip(("levels", "num_embeddings", "embedding_dim"), codes.shape, strict=True))
        if self._schedule is not None and "embedding_dim" in self._described:
            if any(self._described[name] != size for name, size in shape.items()):
                raise RecordError("record_changed", shape=tuple(codes.shape))
            return
        most = most_frames(codes)
        dtype = str(codes.dtype).removeprefix("torch.")
        self._described |= {
            "package": PACKAGE,
            "version": VERSION,
            "codebook_dtype": dtype,
            "most_frames": most,
            "settings": self.settings,
        } | shape
        self._schedule = Schedule(most, self._schedule.kept if self._schedule else ())
        if self._writes:
            write_description(self.folder, self._described)

    def _vectors(self, step: int, given: _Given) -> dict[str, Any]:
        z_e, indices = given.z_e, given.indices
        assert z_e is not None
        assert indices is not None
        if "embedding_dim" not in self._described:
            raise RecordError("record_no_codebook")
        dim, levels = int(self._described["embedding_dim"]), int(self._described["levels"])
        places = tuple(indices.shape[:-1] if levels > 1 else indices.shape)
        axis = channel_axis(tuple(z_e.shape), dim, places, self.channel_dim)
        if levels == 1 and given.codebook is not None:
            self._watch(step, given, axis)
        return drawn_vectors(step, z_e, indices, axis, levels, given.labels)

    def _watch(self, step: int, given: _Given, axis: int) -> None:
        """Ask for the gradients of this step, which come once the loop goes backward."""
        z_e, indices, codebook = given.z_e, given.indices, given.codebook
        assert z_e is not None
        assert indices is not None
        assert codebook is not None
        chosen = indices.detach().reshape(-1)

        def report(values: Mapping[str, Tensor]) -> None:
            self._curves.add(step, values, rare=True)

        if given.quantized is not None:
            codes = codebook.detach().reshape(-1, codebook.shape[-1])
            watch_encoder(z_e, given.quantized, axis, codes, chosen, report, self.guarded)
        if given.parameter is not None and given.parameter.ndim == 2:
            watch_codebook(given.parameter, z_e, axis, chosen, report, self.guarded)

    def _keep(self, step: int, arrays: dict[str, Any]) -> None:
        self._schedule = self._schedule or Schedule(MOST_FRAMES)
        dropped = self._schedule.keep(step)
        if not self._writes:
            return
        if "codebook" in arrays:
            self.guarded(lambda: self._codebooks.keep(step, arrays))
        write_arrays(frame_path(self.folder, step), arrays)
        for mark in dropped:
            frame_path(self.folder, mark).unlink(missing_ok=True)
        self._codebooks.drop(dropped)
        self._curves.flush()

    def _finish(self) -> None:
        self._curves.flush()
        if self._writes and self._counter.counted and self._schedule and self._last_step not in self._schedule.kept:
            write_arrays(
                frame_path(self.folder, self._last_step),
                {"step": np.int64(self._last_step), "hits": self._counter.total(), "beyond": self._counter.beyond()},
            )
            self._schedule.kept.append(self._last_step)


@dataclass(frozen=True)
class _Given:
    """What `log` was given of a step."""

    z_e: Tensor | None
    indices: Tensor | None
    codebook: Tensor | None
    images: tuple[Tensor, Tensor] | None
    labels: Tensor | None
    quantized: Tensor | None
    parameter: Tensor | None
