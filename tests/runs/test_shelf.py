"""Runs on disk: nothing is lost, nothing half-written is read, every damage is one sentence."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.cli.commands import finish
from explorer.errors import RunError
from explorer.files.bounded_cache import Newest, bytes_of
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.runs import Run, RunInfo, list_runs, load_run, reading, save_run
from explorer.runs.naming import run_id
from explorer.runs.reading import forget_runs, read_folder
from explorer.training.build import build_model
from explorer.training.interventions import Intervention, adjust
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set


def describe(trainer: Trainer, name: str = "tiny-run") -> RunInfo:
    image_set = trainer.image_set
    return RunInfo(
        id=name,
        config=trainer.config,
        shape=trainer.model.shape,
        data_sha256=image_set.sha256,
        data_variance=image_set.variance,
        s2=None,
        step=0,
        family="tiny-d2-s0",
        twin_of="",
        threads=1,
    )


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    trainer = Trainer(tiny_config(), tiny_set())
    list(trainer.run())
    return trainer


@pytest.fixture
def saved(trainer: Trainer, tmp_path: Path) -> Run:
    return finish(trainer, describe(trainer), tmp_path / "tiny-run")


def test_a_loaded_run_gives_the_same_pictures(saved: Run, trainer: Trainer):
    x = tiny_set().batch(torch.arange(6))
    run = load_run(saved.folder)
    with torch.no_grad():
        codes = run.model.encode(x)
        expected = trainer.model.eval().encode(x)
        assert torch.equal(codes.indices, expected.indices)  # type: ignore[union-attr]
        assert torch.equal(run.model.decode(codes.indices), trainer.model.decode(expected.indices))  # type: ignore[union-attr]
    assert not run.model.training


def test_everything_about_a_run_survives(saved: Run, trainer: Trainer):
    run = load_run(saved.folder)
    assert run.config == trainer.config
    assert run.info.step == trainer.config.steps
    assert run.report["n"] == 30
    assert run.report["codebook"]["num_vectors"] == 30 * 4
    assert run.info.s2 == run.report["s2"]
    film = trainer.recorder.trace()
    assert run.trace.frames["codebook"].tobytes() == film.frames["codebook"].tobytes()
    assert (saved.folder / "README.md").read_text().startswith("---\nlicense: mit")


def test_saving_over_a_run_replaces_it_whole(saved: Run, trainer: Trainer):
    weights = {name: torch.zeros_like(tensor) for name, tensor in saved.weights.items()}
    save_run(saved.folder, saved.info, weights, trainer.recorder.trace())
    again = load_run(saved.folder)
    assert float(again.weights["decoder.up1.weight"].abs().max()) == 0
    assert again.report == {}
    assert [path.name for path in saved.folder.parent.iterdir()] == [saved.folder.name]


def test_a_run_is_found_by_its_id_and_listed(saved: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(saved.folder.parent))
    assert load_run("tiny-run").folder == saved.folder
    assert "tiny-run" in [info.id for info in list_runs()]
    assert [info.id for info in list_runs([saved.folder.parent])] == ["tiny-run"]


def test_an_id_names_no_folder_that_happens_to_lie_here_but_a_path_does(saved: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(saved.folder.parent)
    assert load_run(Path("tiny-run")).info.id == "tiny-run"
    assert load_run("./tiny-run").info.id == "tiny-run"
    with pytest.raises(RunError, match="there is no run tiny-run"):
        load_run("tiny-run")
    monkeypatch.chdir(saved.folder)
    assert load_run(".").info.id == "tiny-run"


def test_unfinished_and_damaged_runs_are_not_listed(saved: Run, trainer: Trainer):
    save_run(saved.folder.parent / "half", describe(trainer, "half"), saved.weights, saved.trace)
    (saved.folder.parent / "noise").mkdir()
    (saved.folder.parent / "noise" / "run.json").write_bytes(b"\xff\xfe nonsense")
    assert [info.id for info in list_runs([saved.folder.parent])] == ["tiny-run"]


def truncate(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])


def edit(folder: Path, **changes: object) -> None:
    values = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(values | changes))


def use(run: Run) -> None:
    _ = run.model, run.trace, run.report


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "weights cut short": (lambda f: truncate(f, "model.safetensors"), "run_damaged"),
    "trace cut short": (lambda f: truncate(f, "trace.npz"), "run_damaged"),
    "report cut short": (lambda f: truncate(f, "report.json"), "run_damaged"),
    "run.json cut short": (lambda f: truncate(f, "run.json"), "run_foreign"),
    "weights missing": (lambda f: (f / "model.safetensors").unlink(), "run_file_missing"),
    "run.json missing": (lambda f: (f / "run.json").unlink(), "run_not_found"),
    "an edited figure": (lambda f: edit(f, s2=0.5), "run_damaged"),
    "a newer format": (lambda f: edit(f, format=99), "run_too_new"),
    "another project's JSON": (lambda f: (f / "run.json").write_text('{"model_type": "bert"}'), "run_foreign"),
    "a list for a dict": (lambda f: (f / "run.json").write_text("[1, 2]"), "run_foreign"),
    "deep nesting": (lambda f: (f / "run.json").write_text("[" * 100_000), "run_foreign"),
    "a huge run.json": (lambda f: (f / "run.json").write_bytes(b" " * 2_000_000), "run_foreign"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_one_sentence(damage: str, saved: Run):
    spoil, code = DAMAGES[damage]
    spoil(saved.folder)
    forget_runs()  # a process that has read a run keeps it; this is a process that has not
    with pytest.raises(RunError) as error:
        use(load_run(saved.folder))
    assert error.value.code == code
    assert "\n" not in str(error.value)


def test_a_run_is_kept_while_it_is_there_and_not_longer(saved: Run):
    forget_runs()
    assert load_run(saved.folder) is load_run(saved.folder)
    other = shutil.copytree(saved.folder, saved.folder.parent / "other")
    load_run(other)
    shutil.rmtree(other)
    load_run(saved.folder)
    assert [folder for folder, _ in reading._KEPT] == [saved.folder]


def test_of_many_runs_those_asked_for_last_are_kept(saved: Run, monkeypatch: pytest.MonkeyPatch):
    forget_runs()
    monkeypatch.setattr(reading, "_KEPT", Newest(2))
    copies = [shutil.copytree(saved.folder, saved.folder.parent / name) for name in ("a", "b", "c")]
    for folder in (copies[0], copies[1], copies[0], copies[2]):
        load_run(folder)
    assert [folder for folder, _ in reading._KEPT] == [copies[0], copies[2]]


def test_weights_of_another_model_are_refused(saved: Run, trainer: Trainer):
    weights = {name: tensor for name, tensor in saved.weights.items() if "mix" not in name}
    run = save_run(saved.folder.parent / "other", describe(trainer, "other"), weights, saved.trace)
    with pytest.raises(RunError, match="do not fit"):
        _ = run.model


@pytest.mark.parametrize("policy", DEAD_CODE_POLICIES)
def test_a_run_whose_dead_codes_were_treated_otherwise_is_read(saved: Run, policy: str, tmp_path: Path):
    """What the new policy counts is among the weights, though the settings say nothing of it."""
    info = replace(saved.info, history=(Intervention(1, "dead_codes", policy, "keep"),))
    model = build_model(info.config, info.shape, info.data_variance)
    adjust(model, info.history)
    run = save_run(tmp_path / "changed", info, model.state_dict(), saved.trace)
    assert run.model.state_dict().keys() == model.state_dict().keys()


def test_an_array_that_needs_pickle_is_refused(saved: Run, monkeypatch: pytest.MonkeyPatch):
    content = saved.folder / "trace.npz"
    np.savez(content, level=np.array("full"), frame_steps=np.array([{"a": 1}], dtype=object))
    monkeypatch.setattr(Run, "read", lambda self, name: (self.folder / name).read_bytes())
    with pytest.raises(RunError, match="damaged"):
        _ = Run(saved.info, saved.folder, {}, {}).trace


def test_an_unknown_id_names_the_cure():
    with pytest.raises(RunError, match="explorer list"):
        load_run("no-such-run")


def test_an_id_never_leaves_the_folders_of_runs(saved: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(saved.folder.parent / "elsewhere"))
    with pytest.raises(RunError):
        load_run("../tiny-run")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(trainer: Trainer, tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(RunError, match="choose another --out"):
        finish(trainer, describe(trainer), tmp_path / "x")


def test_a_file_in_the_way_is_named(trainer: Trainer, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="choose another --out"):
        finish(trainer, describe(trainer), tmp_path / "file" / "x")


def test_a_failed_save_leaves_the_old_run(saved: Run, monkeypatch: pytest.MonkeyPatch):
    def fail(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fail)
        with pytest.raises(RunError, match="No space left"):
            save_run(saved.folder, saved.info, saved.weights, saved.trace)
    use(load_run(saved.folder))
    assert [path.name for path in saved.folder.parent.iterdir()] == [saved.folder.name]


@pytest.mark.parametrize(
    "settings, expected",
    [
        ({"model": "vae", "latent_dim": 16}, "fashion-vae-z16-s0"),
        ({"model": "vae", "spatial": True, "beta": 0.5}, "fashion-vae-z2-spatial-b0.5-s0"),
        ({"model": "vae", "beta": 1e6}, "fashion-vae-z2-b1e06-s0"),
        ({"model": "vae", "beta": 1e-5}, "fashion-vae-z2-b1e-05-s0"),
        ({"model": "vae", "beta": 123456.0}, "fashion-vae-z2-b123456-s0"),
        ({"model": "vqvae", "num_embeddings": 256}, "fashion-vqvae-d2-k256-ema-s0"),
        ({"codebook_update": "gradient", "seed": 3}, "fashion-vqvae-d2-k8-gradient-s3"),
        ({"dead_codes": "restart", "codebook_init": "data"}, "fashion-vqvae-d2-k8-ema-data-restart-s0"),
        ({"ema_start": "sonnet"}, "fashion-vqvae-d2-k8-ema-sonnet-s0"),
        ({"quantizer": "residual", "levels": 3}, "fashion-vqvae-d2-k8-residual3-ema-s0"),
        (
            {"quantizer": "residual", "levels": 3, "quantize_dropout": 0.5},
            "fashion-vqvae-d2-k8-residual3-drop0.5-ema-s0",
        ),
    ],
)
def test_ids_say_what_differs(settings: dict[str, object], expected: str):
    assert run_id(tiny_config(**settings)) == expected


def test_films_that_were_read_first_make_room_and_are_read_again(saved: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_FILMED", [])
    runs = [read_folder(saved.folder) for _ in range(3)]
    films = [run.trace for run in runs]
    assert all("trace" in vars(run) for run in runs)
    monkeypatch.setattr(reading, "MOST_FILMED_BYTES", 1.5 * bytes_of(films[0]))
    again = read_folder(saved.folder).trace
    assert ["trace" in vars(run) for run in runs] == [False, False, True]
    assert runs[0].trace.frame_steps.tolist() == again.frame_steps.tolist()


def test_weights_are_not_kept_beside_the_model_that_has_them(saved: Run):
    run = read_folder(saved.folder)
    assert run.model is run.model
    assert "weights" not in vars(run)
