"""Which tensors a report takes: those that fit each other, whatever their names; what does not fit is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from explorer.collapse.reporting import CollapseReport, collapse_report
from explorer.errors import FileError


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return generator(seed).normal(size=shape).astype(np.float32)


def npz(folder: Path, **arrays: np.ndarray) -> list[tuple[Path, str]]:
    np.savez(folder / "x.npz", **arrays)  # type: ignore[arg-type]
    return [(folder / "x.npz", "")]


def tensors(folder: Path, **arrays: np.ndarray) -> list[tuple[Path, str]]:
    save_file(
        {key.replace("__", "."): np.ascontiguousarray(value) for key, value in arrays.items()}, folder / "x.safetensors"
    )
    return [(folder / "x.safetensors", "")]


def npy(folder: Path, name: str, values: np.ndarray) -> tuple[Path, str]:
    np.save(folder / name, values)
    return folder / name, ""


def keys(report: CollapseReport) -> set[str]:
    return {key for key, _ in report.shows}


def used(report: CollapseReport) -> list[int | None]:
    return [entry.usage.used if entry.usage else None for entry in report.codebooks]


def ema(codes: np.ndarray, hit: int, hits: float = 400.0, decayed: float = 0.01) -> dict[str, np.ndarray]:
    """State of an EMA codebook of which `hit` codes live."""
    counts = np.full(codes.shape[:-1], decayed, np.float32)
    counts[..., :hit] = hits
    return {"embed": codes, "cluster_size": counts, "embed_avg": codes * counts[..., None]}


def test_running_counts_tell_codes_from_their_sums_and_say_what_is_used(tmp_path: Path):
    state = ema(normal(1, 128, 32), 3)
    for order in (sorted(state), sorted(state, reverse=True)):
        report = collapse_report(npz(tmp_path, **{key: state[key] for key in order}))
        assert report.sources == ("embed (1, 128, 32) float32", "cluster_size (1, 128) float32")
        assert (report.size, used(report), report.verdict) == ((128, 32), [3], "collapse")
    renamed = {"a": state["embed"], "b": state["cluster_size"], "c": state["embed_avg"]}
    report = collapse_report(npz(tmp_path, **renamed))
    assert report.sources == ("a (1, 128, 32) float32", "b (1, 128) float32"), "by what explains what, not by name"
    assert used(collapse_report(npz(tmp_path, codebook=state["embed"][0], hits=np.arange(128) // 4))) == [124]


def test_counts_before_the_first_update_say_nothing(tmp_path: Path):
    state = ema(normal(64, 8), 0, decayed=1.0)
    report = collapse_report(npz(tmp_path, **state))
    assert used(report) == [None]
    assert report.verdict == "unknown"
    assert "fresh" in keys(report)


def test_rare_codes_are_not_called_dead_by_their_counts(tmp_path: Path):
    few = np.full(512, 0.004, np.float32)  # 2 vectors a step
    few[:10] = 0.005
    assert used(collapse_report(npz(tmp_path, codebook=normal(512, 4), cluster_size=few))) == [512]
    many = np.full(512, 0.5, np.float32)
    many[:8] = 8000.0
    assert used(collapse_report(npz(tmp_path, codebook=normal(512, 4), cluster_size=many))) == [512]


def test_indices_go_before_counts_and_no_file_is_dropped(tmp_path: Path):
    files = tensors(tmp_path, **ema(normal(1, 128, 32), 3))
    files.append(npy(tmp_path, "ids.npy", np.arange(5000) % 5))
    for asked in ((), ("embed",), ("ids.npy",), ("embed", "ids.npy")):
        report = collapse_report(files, keys=asked)
        assert used(report) == [5]
        assert "ids.npy (5000,) int64" in report.sources
    files.append(npy(tmp_path, "other.npy", np.zeros(3)))
    assert ("unused_file", {"name": "other.npy"}) in collapse_report(files).shows


def test_counts_alone_are_a_report_and_never_a_codebook(tmp_path: Path):
    counts = np.zeros(64, np.float32)
    counts[:60] = np.arange(60) + 0.5
    report = collapse_report(npz(tmp_path, cluster_size=counts))
    assert (report.size, used(report)) == (None, [60])
    heads = ema(normal(4, 128, 8), 100)
    report = collapse_report(npz(tmp_path, **heads))
    assert [entry.size for entry in report.codebooks] == [(128, 8)] * 4
    assert used(report) == [100] * 4
    assert (report.size, report.usage) == (None, None), "numbers of several are never joined"
    assert report.to_json()["usage"] is None


def test_a_name_within_another_names_nothing(tmp_path: Path):
    weights: dict[str, Any] = {f"encoder__{n}__weight": normal(16 + n, 8, seed=n) for n in range(3)}
    with pytest.raises(FileError, match="choose with --key one of encoder"):
        collapse_report(tensors(tmp_path, **weights, pos_embed=normal(1, 64, 24)))
    report = collapse_report(
        tensors(tmp_path, **weights, pos_embed=normal(1, 64, 24), quantizer__codebook=normal(32, 8))
    )
    assert report.size == (32, 8)


def test_a_table_of_positions_is_no_codebook(tmp_path: Path):
    indices = generator().integers(0, 60, (100, 64))
    report = collapse_report(npz(tmp_path, weight=normal(512, 8), pos_embed=normal(1, 64, 192), indices=indices))
    assert report.sources[0].startswith("weight")
    vectors = normal(100, 64, 8)
    assert collapse_report(npz(tmp_path, z_e=vectors, weight=normal(64, 8), indices=indices)).size == (64, 8)
    with pytest.raises(FileError, match=r"choose with --key one of a \(512, 8\) float32, b \(300, 8\) float32$"):
        collapse_report(npz(tmp_path, a=normal(512, 8), b=normal(300, 8), c=normal(30, 8), indices=indices))


@pytest.mark.parametrize("key", ["a", "b", "x.npz:a", "i", "j"])
def test_every_key_that_is_offered_is_taken(tmp_path: Path, key: str):
    ids = generator().integers(0, 60, (2, 100, 7))
    arrays = {"a": normal(512, 8), "b": normal(512, 8, seed=1), "i": ids[0], "j": ids[1]}
    files, other = npz(tmp_path, **arrays), "a" if key in "ij" else "i"
    with pytest.raises(FileError, match=r"choose with --key one of [a-j] "):
        collapse_report(files, keys=[key])
    report = collapse_report(files, keys=[key, other])
    assert len(report.codebooks) == 1
    assert report.usage is not None
    assert report.usage.used == 60


def test_files_of_one_array_are_keys_by_their_names(tmp_path: Path):
    files = [npy(tmp_path, "a.npy", normal(40, 3)), npy(tmp_path, "b.npy", normal(30, 3))]
    with pytest.raises(FileError, match=r"one of a.npy \(40, 3\) float32, b.npy"):
        collapse_report(files)
    assert collapse_report(files, keys=["b.npy"]).size == (30, 3)


def test_a_codebook_stored_d_k_is_read_so_and_said(tmp_path: Path):
    indices = generator().integers(0, 10, 5000)
    report = collapse_report(npz(tmp_path, embed=normal(200, 10), indices=indices))
    assert (report.size, used(report), report.verdict) == ((10, 200), [10], "healthy")
    assert "turned" in keys(report)
    by_accident = collapse_report(npz(tmp_path, embed=normal(200, 10), indices=np.append(indices, 150)))
    assert by_accident.size == (200, 10)


@pytest.mark.parametrize("dtype", ["i8", "u1", "f4"])
def test_one_hot_rows_are_counted_as_the_indices_they_are(tmp_path: Path, dtype: str):
    rows = np.eye(64, dtype=dtype)[generator().integers(0, 5, 200)]
    for files in (
        [npy(tmp_path, "o.npy", rows)],
        npz(tmp_path, codebook=normal(64, 16), encodings=rows.reshape(8, 25, 64)),
    ):
        report = collapse_report(files)
        assert report.usage is not None
        assert (report.usage.num_vectors, report.usage.used, report.usage.codes) == (200, 5, 64)


def test_integers_that_wrapped_are_unwrapped_or_refused(tmp_path: Path):
    indices = generator().integers(0, 256, 9000)
    report = collapse_report(npz(tmp_path, codebook=normal(256, 4), indices=indices.astype(np.int8)))
    assert used(report) == [256]
    assert "wrapped" in keys(report)
    for dtype in (np.int8, np.uint8):
        with pytest.raises(FileError, match="cannot name all of 512 codes"):
            collapse_report(npz(tmp_path, codebook=normal(512, 4), indices=(2 * indices).astype(dtype)))
    padded = np.where(indices < 9, -1, indices // 4).astype(np.int8)
    with pytest.raises(FileError, match="--ignore-id -1"):
        collapse_report(npz(tmp_path, codebook=normal(256, 4), indices=padded))
    assert "wrapped" not in keys(collapse_report(npz(tmp_path, codebook=normal(256, 4), indices=padded), ignore=-1))


def test_bare_indices_that_are_something_else_get_a_sentence(tmp_path: Path):
    files = [npy(tmp_path, "i.npy", np.array([3, 1 << 25]))]
    with pytest.raises(FileError, match="give K with --num-embeddings"):
        collapse_report(files)
    report = collapse_report([npy(tmp_path, "i.npy", np.array([3, 1 << 20]))])
    assert report.usage is not None
    assert report.usage.codes == (1 << 20) + 1
    for k in (-5, 0, 20_000_000_000):
        with pytest.raises(FileError, match="takes a whole number from 1 to"):
            collapse_report(files, num_embeddings=k)


def test_a_hundred_thousand_codes_are_reported_on(tmp_path: Path):
    files = [npy(tmp_path, "c.npy", normal(100_000, 2)), npy(tmp_path, "i.npy", np.arange(100_000))]
    report = collapse_report(files)
    assert (report.size, used(report)) == ((100_000, 2), [100_000])
    with pytest.raises(FileError, match="up to 268 MB"):
        collapse_report([npy(tmp_path, "c.npy", np.zeros((70_000, 1000), np.float16))], most_bytes=10**9)


def test_a_whole_models_integers_are_not_its_indices(tmp_path: Path):
    state = {
        "quantizer__codebook": normal(512, 8),
        "attention__relative_position_index": np.arange(4096).reshape(64, 64) % 225,
    }
    report = collapse_report(tensors(tmp_path, **state))
    assert report.usage is None
    assert report.size == (512, 8)


def test_this_projects_own_quantizers_are_understood(tmp_path: Path):
    from explorer.models import VectorQuantizer
    from explorer.models.affine import AffineVQ
    from explorer.models.simvq import SimVQ

    draw = torch.Generator().manual_seed(0)
    cases = {
        "ema": VectorQuantizer(64, 4, generator=draw),
        "cosine": VectorQuantizer(64, 4, distance="cosine", generator=draw),
        "linear": SimVQ(64, 4, generator=draw),
    }
    for name, quantizer in [*cases.items(), ("linear", AffineVQ(64, 4, init="normal", generator=draw))]:
        quantizer(torch.randn(2000, 4, generator=draw))
        state = {f"quantizer.{key}": value.numpy() for key, value in quantizer.state_dict().items()}
        save_file(state, tmp_path / "x.safetensors")
        report = collapse_report([(tmp_path / "x.safetensors", "")])
        assert report.size == (64, 4)
        assert (used(report)[0] is None) == (name == "linear"), "counts say what is used"
        assert (name in keys(report)) == (name != "ema")
