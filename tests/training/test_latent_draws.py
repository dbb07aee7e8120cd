"""Training of a density over latents: on draws, from N(0, I), and only what there is to gain is gained."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from explorer.latent import EncodedSet
from explorer.metrics.rate import latent_nats, rate_of
from explorer.models import VAE
from explorer.models.prior import LatentPrior, LatentSpace, PositionGaussians, StandardNormal
from explorer.streams import stream
from explorer.training import latent_draws, vector_prior
from explorer.training.latent_draws import LatentDraws, drawn, entropy, kl_per_image
from explorer.training.loop import Trainer
from explorer.training.prior import latent_prior_trainer
from explorer.training.prior_config import PriorConfig
from tests.tiny import tiny_config, tiny_set

SIZES = {"width": 16, "layers": 1, "heads": 2, "components": 2}
LOGVAR = -4.0


class MadeUp(LatentDraws):
    """Rows of four positions, each the one before plus noise; or each position shuffled over images by itself."""

    def __init__(self, *, shuffled: bool) -> None:
        self._augmented, self._seed = False, 0
        self.space, self.num_classes = LatentSpace(1, 1, 4, num_classes=2), 2
        self.train, held_out = (_posteriors(1200, k, shuffled=shuffled) for k in range(2))
        self.train_labels = torch.arange(1200) % 2
        self.val = drawn(held_out, stream(0, "val"))
        self._val_kl, self._negentropy = kl_per_image(held_out), -float(entropy(self.train).mean())


def _posteriors(n: int, seed: int, *, shuffled: bool) -> EncodedSet:
    generator = stream(seed, "walk")
    mean = torch.randn(n, 1, 1, 4, generator=generator)
    for j in range(1, 4):
        mean[..., j] = 0.9 * mean[..., j - 1] + 0.2 * mean[..., j]
    if shuffled:
        mean = torch.stack([mean[torch.randperm(n, generator=generator), ..., j] for j in range(4)], dim=-1)
    return EncodedSet(mean=mean, logvar=torch.full_like(mean, LOGVAR))


def gained(draws: LatentDraws) -> float:
    """Bits an image that the learned rung saves over the simple one, on validation latents."""
    assert draws.train.mean is not None
    assert draws.train.logvar is not None
    config = PriorConfig(steps=250, evaluate_every=50, batch_size=100, lr=0.01)
    trainer = latent_prior_trainer(config, draws, "gaussian_transformer", SIZES)
    list(trainer.run())
    simple = PositionGaussians.fit(draws.space, draws.train.mean, draws.train.logvar)
    return (draws.val_bits(simple) - min(trainer.val_bits)) * draws.space.positions


def test_a_prior_gains_what_goes_with_what_and_nothing_where_positions_are_shuffled():
    assert gained(MadeUp(shuffled=False)) > 3
    assert gained(MadeUp(shuffled=True)) < 0.1


def test_step_0_is_n_0_i_and_a_candidate():
    draws = MadeUp(shuffled=False)
    trainer = latent_prior_trainer(PriorConfig(steps=4, evaluate_every=2, lr=1.0), draws, "gaussian_transformer", SIZES)
    records = list(trainer.run())
    assert [record.val_bits_per_code is not None for record in records] == [False, True, False, True]
    assert len(trainer.val_bits) == 3
    fixed = float(draws._val_kl.mean()) / 0.6931471805599453 / 4
    assert trainer.val_bits[0] == pytest.approx(fixed, abs=1e-4)
    assert draws.val_bits(StandardNormal(4)) == pytest.approx(fixed)
    assert trainer.best_step == [0, 2, 4][trainer.val_bits.index(min(trainer.val_bits))]
    trainer.model.load_state_dict(trainer.best)
    assert isinstance(trainer.model, LatentPrior)
    assert draws.val_bits(trainer.model.eval()) <= fixed + 1e-4


def test_bits_of_a_batch_are_the_rate_of_its_draws():
    draws = MadeUp(shuffled=False)
    z = draws.epoch(0)
    normal = StandardNormal(4).log_prob(z)
    loss = -float(normal.mean()) / 4
    expected = rate_of(latent_nats(kl_per_image(draws.train), normal, z)).bits / 4
    assert draws.bits(loss) == pytest.approx(expected, abs=0.02)


def spatial_vae() -> VAE:
    model = Trainer(tiny_config(model="vae", spatial=True), tiny_set()).model.eval()
    assert isinstance(model, VAE)
    return model


def test_each_epoch_draws_anew_and_an_augmented_one_encodes_anew(monkeypatch: pytest.MonkeyPatch):
    model = spatial_vae()
    draws = LatentDraws(model, tiny_set())
    assert draws.space == LatentSpace(2, 2, 2, num_classes=3)
    assert torch.equal(draws.epoch(1), draws.epoch(1))
    assert not torch.equal(draws.epoch(0), draws.epoch(1))

    def means(encoded: EncodedSet, _: torch.Generator) -> Tensor:
        assert encoded.mean is not None
        return encoded.mean.flatten(1)

    monkeypatch.setattr(latent_draws, "drawn", means)
    augmented = LatentDraws(model, tiny_set(), augmented=True)
    assert torch.equal(draws.epoch(0), draws.epoch(1))
    assert not torch.equal(augmented.epoch(0), augmented.epoch(1))


def test_mixtures_are_fitted_to_enough_draws_and_never_to_fewer_than_they_have_numbers(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(vector_prior, "DRAWS", 150)
    model = Trainer(tiny_config(model="vae"), tiny_set()).model.eval()
    assert isinstance(model, VAE)
    draws = LatentDraws(model, tiny_set())
    assert vector_prior.training_draws(draws).shape == (160, 2)
    found = list(vector_prior.mixtures(draws))
    assert [len(each.mixture.weights) for each in found] == [10, 20, 30, 40, 50]
    assert all(each.val_bits == pytest.approx(draws.val_bits(each.mixture)) for each in found)
    monkeypatch.setattr(vector_prior, "COMPONENTS", (2, 53, 54))  # three numbers each: a mean and a weight
    assert [len(each.mixture.weights) for each in vector_prior.mixtures(draws)] == [2, 53]


def test_draws_have_each_posteriors_own_mean_and_spread():
    mean = torch.tensor([[1.0, -2.0]]).repeat(20_000, 1)
    logvar = torch.tensor([[-4.0, 1.0]]).repeat(20_000, 1)
    z = drawn(EncodedSet(mean=mean, logvar=logvar), stream(0, "draws"))
    sigma = (0.5 * logvar[0]).exp()
    assert torch.allclose(z.mean(0), mean[0], atol=0.05)
    assert torch.allclose(z.std(0), sigma, rtol=0.03)
