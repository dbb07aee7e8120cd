"""Other people's files: what is read from each format, and the one sentence for each that cannot be."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from explorer.collapse.reporting import collapse_report
from explorer.errors import FileError
from explorer.files.tensors import CHUNK_BYTES, stored_arrays


def codes(k: int = 6, d: int = 3) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(k, d)).astype(np.float32)


def read_one(path: Path) -> np.ndarray:
    (array,) = stored_arrays(path)
    return array.read()


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("save", ["npy", "npz", "compressed"])
def test_floats_of_any_width_and_byte_order(tmp_path: Path, dtype: str, order: str, save: str):
    values = np.array(codes().astype(dtype), order=order)  # type: ignore[call-overload]
    path = tmp_path / ("a.npy" if save == "npy" else "a.npz")
    with path.open("wb") as stream:
        if save == "npy":
            np.save(stream, values)
        else:
            (np.savez if save == "npz" else np.savez_compressed)(stream, codebook=values)
    np.testing.assert_array_equal(read_one(path), values.astype(np.float32))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_safetensors_floats(tmp_path: Path, dtype: torch.dtype):
    values = torch.from_numpy(codes()).to(dtype)
    save_file({"x": values}, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(read_one(tmp_path / "a.safetensors"), values.float().numpy())


@pytest.mark.parametrize("dtype", ["<i8", ">i8", "<u2", ">u4", "|u1", "<i4"])
def test_indices_of_any_type_and_shape(tmp_path: Path, dtype: str):
    values = (np.arange(60) % 5).reshape(3, 4, 5).astype(dtype)
    np.save(tmp_path / "i.npy", values)
    usage = collapse_report([(tmp_path / "i.npy", "")], num_embeddings=7).usage
    assert usage is not None
    assert (usage.used, usage.dead, usage.num_vectors) == (5, 2, 60)


def test_a_long_array_comes_in_pieces_that_make_up_the_whole(tmp_path: Path):
    values = np.arange(CHUNK_BYTES // 8 * 2 + 17)
    np.save(tmp_path / "i.npy", values)
    pieces = [piece.copy() for piece in stored_arrays(tmp_path / "i.npy")[0].pieces()]
    assert len(pieces) == 3
    np.testing.assert_array_equal(np.concatenate(pieces), values)


def npy(path: Path, values: np.ndarray) -> Path:
    np.save(path, values)
    return path


def raw_npy(path: Path, header: str, body: bytes = b"") -> Path:
    text = header.encode()
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body)
    return path


def raw_safetensors(path: Path, header: object, body: bytes = b"", claimed: int | None = None) -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if claimed is None else claimed) + text + body)
    return path


def object_npz(path: Path) -> Path:
    np.savez(path, codebook=np.array([{"a": 1}], dtype=object))
    return path


def broken_zip(path: Path) -> Path:
    np.savez_compressed(path, codebook=codes(400, 30))
    content = bytearray(path.read_bytes())
    content[3000:3100] = bytes(100)
    path.write_bytes(bytes(content))
    return path


def npz_with(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    return path


TWO_GB = "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 8192), }"
BIG = {"x": {"dtype": "F32", "shape": [65536, 8192], "data_offsets": [0, 2147483648]}}
HOSTILE = {
    "nan": (lambda p: npy(p / "a.npy", np.full((4, 3), np.nan, "f4")), "12 of 12 values of the codebook are NaN"),
    "inf": (lambda p: npy(p / "a.npy", np.array([[1.0, np.inf], [0, 1]])), "1 of 4 values of the codebook are NaN"),
    "float64 beyond float32": (lambda p: npy(p / "a.npy", np.array([[1e300, 1]])), "1 of 2 values"),
    "index of K": (lambda p: npy(p / "i.npy", np.array([0, 8])), "an index reaches 8 where 8 codes are expected"),
    "uint64": (lambda p: npy(p / "i.npy", np.array([2**64 - 1], np.uint64)), "an index reaches 18446744073709551615"),
    "negative": (lambda p: npy(p / "i.npy", np.array([3, -1])), "name it with --ignore-id -1"),
    "no codes": (lambda p: npy(p / "a.npy", np.zeros((0, 4), "f4")), "has no values"),
    "no indices": (lambda p: npy(p / "i.npy", np.zeros((3, 0), np.int64)), "has no values"),
    "4-D": (
        lambda p: npy(p / "a.npy", np.zeros((2, 3, 4, 5), "f4")),
        r"a.npy holds floats of shape \(2, 3, 4, 5\): a codebook has shape \(K, D\)",
    ),
    "1-D": (lambda p: npy(p / "a.npy", np.zeros(5, "f4")), r"of shape \(5,\)"),
    "too wide": (
        lambda p: npy(p / "a.npy", np.zeros((2, 2000), "f4")),
        r"up to 1024 numbers, this matrix has \(2, 2000\)",
    ),
    "2 GB lie": (lambda p: raw_npy(p / "a.npy", TWO_GB), "claims 2147483724 bytes but has 76"),
    "2 GB lie in a header": (lambda p: raw_safetensors(p / "a.safetensors", BIG), "claims 2147483736 bytes but has 88"),
    "2 GB header": (lambda p: raw_safetensors(p / "a.safetensors", {}, claimed=2**31), "claims 2147483656 bytes"),
    "2 GB member": (
        lambda p: npz_with(p / "a.npz", "x.npy", raw_npy(p / "a", TWO_GB).read_bytes()),
        "bytes but has 76",
    ),
    "objects": (lambda p: npy(p / "a.npy", np.array([{"a": 1}], dtype=object)), "a.npy holds object"),
    "objects in npz": (lambda p: object_npz(p / "a.npz"), "codebook holds object"),
    "text": (lambda p: npy(p / "a.npy", np.array(["a"])), "holds <U1"),
    "complex": (lambda p: npy(p / "a.npy", np.zeros((2, 2), complex)), "holds complex128"),
    "bool": (lambda p: npy(p / "a.npy", np.zeros((2, 2), bool)), "holds bool"),
    "structured": (lambda p: npy(p / "a.npy", np.zeros(2, [("a", "f4")])), "cannot be read as its name says"),
    "pickle": (lambda p: p / "model.pt", r"save_file\(\{'codebook': tensor"),
    "checkpoint": (lambda p: p / "model.ckpt", "is a pickle"),
    "unknown": (lambda p: p / "model.h5", "none of .npy, .npz and .safetensors"),
    "missing": (lambda p: p / "gone.npy", "there is no file"),
    "folder": (lambda p: p / "folder.npy", "cannot be read as its name says"),
    "empty file": (lambda p: npz_with(p / "z.npz", "readme.txt", b"x"), "holds no floats"),
    "no zip": (lambda p: raw_npy(p / "a.npz", TWO_GB), "cannot be read as its name says"),
    "broken zip": (lambda p: broken_zip(p / "a.npz"), "cannot be read as its name says|ends before"),
    "code in the header": (lambda p: raw_npy(p / "a.npy", "__import__('os').getcwd()"), "cannot be read"),
    "deep header": (lambda p: raw_npy(p / "a.npy", "(" * 9000 + ")" * 9000), "cannot be read"),
    "negative shape": (lambda p: raw_npy(p / "a.npy", TWO_GB.replace("65536", "-1")), "cannot be read"),
    "negative offsets": (
        lambda p: raw_safetensors(p / "a.safetensors", {"x": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}),
        "cannot be read",
    ),
    "offsets that disagree": (
        lambda p: raw_safetensors(
            p / "a.safetensors", {"x": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 4]}}, bytes(8)
        ),
        "cannot be read",
    ),
    "not an object": (lambda p: raw_safetensors(p / "a.safetensors", [1, 2]), "cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_sentence(name: str, tmp_path: Path):
    (tmp_path / "folder.npy").mkdir()
    make, sentence = HOSTILE[name]
    with pytest.raises(FileError, match=sentence) as caught:
        collapse_report([(make(tmp_path), "")], num_embeddings=8)
    assert "\n" not in str(caught.value)


def test_a_file_that_was_cut_off_after_its_header_was_read(tmp_path: Path):
    path = npy(tmp_path / "a.npy", codes(600, 30))
    (array,) = stored_arrays(path)
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(FileError, match="ends before its array does"):
        array.read()


def test_the_name_it_had_decides_how_an_upload_is_read(tmp_path: Path):
    (tmp_path / "upload").write_bytes(npy(tmp_path / "a.npy", codes()).read_bytes())
    assert stored_arrays(tmp_path / "upload", "mine.NPY")[0].shape == (6, 3)
    with pytest.raises(FileError, match=r"mine\.pth is a pickle"):
        stored_arrays(tmp_path / "upload", "mine.pth")
