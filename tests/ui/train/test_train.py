"""The questions of the tab Train, the visitor's own runs, and zips that leave and come back."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.data import load_image_set
from explorer.data.own import import_pictures
from explorer.data.stored import remove_stored
from explorer.errors import ExplorerError
from explorer.jobs import expiry, room, service
from explorer.jobs import spool as spool
from explorer.jobs.home import kept_run, own_id, visitor_folder
from explorer.jobs.limits import limits
from explorer.jobs.live import Live
from explorer.jobs.sets import add_set
from explorer.jobs.trainer import work
from explorer.runs import load_run
from explorer.studies.remedies import REMEDIES
from explorer.training.config import CHOICES, RunConfig
from explorer.training.interventions import check
from explorer.training.loop import Trainer
from explorer.ui import questions
from explorer.ui.computed import catalog, job_snapshot
from explorer.ui.http import run_zips
from explorer.ui.questions.train import summary
from explorer.ui.scene import scene
from explorer.ui.view import View, default_view, from_query
from tests.drawn import folder_of
from tests.jobs.job_processes import finish
from tests.ui.conftest import VAE, store

TOKEN, OTHER = "a" * 32, "b" * 32
TINY: dict[str, object] = {"model": "vqvae", "num_embeddings": 8, "width": 4, "steps": 2, "batch_size": 8}


def tiny(**settings: object) -> RunConfig:
    return RunConfig(**(TINY | settings))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spool of its own, whose jobs stay queued: no trainer is started."""
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(service, "start", lambda job, files: None)
    return tmp_path / "home"


@pytest.fixture
def own_run(home: Path) -> str:
    name = own_id("fashion-vae-z2-s0")
    store(visitor_folder(TOKEN) / "runs", name, model="vae")
    return name


def ask(name: str, **asked: object) -> dict[str, Any]:
    return questions.answer(name, {"mine": TOKEN} | asked)


CHINESE = re.compile("[一-鿿]")


def test_every_choice_has_a_chinese_name_and_keeps_what_one_types():
    """`重启（restart）`; English says what one types. A kind of model, and a set of images, have names of their own."""
    for lang in ("en", "zh"):
        tab = scene(replace(default_view(), tab="train", lang=lang)).train
        assert tab is not None
        offered = [(setting.name, setting.choices) for setting in tab.settings if setting.name not in ("data", "model")]
        offered += [("dead_codes", change.choices) for change in tab.changes]
        assert sum(len(choices) for _, choices in offered) > 40
        for setting, choices in offered:
            said = [choice.label for choice in choices]
            assert len(set(said)) == len(said)
            for choice in choices:
                name = choice.label.removesuffix(f"（{choice.id}）")
                assert choice.label == (choice.id if lang == "en" else f"{name}（{choice.id}）"), setting
                assert bool(CHINESE.search(name)) == (lang == "zh"), setting


def test_a_run_of_mine_is_listed_for_me_alone(own_run: str):
    mine, notes = from_query({"mine": TOKEN, "left": own_run})
    assert notes == ()
    assert mine.left == own_run
    shown = scene(mine)
    assert shown.sides["left"].run == own_run
    assert own_run in json.dumps(shown.to_json()["bar"])
    assert own_run not in json.dumps(scene(default_view()).to_json()["bar"])
    for stranger in ({"left": own_run}, {"left": own_run, "mine": OTHER}):
        view, notes = from_query(stranger)
        assert view.left == VAE
        assert notes


def test_jobs_are_asked_about_by_their_visitor_alone():
    started = ask("train_start", configs=[TINY])
    assert started["mine"] == TOKEN
    job = started["job"]
    assert [each["job"] for each in ask("train_jobs")["jobs"]] == [job]
    assert ask("train_state", job=job, first=True)["ok"]
    for name in ("train_state", "train_command", "train_decoder"):
        refused = questions.answer(name, {"mine": OTHER, "job": job, "do": "discard", "side": 0})
        assert refused["code"] == "train_job_unknown"
    huge = ask("train_command", job=job, do="intervene", what="lr", value=10**400)  # no float can hold it
    assert (huge["ok"], huge["code"]) == (False, "ask_parameter")
    with pytest.raises(ExplorerError, match="takes a number from"):
        check(tiny(), "lr", 10**400)
    assert ask("train_command", job=job, do="discard")["ok"]
    assert ask("train_jobs")["jobs"] == []


