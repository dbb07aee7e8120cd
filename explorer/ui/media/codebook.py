"""The heavy parts of the tab Codebook as bytes: the film, what its hits say under a rule, one mini-batch.

Numbers stand in the order of the lists below, little-endian, without gaps; the scene says how many there are.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.data import load_image_set
from explorer.errors import ViewError
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.film import Counted, Film, Floats, counted, film, has_film, has_probes, restarted
from explorer.ui.computed.one_step import MiniBatch, mini_batch
from explorer.ui.view import MAX_STARVED, WINDOWS


def film_bytes(name: str) -> bytes:
    """A film.

    float32 places (T, K, 2), norms (T, K); uint32 images (I, P); float16 drawn (T, P, 2); uint16 codes (T, P),
    cells (I, P); uint8 restarted (T, K).
    """
    run = catalog.run(name)
    return film_parts(film(run), restarted(run))


def film_parts(made: Film, restarted: NDArray[np.generic]) -> bytes:
    """The bytes of a film and of which codes were restarted since the frame before, (T, K)."""
    parts = (
        made.places.astype("<f4"),
        made.norms.astype("<f4"),
        made.images.astype("<u4"),
        made.drawn.astype("<f2"),
        made.codes.astype("<u2"),
        made.cells.astype("<u2"),
        restarted.astype("u1"),
    )
    return b"".join(part.tobytes() for part in parts)


def film_stamp(name: str) -> str:
    """What a film depends on, by `run.json` alone."""
    return _stamp(_codebook_run(name))


def film_there(name: str) -> Run:
    """The run of that film, which is read for it.

    Raises:
        ViewError: it kept none.
    """
    return _filmed(name)


def life_name(run_id: str, windows: int, starved: int) -> str:
    """The name of a run's life under a window and a threshold in percent of even use."""
    return f"{run_id}.{windows}.{starved}"


def life_bytes(name: str) -> bytes:
    """uint32 hits (T, K), vectors (T,), windows (T,), distinct (T,); float32 perplexity (T,); uint8 states (T, K)."""
    run, windows, starved = _life_of(name)
    return life_parts(counted(run, windows, starved))


def life_parts(found: Counted) -> bytes:
    """The bytes of a life."""
    parts = (
        found.life.hits.numpy().astype("<u4"),
        found.life.vectors.numpy().astype("<u4"),
        found.life.windows.numpy().astype("<u4"),
        found.distinct.astype("<u4"),
        found.perplexity.astype("<f4"),
        found.life.states.numpy(),
    )
    return b"".join(part.tobytes() for part in parts)


def life_stamp(name: str) -> str:
    """What a life depends on."""
    run_id, windows, starved = _life_name(name)
    return f"{_stamp(_codebook_run(run_id))} {windows} {starved}"


def life_there(name: str) -> Run:
    """As `film_there`."""
    return _life_of(name)[0]


PHOTO_COLUMNS = 20


def photos_name(run_id: str, frame: int) -> str:
    """The name of the pictures that the drawn vectors of a frame come from; frame 0 where they are always the same."""
    return f"{run_id}.{frame}"


def photos(name: str) -> Tensor:
    """uint8 (C, rows·H, 20·W): each picture once, in the order in which the film first names it, row by row."""
    run, frame = _photos_of(name)
    ids = list(dict.fromkeys(film(run).images[frame].tolist()))
    images = load_image_set(run.config.data).images[ids]
    missing = -len(images) % PHOTO_COLUMNS
    images = torch.cat([images, images.new_zeros(missing, *images.shape[1:])])
    rows = images.view(-1, PHOTO_COLUMNS, *images.shape[1:])  # (rows, 20, C, H, W)
    return rows.permute(2, 0, 3, 1, 4).flatten(3).flatten(1, 2)


def photos_stamp(name: str) -> str:
    """What those pictures depend on."""
    return _stamp_of_images(name)


def photos_there(name: str) -> Run:
    """As `film_there`."""
    return _photos_of(name)[0]


