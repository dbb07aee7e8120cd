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
from explorer.recording.frames import CODEBOOK_FRAMES, LARGE_CODEBOOK, VECTORS, most_frames
from explorer.recording.schedule import Schedule
from explorer.runs.recorded import load_record


def draw(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def logged(folder: Path, steps: int = 30, k: int = 16, **changes: Any) -> Recorder:
    """A record of random outputs and their nearest codes."""
    recorder = Recorder(folder, k)
    log_steps(recorder, range(steps), k, **changes)
    return recorder


def log_steps(recorder: Recorder, steps: range, k: int = 16, **changes: Any) -> None:
    codes = torch.randn(k, 4, generator=draw(1))
    for step in steps:
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


@pytest.mark.parametrize("number, reason", [(28, "No space left on device"), (30, "Read-only file system")])
def test_a_disk_that_is_full_or_read_only_is_one_sentence_and_what_was_written_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
):
    recorder = logged(tmp_path / "mine", 3)

    def refuses(*_: object) -> None:
        raise OSError(number, reason)

    with monkeypatch.context() as broken:
        broken.setattr("explorer.recorder.write_arrays", refuses)
        with pytest.warns(RecorderWarning, match=f"cannot be written .{reason}.: free some space or name") as caught:
            log_steps(recorder, range(3, 9))
        assert len(caught) == 1
    log_steps(recorder, range(9, 12))
    recorder.close()
    record = load_record(tmp_path / "mine")
    assert [frame.step for frame in record.frames] == [0, 1, 2, 9, 11]
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 12 * 72, "hits of the steps between are not lost"


def test_k_that_changes_midway_is_one_sentence_and_loses_nothing(tmp_path: Path):
    recorder = logged(tmp_path / "mine", 3)
    with pytest.warns(RecorderWarning, match="has not the 16 codes that were announced") as caught:
        log_steps(recorder, range(3, 6), codebook=torch.randn(32, 4))
    assert len(caught) == 1
    log_steps(recorder, range(6, 9))
    recorder.close()
    record = load_record(tmp_path / "mine")
    assert record.num_embeddings == 16
    assert [frame.step for frame in record.frames] == [0, 1, 2, 6, 7, 8]
    assert any("has not the 16 codes" in note for note in record.notes)


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


@pytest.mark.parametrize("beta, scale, update", [(0.25, 1.0, "gradient"), (4.0, 1.0, "gradient"), (0.25, 4.0, "ema")])
def test_the_encoder_s_gradient_tells_commitment_from_the_rest(tmp_path: Path, beta: float, scale: float, update: str):
    quantizer = VectorQuantizer(16, 4, beta, update=update, generator=draw())
    shares = []
    with Recorder(tmp_path / "mine", 16) as recorder:
        recorder.attach(quantizer)
        for step in range(3):
            x = torch.randn(64, 4, 3, 3, generator=draw(step)).requires_grad_()
            out = quantizer(x)
            pull = torch.randn(out.quantized.shape, generator=draw(step + 9)) / x.numel()
            rest = float(pull.norm())
            ((out.quantized * pull).sum() + scale * out.loss).backward()
            assert x.grad is not None
            toward = float((x.grad - pull).norm())
            shares.append(toward / (toward + rest))
    curves = load_record(tmp_path / "mine").curves
    assert curves["recorder/commitment_weight"] == pytest.approx([beta * scale] * 3, rel=1e-3)
    assert curves["recorder/commitment_share"] == pytest.approx(shares, rel=1e-3)
    if update == "gradient":
        assert curves["recorder/codebook_weight"] == pytest.approx([scale] * 3, rel=1e-3)
    else:
        assert "recorder/codebook_weight" not in curves


def test_looking_at_gradients_changes_none(tmp_path: Path):
    def trained(recorder: Recorder | None) -> list[torch.Tensor]:
        quantizer = VectorQuantizer(16, 4, update="gradient", generator=draw())
        encoder = torch.nn.Linear(4, 4)
        with torch.no_grad():
            encoder.weight.copy_(torch.eye(4))
            encoder.bias.zero_()
        optimizer = torch.optim.Adam([*quantizer.parameters(), *encoder.parameters()], 1e-2)
        if recorder is not None:
            recorder.attach(quantizer)
        for step in range(5):
            out = quantizer(encoder(torch.randn(64, 4, generator=draw(step))))
            optimizer.zero_grad()
            (out.loss + out.quantized.square().mean()).backward()
            optimizer.step()
        return [parameter.detach() for parameter in (*quantizer.parameters(), *encoder.parameters())]

    plain = trained(None)
    with Recorder(tmp_path / "mine", 16) as recorder:
        watched = trained(recorder)
    assert all(torch.equal(one, other) for one, other in zip(plain, watched, strict=True))


