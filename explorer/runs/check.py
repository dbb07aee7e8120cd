"""A run that comes from elsewhere, held to what could have been trained here: sizes first, then arrays, then a batch.

Each step bounds what the next one may cost: nothing is built or unpacked before its size is known, and nothing is kept
whose numbers would leave a page without an answer.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from explorer.errors import QuantizerError, RunError
from explorer.files.tensors import npy_header
from explorer.files.zips import BROKEN_ARRAYS, entries, opened_zip
from explorer.latent.encode import encode_images
from explorer.models import VQVAE
from explorer.models.objectives import VARIANCE_FLOOR
from explorer.runs.info import RunInfo
from explorer.runs.reading import MOST_UNPACKED, Run, arrays_of
from explorer.runs.schema import Known, Shapes, Spec, film_specs, map_specs, measure_specs, weight_specs
from explorer.streams import stream

#: Bytes of the latents of a test split, which the page holds; images of a split that is not here.
MOST_LATENTS, USUAL_TEST = 600_000_000, 10_000
#: Bytes of one layer's outputs for so many images; encoding takes fewer at a time, which lets in no larger run.
MOST_LAYER, PICTURES = 800_000_000, 500
#: Of a latent or a pixel, in either direction: what is trained here stays below 1e4.
LARGEST_OUTPUT = 1e6
#: Of s², and of the variance of values in [0, 1].
LARGEST_S2, LARGEST_VARIANCE = 1e6, 1.0
MOST_CHANGES, LONGEST_WORD = 1000, 100
#: Codes that the trial batch decodes.
TRIED = 64


def check_description(info: RunInfo) -> None:
    """Whether figures and words of a `run.json` are those of a training.

    Raises:
        RunError: `run_foreign`.
    """
    words = (info.id, info.family, info.twin_of, info.data_sha256)
    good = (
        info.step <= info.config.steps
        and 1 <= info.threads <= 4096
        and 0 < info.data_variance <= LARGEST_VARIANCE
        and (info.s2 is None or VARIANCE_FLOOR * 0.99 <= info.s2 <= LARGEST_S2)
        and all(len(word) <= LONGEST_WORD and word.isascii() and word.isprintable() for word in words)
        and len(info.history) <= MOST_CHANGES
        and all(0 <= change.step <= info.step and _is_plain(change.before) for change in info.history)
    )
    if not good:
        raise RunError("run_foreign", path="run.json")


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_WORD and value.isprintable()
    return value is None or (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST_OUTPUT
    )


def check_size(run: Run, known: Known) -> None:
    """Whether what the page makes of a run fits into a memory that visitors share; builds nothing.

    Raises:
        RunError: `run_too_large`.
    """
    config, shape = run.config, run.info.shape
    cells = shape.grid**2 if config.is_vq or config.spatial else 1
    numbers = config.embedding_dim if config.is_vq else config.latent_dim * (2 if config.model == "vae" else 1)
    latents = 4 * (known.test or USUAL_TEST) * cells * numbers
    layer = 4 * PICTURES * config.width * (2 * shape.grid) ** 2
    if latents > MOST_LATENTS or layer > MOST_LAYER:
        raise RunError("run_too_large", folder=run.folder)


def check_content(run: Run, known: Known) -> None:
    """Whether weights, film, map and measures are what the description says, and the model gives finite answers.

    Raises:
        RunError: `run_foreign`, `run_too_large`, `run_weights_mismatch` or `run_damaged`.
    """
    check_description(run.info)
    check_size(run, known)
    _check_weights(run)
    weights = weight_specs(run.model.state_dict(), halves=True)
    tables: dict[str, Callable[[Shapes], dict[str, Spec]]] = {
        "trace.npz": lambda found: film_specs(run.info, found, weights, known),
        "map.npz": lambda _: map_specs(run.info, known),
        "measures.npz": lambda found: measure_specs(found, known),
    }
    for name, specs_of in tables.items():
        if name in run.files or name == "trace.npz":
            _check_arrays(run, name, specs_of)
    _ = run.trace, run.latent_map, run.measures
    check_passes(run)


def _check_weights(run: Run) -> None:
    """They fit the model in name, type and exact shape, and none is endless."""
    specs = weight_specs(run.model.state_dict())
    arrays = {name: tensor.numpy() for name, tensor in run.weights.items() if tensor.dtype != torch.bfloat16}
    fits = arrays.keys() == specs.keys() and all(
        specs[name].fits(array.shape, array.dtype) and specs[name].holds(array) for name, array in arrays.items()
    )
    if not fits:
        raise RunError("run_damaged", path=run.folder / "model.safetensors")


def _check_arrays(run: Run, name: str, specs_of: Callable[[Shapes], dict[str, Spec]]) -> None:
    """Headers first: what does not fit is never unpacked."""
    content = run.read(name)
    try:
        headers = headers_of(content)
        specs = specs_of({array: shape for array, (shape, _) in headers.items()})
        fits = headers.keys() == specs.keys() and all(specs[array].fits(*headers[array]) for array in headers)
        fits = fits and all(specs[array].holds(values) for array, values in arrays_of(content).items())
    except BROKEN_ARRAYS as error:
        raise RunError("run_damaged", path=run.folder / name) from error
    if not fits:
        raise RunError("run_damaged", path=run.folder / name)


def headers_of(content: bytes) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
    """Shape and type of each array of an npz file by name, as its header claims.

    Raises:
        Exception: one of `BROKEN_ARRAYS`.
    """
    found = {}
    with opened_zip(io.BytesIO(content)) as archive:
        for info in entries(archive, MOST_UNPACKED):
            with archive.open(info) as stream:
                shape, descr, _, _ = npy_header(stream)
            found[info.filename.removesuffix(".npy")] = (shape, np.dtype(descr))
    return found


@torch.no_grad()
def check_passes(run: Run) -> None:
    """Whether a few images, and a few latents that nobody encoded, come out as numbers that a page can show.

    Raises:
        RunError: `run_damaged`.
    """
    try:
        latents = encode_images(run.model, _trial_images(run.info))
        drawn = run.model.decode(_trial_latents(run))
        rebuilt = run.model.decode(latents.indices if latents.indices is not None else cast(Tensor, latents.mean))
    except (QuantizerError, RuntimeError) as error:
        raise RunError("run_damaged", path=run.folder / "model.safetensors") from error
    made = [tensor for tensor in (*vars(latents).values(), drawn, rebuilt) if tensor is not None]
    if not all(bool(tensor.isfinite().all()) and float(tensor.abs().max()) <= LARGEST_OUTPUT for tensor in made):
        raise RunError("run_damaged", path=run.folder / "model.safetensors")


def _trial_images(info: RunInfo) -> Tensor:
    """Black, white, stripes, checks and noise, uint8 (8, C, H, W): what is there whichever set a run is of."""
    shape = info.shape
    noise = torch.rand(4, shape.channels, shape.height, shape.width, generator=stream(0, "trial images"))
    y, x = torch.meshgrid(torch.arange(shape.height), torch.arange(shape.width), indexing="ij")
    flat = torch.stack([0 * x, 0 * x + 1, x % 2, (x + y) % 2]).float()[:, None].expand(-1, shape.channels, -1, -1)
    return (torch.cat([flat, noise]) * 255).byte()


def _trial_latents(run: Run) -> Tensor:
    """Codes from the first to the last, or draws from a normal of spread 3."""
    config, grid = run.config, run.info.shape.grid
    if isinstance(run.model, VQVAE):
        last = config.num_codes - 1
        codes = (
            torch.linspace(0, last, min(TRIED, config.num_codes), dtype=torch.float64).round().long().clamp(max=last)
        )
        return codes[:, None, None].expand(-1, grid, grid)
    shape = (config.latent_dim, grid, grid) if config.spatial else (config.latent_dim,)
    return 3 * torch.randn(8, *shape, generator=stream(0, "trial latents"))
