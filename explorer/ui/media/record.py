"""The film, the life and the steps of a record, in the order of `explorer.ui.media.codebook`."""

from __future__ import annotations

import numpy as np

from explorer.errors import ExplorerError, ViewError
from explorer.ui.computed import records
from explorer.ui.computed.catalog import readable
from explorer.ui.computed.record_film import (
    batch_of_record,
    counted_record,
    drawn_film,
    film_of,
    has_film,
)
from explorer.ui.media.codebook import film_parts, life_parts, split, step_parts
from explorer.ui.view import MAX_STARVED, WINDOWS


def film_bytes(name: str) -> bytes:
    """As `codebook.film_bytes`: pictures and cells are zero, and a record does not say which codes were restarted."""
    made = drawn_film(records.named(name))
    return film_parts(made, np.zeros(made.norms.shape, np.uint8))


def film_stamp(name: str) -> str:
    """What a record's film depends on."""
    return _stamp(name)


def film_there(name: str) -> str:
    """The record of that film.

    Raises:
        ViewError: it holds none.
    """
    return _filmed(name)


def life_name(record: str, windows: int, starved: int) -> str:
    """As `codebook.life_name`."""
    return f"{records.medium_name(record)}.{windows}.{starved}"


def life_bytes(name: str) -> bytes:
    """As `codebook.life_bytes`."""
    record, windows, starved = _life_of(name)
    return life_parts(counted_record(records.named(record), windows, starved))


def life_stamp(name: str) -> str:
    """What a life depends on."""
    record, windows, starved = _life_of(name)
    return f"{_stamp(record)} {windows} {starved}"


def life_there(name: str) -> str:
    """As `film_there`."""
    return _filmed(_life_of(name)[0])


def step_name(record: str, frame: int) -> str:
    """The name of the outputs that were kept of a frame."""
    return f"{records.medium_name(record)}.{frame}"


def step_bytes(name: str) -> bytes:
    """As `codebook.step_bytes`."""
    record, (frame,) = split(name, 1)
    film = film_of(records.named(record))
    dim = film.trace.frames["codebook"].shape[2]
    axes, mean = (np.eye(dim), np.zeros(dim)) if film.plane is None else (film.plane.axes, film.plane.mean)
    return step_parts(batch_of_record(records.named(record), frame), axes, mean)


def step_stamp(name: str) -> str:
    """What these outputs depend on."""
    return _stamp(split(name, 1)[0])


def step_there(name: str) -> str:
    """As `film_there`; there is no frame of that number, or no outputs were kept: a ViewError too."""
    record, (frame,) = split(name, 1)
    film = film_of(_filmed(record))
    if "batch_latents" not in film.trace.frames or frame >= len(film.trace.frame_steps):
        raise ViewError("medium_unknown", name=readable(name))
    return record


def _stamp(name: str) -> str:
    try:
        return records.stamp_of(records.named(name))
    except ExplorerError as error:
        raise ViewError("medium_unknown", name=readable(name)) from error


def _filmed(name: str) -> str:
    _stamp(name)
    record = records.named(name)
    if not has_film(records.record_of(record)):
        raise ViewError("medium_unknown", name=readable(name))
    return record


def _life_of(name: str) -> tuple[str, int, int]:
    record, (windows, starved) = split(name, 2)
    if windows not in WINDOWS or not 1 <= starved <= MAX_STARVED:
        raise ViewError("medium_unknown", name=readable(name))
    return record, windows, starved
