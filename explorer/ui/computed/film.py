"""A VQ-VAE run's film as it is drawn: codes and encoder outputs on their plane, frame by frame, and who chose whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.files.bounded_cache import newest
from explorer.metrics.codebook_life import Life, distinct, life
from explorer.models.nearest import nearest
from explorer.runs import Run
from explorer.training.gauge import window_steps
from explorer.training.trace import Trace, sampled_every
from explorer.training.trace_recorder import BATCH_LATENTS
from explorer.ui.computed import catalog, encoded

#: More codes than this are no picture; an index fits 16 bits below it.
MOST_CODES = 65_535

Array = NDArray[np.generic]
Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Film:
    """Arrays over T frames, K codes, P drawn vectors; I is 1 where the same vectors are drawn in every frame, else T.

    Attributes:
        places: (T, K, 2) float32, codes on the plane.
        norms: (T, K) float32, lengths of the code vectors themselves.
        drawn: (T, P, 2) float32, encoder outputs on the plane.
        codes: (T, P) the code nearest to each of them.
        images: (I, P) id of the image each comes from, within the image set.
        cells: (I, P) its place in that image's grid of codes, row by row.
    """

    places: Floats
    norms: Floats
    drawn: Floats
    codes: Array
    images: Array
    cells: Array


def has_film(run: Run) -> bool:
    """Whether a run kept its codebook's frames and has a plane to draw them on."""
    if not run.config.is_vq or run.config.num_levels is not None or run.config.num_embeddings > MOST_CODES:
        return False
    return "codebook" in run.trace.frames and (encoded.planar(run) or encoded.projectable(run))


def film(run: Run) -> Film:
    """The film of a run that has one."""
    return _film(run.id, run.weights_sha256)


@newest(6, 128e6)
def _film(run_id: str, weights_sha256: str) -> Film:  # noqa: ARG001
    run = catalog.run(run_id)
    trace = run.trace
    codebook = trace.frames["codebook"].astype(np.float32)  # (T, K, D)
    vectors = drawn_latents(trace).astype(np.float32)  # (T, P, D)
    images, cells = _origins(run)
    return Film(
        places=_placed(run, codebook),
        norms=np.linalg.norm(codebook, axis=2),
        drawn=_placed(run, vectors),
        codes=np.stack(
            [nearest(torch.from_numpy(v), torch.from_numpy(e)) for v, e in zip(vectors, codebook, strict=True)]
        ),
        images=images,
        cells=cells,
    )


def drawn_latents(trace: Trace) -> Floats:
    """(T, P, D): the fixed probes, else a sample of each frame's own mini-batch."""
    return trace.frames["probe_latents" if has_probes(trace) else "batch_latents"]


def has_probes(trace: Trace) -> bool:
    """Whether the same vectors are drawn in every frame."""
    return "probe_latents" in trace.frames


def _placed(run: Run, vectors: Floats) -> Floats:
    if encoded.planar(run):
        return vectors
    plane = encoded.plane_of(run)
    return np.stack([plane.place(frame) for frame in vectors])


def _origins(run: Run) -> tuple[Array, Array]:
    """Which image and which of its cells each drawn vector is."""
    trace = run.trace
    if has_probes(trace):
        return trace.fixed["probe_ids"][None], trace.fixed["probe_cells"][None]
    rows, cells = sampled_rows(run)
    return trace.frames["batch_ids"][:, rows], np.broadcast_to(cells, (len(trace.frame_steps), len(cells)))


def sampled_rows(run: Run) -> tuple[Array, Array]:
    """Of each vector that a trace keeps of a mini-batch: the image's place in the batch, and the cell."""
    per_image = run.model.shape.grid**2
    kept = run.trace.frames["batch_latents"].shape[1]
    every = sampled_every(run.config.batch_size * per_image, per_image, BATCH_LATENTS, run.trace.format)
    rows = np.arange(kept) * every
    return rows // per_image, rows % per_image


def sampled_columns(run: Run) -> int:
    """Columns of a picture's grid that those vectors come from; 0 where they come from all."""
    grid = run.model.shape.grid
    columns = len(np.unique(sampled_rows(run)[1] % grid))
    return columns if columns < grid else 0


# --- what the hits say


@dataclass(frozen=True)
class Counted:
    """A film's codes under one window and threshold.

    Attributes:
        life: states and hits at every frame.
        perplexity: (T,) of the counted hits; 0 before the first step.
        distinct: (T,) used codes after near-duplicates are merged.
    """

    life: Life
    perplexity: Floats
    distinct: Array


def counted(run: Run, windows: int, starved: int) -> Counted:
    """The life of a run's codes.

    Args:
        run: one that kept its hits.
        windows: recorded windows that each count is made over.
        starved: threshold in percent of even use.
    """
    return _counted(run.id, run.weights_sha256, windows, starved)


@newest(32, 128e6)
def _counted(run_id: str, weights_sha256: str, windows: int, starved: int) -> Counted:  # noqa: ARG001
    run = catalog.run(run_id)
    trace = run.trace
    found = life(
        torch.from_numpy(trace.frame_steps).long(),
        torch.from_numpy(trace.frames["hits"]).long(),
        recorded_window(run),
        windows=windows,
        starved_share=starved / 100,
        restarted=torch.from_numpy(restarted(run)),
    )
    return counted_life(found, trace.frames["codebook"])


def counted_life(found: Life, codebook: Array) -> Counted:
    """What states and hits say beside the codebooks (T, K, D)."""
    share = found.hits.double() / found.vectors.clamp(min=1)[:, None]
    perplexity = torch.special.entr(share).sum(1).exp() * (found.vectors > 0)
    codes = torch.from_numpy(codebook.astype(np.float32))
    merged = [distinct(each, hits) for each, hits in zip(codes, found.hits, strict=True)]
    return Counted(found, perplexity.numpy(), np.array(merged))


def recorded_window(run: Run) -> int:
    """Steps of the window whose hits each frame holds."""
    return window_steps(run.config.num_embeddings, vectors_per_step(run))


def vectors_per_step(run: Run) -> int:
    """Encoder outputs of one mini-batch."""
    return run.config.batch_size * run.model.shape.grid**2


def restarted(run: Run) -> NDArray[np.bool_]:
    """(T, K): codes that were restarted since the frame before.

    Seen from outside: where codes were restarted at all, by policy or by hand, one without hits in the last window
    stands elsewhere now.
    """
    hits, codebook = run.trace.frames["hits"], run.trace.frames["codebook"]
    found = np.zeros(hits.shape, bool)
    found[1:] = (hits[:-1] == 0) & (codebook[1:] != codebook[:-1]).any(2)
    steps = run.trace.frame_steps.tolist()
    found[1:][[not _restarts(run, *between) for between in pairwise(steps)]] = False
    return found


def _restarts(run: Run, after: int, until: int) -> bool:
    """Whether codes may have been restarted in the updates `after` + 1 to `until`."""
    changes = [change for change in run.info.history if after <= change.step < until]
    policies = {run.info.config_at(after).dead_codes, *(c.value for c in changes if c.what == "dead_codes")}
    return policies != {"keep"} or any(change.what == "restart" for change in changes)
