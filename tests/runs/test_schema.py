"""What is recorded here passes the check of what comes from elsewhere, whatever was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import RunError
from explorer.files.bounded_cache import Newest, bytes_of, newest
from explorer.models import ImageShape
from explorer.models.codebook_updates import CODEBOOK_UPDATES
from explorer.models.registry import QUANTIZERS
from explorer.runs import Run, RunInfo, save_run
from explorer.runs.check import check_content, check_description, check_size
from explorer.runs.schema import MEASURES, Known, film_specs
from explorer.training.config import TRACE_LEVELS
from explorer.training.loop import Trainer
from tests.registries import settings_with
from tests.tiny import tiny_config, tiny_set

TINY = Known(images=120, test=30)
TRAINED: dict[str, dict[str, Any]] = {
    "ae": {"model": "ae"},
    "vae": {"model": "vae"},
    "spatial": {"model": "vae", "spatial": True},
    **{f"{name} codes": settings_with("quantizer", name) for name in QUANTIZERS},
    "residual codes": {"quantizer": "residual", "num_embeddings": 4, "levels": 3},
    "shared residual codes": {"quantizer": "residual", "levels": 2, "shared_codebook": True},
    "grouped codes": {"quantizer": "grouped", "codebook_update": "gradient"},
    **{f"rule {name}": {"codebook_update": name} for name in CODEBOOK_UPDATES},
    "deep": {"embedding_dim": 16},
    **{f"film {level}": {"trace": level} for level in TRACE_LEVELS},
}


def trained(folder: Path, **settings: object) -> Run:
    trainer = Trainer(tiny_config(**settings), tiny_set())
    list(trainer.run())
    info = RunInfo(
        id="tiny",
        config=trainer.config,
        shape=ImageShape(1, 8, 8),
        data_sha256=tiny_set().sha256,
        data_variance=tiny_set().variance,
        s2=0.1,
        step=trainer.step,
        family="",
        twin_of="",
        threads=1,
    )
    return save_run(folder / "tiny", info, trainer.model.state_dict(), trainer.recorder.trace())


@pytest.mark.parametrize("case", TRAINED)
def test_what_is_trained_here_passes(case: str, tmp_path: Path):
    run = trained(tmp_path, **TRAINED[case])
    check_content(run, TINY)
    check_content(run, Known())


def test_an_image_that_is_not_there_is_refused(tmp_path: Path):
    run = trained(tmp_path)
    check_content(run, Known(images=120))
    with pytest.raises(RunError, match=r"trace\.npz"):
        check_content(run, Known(images=90))  # probes and batches are of all of them


DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "more steps than were to be done": {"step": 10**9},
    "a variance of nothing": {"data_variance": 0.0},
    "a variance of everything": {"data_variance": 1e200},
    "a likelihood without width": {"s2": 1e-300},
    "a family that is a novel": {"family": "x" * 1000},
    "a twin in two lines": {"twin_of": "a\nb"},
    "no thread": {"threads": 0},
}


@pytest.mark.parametrize("case", DESCRIPTIONS)
def test_figures_that_no_training_has_are_refused(case: str, tmp_path: Path):
    info = trained(tmp_path, model="ae").info
    check_description(info)
    with pytest.raises(RunError, match=r"run\.json"):
        check_description(replace(info, **DESCRIPTIONS[case]))


@pytest.mark.parametrize(
    "settings",
    [{"embedding_dim": 4096}, {"model": "vae", "spatial": True, "latent_dim": 4096}, {"width": 1024}],
)
def test_a_run_whose_latents_fill_the_memory_is_refused_before_it_is_built(settings: dict[str, Any], tmp_path: Path):
    run = trained(tmp_path)
    shape = ImageShape(1, 64, 64)
    small = Run(replace(run.info, shape=shape), run.folder, {}, run.files)
    check_size(small, Known(images=12_000, test=2000))
    large = Run(replace(run.info, config=tiny_config(**settings), shape=shape), run.folder, {}, {})
    with pytest.raises(RunError, match="larger"):
        check_size(large, Known(images=12_000, test=2000))


def test_measures_are_those_that_are_compared():
    from explorer.reports.comparison import DEFINITIONS

    assert tuple(DEFINITIONS) == MEASURES


def test_results_are_kept_by_their_bytes(tmp_path: Path):
    run, made = trained(tmp_path), []

    @newest(10, 100_000)
    def numbers(count: int) -> bytes:
        made.append(count)
        return bytes(count)

    assert [len(numbers(count)) for count in (40_000, 50_000, 40_000, 60_000, 40_000)] == [4e4, 5e4, 4e4, 6e4, 4e4]
    assert made == [40_000, 50_000, 60_000]
    numbers.cache_clear()
    numbers(40_000)
    assert made[-1] == 40_000
    assert bytes_of(run.weights) >= sum(tensor.nbytes for tensor in run.weights.values())
    assert bytes_of(run.model) >= bytes_of(run.weights) - 64
    assert bytes_of(run.trace) > sum(array.nbytes for array in run.trace.frames.values())


def test_runs_are_kept_by_what_was_read_of_them(tmp_path: Path):
    from explorer.runs import reading

    runs = [trained(tmp_path / name) for name in "ab"]
    assert reading._in_memory(runs[0]) == 0
    _ = runs[0].trace, runs[0].model
    large = reading._in_memory(runs[0])
    assert large > 50_000
    kept: Newest[str, Run] = Newest(9, large * 1.5, reading._in_memory)
    kept.put("a", runs[0])
    _ = runs[1].trace, runs[1].model
    kept.put("b", runs[1])
    assert list(kept) == ["b"]


@pytest.mark.parametrize("steps", [[-1, 4, 12], [0, 4, 13], [0, 4, 4]], ids=["before", "after", "twice"])
def test_a_film_lies_within_its_training_and_only_goes_on(steps: list[int]):
    config, shape = tiny_config(model="ae", trace="scalars"), ImageShape(1, 8, 8)
    info = RunInfo("tiny", config, shape, "", 0.1, s2=0.1, step=12, family="", twin_of="", threads=1)
    found = {"frame_steps": (3,), "curve_steps": (12,)}
    spec = film_specs(info, found, {}, Known())["frame_steps"]
    assert spec.holds(np.array([0, 4, 12], np.int32))
    assert not spec.holds(np.array(steps, np.int32))