HOSTILE = [
    {},
    {"configs": []},
    {"configs": [TINY] * 3},
    {"configs": [{"data": ["fashion"]}]},
    {"configs": [{"data": "../fashion"}]},
    {"configs": [{"spatial": "yes"}]},
    {"configs": [{"lr": None}]},
    {"configs": [{"lr": "x" * 1000}]},
    {"configs": [{"trace": "scalars"}]},
    {"configs": [{"__class__": 1}]},
    {"configs": [{"steps": 10**9}]},
    {"configs": [TINY, TINY | {"seed": 1}]},
    {"configs": [{"batch_size": 60_000}]},
    {"configs": [{"model": "vqvae", "quantizer": "fsq", "num_embeddings": 7, "embedding_dim": 2}]},
]


@pytest.mark.parametrize("asked", HOSTILE, ids=lambda asked: json.dumps(asked)[:50])
@pytest.mark.parametrize("name", ["train_check", "train_start"])
def test_what_cannot_be_trained_is_refused_with_a_sentence(name: str, asked: dict[str, object]):
    answer = ask(name, **asked)
    assert not answer["ok"]
    assert answer["error"]
    assert ask("train_jobs")["jobs"] == []


def test_a_job_that_is_discarded_just_now_stops_nobody_else(monkeypatch: pytest.MonkeyPatch):
    gone = service.begin(OTHER, [tiny()])
    queue = service._queue

    def discarded_meanwhile(lively: list[spool.Job]) -> list[spool.Job]:
        waiting = queue(lively)
        shutil.rmtree(gone.folder, ignore_errors=True)
        return waiting

    monkeypatch.setattr(service, "_queue", discarded_meanwhile)
    assert ask("train_start", configs=[TINY])["ok"]
    assert [job["phase"] for job in ask("train_jobs")["jobs"]] == ["training"]  # it got the turn


def test_a_job_that_vanishes_while_it_gets_its_turn_stops_nobody_else(monkeypatch: pytest.MonkeyPatch):
    gone = service.begin(OTHER, [tiny()])
    revive = service._revive

    def discarded_meanwhile(job: spool.Job, files: list[int]) -> None:
        shutil.rmtree(gone.folder, ignore_errors=True)
        revive(job, files)

    monkeypatch.setattr(service, "_revive", discarded_meanwhile)
    assert ask("train_start", configs=[TINY])["ok"]


@pytest.mark.parametrize("look", ["question", "page"])
def test_whoever_looks_at_a_run_of_theirs_keeps_it(own_run: str, monkeypatch: pytest.MonkeyPatch, look: str):
    folder, old = visitor_folder(TOKEN), time.time() - 1.5 * limits().days * expiry.DAY
    os.utime(folder, (old, old))
    if look == "question":
        assert ask("encode", run=own_run)["ok"]
    else:
        scene(*from_query({"mine": TOKEN, "left": own_run, "tab": "reconstruct"}))
    monkeypatch.setattr(expiry, "OBSERVED", 0.0)
    expiry.expire()
    assert (folder / "runs" / own_run).is_dir()
    monkeypatch.setattr(os, "utime", lambda *_: pytest.fail("touched twice within a minute"))
    assert ask("encode", run=own_run)["ok"]


def started_from(address: str) -> dict[str, Any]:
    """A training of a new visitor from an address."""
    given = room.ASKING_FROM.set(address)
    try:
        return questions.answer("train_start", {"configs": [TINY]})
    finally:
        room.ASKING_FROM.reset(given)


def test_a_space_takes_so_many_trainings_whoever_asks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    monkeypatch.setattr(service, "advance", lambda: None)  # all stay queued
    started = [started_from(f"192.0.2.{number}") for number in range(limits().all_jobs)]
    assert all(job["ok"] for job in started)
    refused = questions.answer("train_start", {"configs": [TINY]})
    assert refused["code"] == "train_queue_full"
    assert "duplicate the Space" in refused["error"]
    first = {"mine": started[0]["mine"], "job": started[0]["job"]}
    spool.set_phase(service.find(first["mine"], first["job"]), spool.Phase("paused", 1))
    assert ask("train_start", configs=[TINY])["ok"]  # its place is free
    assert questions.answer("train_command", first | {"do": "resume"})["code"] == "train_queue_full"
    monkeypatch.delenv("SPACE_ID")
    assert questions.answer("train_command", first | {"do": "resume"})["ok"]  # at home nobody else comes


