"""The recorder: what it keeps of anyone's loop, that it never ends one, and that a record opens whatever happened."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer.errors import RecordError
from explorer.models import VectorQuantizer
from explorer.recorder import Recorder, RecorderWarning
from explorer.recording.axes import channel_axis
from explorer.recording.schedule import Schedule
from explorer.runs.recorded import load_record


def draw(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logged(folder: Path, steps: int = 30, k: int = 16, **changes: Any) -> Recorder:
    """A record of random outputs and their nearest codes."""
    recorder = Recorder(folder, k)
    codes = torch.randn(k, 4, generator=draw(1))
    for step in range(steps):
        z_e = torch.randn(8, 4, 3, 3, generator=draw(step))
        rows = z_e.movedim(1, -1).reshape(-1, 4)
        indices = torch.cdist(rows, codes).argmin(1).view(8, 3, 3)
        given: dict[str, Any] = {
            "z_e": z_e,
            "indices": indices,
            "codebook": codes,
            "losses": {"mse": torch.tensor(1.0 / (step + 1))},
        }
        recorder.log(step, **given | changes)
    return recorder


def test_what_was_logged_is_read_back(tmp_path: Path):
    logged(tmp_path / "mine").close()
    record = load_record(tmp_path / "mine")
    assert (record.kind, record.id, record.num_embeddings, record.embedding_dim) == ("recorded", "mine", 16, 4)
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 30 * 72, (
        "hits between frames are summed, none is lost"
    )
    frame = record.frames[3]
    assert frame.z_e is not None
    assert frame.indices is not None
    assert frame.codebook is not None
    assert (frame.z_e.shape, frame.z_e_total, frame.codebook.shape) == ((72, 4), 72, (1, 16, 4))
    nearest = np.linalg.norm(frame.z_e[:, None] - frame.codebook[0], axis=2).argmin(1)
    assert (nearest == frame.indices[:, 0]).mean() > 0.95, "vectors and indices belong together"
    assert record.curves["mse"].tolist() == pytest.approx([1 / n for n in range(1, 31)])
    trace = record.trace
    assert trace.frames["codebook"].shape == (len(trace.frame_steps), 16, 4)
    assert trace.frames["hits"].sum() == (trace.frame_steps[-1] + 1) * 72


def test_a_step_that_is_logged_twice_counts_once_and_a_record_goes_on(tmp_path: Path):
    recorder = logged(tmp_path / "mine", 10)
    recorder.log(9, indices=torch.zeros(8, 3, 3, dtype=torch.long))
    recorder.close()
    again = Recorder(tmp_path / "mine", 16)
    assert again.last_step == 9
    again.log(120, indices=torch.zeros(5, dtype=torch.long), codebook=torch.zeros(16, 4))
    again.close()
    record = load_record(tmp_path / "mine")
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 10 * 72 + 5
    assert record.frames[-1].step == 120


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"indices": torch.rand(8, 3, 3)}, "indices must be integers"),
        ({"z_e": torch.randn(8, 5, 3, 3)}, "no axis of z_e"),
        ({"z_e": torch.full((8, 4, 3, 3), float("nan"))}, "NaN or infinity"),
        ({"codebook": torch.randn(17, 4)}, "has not the 16 codes"),
        ({"losses": {"mse": "text"}}, "ValueError"),
        ({"codebook": "none"}, "AttributeError"),
    ],
)
def test_a_fault_is_one_warning_and_a_note_and_never_ends_the_loop(
    tmp_path: Path, changes: dict[str, Any], sentence: str
):
    with pytest.warns(RecorderWarning, match=sentence) as caught:
        logged(tmp_path / "mine", 5, **changes).close()
    assert len([one for one in caught if issubclass(one.category, RecorderWarning)]) == 1
    assert sentence in (tmp_path / "mine" / "notes.jsonl").read_text()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logged(tmp_path / "strict", 5, **changes).close()


def test_another_k_a_foreign_folder_and_a_file_in_the_way_are_left_alone(tmp_path: Path):
    logged(tmp_path / "mine").close()
    before = sorted(path.name for path in (tmp_path / "mine" / "frames").iterdir())
    with pytest.warns(RecorderWarning, match="something else than a record of 32 codes"):
        logged(tmp_path / "mine", k=32).close()
    assert sorted(path.name for path in (tmp_path / "mine" / "frames").iterdir()) == before
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(RecorderWarning):
        logged(tmp_path / "file" / "below").close()
    values = json.loads((tmp_path / "mine" / "run.json").read_text())
    (tmp_path / "mine" / "run.json").write_text(json.dumps(values | {"format": 3}))
    with pytest.raises(RecordError, match="of format 3, known is up to 2"):
        load_record(tmp_path / "mine")
    with pytest.raises(RecordError, match="there is no record"):
        load_record(tmp_path)


def test_what_a_killed_training_left_opens(tmp_path: Path):
    logged(tmp_path / "mine", 12)  # never closed
    frames = tmp_path / "mine" / "frames"
    whole = len(load_record(tmp_path / "mine").frames)
    last = sorted(frames.glob("*.npz"))[-1]
    last.write_bytes(last.read_bytes()[:50])
    (frames / ".000099.npz.7").write_bytes(b"half")
    record = load_record(tmp_path / "mine")
    assert len(record.frames) == whole - 1
    assert record.notes == (f"frames/{last.name} cannot be read and is left out",)


@pytest.mark.parametrize("levels", [2, 3])
def test_several_codebooks(tmp_path: Path, levels: int):
    codes = torch.randn(levels, 16, 4, generator=draw())
    indices = torch.stack([torch.full((8, 9), level) for level in range(levels)], -1)
    with Recorder(tmp_path / "mine", 16) as recorder:
        recorder.log(0, z_e=torch.randn(8, 9, 4), indices=indices, codebook=codes)
    record = load_record(tmp_path / "mine")
    assert record.levels == levels
    assert [frame.argmax() for frame in record.frames[0].hits] == list(range(levels))
    assert record.frames[0].hits.sum(1).tolist() == [72] * levels
    assert record.trace.frames["codebook"].shape == (1, levels, 16, 4)


def test_ignored_indices_and_those_beyond_k_are_not_hits(tmp_path: Path):
    with Recorder(tmp_path / "mine", 4, ignore_index=3) as recorder:
        recorder.log(0, indices=torch.tensor([0, 1, -1, 3, 4, 99], dtype=torch.int16), codebook=torch.zeros(4, 2))
    frame = load_record(tmp_path / "mine").frames[0]
    assert (frame.hits.tolist(), frame.beyond) == ([[1, 1, 0, 0]], 2)


@pytest.mark.parametrize(
    "shape, places, axis",
    [
        ((8, 4, 3, 3), (8, 3, 3), 1),
        ((8, 9, 4), (8, 9), 2),
        ((72, 4), (72,), 1),
        ((8, 4, 9), (8, 9), 1),
        ((8, 4, 3, 3), (72,), 1),
        ((4, 9, 4), (4, 9), 2),
        ((4, 4, 3, 3), (4, 3, 3), 1),
    ],
)  # fmt: skip
def test_the_axis_that_is_d(shape: tuple[int, ...], places: tuple[int, ...], axis: int):
    assert channel_axis(shape, 4, places, None) == axis


def test_an_axis_that_may_be_either_is_asked_for(tmp_path: Path):
    with pytest.raises(RecordError, match="channel_dim="):
        channel_axis((8, 4, 4), 4, (8, 4), None)
    assert channel_axis((8, 4, 4), 4, (8, 4), -1) == 2


@pytest.mark.parametrize("steps, most", [(90, 400), (5000, 60), (100_000, 400)])
def test_frames_are_dense_at_the_start_and_never_too_many(steps: int, most: int):
    schedule = Schedule(most)
    kept: set[int] = set()
    for step in range(steps):
        if schedule.due(step):
            dropped = schedule.keep(step)
            kept = (kept | {step}) - set(dropped)
            assert len(kept) <= most
    assert kept == set(schedule.kept)
    assert {0, 1, 2} <= kept
    late = np.diff(sorted(step for step in kept if step > 100))
    assert steps < 200 or late.max() <= 4 * max(10, steps / most)


def test_a_large_codebook_is_kept_a_dozen_times(tmp_path: Path):
    with Recorder(tmp_path / "mine", 4096) as recorder:
        codes = torch.zeros(4096, 32)
        for step in range(60):
            recorder.log(step, indices=torch.arange(64), codebook=codes)
    record = load_record(tmp_path / "mine")
    having = [frame.step for frame in record.frames if frame.codebook is not None]
    assert len(having) == 12
    assert having[0] == 0
    assert len(record.frames) > 12


def test_this_projects_quantizer_records_itself(tmp_path: Path):
    quantizer = VectorQuantizer(16, 4, generator=draw())
    with Recorder(tmp_path / "mine", 16) as recorder:
        recorder.attach(torch.nn.Sequential(quantizer))
        for step in range(5):
            quantizer(torch.randn(8, 4, 3, 3, generator=draw(step)))
        quantizer.eval()(torch.randn(8, 4, 3, 3))
    record = load_record(tmp_path / "mine")
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 5 * 72, "passes in eval mode are none of training"
    frame = record.frames[-1]
    assert frame.z_e is not None
    assert frame.codebook is not None
    assert frame.indices is not None
    nearest = np.linalg.norm(frame.z_e[:, None] - frame.codebook[0], axis=2).argmin(1)
    assert (nearest == frame.indices[:, 0]).mean() > 0.95, "the codebook is the one that chose"
    with pytest.warns(RecorderWarning, match="no known quantizer"):
        Recorder(tmp_path / "none", 16).attach(torch.nn.Linear(2, 2))


def test_known_packages_record_themselves(tmp_path: Path):
    package = pytest.importorskip("vector_quantize_pytorch")
    made = {
        "vq": package.VectorQuantize(dim=8, codebook_size=16, codebook_dim=4),
        "rvq": package.ResidualVQ(dim=8, codebook_size=16, num_quantizers=3),
        "heads": package.VectorQuantize(dim=8, codebook_size=16, heads=2, separate_codebook_per_head=True),
        "simvq": package.SimVQ(dim=8, codebook_size=16),
    }
    for name, module in made.items():
        with Recorder(tmp_path / name, 16) as recorder:
            recorder.attach(module.train())
            for step in range(4):
                module(torch.randn(2, 20, 8, generator=draw(step)))
        record = load_record(tmp_path / name)
        levels = {"rvq": 3, "heads": 2}.get(name, 1)
        assert (record.levels, record.notes) == (levels, ())
        assert sum(int(frame.hits.sum()) for frame in record.frames) == 4 * 40 * levels


def test_gradient_checkpointing_repeats_no_step(tmp_path: Path):
    from torch.utils.checkpoint import checkpoint

    quantizer = VectorQuantizer(16, 4, update="gradient", generator=draw())
    with Recorder(tmp_path / "mine", 16) as recorder:
        recorder.attach(quantizer)
        for step in range(3):
            x = torch.randn(8, 4, 3, 3, generator=draw(step)).requires_grad_()
            checkpoint(lambda given: quantizer(given).loss, x, use_reentrant=False).backward()
    assert sum(int(frame.hits.sum()) for frame in load_record(tmp_path / "mine").frames) == 3 * 72


def test_scalars_go_to_a_sink(tmp_path: Path):
    seen: list[tuple[int, dict[str, float]]] = []
    with Recorder(tmp_path / "mine", 4, sink=lambda step, values: seen.append((step, dict(values)))) as recorder:
        for step in range(3):
            recorder.log(step, losses={"a": torch.tensor(float(step)), "b": 2.0})
    assert seen == [(step, {"a": float(step), "b": 2.0}) for step in range(3)]


def test_it_needs_torch_and_numpy_alone():
    code = (
        "import sys, torch, numpy; before = set(sys.modules); import explorer.recorder;"
        " print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = {name.split(".")[0] for name in done.stdout.split()}
    assert names - sys.stdlib_module_names <= {"explorer", "torch", "numpy"}
    assert not {"explorer.models", "explorer.data", "explorer.training"} & set(done.stdout.split())
