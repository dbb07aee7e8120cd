"""What a run's arrays have to be, by its description: names, types, exact shapes and the range of every value.

The page indexes with what a film says and does arithmetic with it, so a film from elsewhere has to be one that
`explorer.training.trace_recorder` could have written. A table holds each array as one `Spec`; headers are compared with
it before anything is unpacked, values afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from explorer.latent.projection import MOST_POINTS
from explorer.metrics.projection import Faithfulness
from explorer.runs.info import RunInfo
from explorer.training.config import TRACE_LEVELS
from explorer.training.trace import FORMAT, MOST_CODEBOOK_FRAMES, MOST_FRAMES, Array
from explorer.training.trace_recorder import BATCH_LATENTS, FILMED_DIM, PROBES, RECONSTRUCTIONS

Shapes = Mapping[str, tuple[int, ...]]
FLOATS, WHOLE, SINGLE = ("float16", "float32"), ("int32",), ("float32",)
#: Of any number in a film: the snippet's codebook reaches 1e5, and a sum of squares has to stay finite in float32.
LARGEST = 1e12
#: Ids of images where their set is not here.
ANY_ID = 2**31
#: Measures of each test image (`explorer.reports.comparison.DEFINITIONS`).
MEASURES = ("psnr_db", "ssim", "sigma_eq_px", "blur_effect_ratio", "excess_detail")
WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_CURVES = 64
#: Curves that every film with curves has; a codebook's have these too.
CURVES, CODEBOOK_CURVES = ("mse", "loss"), ("commitment", "used", "perplexity", "norm_median_stale")


@dataclass(frozen=True)
class Spec:
    """What one array has to be.

    Attributes:
        types: names of NumPy types, one of which it has; "str" is text of any length.
        shape: its exact shape.
        low, high: range of its values, both included.
        gaps: whether a value may be NaN.
        rising: whether each value is larger than the one before.
        words: what a text may be.
    """

    types: tuple[str, ...]
    shape: tuple[int, ...]
    low: float = -LARGEST
    high: float = LARGEST
    gaps: bool = False
    rising: bool = False
    words: tuple[str, ...] = ()

    def fits(self, shape: tuple[int, ...], dtype: np.dtype) -> bool:
        """Whether a header is that of such an array."""
        return shape == self.shape and ("str" if dtype.kind == "U" else dtype.name) in self.types

    def holds(self, array: Array) -> bool:
        """Whether values are such an array's."""
        if array.dtype.kind == "U":
            return str(array) in self.words
        if array.dtype.kind == "b" or not array.size:
            return True
        values = array[~np.isnan(array)] if self.gaps else array
        inside = not values.size or (
            self.low <= float(values.min()) and float(values.max()) <= self.high  # never with NaN
        )
        return inside and (not self.rising or bool((np.diff(array.astype(np.int64)) > 0).all()))


@dataclass(frozen=True)
class Known:
    """How many images there are, as far as their set is here.

    Attributes:
        images: in all splits together; None where the set is not here.
        test: in the test split; likewise.
    """

    images: int | None = None
    test: int | None = None


