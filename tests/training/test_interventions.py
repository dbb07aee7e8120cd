"""Changes of a run while it trains: what may be changed, to what, and what each of them does."""

from __future__ import annotations

import json
import math
from itertools import islice

import pytest
import torch

from explorer.errors import ConfigError
from explorer.models import VAE, VQVAE
from explorer.models.codebook_updates import EMAUpdate
from explorer.models.dead_codes import RestartDead
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.training.interventions import (
    BANISHED,
    INTERVENTIONS,
    Intervention,
    adjust,
    check,
    possible,
    setting_after,
)
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set

VAE_CONFIG = tiny_config(model="vae", beta=2.0)
EMA, GRADIENT = tiny_config(), tiny_config(codebook_update="gradient")
FSQ = tiny_config(quantizer="fsq")


@pytest.mark.parametrize(
    "config, expected",
    [
        (tiny_config(model="ae"), {"lr"}),
        (VAE_CONFIG, {"lr", "beta"}),
        (EMA, {"lr", "commitment_cost", "decay", "dead_codes", "kill", "restart", "kmeans"}),
        (GRADIENT, {"lr", "commitment_cost", "dead_codes", "kill", "restart", "kmeans"}),
        (tiny_config(distance="cosine"), {"lr", "commitment_cost", "decay", "dead_codes", "restart", "kmeans"}),
        (FSQ, {"lr"}),
        (
            tiny_config(quantizer="simvq", codebook_update="gradient", codebook_init="normal"),
            {"lr", "commitment_cost"},
        ),
    ],
)
def test_a_run_takes_what_its_model_has(config, expected):
    assert set(possible(config)) == expected
    for what in INTERVENTIONS.keys() - expected:
        with pytest.raises(ConfigError) as refused:
            check(config, what, 0.5)
        assert refused.value.code == "intervention_other_model"


@pytest.mark.parametrize(
    "config, what, value, taken",
    [
        (VAE_CONFIG, "beta", 3, 3.0),
        (VAE_CONFIG, "lr", 1e-4, 1e-4),
        (EMA, "kill", 0, 0.0),
        (EMA, "kill", 1.0, 1.0),
        (EMA, "restart", "anything", None),
        (EMA, "dead_codes", "anchors", "anchors"),
    ],
)
def test_a_value_as_it_is_taken(config, what, value, taken):
    found = check(config, what, value)
    assert (found, type(found)) == (taken, type(taken))


@pytest.mark.parametrize(
    "config, what, value, code",
    [
        (EMA, "explode", 1.0, "intervention_unknown"),
        (VAE_CONFIG, "beta", "3", "config_range"),
        (VAE_CONFIG, "beta", True, "config_range"),
        (VAE_CONFIG, "beta", None, "config_range"),
        (VAE_CONFIG, "beta", -1.0, "config_range"),
        (VAE_CONFIG, "beta", math.nan, "config_range"),
        (VAE_CONFIG, "lr", 1.5, "config_range"),
        (EMA, "kill", 1.01, "config_range"),
        (EMA, "kill", -0.01, "config_range"),
        (EMA, "dead_codes", "forget", "config_choice"),
        (EMA, "dead_codes", 1.0, "config_choice"),
    ],
)
def test_other_values_are_refused(config, what, value, code):
    with pytest.raises(ConfigError) as refused:
        check(config, what, value)
    assert refused.value.code == code


def test_it_is_written_down_and_read_again():
    change = Intervention(300, "beta", 20.0, 1.0)
    assert Intervention.from_dict(json.loads(json.dumps(change.to_dict()))) == change
    assert Intervention.from_dict({"step": 3, "what": "restart"}) == Intervention(3, "restart")
    with pytest.raises(ConfigError, match="explode"):
        Intervention.from_dict({"step": 3, "what": "explode"})


def test_the_last_change_of_a_setting_counts():
    history = [Intervention(5, "beta", 3.0), Intervention(8, "lr", 0.1), Intervention(9, "beta", 4.0)]
    assert setting_after(VAE_CONFIG, history, "beta") == 4.0
    assert setting_after(VAE_CONFIG, [], "beta") == 2.0
    assert setting_after(EMA, [Intervention(5, "dead_codes", "restart")], "dead_codes") == "restart"
    assert setting_after(EMA, [Intervention(5, "kill", 0.5)], "kill") is None
    assert setting_after(EMA, [], "restart") is None


