"""A run and how its folder is read: each file is checked, the large ones when they are first asked for."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from weakref import ref

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor, nn

from explorer.errors import ConfigError, RunError
from explorer.files.bounded_cache import Newest, bytes_of
from explorer.files.checksums import sealed, sha256
from explorer.files.tensors import LONGEST_SENT_HEADER, npy_header
from explorer.files.zips import BROKEN_ARRAYS, entries, opened_zip, unpacked
from explorer.latent.projection import LatentMap
from explorer.models import Autoencoder
from explorer.models.weightless import weightless
from explorer.runs.info import RunInfo
from explorer.runs.report_format import report_of
from explorer.training.build import build_model
from explorer.training.config import RunConfig
from explorer.training.interventions import adjust
from explorer.training.trace import Trace

FORMAT = 1
T = TypeVar("T")
#: A run.json is a page of text; anything longer is not one.
LONGEST_JSON = 1_000_000
#: What a film or a table of measures may unpack to.
MOST_UNPACKED = 2_000_000_000
#: Numbers of a model that is not built before it was compared with its weights.
LARGE = 20_000_000


@dataclass(frozen=True)
class Run:
    """One trained model and how it came to be; weights and trace are read when first asked for.

    Attributes:
        info: what `run.json` says.
        folder: where it lies.
        report: the evaluation, `{}` if there is none yet.
        files: name -> SHA-256.
    """

    info: RunInfo
    folder: Path
    report: dict[str, Any]
    files: dict[str, str] = field(repr=False)

    @property
    def id(self) -> str:
        """`info.id`."""
        return self.info.id

    @property
    def config(self) -> RunConfig:
        """`info.config`."""
        return self.info.config

    @property
    def family(self) -> str:
        """`info.family`."""
        return self.info.family

    @property
    def twin_of(self) -> str:
        """`info.twin_of`."""
        return self.info.twin_of

    @property
    def weights_sha256(self) -> str:
        """Of `model.safetensors`: names the weights wherever they travel."""
        return self.files["model.safetensors"]

    @cached_property
    def weights(self) -> dict[str, Tensor]:
        """State dict, verified."""
        return self._read_weights()

    def _read_weights(self) -> dict[str, Tensor]:
        return _tensors(self.read("model.safetensors"), self.folder / "model.safetensors")

    @cached_property
    def model(self) -> Autoencoder:
        """In eval mode, channels-last, verified; shared by every reader, so never train it."""
        weights = self._read_weights()  # and not kept: the model has them
        try:
            if _described_size(self.info) > LARGE:
                # First without room for a single weight: what run.json describes may be larger than this machine.
                with weightless():
                    described = build_model(self.config, self.info.shape, self.info.data_variance)
                    adjust(described, self.info.history)  # which may bring buffers of its own
                check_fit(described, weights)
            model = build_model(self.config, self.info.shape, self.info.data_variance)
            adjust(model, self.info.history)
            model.load_state_dict(weights)
        except (RuntimeError, TypeError, OverflowError) as error:
            raise RunError("run_weights_mismatch", folder=self.folder) from error
        model.requires_grad_(False)
        return model.eval().to(memory_format=torch.channels_last)

    @cached_property
    def trace(self) -> Trace:
        """The film, verified; read again when others were read in between."""
        _make_room_for(self)
        return self._of_arrays("trace.npz", Trace.from_arrays)

    @cached_property
    def latent_map(self) -> LatentMap | None:
        """The UMAP it brings, verified; None if it brings none."""
        return self._of_arrays("map.npz", LatentMap.from_arrays) if "map.npz" in self.files else None

    @cached_property
    def measures(self) -> dict[str, Any] | None:
        """Name -> (N,) of each test image (`explorer.reports.evaluation`), verified; None if it brings none."""
        return self._of_arrays("measures.npz", dict) if "measures.npz" in self.files else None

    def _of_arrays(self, name: str, build: Callable[[dict[str, Any]], T]) -> T:
        try:
            return build(arrays_of(self.read(name)))
        except BROKEN_ARRAYS as error:
            raise RunError("run_damaged", path=self.folder / name) from error

    def resume_state(self) -> dict[str, Tensor]:
        """Optimizer and window of an unfinished run."""
        if "resume.safetensors" not in self.files:
            raise RunError("run_finished", folder=self.folder, steps=self.config.steps)
        return _tensors(self.read("resume.safetensors"), self.folder / "resume.safetensors")

    def read(self, name: str) -> bytes:
        """A file of the run, its hash checked."""
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RunError("run_file_missing", path=path) from error
        if sha256(content) != self.files.get(name):
            raise RunError("run_damaged", path=path)
        return content


def _described_size(info: RunInfo) -> int:
    """No fewer than the numbers of the model that `run.json` describes, roughly."""
    config, width = info.config, info.config.width
    head = 0 if config.is_vq or config.spatial else 3 * width * info.shape.height * info.shape.width * config.latent_dim
    grid = width * (config.embedding_dim if config.is_vq else config.latent_dim)
    codes = (config.num_rows + config.embedding_dim) * config.embedding_dim if config.is_vq else 0
    return 200 * width * (width + info.shape.channels) + 10 * grid + head + 4 * codes


def load_folder(folder: Path) -> Run:
    """The run in a folder; one `Run`, and so one built model, for each content.

    Raises:
        RunError: not there, damaged, foreign, or written by a newer version.
    """
    info, files = read_description(folder)
    stamp = sha256(json.dumps([info.to_dict(), files], sort_keys=True).encode())
    folder = folder.resolve()
    with _KEEPING:
        # A run whose folder is gone would otherwise stay until as many others had been looked at.
        _KEPT.drop(lambda key: not key[0].is_dir())
        known = _KEPT.get((folder, stamp))
        return _KEPT.put((folder, stamp), _read(folder, info, files)) if known is None else known


def _in_memory(run: Run) -> int:
    """Bytes of what has been read of a run: its weights, model, film, map and measures, some megabytes as a rule."""
    return sum(bytes_of(value) for name, value in vars(run).items() if name in READ_LATER)


def _make_room_for(run: Run) -> None:
    """Let go of the films that were read first, before another one: each is some megabytes, and read in .05 s."""
    with _FILMING:
        held = [each for each in (known() for known in _FILMED) if each is not None and "trace" in vars(each)]
        while len(held) > 1 and sum(bytes_of(vars(each).get("trace")) for each in held) > MOST_FILMED_BYTES:
            vars(held.pop(0)).pop("trace", None)
        _FILMED[:] = map(ref, (*held, run))


#: Runs whose film is in memory, the one that was read last at the end, and the bytes of all their films.
MOST_FILMED_BYTES = 20e6
_FILMED: list[ref[Run]] = []
_FILMING = Lock()

READ_LATER = ("weights", "model", "trace", "latent_map", "measures")
#: Runs by folder and content that are kept, and the bytes of all of them.
MOST_KEPT, MOST_KEPT_BYTES = 96, 1.2e9
_KEPT: Newest[tuple[Path, str], Run] = Newest(MOST_KEPT, MOST_KEPT_BYTES, _in_memory)
_KEEPING = Lock()


def forget_runs() -> None:
    """Read every run anew when it is next asked for, as a fresh process does."""
    _KEPT.clear()


def read_folder(folder: Path) -> Run:
    """The run in a folder, which nobody else shares: what is still to be checked is not kept for others.

    Raises:
        RunError: as `load_folder`.
    """
    return _read(folder, *read_description(folder))


def _read(folder: Path, info: RunInfo, files: dict[str, str]) -> Run:
    run = Run(info, folder, {}, files)
    if "report.json" in files:
        try:
            run.report.update(report_of(run.read("report.json")))
        except ValueError as error:
            raise RunError("run_damaged", path=folder / "report.json") from error
    return run


def read_description(folder: Path) -> tuple[RunInfo, dict[str, str]]:
    """What `run.json` says, and its files' SHA-256 by name; reads nothing else.

    Raises:
        RunError: it is missing, foreign, edited or too new.
    """
    path = folder / "run.json"
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST_JSON + 1)
        values = json.loads(raw)
        version = values["format"]
    except OSError as error:
        raise RunError("run_not_found", name=folder) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError("run_foreign", path=path) from error
    if not isinstance(version, int) or version > FORMAT:
        raise RunError("run_too_new", path=path, version=version, known=FORMAT)
    if sealed(values) != values:
        raise RunError("run_damaged", path=path)
    try:
        return RunInfo.from_dict(values), dict(values["files"])
    except (ConfigError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise RunError("run_foreign", path=path) from error


def npz(arrays: dict[str, Any]) -> bytes:
    """Arrays by name as one compressed file; `arrays_of` is the inverse."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def arrays_of(content: bytes) -> dict[str, Any]:
    """Arrays of an npz file by name.

    Raises:
        Exception: one of `BROKEN_ARRAYS`; it is damaged, holds objects, or unpacks to more than `MOST_UNPACKED` bytes.
    """
    with opened_zip(io.BytesIO(content)) as archive:
        found = entries(archive, MOST_UNPACKED)
        return {info.filename.removesuffix(".npy"): _array(unpacked(archive, info)) for info in found}


