"""A VAE quantized by random codes, on a fixed part of the test split: measured, or read where a run brings it."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any

import numpy as np

from explorer.files.bounded_cache import newest
from explorer.latent.encode import encode_images
from explorer.models import VAE
from explorer.reports.gaussian_quantization import QuantizedVAE, Row, quantize_vae
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.stored import Arrays, stored

KIND = "quantized"
#: Images of the chart: with 5 codebooks of 7 sizes each, seconds on a core.
IMAGES = 200
ROWS = ("rows", "joint")


def quantized_vae(run: Run) -> QuantizedVAE:
    """The first `IMAGES` test images of a VAE by the size of its random codebooks."""
    found = stored(run.id, KIND, run.weights_sha256)
    return unpacked(found) if found else measured(run.id, run.weights_sha256)


def is_stored(run: Run) -> bool:
    """Whether `quantized_vae` only reads."""
    return bool(stored(run.id, KIND, run.weights_sha256))


@newest(32, 4e6)
def measured(run_id: str, weights_sha256: str) -> QuantizedVAE:  # noqa: ARG001
    """Computed."""
    run = catalog.run(run_id)
    assert isinstance(run.model, VAE)
    images = encoded.test_images(run.config.data)[:IMAGES]
    return quantize_vae(run.model, images, encode_images(run.model, images))


def packed(found: QuantizedVAE) -> Arrays:
    """As arrays by the names of the attributes; a row of codes is a row, what it does not have is no number."""
    arrays = {name: np.array(value) for name, value in vars(found).items() if name not in ROWS}
    return arrays | {name: _table(getattr(found, name)) for name in ROWS}


def unpacked(arrays: Arrays) -> QuantizedVAE:
    """What was `packed`."""
    plain: dict[str, Any] = {
        each.name: arrays[each.name].tolist() for each in fields(QuantizedVAE) if each.name not in ROWS
    }
    plain["kl"] = tuple(plain["kl"])
    plain |= {name: tuple(_row(row) for row in arrays[name].tolist()) for name in ROWS}
    return QuantizedVAE(**plain)


def _table(rows: tuple[Row, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([astuple(row) for row in rows], np.float64).reshape(len(rows), len(fields(Row)))


def _row(values: list[float]) -> Row:
    return Row(*(None if value != value else value for value in values))  # type: ignore[arg-type]
