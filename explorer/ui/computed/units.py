"""A VAE's film: the KL of each unit at each frame, and in two dimensions the posteriors beside the prior.

Of a run that was trained, or of a cell of the study of units that fall silent.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.data import load_image_set
from explorer.errors import RunError
from explorer.files.bounded_cache import newest
from explorer.latent.sample import drawn_rows
from explorer.runs import Run, RunInfo
from explorer.studies.files import STUDIES_ROOT, load_arrays, load_record, load_records, member_path
from explorer.studies.plan import SEEDS
from explorer.studies.silent import silent_cells
from explorer.training.trace import Trace
from explorer.training.trace_recorder import VALIDATION_IMAGES
from explorer.ui.computed import catalog

Floats = NDArray[np.floating]
#: Posteriors that are drawn: more are one blot.
ELLIPSES = 60
#: A study's cell among runs: "silent:fashion-vae-z32-s0".
STUDY = "silent:"


@dataclass(frozen=True)
class UnitFilm:
    """T frames of a VAE.

    Attributes:
        steps: (T,) int, after so many updates.
        kl: (T, units) nats of each unit, mean over `images`; of a grid of each channel, summed over its positions.
        images: how many pictures the KL is a mean over.
        mean, sigma: (T, P, 2) of the posteriors of P pictures, None where the latent has not two numbers.
        probed: whether the KL was computed from the film's own pictures, which a film of format 1 has in place of it.
    """

    steps: NDArray[np.integer]
    kl: Floats
    images: int
    mean: Floats | None = None
    sigma: Floats | None = None
    probed: bool = False


def films_of(data: str) -> tuple[str, ...]:
    """Names of the films of an image set: its VAEs that kept one, those with posteriors first; then the study's."""
    runs = [info for info in catalog.runs_of(data) if info.config.model == "vae" and has_units(info.id)]
    ordered = sorted(runs, key=lambda info: not _in_two_dimensions(info))
    return tuple([info.id for info in ordered] + study_films())


def study_films() -> list[str]:
    """Names of the study's finished members, in the order of its plan."""
    there = {(record["cell"], record["seed"]) for record in load_records(STUDIES_ROOT / "silent")}
    return [f"{STUDY}{cell.id}-s{seed}" for cell in silent_cells() for seed in SEEDS if (cell.id, seed) in there]


def has_units(run_id: str) -> bool:
    """Whether a run kept the KL of its units, or what it can be computed from; its film is not read for it."""
    try:
        run = catalog.run(run_id)
    except RunError:
        return False
    return "trace.npz" in run.files and _kept(run.folder / "trace.npz", run.files["trace.npz"])


@lru_cache(maxsize=256)
def _kept(path: Path, sha256: str) -> bool:  # noqa: ARG001 - names the content
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False
    probes = "frames/probe_logvar.npy" in names and "fixed/probe_cells.npy" not in names
    return "frames/kl_units.npy" in names or probes


def unit_film(name: str) -> UnitFilm | None:
    """The film of that name; None where the run kept none.

    Raises:
        RunError: it cannot be read.
    """
    if name.startswith(STUDY):
        return _study_film(name)
    run = catalog.run(name)
    return _film(run.id, run.weights_sha256)


def study_record(name: str) -> dict[str, Any]:
    """What a study's member says of itself."""
    return load_record(_member(name))


def _member(name: str) -> Path:
    cell, seed = name.removeprefix(STUDY).rsplit("-s", 1)
    return member_path(STUDIES_ROOT / "silent", cell, int(seed))


def _study_film(name: str) -> UnitFilm:
    arrays, data = load_arrays(_member(name), "frame"), study_record(name)["config"]["data"]
    return UnitFilm(arrays["frame_steps"], arrays["frames/kl_units"].astype(np.float64), _measured_on(data))


@newest(12, 32e6)
def _film(run_id: str, weights_sha256: str) -> UnitFilm | None:  # noqa: ARG001
    run = catalog.run(run_id)
    return film_in(run.trace, _measured_on(run.config.data), spatial=run.config.spatial)


def film_in(trace: Trace, measured_on: int, *, spatial: bool) -> UnitFilm | None:
    """The film that a trace holds, if any.

    Args:
        trace: of a VAE.
        measured_on: pictures behind `kl_units`.
        spatial: whether the latent is a grid; its probes are single positions, of which no channel's KL follows.
    """
    frames = trace.frames
    drawn = "probe_logvar" in frames and not spatial
    kl: Floats
    if "kl_units" in frames:
        kept = np.isfinite(frames["kl_units"]).all(1)  # a run that was begun under format 1 measured nothing then
        kl, images = frames["kl_units"][kept].astype(np.float64), measured_on
    elif drawn:
        kept = np.ones(len(trace.frame_steps), bool)
        kl, images = kl_of(frames["probe_latents"], frames["probe_logvar"]), frames["probe_latents"].shape[1]
    else:
        return None
    film = UnitFilm(trace.frame_steps[kept], kl, images, probed="kl_units" not in frames)
    if not drawn or frames["probe_latents"].shape[2] != 2:
        return film
    some = drawn_rows(frames["probe_latents"].shape[1], ELLIPSES)
    mean, logvar = (frames[name][kept][:, some].astype(np.float64) for name in ("probe_latents", "probe_logvar"))
    return UnitFilm(film.steps, film.kl, images, mean, np.exp(0.5 * logvar), film.probed)


def kl_of(mean: Floats, logvar: Floats) -> Floats:
    """(T, units) nats of `KL(N(μ, σ²) ‖ N(0, 1))`, mean over (T, P, units) posteriors: ½ (μ² + σ² − 1 − log σ²)."""
    mean, logvar = mean.astype(np.float64), logvar.astype(np.float64)
    return np.asarray(0.5 * (np.square(mean) + np.exp(logvar) - 1 - logvar).mean(1))


def _measured_on(data: str) -> int:
    return min(VALIDATION_IMAGES, len(load_image_set(data).split("val")))


def _in_two_dimensions(info: RunInfo) -> bool:
    return info.config.latent_dim == 2 and not info.config.spatial and info.config.trace == "full"


def without(data: str, asked: str) -> Run | None:
    """The VAE that was asked for, where it kept no film."""
    known = {info.id for info in catalog.runs_of(data) if info.config.model == "vae"}
    return catalog.run(asked) if asked in known and not has_units(asked) else None