def test_gradients_that_come_after_their_losses_take_none_away(tmp_path: Path):
    recorder = Recorder(tmp_path / "mine", 16)
    codes = torch.randn(16, 4, generator=draw())
    for step in range(3):
        z_e = torch.randn(32, 4, generator=draw(step)).requires_grad_()
        indices = torch.cdist(z_e, codes).argmin(1)
        quantized = z_e + (codes[indices] - z_e).detach()
        recorder.log(step, z_e=z_e, indices=indices, codebook=codes, quantized=quantized, losses={"mse": float(step)})
        (quantized.square().mean() + (z_e - codes[indices]).square().mean()).backward()
    recorder.close()
    curves = load_record(tmp_path / "mine").curves
    assert curves["mse"].tolist() == [0, 1, 2]
    assert np.isfinite(curves["recorder/commitment_share"]).all()


def test_labels_go_with_their_vectors(tmp_path: Path):
    logged(tmp_path / "mine", 3, labels=torch.arange(8)).close()
    frame = load_record(tmp_path / "mine").frames[-1]
    assert frame.labels is not None
    assert frame.labels.tolist() == [n // 9 for n in range(72)]
    with pytest.warns(RecorderWarning, match="labels of shape"):
        logged(tmp_path / "other", 3, labels=torch.rand(8)).close()


def test_settings_of_known_quantizers_are_kept(tmp_path: Path):
    quantizer = VectorQuantizer(16, 4, 0.5, dead_codes="restart", generator=draw())
    with Recorder(tmp_path / "mine", 16, settings={"note": "mine"}) as recorder:
        recorder.attach(quantizer)
        quantizer(torch.randn(64, 4))
    assert load_record(tmp_path / "mine").settings == {
        "note": "mine",
        "decay": 0.99,
        "commitment": 0.5,
        "restart_vectors_per_code": 100,
        "restart_steps": 20,
    }
    package = pytest.importorskip("vector_quantize_pytorch")
    theirs = package.VectorQuantize(dim=4, codebook_size=16, decay=0.8, threshold_ema_dead_code=2)
    with Recorder(tmp_path / "theirs", 16) as recorder:
        recorder.attach(theirs)
        theirs(torch.randn(2, 64, 4))
    assert load_record(tmp_path / "theirs").settings == {"decay": 0.8, "restart_below": 2.0}


@pytest.mark.parametrize("k, dim, levels", [(16, 2, 1), (512, 64, 1), (8192, 64, 1), (4096, 256, 1), (1024, 128, 8)])
def test_a_record_stays_small_whatever_its_length(k: int, dim: int, levels: int):
    codes = torch.zeros(levels, k, dim)
    most = most_frames(codes)
    vectors = 2 * VECTORS * dim + 4 * VECTORS * levels + 4 * VECTORS
    hits = 8 * levels * k + 16 * levels * k
    books = most if codes.numel() <= LARGE_CODEBOOK else min(CODEBOOK_FRAMES, 20_000_000 // (2 * codes.numel()))
    curves = 2 * 4000 * 12 * 4
    assert most * (vectors + hits) + books * 2 * codes.numel() + curves < 60_000_000


def test_a_module_with_the_interface_of_diffusers(tmp_path: Path):
    class VectorQuantizer(torch.nn.Module):
        """`forward` of diffusers' class: z (B, D, h, w) to (z_q, loss, (perplexity, one-hot, indices))."""

        def __init__(self) -> None:
            super().__init__()
            self.embedding = torch.nn.Embedding(16, 4)

        def forward(self, z: torch.Tensor) -> Any:
            rows = z.permute(0, 2, 3, 1).reshape(-1, 4)
            indices = torch.cdist(rows, self.embedding.weight).argmin(1)
            z_q = self.embedding(indices).view(z.shape[0], *z.shape[2:], 4).permute(0, 3, 1, 2)
            return z + (z_q - z).detach(), (z_q.detach() - z).square().mean(), (None, None, indices)

    VectorQuantizer.__module__ = "diffusers.models.autoencoders.vae"
    module = VectorQuantizer()
    with Recorder(tmp_path / "mine", 16) as recorder:
        recorder.attach(module)
        for step in range(3):
            module(torch.randn(2, 4, 5, 5, generator=draw(step)))
    record = load_record(tmp_path / "mine")
    assert sum(int(frame.hits.sum()) for frame in record.frames) == 3 * 50
    frame = record.frames[-1]
    assert frame.z_e is not None
    assert frame.codebook is not None
    assert frame.indices is not None
    nearest = np.linalg.norm(frame.z_e[:, None] - frame.codebook[0], axis=2).argmin(1)
    assert (nearest == frame.indices[:, 0]).mean() > 0.95
