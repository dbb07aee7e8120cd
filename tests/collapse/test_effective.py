"""What is reported are the codes that are used, and two of them are one where only rounding parts them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from explorer.collapse.reporting import CollapseReport, collapse_report


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def report(folder: Path, cosine: bool = False, **arrays: np.ndarray) -> CollapseReport:
    save_file({key.replace("__", "."): value for key, value in arrays.items()}, folder / "x.safetensors")
    return collapse_report([(folder / "x.safetensors", "")], cosine=cosine)


def distinct(made: CollapseReport) -> int:
    assert made.duplicates is not None
    return made.duplicates.distinct


@pytest.mark.parametrize("offset", [1.0, 8.0, 1e3])
@pytest.mark.parametrize("noise", [0.0, 1e-7, 1e-6])
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_codes_that_rounding_alone_parts_are_one(tmp_path: Path, offset: float, noise: float, dtype: type):
    codes: np.ndarray = (offset * normal(1, 64) * (1 + noise * normal(512, 64, seed=1))).astype(dtype)
    made = report(tmp_path, codebook=codes)
    assert distinct(made) == 1
    assert made.verdict == "collapse"


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e4])
def test_the_scale_of_a_codebook_is_its_own_affair(tmp_path: Path, scale: float):
    assert distinct(report(tmp_path, codebook=normal(512, 64) * np.float32(scale))) == 512
    assert distinct(report(tmp_path, codebook=(1 + normal(512, 64) * 0.01).astype(np.float32))) == 512


def test_a_layer_that_collapsed_is_seen_through_whole_stored_codes(tmp_path: Path):
    stored = normal(128, 32) / 32**0.5
    nothing = 1e-9 * normal(32, 32, seed=1)
    direction = normal(32, 1) @ normal(1, 32, seed=2)
    layouts = {
        "frozen_codebook": ("code_transform__weight", False),
        "vq__embedding__weight": ("vq__embedding_proj__weight", False),
        "quantizer__parametrizations__codebook__original": ("quantizer__parametrizations__codebook__0__weight", True),
    }
    for codes, (weight, turned) in layouts.items():
        made = report(tmp_path, **{codes: stored, weight: nothing})
        assert distinct(made) == 1
        assert "linear" in {key for key, _ in made.shows}
        matrix = np.ascontiguousarray(direction.T if turned else direction)
        rank_one = report(tmp_path, **{codes: stored, weight: matrix})
        assert rank_one.plane is not None
        assert rank_one.plane.explained == pytest.approx(1, abs=1e-6)
        expected = np.linalg.norm(stored @ direction.T, axis=1)
        assert rank_one.norms is not None
        assert rank_one.norms.quantiles[3] == pytest.approx(float(np.median(expected)), rel=1e-4)


def test_a_bias_belongs_to_the_layer(tmp_path: Path):
    bias = 5 * normal(8, seed=3)
    made = report(
        tmp_path,
        embedding__weight=normal(64, 8),
        embedding_proj__weight=1e-9 * np.eye(8, dtype="f4"),
        embedding_proj__bias=bias,
    )
    assert made.norms is not None
    assert made.norms.quantiles[3] == pytest.approx(float(np.linalg.norm(bias)), rel=1e-5)
    assert distinct(made) == 1


def test_an_affine_codebook_is_moved_to_the_batch(tmp_path: Path):
    codes = normal(1, 64, 4)
    mean = codes.mean((0, 1), keepdims=True)
    state = {"codebook_mean": mean, "codebook_variance": codes.var((0, 1), keepdims=True)}
    batch = {"batch_mean": np.full((1, 1, 4), 7, np.float32), "batch_variance": np.full((1, 1, 4), 0.25, np.float32)}
    made = report(tmp_path, **{f"_codebook__{key}": value for key, value in ({"embed": codes} | state | batch).items()})
    expected = (codes[0] - mean[0]) / codes[0].std(0) * 0.5 + 7
    assert made.norms is not None
    assert made.norms.quantiles[3] == pytest.approx(float(np.median(np.linalg.norm(expected, axis=1))), rel=1e-4)
    assert "affine" in {key for key, _ in made.shows}


def test_codes_of_one_direction_are_one_for_a_cosine_quantizer(tmp_path: Path):
    codes = normal(1, 16) * np.random.default_rng(1).uniform(0.1, 5, (64, 1)).astype("f4")
    assert distinct(report(tmp_path, codebook=codes)) > 30
    assert "as_stored" in {key for key, _ in report(tmp_path, codebook=codes).cannot_tell}
    assert distinct(report(tmp_path, cosine=True, codebook=codes)) == 1


def test_a_matrix_beside_the_codebook_is_named(tmp_path: Path):
    made = report(
        tmp_path, quantizer__codebook=normal(64, 8), quantizer__out__weight=normal(8, 8), decoder__weight=normal(9, 8)
    )
    assert ("projected", {"name": "quantizer.out.weight (8, 8) float32"}) in made.shows


def test_a_learned_scale_and_shift_are_seen_through_whole_stored_codes(tmp_path: Path):
    root = "quantizer__parametrizations__codebook__"
    learned = {f"{root}original": normal(128, 8), f"{root}0__bias": normal(8), f"{root}0__rate": np.array(10.0, "f4")}
    on_one_point = np.full(8, -0.1, np.float32)  # 1 + 10 · -.1
    made = report(tmp_path, False, **learned, **{f"{root}0__scale": on_one_point})
    assert distinct(made) == 1
    assert "linear" in {key for key, _ in made.shows}
    assert distinct(report(tmp_path, False, **learned, **{f"{root}0__scale": normal(8, seed=1)})) == 128
