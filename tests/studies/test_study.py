"""The codebook study: its plan, one member of it, what twins share, and that stopping it loses nothing."""

from __future__ import annotations

import copy
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import cli
from explorer.errors import RunError
from explorer.models import VQVAE
from explorer.studies import files, member, plan, runner
from explorer.studies.plan import Cell, codebook_cells
from explorer.studies.remedies import REMEDIES, Remedy
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer
from tests.tiny import tiny_set

TINY = {"steps": 8, "batch_size": 10, "width": 8}


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan, "COMMON", plan.COMMON | TINY)
    monkeypatch.setattr(runner, "load_image_set", lambda name: tiny_set())


def tiny_cell(rule: str, init: str = "uniform", **settings: object) -> Cell:
    return Cell("grid", "fashion", 2, 8, rule, settings={"codebook_init": init} | settings if rule != "snippet" else {})


def test_the_plan_asks_what_it_should():
    cells = codebook_cells()
    ids = [cell.id for cell in cells]
    assert len(set(ids)) == len(ids)
    assert len(plan.SEEDS) >= 3
    for size in ("d2-k256", "d8-k512", "d64-k512"):
        for init in ("uniform", "normal", "data", "kmeans"):
            assert {f"fashion-{size}-{rule}-{init}" for rule in ("gradient", "hold")} <= set(ids)
        for rule in ("ones", "sonnet", "snippet"):
            assert f"fashion-{size}-{rule}-normal" in ids
        for init in ("normal", "data"):
            assert {f"fashion-{size}-{rule}-{init}-restart" for rule in ("gradient", "hold")} <= set(ids)
    assert {f"fashion-{size}-{rule}-{init}" for size in ("d2-k256", "d64-k512") for rule in ("gradient", "hold")
            for init in ("reference", "cloud")} <= set(ids)  # fmt: skip
    assert {f"faces-d2-k256-{rule}-{init}" for rule in ("gradient", "hold") for init in ("uniform", "normal")} <= set(
        ids
    )
    assert {cell.config(0).steps for cell in cells if cell.variant == "8000"} == {8000}
    variants = {cell.variant for cell in cells}
    assert {"lr10", "lr100", "decay0.9", "decay0.999"} <= variants
    assert {remedy.cell for remedy in REMEDIES} | {remedy.plain for remedy in REMEDIES} <= set(ids)
    assert all(isinstance(cell.config(2), RunConfig) for cell in cells)
    assert {cell.config(0).trace for cell in cells if cell.embedding_dim == 2} == {"codebook"}
    assert {cell.config(1).trace for cell in cells} == {"scalars"}


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_differs_from_its_twin_in_what_its_record_says(remedy: Remedy):
    cells = {cell.id: cell for cell in codebook_cells()}
    own, plain = (cells[cell].config(1).to_dict() for cell in (remedy.cell, remedy.plain))
    apart = {name: value for name, value in own.items() if value != plain[name]}
    assert apart == remedy.setting


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files if name != "record"}


def test_a_member_says_what_was_trained_and_measured(tmp_path: Path):
    trained = member.train_member(tiny_cell("hold"), 0, tiny_set())
    path = files.member_path(tmp_path, "cell", 0)
    files.save_member(path, trained)
    record, arrays = files.load_record(path), arrays_of(path)
    assert record == trained.record
    assert arrays.keys() == trained.arrays.keys()
    test = record["test"]
    assert test["num_vectors"] == 30 * 4
    assert test["dead"] == int((arrays["counts"] == 0).sum())
    assert arrays["counts"].sum() == test["num_vectors"]
    assert arrays["codebook"].shape == (8, 2)
    assert len(arrays["curves/used"]) == len(arrays["curve_steps"]) == 8
    assert arrays["frames/codebook"].shape == (9, 8, 2)
    assert np.isfinite(arrays["frames/codebook"].astype(np.float32)).all()
    assert not member.UNREAD & {name.removeprefix("frames/") for name in arrays}


