"""Several codebooks: each is reported for itself, and none hides in the sum of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from explorer.collapse.reporting import CollapseReport, collapse_report
from explorer.errors import FileError


def saved(folder: Path, **arrays: np.ndarray) -> list[tuple[Path, str]]:
    np.savez(folder / "x.npz", **arrays)  # type: ignore[arg-type]
    return [(folder / "x.npz", "")]


def residual(generator: np.random.Generator, shape: tuple[int, ...], second: int = 1, k: int = 64) -> np.ndarray:
    """Two levels on the last axis, the second of `second` codes."""
    return np.stack([generator.integers(0, k, shape), generator.integers(0, second, shape)], -1)


def verdicts(report: CollapseReport) -> list[str]:
    return [codebook.verdict for codebook in report.codebooks]


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("second", [1, 4])
def test_a_level_that_collapsed_does_not_hide_behind_another(
    tmp_path: Path, generator: np.random.Generator, order: str, second: int
):
    indices = np.array(residual(generator, (64, 200), second), order=order)  # type: ignore[call-overload]
    report = collapse_report(saved(tmp_path, indices=indices))
    assert [codebook.usage.used for codebook in report.codebooks if codebook.usage] == [64, second]
    assert verdicts(report) == ["unknown", "collapse"], "of K no more is known than the largest index"
    assert report.verdict == "collapse"
    assert "levels_seen" in {key for key, _ in report.shows}
    assert verdicts(collapse_report(saved(tmp_path, indices=indices), num_embeddings=64)) == ["healthy", "collapse"]
    joined = collapse_report(saved(tmp_path, indices=indices), num_embeddings=64, levels=1)
    assert verdicts(joined) == ["healthy"]


@pytest.mark.parametrize("shape", [(500, 7, 7), (900, 8), (70, 4, 8)])
def test_the_columns_of_a_picture_are_not_levels(
    tmp_path: Path, generator: np.random.Generator, shape: tuple[int, ...]
):
    indices = generator.integers(0, 40, shape)
    assert len(collapse_report(saved(tmp_path, indices=indices)).codebooks) == 1
    if shape[-1] == shape[-2]:
        indices[..., 0] = 3  # an edge of one colour
        assert len(collapse_report(saved(tmp_path, indices=indices)).codebooks) == 1


@pytest.mark.parametrize("axis", [-1, 0])
def test_as_many_codebooks_as_the_indices_have_levels(tmp_path: Path, generator: np.random.Generator, axis: int):
    codebook = generator.normal(size=(2, 64, 8)).astype("f4")
    codebook[1, 30:] = codebook[1, 0]
    indices = np.moveaxis(residual(generator, (40, 50), 20), -1, axis)
    report = collapse_report(saved(tmp_path, codebook=codebook, indices=indices))
    found = [(c.usage.used, c.duplicates.distinct) for c in report.codebooks if c.usage and c.duplicates]
    assert found == [(64, 64), (20, 30)]
    assert verdicts(report) == ["healthy", "collapse"]
    entries = report.to_json()["codebooks"]
    assert [entry["dead"] for entry in entries] == [0, 44]
    assert report.to_json()["size"] is None
    with pytest.raises(FileError, match=r"2 codebooks, but indices of shape \(2000,\) have no axis of 2"):
        collapse_report(saved(tmp_path, codebook=codebook, indices=indices.ravel()[::2]))


def test_levels_in_tensors_of_their_own(tmp_path: Path, generator: np.random.Generator):
    state: dict[str, np.ndarray] = {}
    for level, living in enumerate((60, 2)):
        codes = generator.normal(size=(1, 64, 8)).astype("f4")
        counts = np.full((1, 64), 0.01, np.float32)
        counts[:, :living] = 300
        root = f"quantizer.layers.{level}._codebook"
        state |= {
            f"{root}.embed": codes,
            f"{root}.cluster_size": counts,
            f"{root}.embed_avg": codes * counts[..., None],
        }
    save_file(state, tmp_path / "m.safetensors")
    files = [(tmp_path / "m.safetensors", "")]
    report = collapse_report(files)
    assert [c.usage.used for c in report.codebooks if c.usage] == [60, 2]
    assert report.verdict == "collapse"
    np.save(tmp_path / "i.npy", residual(generator, (500,), 7))
    both = collapse_report([*files, (tmp_path / "i.npy", "")])
    assert [c.usage.used for c in both.codebooks if c.usage] == [64, 7]
    without = {key: value for key, value in state.items() if key.endswith("embed")}
    save_file(without, tmp_path / "m.safetensors")
    named = collapse_report(files, keys=sorted(without))
    assert len(named.codebooks) == 2


def test_a_single_codebook_keeps_its_place_and_has_an_entry(tmp_path: Path, generator: np.random.Generator):
    codebook = generator.normal(size=(32, 4))
    values = collapse_report(saved(tmp_path, codebook=codebook, indices=np.arange(640) % 16)).to_json()
    (entry,) = values["codebooks"]
    assert (entry["used"], entry["dead"], entry["distinct"]) == (16, 16, 32)
    assert entry["perplexity"] == pytest.approx(16)
    assert values["usage"]["dead"] == 16
    assert (values["verdict"], entry["verdict"]) == ("warning", "warning")
    bare = collapse_report(saved(tmp_path, codebook=codebook)).to_json()["codebooks"][0]
    assert (bare["used"], bare["dead"], bare["perplexity"], bare["verdict"]) == (None, None, None, "unknown")
