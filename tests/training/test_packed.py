"""A training in tensors: taken up where it was, film and all."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

from explorer.training import packed
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set


@pytest.mark.parametrize("config", [tiny_config(), tiny_config(model="vae", trace="codebook")], ids=["vqvae", "vae"])
def test_a_packed_training_goes_on_bit_for_bit(config: RunConfig):
    whole, first, second = (Trainer(config, tiny_set()) for _ in range(3))
    list(whole.run())
    list(islice(first.run(), 5))
    tensors = packed.tensors_of(first)
    assert {name.partition("/")[0] for name in tensors} == {"weights", "state", "trace"}
    packed.resume(second, tensors)
    assert second.step == 5
    assert second.recorder.trace().level == config.trace
    list(second.run())
    expected, found = packed.tensors_of(whole), packed.tensors_of(second)
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        assert torch.equal(found[name].nan_to_num(), tensor.nan_to_num()), name


def test_a_training_of_others_is_refused():
    other = Trainer(tiny_config(width=16), tiny_set())
    list(islice(other.run(), 1))
    with pytest.raises(RuntimeError):
        packed.resume(Trainer(tiny_config(), tiny_set()), packed.tensors_of(other))