def test_twins_share_all_but_the_rule_up_to_the_first_update_bit_for_bit():
    shape = {"model": "vqvae", "num_embeddings": 8, "embedding_dim": 2, "codebook_init": "normal"} | TINY
    runs = [
        Trainer(RunConfig(**shape, codebook_update="gradient"), tiny_set()),  # type: ignore[arg-type]
        Trainer(RunConfig(**shape, codebook_update="ema", ema_start="sonnet"), tiny_set()),  # type: ignore[arg-type]
        Trainer(RunConfig(**shape, codebook_update="snippet"), tiny_set()),  # type: ignore[arg-type]
    ]
    first = [next(iter(trainer.run())) for trainer in runs]
    left = runs[0].model.state_dict()
    for trainer, record in zip(runs[1:], first[1:], strict=True):
        assert record.losses == first[0].losses
        for name, value in trainer.model.state_dict().items():  # after one step of the same gradients
            assert not name.startswith(("encoder", "decoder")) or torch.equal(value, left[name])
    second = [next(islice(trainer.run(), 1)).losses for trainer in runs]
    assert second[0] != second[1] != second[2]  # then the codebooks have parted


def test_fingerprints_see_each_thing_that_twins_must_share():
    records = [
        member.train_member(tiny_cell(rule, "normal"), seed, tiny_set()).record
        for rule in ("gradient", "hold")
        for seed in (0, 1)
    ]
    records.append(member.train_member(tiny_cell("snippet"), 0, tiny_set()).record)
    assert member.assert_twins(records) == 6
    for name in ("encoder", "decoder", "batches", "codebook", "first_mse"):
        wrong = copy.deepcopy(records)
        wrong[2]["fingerprints"][name] = "other"
        with pytest.raises(RunError, match=f"differ in their {name}"):
            member.assert_twins(wrong)
    noisy = member.train_member(tiny_cell("gradient", "normal", gradient_estimator="noise"), 0, tiny_set()).record
    assert noisy["fingerprints"]["first_mse"] != records[0]["fingerprints"]["first_mse"]
    assert member.assert_twins([noisy, *records]) == 8  # its decoder gets noise from the first step on
    noisy["fingerprints"]["codebook"] = "other"
    with pytest.raises(RunError, match="differ in their codebook"):
        member.assert_twins([*records, noisy])
    other_init = member.train_member(tiny_cell("hold", "uniform"), 0, tiny_set()).record
    assert other_init["fingerprints"]["codebook"] != records[0]["fingerprints"]["codebook"]
    assert member.assert_twins([*records, other_init]) == 7


def test_fingerprints_are_those_of_the_model_that_trains():
    trainer = Trainer(tiny_cell("gradient", "kmeans").config(0), tiny_set())
    assert isinstance(trainer.model, VQVAE)
    placeholder = member.fingerprints_of(trainer.model, trainer.plan, 3)
    trainer.start_codebook()
    begun = member.fingerprints_of(trainer.model, trainer.plan, 3)
    assert begun["codebook"] != placeholder["codebook"]
    next(iter(trainer.run()))
    moved = member.fingerprints_of(trainer.model, trainer.plan, 3)
    assert {name for name in begun if begun[name] != moved[name]} == {"encoder", "decoder", "codebook"}
    assert member.fingerprints_of(trainer.model, trainer.plan, 4)["batches"] != begun["batches"]


class InPlace:
    """The executor's interface, in this process."""

    def __init__(self, *args: object, **settings: object) -> None:
        pass

    def __enter__(self) -> InPlace:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def submit(self, function, *args):
        from concurrent.futures import Future

        future: Future[str] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:  # noqa: BLE001 - handed on, as an executor does
            future.set_exception(error)
        return future

    def shutdown(self, *, cancel_futures: bool) -> None:
        pass


def test_a_study_that_was_stopped_goes_on_and_spoilt_members_are_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(runner, "ProcessPoolExecutor", InPlace)
    monkeypatch.setitem(plan.STUDIES, "codebook", lambda: [tiny_cell("gradient"), tiny_cell("hold")])
    first = list(islice(runner.run_study("codebook", tmp_path / "codebook", jobs=1), 4))
    assert [progress.done for progress in first] == [1, 2, 3, 4]
    (tmp_path / "codebook/fashion-d2-k8-gradient-uniform-s1.npz").write_bytes(b"cut off")
    assert cli.main(["study", "codebook", "--list", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split().count("done") == 3
    assert cli.main(["study", "codebook", "--jobs", "1", "--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["gradient-uniform-s1" in line for line in lines] == [True, False, False]
    assert lines[-1].split()[1] == "6/6"
    assert len(files.load_records(tmp_path / "codebook")) == 6


def test_what_cannot_be_read_is_said(tmp_path: Path):
    with pytest.raises(RunError, match="is missing"):
        files.load_record(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"PK")
    with pytest.raises(RunError, match="is damaged"):
        files.load_record(tmp_path / "bad.npz")
    with pytest.raises(RunError, match="no study called"):
        runner.planned("sleep")
