"""Every config of the grid either trains a step on a tiny set or is refused with a sentence of ours."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.training.config import CHOICES, RunConfig
from explorer.training.interventions import INTERVENTIONS, Intervention, check
from explorer.training.loop import Trainer
from tests.tiny import tiny_set

NUMBERS: dict[str, st.SearchStrategy[object]] = {
    "seed": st.sampled_from([0, 3, -1, 2**31]),
    "steps": st.sampled_from([2, 5, 0]),
    "batch_size": st.sampled_from([1, 10, 80, 81]),
    "lr": st.sampled_from([1e-3, 1.0, 0.0, float("nan")]),
    "width": st.sampled_from([4, 8, 3]),
    "augment": st.booleans(),
    "latent_dim": st.sampled_from([1, 2, 5]),
    "spatial": st.booleans(),
    "beta": st.sampled_from([0.0, 1.0, 1e6, -1.0]),
    "num_embeddings": st.sampled_from([2, 8, 27]),
    "embedding_dim": st.sampled_from([1, 2, 3]),
    "commitment_cost": st.sampled_from([0.0, 0.25, 1e3]),
    "decay": st.sampled_from([0.0, 0.99, 1.0]),
    "epsilon": st.sampled_from([1e-12, 1e-5, 0.0]),
    "codebook_lr": st.sampled_from([None, 1e-2, 2.0]),
    "regularizer_weight": st.sampled_from([0.0, 0.1]),
    "kept_weights": st.sampled_from([0, 2, 49]),
}
DRAWN = {name: st.sampled_from(choices) for name, choices in CHOICES.items()} | NUMBERS
PLAIN = {field.name: field.default for field in fields(RunConfig)}
#: Half of the values are plain: with all of them drawn from everything, nearly every config would be refused.
SETTINGS = {name: st.one_of(st.just(PLAIN[name]), st.just(PLAIN[name]), values) for name, values in DRAWN.items()}
SMALL = {"steps": st.sampled_from([2, 5]), "batch_size": st.sampled_from([1, 10, 80, 81]), "width": st.just(4)}
SMALL |= {"num_embeddings": st.sampled_from([2, 8, 27]), "kept_weights": st.sampled_from([0, 2])}


@settings(max_examples=80)
@given(st.fixed_dictionaries(SETTINGS | SMALL))
def test_a_config_trains_or_is_refused(values: dict[str, object]):
    try:
        trainer = Trainer(RunConfig(**values), tiny_set())  # type: ignore[arg-type]
        record = next(trainer.run())
    except ExplorerError:  # which has a sentence, or it could not have been made
        return
    assert record.step == 1


CHANGES = {
    "what": st.sampled_from(sorted(INTERVENTIONS)),
    "value": st.sampled_from([None, 0.5, 1.0, -1.0, "restart", "x"]),
}


@settings(max_examples=40)
@given(st.fixed_dictionaries(SETTINGS | SMALL), st.lists(st.fixed_dictionaries(CHANGES), min_size=1, max_size=3))
def test_an_intervention_happens_or_is_refused(values: dict[str, object], changes: list[dict[str, object]]):
    try:
        trainer = Trainer(RunConfig(**values), tiny_set())  # type: ignore[arg-type]
    except ExplorerError:
        return
    for change in changes:
        try:
            value = check(trainer.config, str(change["what"]), change["value"])
        except ExplorerError:
            continue
        trainer.interventions.append(Intervention(1, str(change["what"]), value))
    try:
        steps = [record.step for record in trainer.run()]
    except ExplorerError as error:
        assert error.code in ("training_diverged", "not_finite", "init_needs_vectors")  # noqa: PT017
        return
    assert steps[-1] == trainer.config.steps
    assert trainer.intervened == len(trainer.interventions)


@pytest.mark.parametrize("what", INTERVENTIONS)
def test_every_intervention_fits_some_run(what: str):
    configs = (RunConfig(model="vae"), RunConfig(model="vqvae"), RunConfig(model="vqvae", codebook_update="gradient"))
    assert any(INTERVENTIONS[what].fits(config) for config in configs)
