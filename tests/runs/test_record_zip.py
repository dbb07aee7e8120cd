"""A record that comes as a zip: one that a recorder wrote is taken in, and nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer.errors import RecordError
from explorer.recorder import Recorder
from explorer.runs.record_zip import MOST_UNPACKED, unpack_record
from explorer.runs.recorded import load_record

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of a record, by name."""
    folder = tmp_path_factory.mktemp("record") / "mine"
    codes = torch.randn(2, 8, 4)
    with Recorder(folder, 8, settings={"decay": 0.9}) as recorder:
        for step in range(5):
            z_e = torch.randn(6, 3, 4)
            recorder.log(
                step,
                z_e=z_e,
                indices=torch.randint(8, (6, 3, 2)),
                codebook=codes,
                losses={"mse": 1.0},
                labels=torch.arange(6),
                images=(torch.rand(2, 1, 8, 8), torch.rand(2, 1, 8, 8)),
            )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def zipped(path: Path, files: Files, prefix: str = "mine/", method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, content in files.items():
            out.writestr(prefix + name, content)
    return path


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def changed(content: bytes, change: Callable[[dict[str, Any]], Any]) -> bytes:
    with np.load(io.BytesIO(content)) as arrays:
        values = {name: arrays[name] for name in arrays.files}
    change(values)
    return npz(**values)


@pytest.mark.parametrize("prefix", ["", "mine/", "a/b/"])
def test_what_a_recorder_wrote_is_taken_in(tmp_path: Path, written: Files, prefix: str):
    record = load_record(unpack_record(zipped(tmp_path / "x.zip", written, prefix), tmp_path / "out"))
    assert (record.levels, record.num_embeddings, len(record.frames)) == (2, 8, 5)
    assert record.curves["mse"].tolist() == [1.0] * 5
    assert record.settings == {"decay": 0.9}
    labels = record.frames[0].labels
    assert labels is not None
    assert set(labels.tolist()) == set(range(6))


def test_what_else_is_in_the_zip_is_left_where_it_is(tmp_path: Path, written: Files):
    more = written | {
        "frames/../../x.npz": b"out",
        "model.pt": b"pickle",
        "frames/000001.npz.exe": b"?",
        "README": b"?",
    }
    unpack_record(zipped(tmp_path / "x.zip", more), tmp_path / "out")
    found = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert found == set(written)
    assert not (tmp_path / "x.npz").exists()


def test_what_is_no_zip_and_no_record(tmp_path: Path, written: Files):
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(RecordError, match="cannot be read"):
        unpack_record(tmp_path / "x.zip", tmp_path / "out")
    with pytest.raises(RecordError, match="holds no record"):
        unpack_record(zipped(tmp_path / "y.zip", {"a.txt": b"?"}), tmp_path / "out")
    whole = zipped(tmp_path / "z.zip", written).read_bytes()
    (tmp_path / "z.zip").write_bytes(whole[:-40])
    with pytest.raises(RecordError, match="cannot be read"):
        unpack_record(tmp_path / "z.zip", tmp_path / "out")
    description = json.loads(written["run.json"]) | {"num_embeddings": 1 << 40}
    huge = written | {"run.json": json.dumps(description).encode()}
    with pytest.raises(RecordError, match="was edited"):
        unpack_record(zipped(tmp_path / "h.zip", huge), tmp_path / "out")
    newer = written | {"run.json": json.dumps(json.loads(written["run.json"]) | {"format": 3}).encode()}
    with pytest.raises(RecordError, match="record in zip is of format 3, known is up to 2: update"):
        unpack_record(zipped(tmp_path / "n.zip", newer), tmp_path / "out")
    none = {name: content for name, content in written.items() if not name.startswith("frames")}
    with pytest.raises(RecordError, match="record in zip holds no frame"):
        unpack_record(zipped(tmp_path / "e.zip", none), tmp_path / "out")
    assert not (tmp_path / "out").exists(), "nothing is written before all was looked at"


def put(name: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda arrays: arrays.__setitem__(name, value)


@pytest.mark.parametrize(
    "change",
    [
        put("hits", np.zeros((2, 9), np.int64)),
        put("hits", np.full((2, 8), -1, np.int64)),
        put("hits", np.zeros((2, 8), np.float64)),
        put("codebook", np.full((2, 8, 4), np.nan, np.float16)),
        put("codebook", np.zeros((2, 8, 5), np.float16)),
        put("z_e", np.zeros((513, 4), np.float16)),
        put("z_e", np.full((18, 4), np.inf, np.float32)),
        put("z_e_indices", np.zeros((18, 3), np.int32)),
        put("z_e_labels", np.zeros(17, np.int32)),
        put("originals", np.zeros((1 << 13, 1 << 13), np.uint8)),
        put("ranks", np.zeros((1, 3))),
        put("code", np.zeros(3)),
        lambda arrays: arrays.pop("step"),
        lambda arrays: arrays.pop("hits"),
    ],
)  # fmt: skip
def test_an_array_that_no_recorder_writes(tmp_path: Path, written: Files, change: Callable[[dict[str, Any]], Any]):
    name = "frames/000002.npz"
    files = written | {name: changed(written[name], change)}
    with pytest.raises(RecordError, match="nothing that the Recorder writes"):
        unpack_record(zipped(tmp_path / "x.zip", files), tmp_path / "out")


def test_curves_and_pickles(tmp_path: Path, written: Files):
    name = next(name for name in written if name.startswith("curves/"))
    for values in (
        {"steps": np.arange(5), "curve/mse": np.zeros(4, np.float32)},
        {"steps": np.arange(5), "curve/mse": np.array([object()] * 5)},
        {"steps": np.arange(5), "other": np.zeros(5, np.float32)},
        {"steps": np.arange(20_000)},
    ):
        with pytest.raises(RecordError, match="nothing that the Recorder writes"):
            unpack_record(zipped(tmp_path / "x.zip", written | {name: npz(**values)}), tmp_path / "out")


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path, written: Files):
    bomb = npz(step=np.int64(0), hits=np.zeros((2, 8), np.int64), codebook=np.zeros(MOST_UNPACKED // 4 + 1, np.float32))
    with pytest.raises(RecordError, match="over 96 MB"):
        unpack_record(zipped(tmp_path / "x.zip", written | {"frames/000002.npz": bomb}), tmp_path / "out")
    files = written | {f"frames/{n:06d}.npz": b"0" * (MOST_UNPACKED // 10) for n in range(11)}
    with pytest.raises(RecordError, match="over 96 MB"):
        unpack_record(zipped(tmp_path / "y.zip", files), tmp_path / "out")
