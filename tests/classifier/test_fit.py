"""Training a classifier on a tiny set: it learns, stops on val, repeats itself, and goes on where it was stopped."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from explorer.classifier.fit import Fit, FitConfig, accuracy, answers, judged, measure
from explorer.classifier.network import FEATURES
from explorer.classifier.shipped import _load, save_classifier
from explorer.data.factors import HIDDEN, Factor
from explorer.errors import ConfigError
from tests.tiny import tiny_set

TINY = FitConfig(data="fashion", epochs=5, batch_size=20)


def test_it_learns_what_can_be_seen():
    fit = Fit(FitConfig(data="fashion", epochs=12, batch_size=10), tiny_set())
    epochs = list(fit.run())
    assert epochs[-1].loss < 0.5 * epochs[0].loss
    fit.network.load_state_dict(fit.best_weights)
    assert measure(fit.network, fit.image_set, "test")[1] > 0.8


def test_the_kept_epoch_is_the_lowest_on_val():
    fit = Fit(TINY, tiny_set())
    epochs = list(fit.run())
    lowest = min(epochs, key=lambda epoch: epoch.val_loss)
    assert epochs[-1].best == lowest.epoch
    fit.network.load_state_dict(fit.best_weights)
    assert measure(fit.network, fit.image_set, "val")[0] == pytest.approx(lowest.val_loss, rel=1e-5)


def test_it_stops_when_val_does_not_fall():
    fit = Fit(FitConfig(data="fashion", epochs=40, batch_size=40, lr=0.0, weight_decay=0.0, patience=3), tiny_set())
    epochs = list(fit.run())
    # the running means of the norms settle even at lr = 0, so val may fall for a while
    assert len(epochs) == epochs[-1].best + 3 or len(epochs) == 40
    assert fit.finished


def test_stopped_and_resumed_is_the_same_bit_for_bit():
    whole = Fit(TINY, tiny_set())
    list(whole.run())
    first = Fit(TINY, tiny_set())
    list(islice(first.run(), 2))
    second = Fit(TINY, tiny_set())
    second.resume({name: tensor.clone() for name, tensor in first.state().items()})
    assert [epoch.epoch for epoch in second.run()] == [3, 4, 5]
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, second.network.state_dict()[name]), name
        assert torch.equal(whole.best_weights[name], second.best_weights[name]), name
    assert whole.last == second.last


def test_cross_entropy_and_accuracy_are_what_numpy_says():
    fit = Fit(TINY, tiny_set())
    loss, accuracy = measure(fit.network, fit.image_set, "test")
    ids = fit.image_set.split("test")
    with torch.no_grad():
        logits = fit.network(fit.image_set.batch(ids)).double().numpy()
    labels = fit.image_set.labels[ids].numpy()
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    assert loss == pytest.approx(-log_p[np.arange(len(ids)), labels].mean(), rel=1e-6)
    assert accuracy == (logits.argmax(1) == labels).mean()


def test_features_are_not_negative_and_as_many_as_named():
    fit = Fit(TINY, tiny_set())
    with torch.no_grad():
        features = fit.network.eval().features(fit.image_set.batch(fit.image_set.split("val")))
    assert features.shape == (10, FEATURES)
    assert float(features.min()) >= 0


def test_too_large_a_batch_is_refused():
    with pytest.raises(ConfigError, match="batch-size"):
        Fit(FitConfig(data="fashion", epochs=1, batch_size=500), tiny_set())


def with_factors():
    """The tiny set with two factors: the class by another name, hidden on every tenth picture, and its parity."""
    whole = tiny_set()
    hidden = torch.arange(len(whole)) % 10 == 3
    size = Factor(torch.where(hidden, HIDDEN, whole.labels), ("small", "middle", "large"))
    return replace(whole, factors={"size": size, "large": Factor((whole.labels == 2).long(), ("no", "yes"))})


def test_each_factor_has_a_head_and_what_is_hidden_teaches_nothing():
    fit = Fit(FitConfig(data="fashion", epochs=12, batch_size=10, augment=False), with_factors())
    list(fit.run())
    fit.network.load_state_dict(fit.best_weights)
    logits = judged(fit.network, fit.image_set, "test")
    assert [each.shape[1] for each in logits] == [3, 3, 2]
    right = answers(fit.image_set, fit.image_set.split("test"))
    assert all(accuracy(each, values) > 0.8 for each, values in zip(logits, right, strict=True))
    seen = [values != HIDDEN for values in right]
    assert not seen[1].all()
    by_hand = [float(cross_entropy(each[s], values[s])) for each, values, s in zip(logits, right, seen, strict=True)]
    loss, share = measure(fit.network, fit.image_set, "test")
    assert loss == pytest.approx(sum(by_hand) / 3)
    assert share == pytest.approx(sum(accuracy(*pair) for pair in zip(logits, right, strict=True)) / 3)


@pytest.mark.parametrize("cell", [1, 2])
def test_a_classifier_with_factors_is_written_and_answers_by_name(cell, tmp_path):
    image_set = with_factors()
    fit = Fit(FitConfig(data="fashion", epochs=2, batch_size=20, augment=False, cell=cell), image_set)
    list(fit.run())
    values = save_classifier(tmp_path / "fashion", fit)
    assert set(values["factor_test"]) == {"size", "large"}
    test = image_set.split("test")
    assert values["factor_test"]["size"]["n"] == int((image_set.factors["size"].values[test] != HIDDEN).sum())
    card = (tmp_path / "fashion" / "README.md").read_text()
    assert "| large | 2 |" in card
    assert "mirror" not in card
    classifier = _load(tmp_path / "fashion", image_set.sha256)
    found = classifier.factor_probabilities(image_set.batch(torch.arange(4)))
    assert {name: tuple(each.shape) for name, each in found.items()} == {"size": (4, 3), "large": (4, 2)}
    assert torch.allclose(found["size"].sum(1), torch.ones(4), atol=1e-5)
    with torch.no_grad():
        again = fit.network.eval().all_logits(image_set.batch(torch.arange(4)))[1].softmax(1)
    assert torch.allclose(found["size"], again, atol=1e-5)
