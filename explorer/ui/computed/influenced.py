"""Who answers, averaged over test images, and what codes say of the class: computed when asked for, remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import torch
from torch import Tensor

from explorer.latent.influence import exchange_code, move_unit, other_codes
from explorer.metrics.codebook import codebook_health
from explorer.metrics.influence import Answering, answering
from explorer.metrics.information import ClassInformation, class_information
from explorer.runs import Run
from explorer.streams import stream
from explorer.ui.computed import catalog, encoded


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
    return _of_unit(run.id, run.weights_sha256, unit)


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
    return _of_cell(run.id, run.weights_sha256, cell)


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
    return _information(run.id, run.weights_sha256)


@lru_cache(maxsize=16)
def _information(run_id: str, weights_sha256: str) -> ClassInformation:  # noqa: ARG001
    run = catalog.run(run_id)
    return class_information(
        cast(Tensor, encoded.encoded_test(run_id).indices),
        encoded.test_labels(run.config.data),
        run.config.num_codes,
        len(encoded.class_names(run.config.data)),
        stream(0, "class permutations"),
    )
