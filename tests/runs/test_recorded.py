"""A record read from files written by hand: what is broken is left out, what is whole stays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.errors import RecordError
from explorer.recording.files import CURVES, DESCRIPTION, FORMAT, FRAMES, NOTES, write_description
from explorer.runs.recorded import RecordedFrame, RecordedRun, is_record, load_record, read_curves
from explorer.training.trace import MOST_FRAMES

K, D, PER_STEP = 3, 2, 4


def arrays_at(step: int) -> dict[str, Any]:
    """Four vectors a step, all of code 1; hits count from the start."""
    codebook = np.full((1, K, D), step, np.float32)
    return {"step": np.array(step), "hits": np.array([[0, PER_STEP * (step + 1), 0]]), "codebook": codebook}


def written(folder: Path, frames: list[dict[str, Any]]) -> Path:
    for part in (FRAMES, CURVES):
        (folder / part).mkdir(parents=True)
    write_description(folder, {"num_embeddings": K, "embedding_dim": D, "levels": 1})
    for number, arrays in enumerate(frames):
        np.savez(folder / FRAMES / f"{number:09d}.npz", **arrays)
    return folder


def test_hits_are_those_since_the_frame_before(tmp_path: Path):
    record = load_record(written(tmp_path / "mine", [arrays_at(step) for step in (0, 1, 5)]))
    assert (record.id, record.num_embeddings, record.embedding_dim, record.levels) == ("mine", K, D, 1)
    assert [frame.step for frame in record.frames] == [0, 1, 5]
    assert [frame.hits[0].tolist() for frame in record.frames] == [[0, 4, 0], [0, 4, 0], [0, 16, 0]]
    assert record.vectors_per_step == PER_STEP
    assert record.trace.frames["hits"].tolist() == [[0, 4, 0], [0, 4, 0], [0, 16, 0]]


def test_a_frame_of_another_codebook_is_left_out_and_those_after_it_are_not(tmp_path: Path):
    other = {"step": np.array(1), "hits": np.ones((1, K + 1), np.int64)}
    nameless = {"hits": np.ones((1, K), np.int64)}
    frames = [arrays_at(0), other, nameless, arrays_at(3)]
    record = load_record(written(tmp_path / "mine", frames))
    assert [frame.step for frame in record.frames] == [0, 3]
    assert record.frames[1].hits.tolist() == [[0, 12, 0]]


def test_a_broken_file_is_noted_and_a_record_without_frames_is_none(tmp_path: Path):
    folder = written(tmp_path / "mine", [arrays_at(0), arrays_at(1)])
    (folder / FRAMES / "000000000.npz").write_bytes(b"PK")
    record = load_record(folder)
    assert [frame.step for frame in record.frames] == [1]
    assert len(record.notes) == 1
    assert "000000000.npz" in record.notes[0]
    with pytest.raises(RecordError):
        load_record(written(tmp_path / "empty", []))


@pytest.mark.parametrize("number", [1, 2, MOST_FRAMES, MOST_FRAMES + 1, 3 * MOST_FRAMES])
def test_a_film_has_the_first_and_the_last_frame_and_every_hit(number: int):
    frames = tuple(
        RecordedFrame(step, np.array([[1, step, 0]]), np.full((1, K, D), step, np.float32)) for step in range(number)
    )
    record = RecordedRun(Path("mine"), K, D, 1, "float32", frames, np.zeros(0, np.int64), {})
    trace = record.trace
    assert len(trace.frame_steps) == min(number, MOST_FRAMES)
    assert (trace.frame_steps[0], trace.frame_steps[-1]) == (0, number - 1)
    assert trace.frames["codebook"][:, 0, 0].tolist() == trace.frame_steps.tolist()
    assert trace.frames["hits"].sum(0).tolist() == [number, number * (number - 1) // 2, 0]


def test_curves_of_several_files_are_joined_by_step():
    nan = float("nan")
    raw = [
        {"steps": np.array([0, 1, 2]), "curve/loss": np.array([3.0, 2.0, nan])},
        {"steps": np.array([2, 4]), "curve/loss": np.array([1.0, 0.5]), "curve/lr": np.array([0.1, 0.2])},
        {"steps": np.array([1]), "curve/loss": np.array([nan]), "curve/short": np.zeros(0)},
    ]
    steps, curves = read_curves(raw)
    assert steps.tolist() == [0, 1, 2, 4]
    np.testing.assert_array_equal(curves["loss"], np.array([3, 2, 1, 0.5], np.float32))
    np.testing.assert_array_equal(curves["lr"], np.array([nan, nan, 0.1, 0.2], np.float32))
    assert curves.keys() == {"loss", "lr"}


@pytest.mark.parametrize(
    "change, code",
    [
        ({"kind": "run"}, "record_missing"),
        ({"format": FORMAT + 1}, "record_too_new"),
        ({"num_embeddings": 0}, "record_damaged"),
        ({"embedding_dim": 1.5}, "record_damaged"),
        ({"levels": 1 << 27}, "record_damaged"),
    ],
)
def test_a_description_that_is_none_is_refused(change: dict[str, Any], code: str, tmp_path: Path):
    folder = written(tmp_path / "mine", [arrays_at(0)])
    assert is_record(folder)
    described = json.loads((folder / DESCRIPTION).read_text())
    (folder / DESCRIPTION).write_text(json.dumps(described | change))
    with pytest.raises(RecordError) as refused:
        load_record(folder)
    assert refused.value.code == code
    assert is_record(folder) == (code != "record_missing")


def test_a_folder_without_a_description_is_no_record(tmp_path: Path):
    assert not is_record(tmp_path)
    with pytest.raises(RecordError) as refused:
        load_record(tmp_path)
    assert refused.value.code == "record_missing"


def test_settings_and_notes_are_taken_as_far_as_they_can_be_read(tmp_path: Path):
    folder = written(tmp_path / "mine", [arrays_at(0)])
    settings = {"decay": 0.99, "rule": "ema", "odd": [1, 2], "none": None}
    write_description(folder, {"num_embeddings": K, "embedding_dim": D, "levels": 1, "settings": settings})
    (folder / NOTES).write_text('{"note": "one"}\n{"other": 1}\n{"note": "two"}\n{"note": "thr')
    record = load_record(folder)
    assert record.settings == {"decay": 0.99, "rule": "ema"}
    assert record.notes == ("one", "two")


def test_vectors_of_a_film_are_as_many_as_its_smallest_batch_has():
    """Of 5 and 3 vectors the film has three each, first and last among them; where a frame has none, it has none."""
    rows = [np.arange(n, dtype=np.float32)[:, None].repeat(D, axis=1) for n in (5, 3)]
    frames = tuple(
        RecordedFrame(step, np.ones((2, K), np.int64), z_e=z, z_e_total=10 * (step + 1)) for step, z in enumerate(rows)
    )
    record = RecordedRun(Path("mine"), K, D, 2, "float32", frames, np.zeros(0, np.int64), {})
    assert record.vectors_per_step == 15
    assert record.trace.frames["batch_latents"][:, :, 0].tolist() == [[0, 2, 4], [0, 1, 2]]
    assert record.trace.frames["hits"].shape == (2, 2, K)  # of two levels
    assert "codebook" not in record.trace.frames
    without = replace(record, frames=(*frames, RecordedFrame(2, np.ones((2, K), np.int64))))
    assert "batch_latents" not in without.trace.frames
