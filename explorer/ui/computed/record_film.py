"""The film of a record: its first codebook and the encoder outputs beside it, with the hits between its frames.

There is no encoder and no picture in a record, so nothing here reads a run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.files.bounded_cache import newest
from explorer.latent.projection import PCAPlane, pca_plane
from explorer.metrics.codebook_life import life
from explorer.models.nearest import nearest
from explorer.runs.recorded import RecordedRun
from explorer.training.trace import Trace
from explorer.ui.computed import records
from explorer.ui.computed.film import MOST_CODES, Counted, Film, counted_life
from explorer.ui.computed.motion import Motion, motion_of
from explorer.ui.computed.one_step import MiniBatch

Floats = NDArray[np.floating]
#: A share of one hit a step: counts of codes that nobody chose are this low, and not nothing.
UNHIT = 1e-6


@dataclass(frozen=True)
class RecordFilm:
    """A record as the tab Codebook draws it.

    Attributes:
        trace: `codebook` (T, K, D), `hits` (T, K) since the frame before, `batch_latents` (T, n, D) if they were kept.
        plane: of largest variance of the outputs of all frames, of the codes where none were kept; None where D is 2.
        per_step: vectors of a step, as far as the record tells.
    """

    trace: Trace
    plane: PCAPlane | None
    per_step: int

    @property
    def vectors(self) -> Floats:
        """(T, n, D) float32 encoder outputs; n is 0 where none were kept."""
        frames = self.trace.frames
        if "batch_latents" not in frames:
            return np.zeros((len(self.trace.frame_steps), 0, frames["codebook"].shape[2]), np.float32)
        return frames["batch_latents"].astype(np.float32)

    def placed(self, vectors: Floats) -> Floats:
        """(T, m, D) -> (T, m, 2) float32."""
        if self.plane is None:
            return vectors.astype(np.float32)
        return np.stack([self.plane.place(frame) for frame in vectors])


def has_film(record: RecordedRun) -> bool:
    """Whether a record holds codebooks that can be drawn."""
    trace = record.trace
    return (
        "codebook" in trace.frames
        and record.embedding_dim >= 2
        and record.num_embeddings <= MOST_CODES
        and bool(len(trace.frame_steps))
    )


def film_of(name: str) -> RecordFilm:
    """Of a record that has one; raises as `records.record_of`."""
    return _film_of(name, records.stamp_of(name))


@newest(4, 128e6)
def _film_of(name: str, stamp: str) -> RecordFilm:  # noqa: ARG001
    record = records.record_of(name)
    trace = _first_level(record.trace)
    shown = trace.frames.get("batch_latents", trace.frames["codebook"]).astype(np.float32)
    plane = pca_plane(shown.reshape(-1, shown.shape[2])) if record.embedding_dim > 2 else None
    return RecordFilm(trace, plane, record.vectors_per_step)


def _first_level(trace: Trace) -> Trace:
    frames = {name: trace.by_codebook(name)[:, 0] for name in ("codebook", "hits")}
    return replace(trace, frames={**trace.frames, **frames})


def drawn_film(name: str) -> Film:
    """Codes and outputs on their plane; `images` and `cells` are zero, since a record has no pictures of them."""
    return _drawn_film(name, records.stamp_of(name))


@newest(4, 128e6)
def _drawn_film(name: str, stamp: str) -> Film:  # noqa: ARG001
    film = film_of(name)
    codebook, vectors = film.trace.frames["codebook"].astype(np.float32), film.vectors
    chosen = [nearest(torch.from_numpy(v), torch.from_numpy(e)).numpy() for v, e in zip(vectors, codebook, strict=True)]
    return Film(
        places=film.placed(codebook),
        norms=np.linalg.norm(codebook, axis=2),
        drawn=film.placed(vectors),
        codes=np.stack(chosen),
        images=np.zeros(vectors.shape[:2], np.int64),
        cells=np.zeros(vectors.shape[:2], np.int64),
    )


def counted_record(name: str, windows: int, starved: int) -> Counted:
    """The life of a record's codes: hits since the frame before, or since `windows` frames before."""
    return _counted_record(name, records.stamp_of(name), windows, starved)


@newest(16, 128e6)
def _counted_record(name: str, stamp: str, windows: int, starved: int) -> Counted:  # noqa: ARG001
    trace = film_of(name).trace
    steps, hits = torch.from_numpy(trace.frame_steps).long(), torch.from_numpy(trace.frames["hits"]).long()
    # windows end where the next begin: no step is between them, and none in two
    found = life(steps + 1, hits, 0, windows=windows, starved_share=starved / 100)
    return counted_life(found, trace.frames["codebook"])


def motion_of_record(name: str) -> Motion:
    """How far its codes went from frame to frame."""
    return motion_of(film_of(name).trace)


def batch_of_record(name: str, frame: int) -> MiniBatch:
    """The outputs that were kept of a frame's step, and the codes they meet.

    A record has no EMA counts: in their place stand the hits a step since the frame before, of as many vectors as were
    kept, and the sums that put each code where it is.
    """
    film = film_of(name)
    trace, vectors = film.trace, film.vectors[frame]
    codebook = trace.frames["codebook"][frame].astype(np.float64)
    chosen = nearest(torch.from_numpy(vectors), torch.from_numpy(codebook.astype(np.float32))).numpy()
    sums = np.zeros(codebook.shape)
    np.add.at(sums, chosen, vectors.astype(np.float64))
    hits = trace.frames["hits"][frame].astype(np.float64)
    count = np.maximum(hits / max(1.0, hits.sum()) * len(vectors), UNHIT)
    return MiniBatch(
        step=int(trace.frame_steps[frame]),
        whole=False,
        codebook=codebook,
        count=count,
        total=count[:, None] * codebook,
        vectors=vectors.astype(np.float64),
        chosen=chosen,
        hits=np.bincount(chosen, minlength=len(codebook)),
        sums=sums,
    )
