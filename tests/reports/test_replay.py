"""A replay is what the rule does to the recorded outputs: it repeats what happened, and other settings change it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from explorer import cli
from explorer.data import examples
from explorer.errors import RecordError
from explorer.models import VectorQuantizer
from explorer.recorder import Recorder
from explorer.reports.replay import Settings, happened, replay
from explorer.runs.record_zip import unpack_record
from explorer.runs.recorded import RecordedRun, load_record

K, D = 32, 4


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RecordedRun:
    """An encoder that stands still, and an EMA codebook that begins as a small ball beside its outputs."""
    folder = tmp_path_factory.mktemp("replay") / "mine"
    generator = torch.Generator().manual_seed(0)
    quantizer = VectorQuantizer(K, D, update="ema", init="normal", generator=generator)
    quantizer.load_codebook(0.02 * torch.randn(K, D, generator=generator) + 1)
    with Recorder(folder, K) as recorder:
        recorder.attach(quantizer)
        for _ in range(150):
            quantizer(torch.randn(400, D, generator=generator))
    return load_record(folder)


def test_the_recorded_settings_end_as_it_happened(record: RecordedRun):
    was, again = happened(record), replay(record, Settings(decay=0.99))
    assert was.dead > 4
    assert again.dead == pytest.approx(was.dead, abs=8)
    assert again.perplexity == pytest.approx(was.perplexity, rel=0.4)
    assert again.distortion == pytest.approx(was.distortion, rel=0.4)
    last = max(frame.step for frame in record.frames if frame.z_e is not None)
    assert (again.num_embeddings, again.vectors, again.steps) == (K, 400, last + 1)


@pytest.mark.parametrize(
    "settings",
    [Settings(init="kmeans"), Settings(restart=True), Settings("gradient", "data", rate=0.01)],
    ids=lambda one: f"{one.rule}-{one.init}-{one.restart}",
)
def test_what_brings_codes_back_does_so_here(record: RecordedRun, settings: Settings):
    made = replay(record, settings)
    assert made.dead <= 2
    assert made.distortion < happened(record).distortion


def test_another_k_and_the_same_seed(record: RecordedRun):
    eight = Settings(init="kmeans", num_embeddings=8)
    assert replay(record, eight) == replay(record, eight)
    assert replay(record, eight).num_embeddings == 8
    assert replay(record, eight).distortion > replay(record, Settings(init="kmeans")).distortion


@pytest.mark.parametrize(
    "settings, sentence",
    [
        (Settings(rule="adam"), "no replay of"),
        (Settings(decay=1.0), "no replay of"),
        (Settings(num_embeddings=0), "no replay of"),
        (Settings(num_embeddings=8), "has another K"),
    ],
)
def test_what_cannot_be_replayed_is_a_sentence(record: RecordedRun, settings: Settings, sentence: str):
    with pytest.raises(RecordError, match=sentence):
        replay(record, settings)


def test_vectors_of_a_step_come_from_the_two_frames_beside_it(tmp_path: Path):
    with Recorder(tmp_path / "mine", 2) as recorder:
        for step in (0, 10):
            z_e = torch.full((100, 1), float(step)) + 0.01 * torch.randn(100, 1)
            recorder.log(step, z_e=z_e, indices=torch.zeros(100, dtype=torch.long), codebook=torch.zeros(2, 1))
    made = replay(load_record(tmp_path / "mine"), Settings(init="data", decay=0.5))
    assert made.steps == 11
    with Recorder(tmp_path / "bare", 2) as recorder:
        recorder.log(0, indices=torch.zeros(3, dtype=torch.long), codebook=torch.zeros(2, 1))
    bare = load_record(tmp_path / "bare")
    with pytest.raises(RecordError, match="two steps or more"):
        replay(bare, Settings())


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = unpack_record(examples.FOLDER / "record-narrow.zip", tmp_path / "record")
    assert cli.main(["replay", str(folder), "--codebook-init", "kmeans", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["happened"]["dead"] > 32
    assert values["replayed"]["dead"] < 8
    assert cli.main(["replay", str(folder)]) == 0
    assert "does not answer" in capsys.readouterr().out
    assert cli.main(["replay", str(folder), "--decay", "2"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    sizes = ["--num-embeddings", "500", "--embedding-dim", "60", "--vectors-per-step"]
    assert cli.main(["recommend", *sizes, "3000", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["embedding_dim"], values["num_embeddings"], values["remarks"]) == (64, 512, [])
    assert values["recipes"][0]["dead"] == 0
    assert all(recipe["worst"] <= 0.1 and recipe["n"] == len(recipe["seeds"]) for recipe in values["recipes"])
    assert any("--dead-codes restart" in recipe["flags"] for recipe in values["recipes"])
    assert cli.main(["recommend", *sizes, "100"]) == 0
    assert "0.2 vectors a step for each code" in capsys.readouterr().out
    assert cli.main(["recommend", *sizes, "0"]) == 2
