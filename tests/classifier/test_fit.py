"""Training a classifier on a tiny set: it learns, stops on val, repeats itself, and goes on where it was stopped."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch

from explorer.classifier.fit import Fit, FitConfig, measure
from explorer.classifier.network import FEATURES
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
