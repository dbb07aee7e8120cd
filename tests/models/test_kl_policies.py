"""What training pays for the KL: schedules that reach β, bits that are free, and nothing else changed."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from explorer.errors import ConfigError
from explorer.models import VAE, ImageShape
from explorer.models.kl_policies import KL_POLICIES, Cyclical, FreeBits, Target, WarmUp
from explorer.training.build import build_model, kl_policy
from explorer.training.config import CHOICES, RunConfig
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set

SHAPE = ImageShape(1, 8, 8)


def shares(policy: str, steps: int, **numbers: object) -> list[float]:
    chosen = kl_policy(RunConfig(kl_policy=policy, **numbers))  # type: ignore[arg-type]
    return [chosen.share(step, steps) for step in range(1, steps + 1)]


def test_warm_up_rises_in_a_line_and_reaches_beta() -> None:
    found = shares("warm-up", 10, warm_up=0.5)
    assert found == pytest.approx([0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1])


def test_cycles_begin_anew_and_end_at_beta() -> None:
    found = shares("cyclical", 16, kl_cycles=2)
    assert found == pytest.approx([0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1])


@pytest.mark.parametrize("policy", KL_POLICIES)
def test_every_policy_ends_at_beta_and_never_exceeds_it(policy: str) -> None:
    for steps in (1, 7, 100):
        found = shares(policy, steps)
        assert found[-1] == 1.0
        assert all(0 <= share <= 1 for share in found)


@pytest.mark.parametrize("spatial", [False, True])
def test_below_the_floor_the_gradient_of_a_unit_is_zero(spatial: bool) -> None:
    floor = 0.2
    model = VAE(SHAPE, 3, spatial=spatial, width=8, kl_policy=FreeBits(floor)).train()
    each = torch.rand(4, 3, 2, 2) if spatial else torch.rand(4, 3)
    scale = torch.tensor([0.01, 1.0, 2.0]).view(1, 3, *[1] * (each.ndim - 2))
    each = (each * scale).requires_grad_()
    paid = model._paid(each)
    assert paid is not None
    (gradient,) = torch.autograd.grad(paid, each)
    assert not gradient[:, 0].any()
    torch.testing.assert_close(gradient[:, 1:], torch.full_like(gradient[:, 1:], 1 / 4))
    units = each.flatten(2).sum(2).mean(0) if spatial else each.mean(0)
    torch.testing.assert_close(paid, units.clamp(min=floor).sum())


@pytest.mark.parametrize("spatial", [False, True])
def test_numbers_far_from_the_target_pay_other_weights(spatial: bool) -> None:
    model = VAE(SHAPE, 3, spatial=spatial, width=8, kl_policy=Target(bits=2.0)).train()
    nats = torch.tensor([0.5, 2.0, 5.0]) * math.log(2)
    each = nats.view(1, 3, *[1] * (2 if spatial else 0)).expand(4, 3, *[2] * (4 // 2 if spatial else 0)).clone()
    each = each.requires_grad_()
    model.kl_weights = torch.tensor([0.25, 1.0, 8.0])
    paid = model._paid(each)
    assert paid is not None
    (gradient,) = torch.autograd.grad(paid, each)
    expected = torch.tensor([0.25, 1.0, 8.0]).view(1, 3, *[1] * (each.ndim - 2)) / 4
    torch.testing.assert_close(gradient, expected.expand_as(gradient))
    # the mean, 2.5 bits, and the most are too high, the least too low
    torch.testing.assert_close(model.kl_weights, torch.tensor([0.25 / 1.01, 1.01, 8.08]))


def test_weights_stay_within_their_bounds_and_come_back() -> None:
    policy, weights = Target(bits=2.0), torch.ones(3)
    low, high = (torch.tensor(bits * math.log(2)) for bits in (0.0, 9.0))
    for _ in range(800):
        weights = policy.moved(weights, low, high, high)
    torch.testing.assert_close(weights, torch.tensor([1e-3, 1e3, 1e3]))
    for _ in range(1600):
        weights = policy.moved(weights, 2 * high, low, low)
    torch.testing.assert_close(weights, torch.tensor([1.0, 1e-3, 1.0]))


def test_the_target_narrows_what_numbers_of_the_latent_carry() -> None:
    spread = {}
    for policy in ("plain", "target"):
        settings = {"steps": 120, "lr": 5e-3, "latent_dim": 4, "trace": "scalars", "kept_weights": 0}
        config = tiny_config(model="vae", kl_policy=policy, kl_target=2.0, **settings)
        trainer = Trainer(config, tiny_set())
        if policy == "target":  # prices that move faster, since there are few steps
            trainer.model.kl_policy = Target(2.0, factor=1.05)  # type: ignore[assignment]
        list(trainer.run())
        units = trainer.recorder.trace().frames["kl_units"][-1] / math.log(2)
        spread[policy] = float(abs(units - 2.0).max())
    assert spread["target"] < min(1.0, 0.5 * spread["plain"])


def test_a_weak_decoder_is_narrow_alone() -> None:
    model = build_model(tiny_config(model="vae", decoder_width=3), SHAPE, 1.0)
    assert model.decoder.mix.out_channels == 3
    assert model.encoder.mix.out_channels == tiny_config(model="vae").width


def test_in_evaluation_every_policy_is_the_elbo() -> None:
    x = tiny_set().batch(torch.arange(6))
    losses = []
    for name in KL_POLICIES:
        model = build_model(tiny_config(model="vae", kl_policy=name), SHAPE, 1.0).eval()
        assert isinstance(model, VAE)
        model.kl_share = 0.1
        terms = model.loss_terms(x, torch.Generator().manual_seed(0))
        assert "kl_paid" not in terms.named()
        losses.append(model.loss(terms))
    assert all(torch.equal(loss, losses[0]) for loss in losses)


def test_the_plain_policy_is_the_model_as_it_was() -> None:
    model = VAE(SHAPE, 2, width=8, beta=0.7).train()
    terms = model.loss_terms(tiny_set().batch(torch.arange(6)), torch.Generator().manual_seed(0))
    assert torch.equal(model.loss(terms), terms.nll + 0.7 * terms.kl)
    assert terms.kl_paid is None


@pytest.mark.parametrize("policy", KL_POLICIES)
def test_a_run_resumes_to_the_same_bits(policy: str) -> None:
    config = tiny_config(model="vae", kl_policy=policy)
    whole, part, resumed = (Trainer(config, tiny_set()) for _ in range(3))
    records = list(whole.run())
    assert ("kl_paid" in records[-1].losses) == (policy in {"free-bits", "target"})
    list(itertools.islice(part.run(), 7))
    resumed.resume(part.model.state_dict(), part.state(), part.recorder.trace())
    list(resumed.run())
    state = whole.model.state_dict()
    assert all(torch.equal(state[name], value) for name, value in resumed.model.state_dict().items())


def test_free_bits_keep_a_unit_speaking_where_beta_silences_it() -> None:
    """With a β of 1,000 the plain objective puts every unit to sleep; with two free nats they are left alone."""
    kept = {}
    for policy in ("plain", "free-bits"):
        config = tiny_config(
            model="vae",
            kl_policy=policy,
            free_bits=2.0,
            beta=1000.0,
            steps=150,
            lr=5e-3,
            trace="scalars",
            kept_weights=0,
        )
        trainer = Trainer(config, tiny_set())
        list(trainer.run())
        kept[policy] = float(trainer.recorder.trace().frames["kl_units"][-1].sum())
    assert kept["plain"] < 0.01
    assert kept["free-bits"] > 10 * kept["plain"]


def test_policies_are_choices_of_the_command_line_and_refuse_what_cannot_be() -> None:
    assert CHOICES["kl_policy"] == tuple(KL_POLICIES)
    cycles = (lambda: Cyclical(rising=2.0), lambda: Cyclical(cycles=0))
    for build in (lambda: WarmUp(0.0), *cycles, lambda: FreeBits(-1.0), lambda: Target(0.0)):
        with pytest.raises(ConfigError, match="a KL policy cannot have"):
            build()
