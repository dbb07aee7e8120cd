"""Runs with a full film, and every way in which one of their arrays can be something else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load, save

from explorer.data import load_image_set
from explorer.data.own import import_pictures
from explorer.files.checksums import sealed, sha256
from explorer.latent.projection import pca_map
from explorer.models import ImageShape
from explorer.runs import RunInfo, arrays_of, npz, save_run, update_run
from explorer.runs.schema import MEASURES
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer
from tests.drawn import folder_of

Arrays = dict[str, Any]
Files = dict[str, bytes]
#: Kinds of runs that are sent in: a codebook under EMA on its plane, one that is projected and has a map, a VAE.
KINDS: dict[str, dict[str, Any]] = {
    "codes": {"model": "vqvae", "num_embeddings": 8},
    "deep": {"model": "vqvae", "num_embeddings": 8, "embedding_dim": 3, "codebook_update": "gradient"},
    "vae": {"model": "vae"},
}
STEPS = 4
PICTURES = "pictures"


def draw_pictures(folder: Path) -> None:
    """The image set of these runs, so small that everything about them is answered at once."""
    import_pictures(folder_of(folder, 60), PICTURES, 28, 1)


@cache
def files_of(kind: str, folder: Path) -> Files:
    """A run as it would leave this page: trained for a few steps, with measures, and a map where it can have one."""
    config = RunConfig(data=PICTURES, width=4, steps=STEPS, batch_size=8, kept_weights=2, **KINDS[kind])
    images = load_image_set(config.data)
    trainer = Trainer(config, images)
    list(trainer.run())
    info = RunInfo(
        id=f"pictures-{kind}",
        config=config,
        shape=ImageShape(images.channels, images.height, images.width),
        data_sha256=images.sha256,
        data_variance=images.variance,
        s2=0.05,
        step=STEPS,
        family="a",
        twin_of="",
        threads=1,
    )
    test = len(images.split("test"))
    report = {"n": test, "mse": 0.1}
    run = save_run(folder / kind, info, trainer.model.state_dict(), trainer.recorder.trace(), report=report)
    random = np.random.default_rng(0)
    extra = {"measures.npz": npz({name: random.random(test).astype("f4") for name in MEASURES})}
    if kind == "deep":
        sample = random.normal(size=(test * 49, 3)).astype("f4")
        extra["map.npz"] = npz(pca_map(sample, sample[:8]).to_arrays() | {"method": np.array("umap")})
    run = update_run(run, extra)
    return {name: (run.folder / name).read_bytes() for name in (*run.files, "run.json")}


def zip_of(files: Files) -> bytes:
    """The zip that is sent, with every hash put right: nothing but the content gives it away."""
    described = json.loads(files["run.json"])
    contents = {name: content for name, content in files.items() if name != "run.json"}
    described["files"] = {name: sha256(content) for name, content in contents.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/run.json", json.dumps(sealed(described)))
        for name, content in contents.items():
            archive.writestr(f"x/{name}", content)
    return buffer.getvalue()


@dataclass(frozen=True)
class Case:
    """One array of one file made into something else."""

    kind: str
    file: str
    array: str
    change: str

    def __str__(self) -> str:
        return f"{self.kind} {self.file} {self.array} {self.change}"


def _of_type(dtype: str) -> Callable[[Any], Any]:
    return lambda array: array.astype(dtype)


def _with(value: float) -> Callable[[Any], Any]:
    def changed(array: Any) -> Any:
        array = np.array(array)
        array.reshape(-1)[-1:] = value
        return array

    return changed


def _rows(count: int) -> Callable[[Any], Any]:
    return lambda array: np.zeros((count, *array.shape[1:]), array.dtype)


CHANGES: dict[str, Callable[[Any], Any] | None] = {
    "missing": None,
    "as float64": _of_type("f8"),
    "as int64": _of_type("i8"),
    "as float32": _of_type("f4"),
    "as text": lambda array: np.array(["x"] * max(1, len(array) if array.ndim else 1)),
    "empty": lambda array: array.reshape(-1)[:0],
    "a single number": lambda array: np.zeros((), array.dtype),
    "an axis more": lambda array: array[None],
    "a row less": lambda array: array[:-1] if array.ndim else array[None],
    "a row more": lambda array: np.concatenate([array, array[-1:]]) if array.ndim else array[None],
    "two million zeros": _rows(2_000_000 // 64),
    "not a number": _with(np.nan),
    "infinite": _with(np.inf),
    "huge": _with(1e30),
    "below zero": _with(-1),
    "beyond": _with(2**31 - 1),
    "of all zeros": np.zeros_like,
}


def cases(kind: str, files: Files) -> Iterator[Case]:
    """Every array of every file, in every way."""
    for file in files:
        for array in arrays_in(file, files[file]):
            yield from (Case(kind, file, array, change) for change in CHANGES)


def arrays_in(file: str, content: bytes) -> Arrays:
    """Arrays of a file by name; {} of one that holds none."""
    if file.endswith(".npz"):
        return arrays_of(content)
    return {name: t.numpy() for name, t in load(content).items()} if file.endswith(".safetensors") else {}


def attacked(case: Case, files: Files) -> Files | None:
    """The files with that array changed; None where it cannot be changed so, or comes out as it was."""
    arrays = arrays_in(case.file, files[case.file])
    change = CHANGES[case.change]
    before = arrays.pop(case.array)
    if change is not None:
        try:
            with np.errstate(all="ignore"):
                after = np.asarray(change(before))
        except (ValueError, TypeError, OverflowError):  # a word is no number
            return None
        if (after.dtype, after.shape) == (before.dtype, before.shape) and after.tobytes() == before.tobytes():
            return None
        arrays[case.array] = after
    if case.file.endswith(".npz"):
        return files | {case.file: npz(arrays)}
    if any(array.dtype.kind not in "fib" for array in arrays.values()):
        return None
    return files | {case.file: save({name: torch.from_numpy(np.array(a)) for name, a in arrays.items()})}