def _array(content: bytes) -> Any:
    """NumPy makes room for the shape that a header claims before it looks for values: here it has them already."""
    shape, descr, _, offset = npy_header(io.BytesIO(content))
    dtype = np.dtype(descr)
    if dtype.kind not in "biufU" or not dtype.itemsize or math.prod(shape) * dtype.itemsize != len(content) - offset:
        raise ValueError
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)


def check_fit(described: nn.Module, weights: dict[str, Tensor]) -> None:
    """Whether stored weights have the names and shapes of a model that was built on the device "meta".

    Raises:
        RuntimeError: they have not.
    """
    expected = {name: (tensor.shape, tensor.is_floating_point()) for name, tensor in described.state_dict().items()}
    if expected != {name: (tensor.shape, tensor.is_floating_point()) for name, tensor in weights.items()}:
        raise RuntimeError


def tensors_of(content: bytes) -> dict[str, Tensor]:
    """Tensors of a safetensors file by name.

    Raises:
        Exception: `SafetensorError`, or one of `BROKEN_ARRAYS`; it is damaged, or its header too long to be parsed.
    """
    if int.from_bytes(content[:8], "little") > LONGEST_SENT_HEADER:
        raise ValueError
    return load_tensors(content)


def _tensors(content: bytes, path: Path) -> dict[str, Tensor]:
    try:
        return tensors_of(content)
    except (SafetensorError, *BROKEN_ARRAYS) as error:
        raise RunError("run_damaged", path=path) from error