def test_a_class_of_thirty_is_told_its_place_and_its_wait(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    monkeypatch.setattr(service, "advance", lambda: None)  # all stay queued
    started = [started_from("192.0.2.1") for _ in range(30)]
    found = [questions.answer("train_jobs", {"mine": job["mine"]})["jobs"][0] for job in started]
    assert [job["ahead"] for job in found] == list(range(30))
    assert [job["seconds_to_turn"] for job in found] == [60.0 * k for k in range(30)]


def test_a_space_keeps_so_much_whoever_sends_it(own_run: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    content, runs = run_zips.zipped(own_run), room.kept_bytes()
    assert runs > 100_000
    note = visitor_folder(OTHER) / "sets" / "pets-0123456789ab"
    images = tmp_path / "cache" / "sets" / note.name / "images.npy"
    for path, size in ((note, 0), (images, 12_345)):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(size))
    assert room.kept_bytes() == runs + 12_345
    few = replace(limits(), all_megabytes=(runs + 12_345) / 1e6)
    monkeypatch.setattr(room, "limits", lambda: few)
    for refused in (
        lambda: run_zips.adopt(content, "c" * 32),
        lambda: service.begin("c" * 32, [tiny()]),
        lambda: add_set("c" * 32, tmp_path / "pets.zip", "pets", 28, 1),
    ):
        with pytest.raises(ExplorerError, match="delete what you no longer need") as error:
            refused()
        assert error.value.code == "train_room_full"
    monkeypatch.setattr(expiry, "OBSERVED", 0.0)
    old = time.time() - 1.1 * limits().days * expiry.DAY
    os.utime(visitor_folder(TOKEN), (old, old))
    assert run_zips._kept(content, "c" * 32)["ok"]  # whoever is long gone makes room
    assert not visitor_folder(TOKEN).exists()


@pytest.mark.parametrize(
    "settings, lang, sentence",
    [
        ({"steps": 0}, "en", "Steps takes a number from 1 to 10,000,000, got 0"),
        ({"steps": 0}, "zh", "步数应为 1 到 10,000,000 之间的数，收到 0"),
        ({"lr": None}, "en", "Learning rate takes a number from 1e-08 to 1, got nothing"),
        ({"num_embeddings": 1}, "zh", "码数 K 应为 2 到 1,048,576 之间的数，收到 1"),
        (
            {"dead_codes": "never"},
            "en",
            "Dead codes takes one of anchors, anchors-closest, anchors-probable, expire, keep, replace, restart, "
            "got 'never'",
        ),
        ({"batch_size": 60_000}, "en", "Batch 60,000 is more than the 18,000 training images: choose a smaller one"),
    ],
)
def test_a_refused_setting_goes_by_the_name_of_its_field(settings: dict[str, object], lang: str, sentence: str):
    assert ask("train_check", configs=[TINY | settings], lang=lang)["error"] == sentence


@pytest.mark.parametrize(
    "what, value, lang, sentence",
    [
        ("commitment_cost", -3, "en", "Commitment β takes a number from 0 to 1,000, got -3"),
        ("kill", 3, "en", "Share of the codes takes a number from 0 to 1, got 3"),
        ("kill", 3, "zh", "码向量的比例应为 0 到 1 之间的数，收到 3"),
        ("kill", None, "en", "Share of the codes takes a number from 0 to 1, got nothing"),
    ],
)
def test_a_refused_intervention_does_too(what: str, value: float | None, lang: str, sentence: str):
    job = service.begin(TOKEN, [tiny()])
    answer = ask("train_command", job=job.id, do="intervene", what=what, value=value, lang=lang)
    assert answer["error"] == sentence


def test_no_sentence_of_the_tab_speaks_command_line():
    answer = ask("train_check", configs=[TINY | {"quantizer": "fsq", "num_embeddings": 7, "embedding_dim": 2}])
    assert "--" not in answer["error"]


@pytest.mark.parametrize("lang, words", [("en", "keeps 5 or more"), ("zh", "5 或更多")])
def test_what_speaks_against_a_size_is_said_and_not_refused(lang: str, words: str):
    few = TINY | {"quantizer": "fsq", "num_embeddings": 512, "embedding_dim": 4}
    answer = ask("train_check", configs=[few, few | {"embedding_dim": 3}], lang=lang)
    assert answer["ok"]
    assert [words in remark and "8 × 4 × 4 × 4" in remark and "--" not in remark for remark in answer["remarks"]] == [
        True
    ]
    assert ask("train_check", configs=[TINY])["remarks"] == []


def test_the_name_before_the_start_is_that_of_no_shipped_run():
    (name,) = ask("train_check", configs=[TINY | {"model": "vae"}])["names"]
    assert name == "fashion-vae-z2-s0-…"
    assert re.fullmatch(name.replace("…", "[0-9a-f]{12}"), service.begin(TOKEN, [tiny(model="vae")]).run_ids[0])


def test_a_saved_step_counts_before_a_newer_snapshot_is_there(home: Path):
    job = service.begin(TOKEN, [tiny()])
    trainer = Trainer(job.configs[0], load_image_set("fashion"))
    next(trainer.run())
    Live(job, [trainer]).write()
    for phase in ("paused", "queued", "training"):
        spool.set_phase(job, spool.Phase(phase, 2))
        assert ask("train_state", job=job.id)["step"] == 2


def test_a_snapshot_becomes_plain_values_and_a_decoder(home: Path):
    job = service.begin(TOKEN, [tiny(), tiny(model="vae")])
    image_set = load_image_set("fashion")
    trainers = [Trainer(config, image_set) for config in job.configs]
    for _ in zip(*(trainer.run() for trainer in trainers), strict=True):
        pass
    Live(job, trainers).write()
    state = ask("train_state", job=job.id, first=True)
    assert len(state["sides"]) == len(state["drawn"]) == 2
    assert state["sides"][0]["curve_steps"] == [1, 2]
    again = ask("train_state", job=job.id, after=1, have="")
    assert again["sides"][0]["curve_steps"] == [2]
    assert "sides" not in ask("train_state", job=job.id, have=state["stamp"])
    decoder = job_snapshot.decoder_values(job, 1, "")
    assert job_snapshot.decoder_values(job, 1, decoder["key"]) == {"key": decoder["key"]}
    json.dumps(state)


def test_a_run_leaves_as_a_zip_and_comes_back_with_a_new_name(own_run: str):
    content = run_zips.zipped(own_run)
    back = run_zips.adopt(content, OTHER)
    assert back.id != own_run
    assert back.id.startswith("fashion-vae-z2-s0-")
    assert back.weights.keys() == load_run(kept_run(own_run) or "").weights.keys()
    with catalog.visiting(OTHER):
        assert [info.id for info in catalog.own_runs()] == [back.id]
    assert ask("train_delete", run=back.id)["code"] == "train_job_unknown"
    assert questions.answer("train_delete", {"mine": OTHER, "run": back.id})["ok"]
    with catalog.visiting(OTHER):
        assert catalog.own_runs() == ()


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return buffer.getvalue()


def files_of(run: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (kept_run(run) or Path()).iterdir()}


BROKEN = {
    "no zip": (lambda files: b"PK nothing", "run_zip_damaged"),
    "no run": (lambda files: zip_of({"a.txt": b""}), "run_zip_foreign"),
    "weights changed": (
        lambda files: zip_of(files | {"model.safetensors": files["model.safetensors"] + b"x"}),
        "run_damaged",
    ),
    "settings changed": (
        lambda files: zip_of(files | {"run.json": files["run.json"].replace(b'"beta": 1.0', b'"beta": 2.0')}),
        "run_damaged",
    ),
    "a bomb": (lambda files: zip_of(files | {"trace.npz": bytes(300_000_000)}), "run_zip_large"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_zip_that_is_no_good_run_is_refused(own_run: str, case: str):
    spoil, code = BROKEN[case]
    with pytest.raises(ExplorerError) as refused:
        run_zips.adopt(spoil(files_of(own_run)), OTHER)
    assert refused.value.code == code
    assert not list((visitor_folder(OTHER) / "runs").glob("*"))


def test_a_path_that_climbs_out_of_the_zip_goes_nowhere(own_run: str, tmp_path: Path):
    files = files_of(own_run)
    content = zip_of({f"../../{name}": file for name, file in files.items()} | {"../../evil.py": b"1"})
    back = run_zips.adopt(content, OTHER)
    assert {path.name for path in back.folder.iterdir()} <= files.keys()
    assert list(tmp_path.rglob("evil.py")) == []


def test_a_queued_job_says_its_place_and_a_failed_one_why():
    jobs = [service.find(TOKEN, str(ask("train_start", configs=[TINY])["job"])) for _ in range(2)]
    spool.set_phase(jobs[0], spool.Phase("failed", 3, "training_diverged", {"step": 3, "value": "nan"}))
    assert "第 3 步" in summary(jobs[0], "zh")["error"]
    assert summary(jobs[0], "en")["error"].startswith("the loss became nan")


def test_the_trainer_of_the_command_line_measures_and_keeps(home: Path, capsys: pytest.CaptureFixture[str]):
    job = service.begin(TOKEN, [tiny()])
    work(job.folder, finish)
    assert spool.phase_of(job).name == "finished"
    assert load_run(job.runs / job.run_ids[0]).info.finished


# --- what can be trained on


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def offered(mine: str = TOKEN, lang: str = "en") -> dict[str, str]:
    """Image sets in the form, and what is said of them."""
    train = scene(View(mine=mine, tab="train", lang=lang)).train
    assert train is not None
    return {option.id: option.label for option in train.settings[0].choices}


def test_every_set_that_is_here_is_offered_without_reading_it(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import_pictures(folder_of(tmp_path / "pets"), "pets", size=64)
    import_pictures(folder_of(tmp_path / "secret", 41), "secret", listed=False)
    monkeypatch.setattr("explorer.data.read_stored", lambda name: pytest.fail(f"{name} was read"))
    assert offered()["pets"] == "pets · 29 · 64×64 colour"
    assert offered()["fashion"] == "Fashion-MNIST · 18,000 · 28×28 grey"
    assert offered(lang="zh")["pets"] == "pets · 29 · 64×64 彩色"
    assert not {"secret", "mnist", "cifar10"} & offered().keys()
    assert ask("train_check", configs=[TINY | {"data": "pets"}])["names"] == ["pets-vqvae-d2-k8-ema-s0-…"]
    assert ask("train_check", configs=[TINY | {"data": "pets", "batch_size": 30}])["code"] == "config_batch_too_large"
    assert "python -m explorer data get mnist" in ask("train_check", configs=[TINY | {"data": "mnist"}])["error"]


def test_a_set_whose_files_are_gone_is_said_before_the_start(cache: Path, tmp_path: Path):
    import_pictures(folder_of(tmp_path / "pets"), "pets")
    configs = [TINY | {"data": "pets"}]
    assert ask("train_check", configs=configs)["ok"]
    (cache / "sets" / "pets" / "images.npy").unlink()
    for name in ("train_check", "train_start"):
        assert "python -m explorer data remove pets" in ask(name, configs=configs)["error"]
    remove_stored("pets")
    assert "no image set called 'pets': choose one of fashion" in ask("train_check", configs=configs)["error"]
    assert ask("train_jobs")["jobs"] == []


def test_a_run_of_mine_brings_its_set_into_my_bar_alone(cache: Path, home: Path, tmp_path: Path):
    import_pictures(folder_of(tmp_path / "pets"), "pets", size=28, channels=1)
    name = own_id("pets-vqvae")
    store(visitor_folder(TOKEN) / "runs", name, model="vqvae", data="pets")
    view, notes = from_query({"mine": TOKEN, "data": "pets", "right": name})
    assert (notes, view.left, view.right) == ((), "", name)
    assert "pets" in {option.id for option in scene(view).bar.sets}
    assert ask("train_jobs")["runs"][0]["data"] == "pets"
    view, notes = from_query({"data": "pets", "right": name})
    assert view.data == "fashion"
    assert {note.code for note in notes} == {"view_choice", "view_run"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_tip_names_every_remedy_that_its_setting_offers(lang: str):
    shown = scene(replace(default_view(), tab="train", lang=lang)).train
    assert shown is not None
    tips = {setting.name: setting.tip for setting in shown.settings}
    for remedy in REMEDIES:
        for name, choice in remedy.setting.items():
            if name in CHOICES:
                ends = f"（{choice}）：" if lang == "zh" else f" {choice}: "
                assert f"{ends}{remedy.title[lang == 'zh']}" in tips[name]