def test_a_model_is_given_the_settings_of_its_history():
    vae = Trainer(VAE_CONFIG, tiny_set()).model
    adjust(vae, [Intervention(1, "beta", 7.0)])
    assert isinstance(vae, VAE)
    assert vae.beta == 7.0
    vq = Trainer(EMA, tiny_set()).model
    assert isinstance(vq, VQVAE)
    quantizer = vq.quantizer
    assert isinstance(quantizer, VectorQuantizer)
    before = quantizer.codebook.clone()
    changes: list[tuple[str, float | str]] = [
        ("commitment_cost", 2.0),
        ("decay", 0.5),
        ("dead_codes", "restart"),
        ("kill", 0.5),
        ("beta", 9.0),
    ]
    adjust(vq, [Intervention(1, what, value) for what, value in changes])
    assert quantizer.commitment_cost == 2.0
    assert isinstance(quantizer.update, EMAUpdate)
    assert quantizer.update.decay == 0.5
    assert isinstance(quantizer.dead_codes, RestartDead)
    assert torch.equal(quantizer.codebook, before), "moves no code"
    gradient = Trainer(GRADIENT, tiny_set()).model
    adjust(gradient, [Intervention(1, "decay", 0.5)])  # of a rule without one: nothing happens


def codebook_of(trainer: Trainer) -> torch.Tensor:
    assert isinstance(trainer.model, VQVAE)
    return trainer.model.quantizer.codebook.detach()


def changed(what: str, value: float | None = None, **settings: object) -> tuple[Trainer, torch.Tensor]:
    """A trainer that was changed after 6 of 12 steps and stopped right behind, and its codebook before."""
    trainer = Trainer(tiny_config(**settings), tiny_set())
    trainer.interventions = [Intervention(6, what, value)]
    list(islice(trainer.run(), 6))
    before = codebook_of(trainer).clone()
    assert trainer.intervened == 0
    trainer._intervene()
    assert trainer.intervened == 1
    return trainer, before


@pytest.mark.parametrize("rule", ["ema", "gradient"])
def test_killed_codes_are_out_of_reach_and_stay_there(rule: str):
    trainer, before = changed("kill", 0.5, codebook_update=rule, codebook_init="data")
    after = codebook_of(trainer).clone()
    moved = (after != before).any(1)
    assert int(moved.sum()) == 4
    reach = BANISHED * float(before.norm(dim=1).max())
    torch.testing.assert_close(after[moved].norm(dim=1), torch.full((4,), reach))
    list(trainer.run())
    final = codebook_of(trainer)
    torch.testing.assert_close(final[moved], after[moved], rtol=1e-3, atol=1e-3)


def test_restarted_codes_stand_on_vectors_of_the_coming_batch():
    trainer, before = changed("restart", codebook_init="normal", num_embeddings=64)
    assert trainer.window is not None
    idle = trainer.window.hits == 0
    assert 0 < int(idle.sum()) < 64
    after = codebook_of(trainer)
    vectors = trainer.coming_vectors(1)
    moved = (after != before).any(1)
    assert (moved <= idle).all(), "no code that is in use"
    assert int(moved.sum()) == min(int(idle.sum()), len(vectors)) == trainer.restarts
    assert set(map(tuple, after[moved].tolist())) <= set(map(tuple, vectors.tolist()))


def test_k_means_begins_the_whole_codebook_anew():
    trainer, before = changed("kmeans", codebook_init="normal")
    after = codebook_of(trainer)
    assert (after != before).any(1).all()
    vectors = trainer.coming_vectors(10 * 8)
    distance = [float(torch.cdist(vectors, codes).amin(1).square().mean()) for codes in (before, after)]
    assert distance[1] < 0.5 * distance[0]


@pytest.mark.parametrize("own, expected", [(None, [0.25, 0.25]), (0.1, [0.25, 0.1])])
def test_a_codebook_with_a_rate_of_its_own_keeps_it(own: float | None, expected: list[float]):
    trainer, _ = changed("lr", 0.25, codebook_update="gradient", codebook_lr=own)
    assert [group["initial_lr"] for group in trainer.optimizer.param_groups] == expected


@pytest.mark.parametrize("what, value", [("kill", 0.5), ("restart", None), ("kmeans", None), ("lr", 0.01)])
def test_a_change_before_the_stop_is_there_after_it(what: str, value: float | None):
    config = tiny_config(codebook_update="gradient", codebook_init="data")
    whole, first, second = (Trainer(config, tiny_set()) for _ in range(3))
    for trainer in (whole, first, second):
        trainer.interventions = [Intervention(4, what, value), Intervention(9, what, value)]
    list(whole.run())
    list(islice(first.run(), 6))
    second.resume(first.model.state_dict(), first.state(), first.recorder.trace())
    assert second.intervened == 1
    list(second.run())
    assert all(torch.equal(value, second.model.state_dict()[name]) for name, value in whole.model.state_dict().items())
    assert (whole.intervened, whole.restarts) == (second.intervened, second.restarts)
