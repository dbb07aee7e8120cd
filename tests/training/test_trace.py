"""Frame schedules and the flat form of a trace."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.training.trace import FORMAT, Trace, compact, curve_schedule, frame_schedule, sampled_every
from tests.oracles import frame_at


@pytest.mark.parametrize("steps", [1, 5, 47, 48, 100, 150, 5000, 100_000])
@pytest.mark.parametrize("most", [12, 48])
def test_frames_begin_at_0_end_at_the_last_step_and_keep_the_limit(steps: int, most: int):
    schedule = frame_schedule(steps, most)
    assert schedule[0] == 0
    assert schedule[-1] == steps
    assert len(schedule) <= most
    assert schedule == sorted(set(schedule))


def test_a_short_run_is_filmed_whole():
    assert frame_schedule(47, 48) == list(range(48))
    assert len(frame_schedule(48, 48)) < 49


def test_early_steps_are_filmed_closely():
    schedule = frame_schedule(5000)
    assert {1, 2, 100} <= set(schedule)
    late = np.diff([step for step in schedule if step >= 100])
    assert late.max() - late.min() <= 1
    assert [step for step in schedule if step <= 100] == [0, 1, 2, 3, 4, 6, 10, 16, 25, 40, 63, 100]  # a quarter of 48


def test_curves_keep_the_first_hundred_steps_and_the_last():
    schedule = curve_schedule(5003)
    assert schedule[:100] == list(range(1, 101))
    assert schedule[-1] == 5003
    assert len(schedule) < 620
    assert curve_schedule(5000)[100:] == list(range(110, 5001, 10))


def test_compact_keeps_what_float16_would_lose():
    assert compact(np.ones(3, np.float32)).dtype == np.float16
    assert compact(np.array([1e5], np.float32)).dtype == np.float32
    assert compact(np.array([3], np.int32)).dtype == np.int32


def test_a_trace_survives_its_flat_form():
    trace = Trace("full", np.array([0, 5], np.int32))
    trace.frames["codebook"] = np.zeros((2, 4, 2), np.float16)
    trace.curves["loss"] = np.ones(3, np.float32)
    trace.curve_steps = np.arange(3, dtype=np.int32)
    trace.fixed["probe_ids"] = np.arange(4)
    trace.weights[5] = {"decoder.up1.weight": np.ones((2, 2), np.float16)}
    again = Trace.from_arrays(trace.to_arrays())
    assert again.level == "full"
    assert again.weights[5]["decoder.up1.weight"].shape == (2, 2)
    for group in ("frames", "curves", "fixed"):
        assert {k: v.tolist() for k, v in getattr(again, group).items()} == {
            k: v.tolist() for k, v in getattr(trace, group).items()
        }


def test_frame_at_is_the_last_one_before():
    trace = Trace("full", np.array([0, 5, 20], np.int32))
    assert [frame_at(trace, step) for step in (0, 4, 5, 19, 20, 99)] == [0, 0, 1, 1, 2, 2]


def test_a_film_of_format_1_is_read_and_a_newer_one_is_not():
    arrays = Trace("full", np.array([0, 5], np.int32)).to_arrays()
    assert Trace.from_arrays(arrays).format == FORMAT == 3
    old = {name: array for name, array in arrays.items() if name != "format"}
    assert Trace.from_arrays(old).format == 1
    with pytest.raises(ValueError, match="format 4"):
        Trace.from_arrays(arrays | {"format": np.array(4)})


def test_a_codebook_s_arrays_have_an_axis_of_codebooks_even_if_there_is_one():
    trace = Trace("full", np.array([0, 5], np.int32))
    trace.frames = {"codebook": np.zeros((2, 4, 3)), "hits": np.zeros((2, 4)), "ema_sum": np.zeros((2, 5, 4, 3))}
    shapes = {name: trace.by_codebook(name).shape for name in trace.frames}
    assert shapes == {"codebook": (2, 1, 4, 3), "hits": (2, 1, 4), "ema_sum": (2, 5, 4, 3)}


@pytest.mark.parametrize("grid", [7, 8, 16])
def test_what_a_frame_keeps_of_a_mini_batch_comes_from_every_cell(grid: int):
    cells, pictures = grid * grid, 64
    every = sampled_every(pictures * cells, cells, 512)
    rows = np.arange(512) * every
    assert rows[-1] < pictures * cells
    assert len(np.unique(rows % cells)) == min(512, cells)
    assert len(np.unique(rows // cells)) > pictures / 2
    assert sampled_every(pictures * cells, cells, 512, 2) == pictures * cells // 512  # as films before were made
    assert sampled_every(100, cells, 512) == sampled_every(5000, 1, 5000) == 1


def test_films_before_kept_one_column_of_eight():
    rows = np.arange(512) * sampled_every(4096, 64, 512, 2)
    assert set(rows % 8) == {0}
