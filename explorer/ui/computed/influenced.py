"""Who answers, averaged over test images, and what codes say of the class: computed when asked for, remembered."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from explorer.latent.influence import exchange_code, move_unit, other_codes
from explorer.metrics.codebook import codebook_health
from explorer.metrics.influence import Answering, answering
from explorer.metrics.information import ClassInformation, class_information
from explorer.runs import Run
from explorer.streams import stream
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.stored import Arrays, stored

KIND, INFORMATION = "influence", "information"
#: In place of a cell: one drawn anew for each image.
ANY = -1


@dataclass(frozen=True)
class Averaged:
    """An average over test images.

    Attributes:
        answering: footprints and the mean map.
        amount: by how much the unit was moved: one standard deviation of the test set's means; 0 for codes.
    """

    answering: Answering
    amount: float = 0.0


def units(run: Run) -> int:
    """Numbers of one latent of an AE or a VAE."""
    config = run.config
    return config.latent_dim * (run.model.shape.grid**2 if config.spatial else 1)


def of_unit(run: Run, unit: int) -> Averaged:
    """Move one unit of an AE or a VAE by one standard deviation of the test set's means.

    Args:
        run: of either kind.
        unit: below `units(run)`; of a grid, counted channels-last as the browser holds it.
    """
    return _stored(run, unit) or _of_unit(run.id, run.weights_sha256, unit)


def is_stored(run: Run, place: int) -> bool:
    """Whether the answer for a unit, a cell or `ANY` is only read."""
    return _stored(run, place) is not None


def _stored(run: Run, place: int) -> Averaged | None:
    """What a shipped run brings for a unit, a cell, or `ANY`; None where it brings nothing."""
    found = stored(run.id, KIND, run.weights_sha256)
    places = found["place"].tolist() if found else []
    if place not in places:
        return None
    row = places.index(place)
    footprint, spread, amount = found["figures"][row].tolist()
    mean = torch.from_numpy(found["mean"][row])
    return Averaged(Answering(footprint, spread, int(found["n"][row]), mean), amount)


def packed(run: Run) -> Arrays:
    """Of every unit, or of every cell and of one drawn anew for each image: what `of_unit` and `of_cell` then read."""
    cells = range(ANY, run.model.shape.grid**2) if run.config.is_vq else range(units(run))
    found = [of_cell(run, None if p == ANY else p) if run.config.is_vq else of_unit(run, p) for p in cells]
    return {
        "place": np.array(cells, np.int32),
        "figures": np.array([(f.answering.footprint, f.answering.spread, f.amount) for f in found]),
        "n": np.array([f.answering.n for f in found], np.int32),
        "mean": np.stack([f.answering.mean.numpy() for f in found]).astype(np.float32),
    }


@lru_cache(maxsize=256)
def _of_unit(run_id: str, weights_sha256: str, unit: int) -> Averaged:  # noqa: ARG001
    run = catalog.run(run_id)
    means = cast(Tensor, encoded.encoded_test(run_id).mean)
    place = _place(unit, run)
    amount = float(means.movedim(0, -1)[place].double().std(correction=0))
    return Averaged(answering(move_unit(run.model, means, place, amount)), amount)


def _place(unit: int, run: Run) -> tuple[int, ...]:
    if not run.config.spatial:
        return (unit,)
    cell, channel = divmod(unit, run.config.latent_dim)
    return channel, *divmod(cell, run.model.shape.grid)


def of_cell(run: Run, cell: int | None) -> Averaged:
    """Exchange the code at one cell of a VQ-VAE's grid for another, drawn by use.

    Args:
        run: a VQ-VAE.
        cell: row by row; None draws one for each image.
    """
    return _stored(run, ANY if cell is None else cell) or _of_cell(run.id, run.weights_sha256, cell)


@lru_cache(maxsize=512)
def _of_cell(run_id: str, weights_sha256: str, cell: int | None) -> Averaged:  # noqa: ARG001
    run = catalog.run(run_id)
    indices = cast(Tensor, encoded.encoded_test(run_id).indices)
    hits = codebook_health(indices, run.config.num_codes).counts
    generator = stream(0, "exchanged codes", -1 if cell is None else cell)
    positions = indices[0].numel()
    if cell is None:
        cells = torch.randint(positions, (len(indices),), generator=generator)
    else:
        cells = torch.full((len(indices),), cell)
    present = indices.flatten(1)[torch.arange(len(indices)), cells]
    return Averaged(answering(exchange_code(run.model, indices, cells, other_codes(present, hits, generator))))


def information(run: Run) -> ClassInformation:
    """Between code and class, over the whole test split."""
    found = stored(run.id, INFORMATION, run.weights_sha256)
    return unpacked_information(found) if found else measured_information(run.id, run.weights_sha256)


def is_information_stored(run: Run) -> bool:
    """Whether `information` only reads."""
    return bool(stored(run.id, INFORMATION, run.weights_sha256))


def packed_information(run: Run) -> Arrays:
    """What `information` then reads, by the names of its attributes."""
    return {name: np.array(value) for name, value in vars(measured_information(run.id, run.weights_sha256)).items()}


def unpacked_information(arrays: Arrays) -> ClassInformation:
    """Of `packed_information`."""
    values: dict[str, Any] = {}
    for name in (each.name for each in fields(ClassInformation)):
        values[name] = torch.from_numpy(arrays[name]) if arrays[name].ndim else arrays[name].item()
    return ClassInformation(**values)


@lru_cache(maxsize=16)
def measured_information(run_id: str, weights_sha256: str) -> ClassInformation:  # noqa: ARG001
    """Computed."""
    run = catalog.run(run_id)
    return class_information(
        cast(Tensor, encoded.encoded_test(run_id).indices),
        encoded.test_labels(run.config.data),
        run.config.num_codes,
        len(encoded.class_names(run.config.data)),
        stream(0, "class permutations"),
    )
