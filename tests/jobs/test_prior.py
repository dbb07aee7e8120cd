"""Learned priors beside the page: killed, stopped and refused, in the queue of trainings."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import TrainingError
from explorer.jobs import service
from explorer.jobs import spool as spool
from explorer.jobs.spool import Job
from explorer.reports import prior as prior_reports
from explorer.reports.prior import prior_trainer
from explorer.runs import Run, load_run
from explorer.runs.priors import ladder, prior_facts
from explorer.training import vector_prior
from explorer.training.prior_config import PriorConfig
from tests.jobs.job_processes import TOKEN, Trainers, trainers, wait_for, wait_for_death, wait_for_step
from tests.tiny import tiny_config, tiny_set

__all__ = ["trainers"]  # a fixture


@pytest.fixture(autouse=True)
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs of these tests have no report that a rate could be added to, and no card."""
    monkeypatch.setattr(prior_reports, "model_card", lambda *_: "")
    monkeypatch.setattr(prior_reports, "with_rates", lambda report, *_: report)
    monkeypatch.setattr(vector_prior, "COMPONENTS", (2,))
    monkeypatch.setattr(vector_prior, "DRAWS", 100)


CONFIG = PriorConfig(steps=14, batch_size=16, evaluate_every=7)


def kept_run(model: str) -> Run:
    """A run of the visitor's, trained a little."""
    job = service.begin(TOKEN, [tiny_config(model=model, steps=2)], threads=1)
    wait_for(job, "finished")
    wait_for_death(job)
    return load_run(job.runs / job.run_ids[0])


def begin(run: Run) -> Job:
    return service.begin_prior(TOKEN, run.id, CONFIG, threads=1)


@pytest.mark.parametrize("model", ["vqvae", "vae"])
def test_a_killed_trainer_of_a_prior_goes_on_and_the_ladder_has_it(trainers: Trainers, model: str):
    run = kept_run(model)
    assert "learned" not in ladder(run)
    job = begin(run)
    wait_for_step(job, 5)
    trainers.kill()
    service.visit(TOKEN)  # whoever looks brings it back
    wait_for(job, "finished")
    wait_for_death(job)
    done = load_run(run.folder)
    assert "learned" in ladder(done)
    assert done.weights_sha256 == run.weights_sha256
    whole = prior_trainer(run, tiny_set(), CONFIG)
    list(whole.run())
    facts = prior_facts(done)
    assert facts.get("val_bits_per_code", [facts.get("candidates_val_bits", {}).get("flow")])[-1] == pytest.approx(
        min(whole.val_bits) if model == "vae" else whole.val_bits[-1],
        abs=1e-9,
    )


def test_one_that_is_stopped_keeps_what_it_has_learned(trainers: Trainers):
    run = kept_run("vqvae")
    job = service.begin_prior(TOKEN, run.id, PriorConfig(steps=5000, batch_size=16, evaluate_every=5000), threads=1)
    wait_for_step(job, 3)
    service.command(job, "keep")
    wait_for(job, "kept")
    wait_for_death(job)
    facts = prior_facts(load_run(run.folder))
    assert 3 <= facts["best_step"] == facts["steps"] < 5000
    assert torch.tensor(facts["val_bits_per_code"]).isfinite().all()


def test_what_cannot_learn_a_prior_is_refused(trainers: Trainers, monkeypatch: pytest.MonkeyPatch):
    plain, coded = kept_run("ae"), kept_run("vqvae")
    monkeypatch.setattr(service, "advance", lambda: None)  # what is begun stays in the queue
    begun = begin(coded)
    for run, code in ((plain.id, "train_prior_ae"), (coded.id, "train_prior_waits"), ("../x", "train_prior_unknown")):
        with pytest.raises(TrainingError) as refused:
            service.begin_prior(TOKEN, run, CONFIG)
        assert refused.value.code == code
    with pytest.raises(TrainingError, match="not possible while"):
        service.command(begun, "intervene", what="lr", value=1e-3)
    service.command(begun, "discard")
    assert begin(coded).prior == CONFIG
    assert spool.read_job(begin_again(coded).folder).steps == CONFIG.steps


def begin_again(run: Run) -> Job:
    service.discard(next(job for job in spool.jobs_of(run.folder.parent.parent) if job.prior))
    return begin(run)
