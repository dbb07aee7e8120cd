"""What the page shows of a training job: its snapshot as plain values, the new part of its curves, its decoder."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from explorer.data import load_image_set
from explorer.files.bounded_cache import newest
from explorer.files.checksums import sha256
from explorer.jobs.live import FILE, SHOWN
from explorer.jobs.spool import Job
from explorer.models import Autoencoder, ImageShape
from explorer.training.build import build_model
from explorer.training.config import RunConfig
from explorer.ui.computed.program import decoder_numbers, decoder_program, is_light

Array = NDArray[Any]
#: More codes than this are counted, not drawn.
MOST_CODES = 2048


@dataclass(frozen=True)
class Snapshot:
    """What the trainer wrote last.

    Attributes:
        stamp: another one for another snapshot.
        said: step, steps a second, and each side's settings.
        arrays: by "SIDE/name", as `explorer.jobs.live` writes them.
    """

    stamp: str
    said: dict[str, Any]
    arrays: dict[str, Array]


def snapshot(job: Job) -> Snapshot | None:
    """The newest snapshot; None before there is one."""
    path = job.folder / FILE
    try:
        found = path.stat()
        return _read(path, f"{found.st_mtime_ns:x}-{found.st_ino:x}")
    except (OSError, SafetensorError, ValueError, KeyError):
        return None


@newest(4, 64e6)
def _read(path: Path, stamp: str) -> Snapshot:
    with safe_open(path, "numpy") as file:
        said = json.loads(file.metadata()["said"])
        return Snapshot(stamp, said, {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118


def side_values(side: int, shown: Snapshot, after: int) -> dict[str, Any]:
    """One side as JSON values; of the curves only the points later than step `after`."""
    mine = {name.partition("/")[2]: array for name, array in shown.arrays.items() if name.startswith(f"{side}/")}
    steps = mine["curve_steps"]
    new = steps > after
    curves = {name.partition("/")[2]: array for name, array in mine.items() if name.startswith("curve/")}
    values: dict[str, Any] = {
        "settings": shown.said["sides"][side],
        "curve_steps": steps[new].tolist(),
        "curves": {name: numbers(array[new]) for name, array in curves.items()},
        "now": {name: numbers(array[-1:])[0] for name, array in curves.items() if len(array)},
        "places": packed(mine["places"].astype("<f4")),
        "labels": packed(mine["labels"]),
        "rebuilt": packed(mine["rebuilt"]),
    }
    if "codes" in mine and len(mine["codes"]) <= MOST_CODES:
        values["codes"] = packed(mine["codes"].astype("<f4"))
        values["hits"] = packed(mine["hits"].astype("<u4"))
    return values


def numbers(values: Array) -> list[float | None]:
    """Four digits each, as much as a curve shows; what is no number is null."""
    return [float(f"{value:.5g}") if np.isfinite(value) else None for value in values.tolist()]


def packed(values: Array) -> str:
    """The bytes in base64."""
    return base64.b64encode(values.tobytes()).decode()


def originals(config: RunConfig) -> dict[str, Any]:
    """The pictures beside which reconstructions are shown, uint8 channels-last."""
    image_set = load_image_set(config.data)
    images = image_set.images[image_set.split("val")[:SHOWN]].permute(0, 2, 3, 1).contiguous()
    return {
        "pixels": packed(images.numpy()),
        "count": len(images),
        "size": image_set.height,
        "channels": image_set.channels,
    }


def decoder_values(job: Job, side: int, have: str) -> dict[str, Any]:
    """The decoder as it is now: `key`, and unless `have` names it already `program` and `numbers` (float16, base64)."""
    shown = snapshot(job)
    model = _skeleton(job.configs[side])
    program = decoder_program(model)
    if shown is None or not is_light(model, program):
        return {"key": ""}
    prefix = f"{side}/decoder/"
    weights = {name.removeprefix(prefix): array for name, array in shown.arrays.items() if name.startswith(prefix)}
    key = sha256(b"".join(weights[name].tobytes() for name in sorted(weights)))[:32]
    if key == have:
        return {"key": key}
    model.decoder.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in weights.items()})
    return {"key": key, "program": program.to_json(), "numbers": base64.b64encode(decoder_numbers(model)).decode()}


def _skeleton(config: RunConfig) -> Autoencoder:
    image_set = load_image_set(config.data)
    shape = ImageShape(image_set.channels, image_set.height, image_set.width)
    return build_model(config, shape, data_variance=1.0)