def step_name(run_id: str, frame: int) -> str:
    """The name of the mini-batch at a frame."""
    return f"{run_id}.{frame}"


def step_bytes(name: str) -> bytes:
    """A mini-batch.

    float64 sums (K, D), axes (2, D), mean (D); float32 codebook (K, D), count (K,), total (K, D), places (N, 2);
    uint32 hits (K,); uint16 chosen (N,). Axes and mean place a vector on the plane: `(v - mean) · axes`.
    """
    run, frame = _step_of(name)
    return step_parts(mini_batch(run, frame), *_plane(run))


def step_parts(batch: MiniBatch, axes: Floats, mean: Floats) -> bytes:
    """The bytes of a mini-batch on the plane of `axes` (2, D) through `mean` (D,)."""
    parts = (
        batch.sums.astype("<f8"),
        axes.astype("<f8"),
        mean.astype("<f8"),
        batch.codebook.astype("<f4"),
        batch.count.astype("<f4"),
        batch.total.astype("<f4"),
        ((batch.vectors - mean) @ axes.T).astype("<f4"),
        batch.hits.astype("<u4"),
        batch.chosen.astype("<u2"),
    )
    return b"".join(part.tobytes() for part in parts)


def _plane(run: Run) -> tuple[Floats, Floats]:
    """Axes (2, D) and mean (D,) of the plane a run is drawn on; two numbers are drawn as they are."""
    if encoded.planar(run):
        return np.eye(2), np.zeros(2)
    plane = encoded.plane_of(run)
    return plane.axes, plane.mean


def step_stamp(name: str) -> str:
    """What a mini-batch depends on: the images too."""
    return _stamp_of_images(name)


def step_there(name: str) -> Run:
    """As `film_there`."""
    return _step_of(name)[0]


def _stamp_of_images(name: str) -> str:
    run = _codebook_run(split(name, 1)[0])
    return f"{_stamp(run)} {run.info.data_sha256}"


def _stamp(run: Run) -> str:
    return f"{run.weights_sha256} {run.files['trace.npz']}"


def _codebook_run(run_id: str) -> Run:
    """A run that may have a film; it is not read, so that a wrong address costs nothing."""
    run = catalog.run(run_id)
    if not run.config.is_vq or "trace.npz" not in run.files:
        raise ViewError("medium_unknown", name=catalog.readable(run_id))
    return run


def _filmed(run_id: str) -> Run:
    run = _codebook_run(run_id)
    if not has_film(run):
        raise ViewError("medium_unknown", name=catalog.readable(run_id))
    return run


def _life_name(name: str) -> tuple[str, int, int]:
    run_id, (windows, starved) = split(name, 2)
    if windows not in WINDOWS or not 1 <= starved <= MAX_STARVED:
        raise ViewError("medium_unknown", name=catalog.readable(name))
    return run_id, windows, starved


def _life_of(name: str) -> tuple[Run, int, int]:
    run_id, windows, starved = _life_name(name)
    return _filmed(run_id), windows, starved


def _step_of(name: str) -> tuple[Run, int]:
    run_id, (frame,) = split(name, 1)
    run = _filmed(run_id)
    if "batch_latents" not in run.trace.frames or frame >= len(run.trace.frame_steps):
        raise ViewError("medium_unknown", name=catalog.readable(name))
    return run, frame


def _photos_of(name: str) -> tuple[Run, int]:
    run_id, (frame,) = split(name, 1)
    run = _filmed(run_id)
    if frame >= (1 if has_probes(run.trace) else len(run.trace.frame_steps)):
        raise ViewError("medium_unknown", name=catalog.readable(name))
    return run, frame


def split(name: str, count: int) -> tuple[str, list[int]]:
    """A run's id and the numbers after it."""
    run_id, *numbers = name.rsplit(".", count)
    if len(numbers) != count or not all(
        number.isascii() and number.isdigit() and len(number) < 6 for number in numbers
    ):
        raise ViewError("medium_unknown", name=catalog.readable(name))
    return run_id, [int(number) for number in numbers]
