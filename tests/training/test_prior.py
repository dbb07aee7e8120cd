"""Training of a prior: it stops, keeps its best, hides labels, and augments where the run was augmented."""

from __future__ import annotations

from itertools import islice

import pytest
import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models import VQVAE
from explorer.models.prior import CodePrior, CodeSpace
from explorer.streams import stream
from explorer.training.code_grids import CodeGrids, bits_per_code
from explorer.training.loop import Trainer
from explorer.training.prior import code_prior_trainer, lr_factor
from explorer.training.prior_config import PriorConfig
from tests.tiny import tiny_config, tiny_set

SIZES = {"width": 16, "layers": 2, "heads": 2, "dropout": 0.0}


class RandomGrids(CodeGrids):
    """Few random grids: there is nothing to learn but the training part itself."""

    def __init__(self) -> None:
        self._augmented = False
        self._seed = 0
        self.num_classes = 2
        self.train, self.val = (torch.randint(0, 6, (20, 2, 3), generator=stream(k, "grids")) for k in range(2))
        self.train_labels, self.val_labels = torch.arange(20) % 2, torch.arange(20) % 2


class Uniform(CodePrior):
    """Every code as likely as any other."""

    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        assert labels is None
        return torch.zeros(*indices.shape, self.space.num_embeddings)


def test_codes_that_are_all_as_likely_cost_their_logarithm():
    prior = Uniform(CodeSpace(8, 2, 3))
    assert bits_per_code(prior, torch.zeros(5, 2, 3, dtype=torch.int64)) == pytest.approx(3)


def test_it_stops_when_held_out_bits_rise_and_keeps_the_best():
    config = PriorConfig(steps=2000, lr=0.01, evaluate_every=10, patience=3, batch_size=20)
    grids = RandomGrids()
    trainer = code_prior_trainer(config, grids, 6, sizes=SIZES)
    records = list(trainer.run())
    looks = [record.val_bits_per_code for record in records if record.val_bits_per_code is not None]
    assert len(records) < 300
    assert [record.stopped for record in records[-2:]] == [False, True]
    assert trainer.val_bits == looks
    assert trainer.best_step == 10 * (1 + looks.index(min(looks)))
    assert len(looks) == 1 + looks.index(min(looks)) + 3
    trainer.model.load_state_dict(trainer.best)
    assert isinstance(trainer.model, CodePrior)
    assert bits_per_code(trainer.model.eval(), grids.val) == pytest.approx(min(looks))
    assert list(trainer.run()) == []


def test_labels_are_hidden_as_often_as_asked():
    always = code_prior_trainer(PriorConfig(label_dropout=1), RandomGrids(), 6, sizes=SIZES)
    never = code_prior_trainer(PriorConfig(label_dropout=0), RandomGrids(), 6, sizes=SIZES)
    assert set(always._batch(1)[1].tolist()) == {2}
    assert set(never._batch(1)[1].tolist()) == {0, 1}
    sometimes = code_prior_trainer(PriorConfig(label_dropout=0.5), RandomGrids(), 6, sizes=SIZES)
    assert set(sometimes._batch(1)[1].tolist()) == {0, 1, 2}


def test_labels_stay_with_their_grids():
    grids = RandomGrids()
    trainer = code_prior_trainer(PriorConfig(label_dropout=0, batch_size=7), grids, 6, sizes=SIZES)
    pairs = zip(grids.train, trainer.data.train_labels, strict=True)
    label_of = {tuple(g.flatten().tolist()): int(y) for g, y in pairs}
    for step in (1, 2, 3):
        batch, labels = trainer._batch(step)
        assert [label_of[tuple(grid.flatten().tolist())] for grid in batch] == labels.tolist()


def test_a_prior_of_an_augmented_run_sees_other_codes_each_epoch():
    trainer = Trainer(tiny_config(codebook_init="data"), tiny_set())
    trainer.start_codebook()  # untrained: these discs are too much alike for 12 steps to need more than one code
    model = trainer.model.eval()
    assert isinstance(model, VQVAE)
    plain, augmented = CodeGrids(model, tiny_set()), CodeGrids(model, tiny_set(), augmented=True)
    assert torch.equal(plain.epoch(0), plain.epoch(1))
    assert torch.equal(augmented.train, plain.train)
    assert torch.equal(augmented.epoch(1), augmented.epoch(1))
    assert not torch.equal(augmented.epoch(0), augmented.epoch(1))
    assert not torch.equal(augmented.epoch(0), augmented.train)


def test_dropout_leaves_the_random_numbers_of_others_alone():
    trainer = code_prior_trainer(PriorConfig(), RandomGrids(), 6, sizes=SIZES | {"dropout": 0.5})
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    list(islice(trainer.run(), 2))
    assert torch.equal(torch.rand(1), expected)


def test_the_learning_rate_rises_and_falls_to_zero():
    factors = [lr_factor(step, 1000) for step in range(1, 1001)]
    assert factors[0] < 0.05
    assert max(factors) > 0.95
    assert factors[-1] < 1e-4
    assert factors[:50] == pytest.approx([k / 50 for k in range(1, 51)], rel=0.01)  # a line, and hardly any cosine
    assert lr_factor(501, 1000) == pytest.approx(0.5)  # half way down


@pytest.mark.parametrize("values, code", [({"kind": "lstm"}, "config_choice"), ({"depth": 1}, "config_unknown")])
def test_settings_are_checked(values: dict[str, object], code: str):
    with pytest.raises(ConfigError) as error:
        PriorConfig.from_dict(values)
    assert error.value.code == code
    assert PriorConfig.from_dict(PriorConfig(steps=5).to_dict()) == PriorConfig(steps=5)