def film_specs(info: RunInfo, found: Shapes, weights: Mapping[str, Spec], known: Known) -> dict[str, Spec]:
    """The arrays of `trace.npz`.

    Args:
        info: of the run.
        found: shape of each array by name, as its header claims; decides how many frames there are.
        weights: name -> what each weight of the model is.
        known: of the image set.

    Raises:
        ValueError: more is there than was recorded, or arrays that need each other are apart.
    """
    config = info.config
    few = config.trace == "scalars" or (config.is_vq and config.embedding_dim > FILMED_DIM)
    frames = _length(found, "frame_steps", min(config.steps + 1, MOST_CODEBOOK_FRAMES if few else MOST_FRAMES))
    points = _length(found, "curve_steps", min(config.steps, 100 + config.steps // max(1, config.steps // 500)))
    specs = {
        "level": Spec(("str",), (), words=TRACE_LEVELS),
        **({"format": Spec(("int64", "int32"), (), 1, FORMAT)} if "format" in found else {}),
        "frame_steps": Spec(WHOLE, (frames,), 0, info.step, rising=True),
        "curve_steps": Spec(WHOLE, (points,), 1, info.step, rising=True),
    }
    frame_groups = _frame_groups(info, found, weights, known)
    groups = (_fixed(info, found, known), _frames(found, frame_groups, frames), _curves(info, found, points))
    for group in groups:
        specs |= group
    return specs | _kept_weights(found, weights, config.kept_weights)


def _length(found: Shapes, name: str, most: int) -> int:
    """Of the one axis of an array that has to be there."""
    (length,) = found.get(name, ())
    if length > most:
        raise ValueError(name)
    return length


def _fixed(info: RunInfo, found: Shapes, known: Known) -> dict[str, Spec]:
    images = (known.images or ANY_ID) - 1
    names = [name for name in ("reconstruction_ids", "probe_ids", "probe_cells") if f"fixed/{name}" in found]
    most = {"reconstruction_ids": RECONSTRUCTIONS}
    highest = {"probe_cells": (info.shape.grid**2) - 1}
    return {
        f"fixed/{name}": Spec(
            WHOLE, (_length(found, f"fixed/{name}", most.get(name, PROBES)),), 0, highest.get(name, images)
        )
        for name in names
    }


def _frames(found: Shapes, groups: list[dict[str, Spec]], frames: int) -> dict[str, Spec]:
    present = {name.partition("/")[2] for name in found if name.startswith("frames/")}
    for group in groups:
        if present & group.keys() and not group.keys() <= present:
            raise ValueError(sorted(group))
    if "codebook" in present and not {"probe_latents", "batch_latents"} & present:
        raise ValueError("codebook")
    made = {name: spec for group in groups for name, spec in group.items() if name in present}
    return {f"frames/{name}": replace(spec, shape=(frames, *spec.shape)) for name, spec in made.items()}


def _frame_groups(info: RunInfo, found: Shapes, weights: Mapping[str, Spec], known: Known) -> list[dict[str, Spec]]:
    """Arrays that are read together, each as one frame holds it (`explorer.training.trace` has the table)."""
    config, shape = info.config, info.shape
    spatial = config.is_vq or config.spatial
    dim = config.embedding_dim if config.is_vq else config.latent_dim
    vectors = config.batch_size * (shape.grid**2 if spatial else 1)
    drawn = min(BATCH_LATENTS, len(range(0, vectors, max(1, vectors // BATCH_LATENTS))))
    images = (known.images or ANY_ID) - 1
    groups = [
        {"val_mse": Spec(SINGLE, ()), "val_loss": Spec(SINGLE, ())},
        {"batch_latents": Spec(FLOATS, (drawn, dim)), "batch_ids": Spec(WHOLE, (config.batch_size,), 0, images)},
    ]
    if probes := found.get("fixed/probe_ids", ()):
        if spatial and found.get("fixed/probe_cells") != probes:
            raise ValueError("fixed/probe_cells")
        names = ("probe_latents", "probe_logvar") if config.model == "vae" else ("probe_latents",)
        groups.append({name: Spec(FLOATS, (*probes, dim)) for name in names})
    if pictures := found.get("fixed/reconstruction_ids", ()):
        sides = (*pictures, shape.channels, shape.height, shape.width)
        groups.append({"reconstructions": Spec(("uint8",), sides)})
    if config.model == "vae":  # what a film of format 1 lacked is no number
        groups.append({"kl_units": Spec(SINGLE, (config.latent_dim,), gaps=True)})
    return [*groups, _codebook_frames(info, weights)] if config.is_vq else groups


def _codebook_frames(info: RunInfo, weights: Mapping[str, Spec]) -> dict[str, Spec]:
    """Codes, their hits and what the EMA holds; of several codebooks on an axis of their own, as the model has them."""
    config = info.config
    levels = () if config.num_levels is None else (config.num_levels,)
    codes, sizes = (*levels, config.num_embeddings), (*levels, config.num_embeddings, config.code_dim)
    frame = {"codebook": Spec(FLOATS, sizes), "hits": Spec(WHOLE, codes, 0)}
    if any(name.startswith("quantizer.") and name.endswith("ema_count") for name in weights):
        frame |= {"ema_count": Spec(FLOATS, codes), "ema_sum": Spec(FLOATS, sizes)}
    return frame


def _curves(info: RunInfo, found: Shapes, points: int) -> dict[str, Spec]:
    """Any curves of plain names, among them those that are drawn."""
    names = [name.partition("/")[2] for name in found if name.startswith("curves/")]
    needed = CURVES + (CODEBOOK_CURVES if info.config.is_vq else ())
    if len(names) > MOST_CURVES or not all(map(WORD.fullmatch, names)) or (names and not set(needed) <= set(names)):
        raise ValueError("curves")
    widest = float(np.finfo(np.float32).max)
    return {
        f"curves/{name}": Spec(SINGLE, (points,), -widest, widest, gaps=name == "norm_median_stale") for name in names
    }


def _kept_weights(found: Shapes, weights: Mapping[str, Spec], most: int) -> dict[str, Spec]:
    """All weights of a model at each of at most `most` steps."""
    steps = {name.split("/")[1] for name in found if name.startswith("weights/")}
    if len(steps) > most or not all(re.fullmatch(r"0|[1-9][0-9]{0,8}", step) for step in steps):
        raise ValueError("weights")
    return {f"weights/{step}/{name}": spec for step in steps for name, spec in weights.items()}


def map_specs(info: RunInfo, known: Known) -> dict[str, Spec]:
    """The arrays of `map.npz`."""
    config = info.config
    rows = None if known.test is None else known.test * (info.shape.grid**2 if config.is_vq else 1)
    places = MOST_POINTS if rows is None else min(MOST_POINTS, rows)
    codes = config.num_codes if config.is_vq else 0
    specs = {"places": Spec(FLOATS, (places, 2)), "code_places": Spec(FLOATS, (codes, 2))}
    specs |= {name: Spec(("int64", "float64"), ()) for name in Faithfulness.__dataclass_fields__}
    specs["method"] = Spec(("str",), (), words=("umap",))
    return specs | {"seed": Spec(("int64",), ()), "explained": Spec(("float64",), (), gaps=True)}


def measure_specs(found: Shapes, known: Known) -> dict[str, Spec]:
    """The arrays of `measures.npz`."""
    count = found.get(MEASURES[0], ()) if known.test is None else (known.test,)
    widest = float("inf")  # a black image that is drawn black has no error at all
    return {name: Spec(SINGLE, count, -widest, widest, gaps=True) for name in MEASURES}


def weight_specs(weights: Mapping[str, Tensor], *, halves: bool = False) -> dict[str, Spec]:
    """A model's weights as they are stored; with `halves` as a film keeps them, in float16 where they allow it."""
    return {name: Spec(_types(tensor, halves=halves), tuple(tensor.shape)) for name, tensor in weights.items()}


def _types(tensor: Tensor, *, halves: bool) -> tuple[str, ...]:
    return FLOATS if halves and tensor.is_floating_point() else (str(tensor.dtype).removeprefix("torch."),)
