"""Training: deterministic, resumable, twins equal until the first codebook update."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from explorer.errors import TrainingError
from explorer.models import VQVAE
from explorer.models.latents import GaussianLatent
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer, lr_factor
from tests.registries import ENTRIES, settings_with
from tests.tiny import tiny_config, tiny_set

KINDS: dict[str, dict[str, object]] = {
    "ae": {"model": "ae"},
    "vae": {"model": "vae"},
    "spatial vae": {"model": "vae", "spatial": True},
    "gradient": {"codebook_update": "gradient"},
    "ema": {},
    "snippet": {"codebook_update": "snippet"},
    "restart": {"dead_codes": "restart", "codebook_init": "data"},
    "kmeans": {"codebook_update": "gradient", "codebook_init": "kmeans", "augment": True, "lr_schedule": "cosine"},
}
#: Every entry of every registry beside them: what is new there is resumed here.
RESUMED = KINDS | {"-".join(entry): settings_with(*entry) for entry in ENTRIES}
#: Steps, and those before it is stopped; a restart falls due once a code was idle for 20.
USUAL, LONG = (12, 5), (44, 30)
LASTS = {"dead_codes-restart": LONG, "restart": LONG}


def trained(config: RunConfig, steps: int | None = None) -> Trainer:
    trainer = Trainer(config, tiny_set())
    list(islice(trainer.run(), steps))
    return trainer


def equal_weights(one: Trainer, two: Trainer) -> bool:
    pairs = zip(one.model.state_dict().items(), two.model.state_dict().items(), strict=True)
    return all(name == other and torch.equal(a, b) for (name, a), (other, b) in pairs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_config_gives_the_same_weights_bit_for_bit(kind: str):
    config = tiny_config(**KINDS[kind])
    torch.manual_seed(1)
    one = trained(config)
    torch.manual_seed(2)
    two = trained(config)
    assert equal_weights(one, two)
    assert one.step == config.steps


@pytest.mark.parametrize("kind", RESUMED)
def test_a_resumed_run_is_in_every_bit_the_one_that_was_not_stopped(kind: str):
    steps, stopped = LASTS.get(kind, USUAL)
    config = tiny_config(steps=steps, **RESUMED[kind])
    whole, first = trained(config), trained(config, stopped)
    weights = {name: tensor.clone() for name, tensor in first.model.state_dict().items()}
    # Contiguous, as a file holds them, whatever the memory format of the weights.
    state = {
        name: tensor.detach().clone(memory_format=torch.contiguous_format) for name, tensor in first.state().items()
    }
    second = Trainer(config, tiny_set())
    second.resume(weights, state, first.recorder.trace())
    records = list(second.run())
    assert [record.step for record in records] == list(range(stopped + 1, steps + 1))
    assert equal_weights(whole, second)
    assert_equal_arrays(whole.state(), second.state())
    assert_equal_arrays(whole.recorder.trace().to_arrays(), second.recorder.trace().to_arrays())


def assert_equal_arrays(one: Mapping[str, Any], two: Mapping[str, Any]) -> None:
    """Tensors or arrays by name, equal in every bit."""
    assert one.keys() == two.keys()
    for name, value in one.items():
        assert np.asarray(value).tobytes() == np.asarray(two[name]).tobytes(), name


@pytest.mark.parametrize("kind", LASTS)
def test_codes_are_restarted_on_both_sides_of_the_stop(kind: str):
    """Else the runs that are resumed above would say nothing about restarts."""
    steps, stopped = LASTS[kind]
    trainer = Trainer(tiny_config(steps=steps, **RESUMED[kind]), tiny_set())
    records = trainer.run()
    list(islice(records, stopped))
    before = trainer.restarts
    list(records)
    assert 0 < before < trainer.restarts


def test_twins_are_equal_bit_for_bit_up_to_the_first_codebook_update():
    gradient, ema = (Trainer(tiny_config(codebook_update=rule), tiny_set()) for rule in ("gradient", "ema"))
    assert isinstance(gradient.model, VQVAE)
    assert isinstance(ema.model, VQVAE)
    one, two = dict(gradient.model.state_dict()), dict(ema.model.state_dict())
    assert all(torch.equal(one[name], two[name]) for name in one)
    losses = [next(trainer.run()).losses for trainer in (gradient, ema)]
    assert losses[0] == losses[1]
    # One update later the encoders still agree: the codebook term sends nothing to the encoder.
    assert torch.equal(gradient.model.encoder.down1.weight, ema.model.encoder.down1.weight)
    assert not torch.equal(gradient.model.quantizer.codebook, ema.model.quantizer.codebook)


def test_the_snippet_twin_shares_weights_and_batches():
    ema, snippet = (Trainer(tiny_config(codebook_update=rule), tiny_set()) for rule in ("ema", "snippet"))
    assert torch.equal(ema.model.encoder.down1.weight, snippet.model.encoder.down1.weight)
    assert torch.equal(ema.model.decoder.up2.weight, snippet.model.decoder.up2.weight)
    assert torch.equal(ema.plan.batch(3), snippet.plan.batch(3))


def test_cosine_begins_at_the_full_rate_and_ends_near_zero():
    config = tiny_config(lr_schedule="cosine", steps=100)
    factors = [lr_factor(config, step) for step in range(1, 101)]
    assert factors[0] == 1
    assert factors[50] == pytest.approx(0.5)
    assert 0 < factors[-1] < 3e-4
    assert factors == sorted(factors, reverse=True)


def test_settle_is_a_cosine_that_ends_at_four_fifths_and_then_a_hundredth():
    config = tiny_config(lr_schedule="settle", steps=100)
    factors = [lr_factor(config, step) for step in range(1, 101)]
    assert factors[0] == 1
    assert factors[40] == pytest.approx(0.5)
    assert factors[80:] == [0.01] * 20
    assert factors == sorted(factors, reverse=True)


def test_the_codebook_has_its_own_rate_under_the_same_schedule():
    config = tiny_config(codebook_update="gradient", codebook_lr=0.1, lr=0.01, lr_schedule="cosine")
    trainer = trained(config, 6)
    assert [group["lr"] for group in trainer.optimizer.param_groups] == pytest.approx(
        [rate * lr_factor(config, 6) for rate in (0.01, 0.1)]
    )
    assert trainer.optimizer.param_groups[1]["weight_decay"] == 0


def test_training_learns():
    records = list(Trainer(tiny_config(model="ae", steps=150, lr=3e-3), tiny_set()).run())
    assert records[-1].losses["mse"] < 0.5 * records[0].losses["mse"]


@pytest.mark.parametrize("kind", ["vae", "gradient", "ema"])
def test_bf16_is_for_the_network_alone(kind: str):
    """Under autocast convolutions are in bfloat16; latents, codes, losses, weights and moments stay float32."""
    plain, mixed = (Trainer(tiny_config(precision=p, **KINDS[kind]), tiny_set()) for p in ("fp32", "bf16"))
    seen: dict[str, set[torch.dtype]] = {"encoder": set(), "decoder input": set(), "codes": set()}
    mixed.model.encoder.register_forward_hook(
        lambda module, given, found: seen["encoder"].add(found.dtype) if module.training else None
    )
    mixed.model.decoder.register_forward_pre_hook(
        lambda module, given: seen["decoder input"].add(given[0].dtype) if module.training else None
    )
    if isinstance(mixed.model, VQVAE):
        mixed.model.quantizer.register_forward_hook(
            lambda module, given, found: seen["codes"].update((given[0].dtype, found.quantized.dtype, found.loss.dtype))
        )
    first, second = next(plain.run()).losses, next(mixed.run()).losses
    assert seen["encoder"] == {torch.bfloat16}
    assert seen["decoder input"] == {torch.float32}
    assert seen["codes"] <= {torch.float32}
    assert second == pytest.approx(first, rel=0.03, abs=1e-3)
    assert second != first
    tensors = [*mixed.model.state_dict().values(), *mixed.state().values()]
    assert torch.bfloat16 not in {tensor.dtype for tensor in tensors}


def test_a_full_trace_has_every_array_of_its_table():
    trace = trained(tiny_config()).recorder.trace()
    t, k, d = len(trace.frame_steps), 8, 2
    shapes = {name: array.shape for name, array in trace.frames.items()}
    assert trace.frame_steps.tolist() == list(range(13))
    assert shapes["codebook"] == shapes["ema_sum"] == (t, k, d)
    assert shapes["hits"] == shapes["ema_count"] == (t, k)
    assert shapes["probe_latents"][::2] == (t, d)
    assert shapes["reconstructions"] == (t, 8, 1, 8, 8)
    assert shapes["batch_ids"] == (t, 10)
    assert shapes["val_mse"] == (t,)
    assert sorted(trace.weights) == [0, 12]


def test_scalars_keep_the_curves_alone():
    trace = trained(tiny_config(trace="scalars", kept_weights=0)).recorder.trace()
    assert sorted(trace.frames) == ["val_loss", "val_mse"]
    assert {"mse", "commitment", "used", "perplexity", "norm_median"} <= set(trace.curves)


@pytest.mark.parametrize("level", ["full", "codebook", "scalars"])
@pytest.mark.parametrize("spatial", [False, True])
def test_a_vae_keeps_the_nats_of_each_unit_at_every_level(level: str, spatial: bool):
    trainer = trained(tiny_config(model="vae", latent_dim=3, spatial=spatial, trace=level, kept_weights=0))
    trace = trainer.recorder.trace()
    kl = trace.frames["kl_units"]
    assert kl.dtype == np.float32
    assert kl.shape == (len(trace.frame_steps), 3)
    val = tiny_set().split("val")
    with torch.no_grad():
        latent = trainer.model.eval().encode(tiny_set().batch(val))
    assert isinstance(latent, GaussianLatent)
    mean, logvar = (part.double().reshape(len(val), 3, -1) for part in (latent.mean, latent.logvar))
    by_hand = (0.5 * (mean**2 + logvar.exp() - 1 - logvar)).sum(2).mean(0)
    np.testing.assert_allclose(kl[-1], by_hand.numpy(), rtol=1e-3, atol=1e-5)


def test_a_resumed_film_of_format_1_says_that_nobody_measured_the_units():
    trainer = trained(tiny_config(model="vae", kept_weights=0))
    old = trainer.recorder.trace()
    del old.frames["kl_units"]
    again = Trainer(tiny_config(model="vae", kept_weights=0), tiny_set())
    again.recorder.resume(old)
    kl = again.recorder.trace().frames["kl_units"]
    assert kl.shape == (len(old.frame_steps), 2)
    assert np.isnan(kl).all()


def test_long_codes_keep_few_probes_at_their_twelve_frames():
    trace = trained(tiny_config(embedding_dim=16, steps=40, trace="codebook", kept_weights=0)).recorder.trace()
    assert len(trace.frame_steps) == 12
    probes = trace.fixed["probe_cells"]
    assert len(probes) <= 512
    assert trace.frames["probe_latents"].shape == (12, len(probes), 16)
    assert "reconstructions" not in trace.frames


def test_probes_are_the_encoder_s_output_at_the_named_cells():
    trainer = trained(tiny_config())
    trace = trainer.recorder.trace()
    ids, cells = trace.fixed["probe_ids"], trace.fixed["probe_cells"]
    pick = 7
    x = tiny_set().batch(torch.tensor([int(ids[pick])]))
    with torch.no_grad():
        z_e = trainer.model.eval().features(x)[0].flatten(1)[:, int(cells[pick])]
    torch.testing.assert_close(torch.as_tensor(trace.frames["probe_latents"][-1][pick]).float(), z_e, atol=2e-3, rtol=0)


def test_a_frame_holds_the_batch_that_comes_next():
    trainer = trained(tiny_config())
    trace = trainer.recorder.trace()
    assert trace.frames["batch_ids"][3].tolist() == trainer.plan.batch(4).tolist()


def test_a_loss_that_is_no_number_stops_the_run_before_it_spoils_the_weights():
    trainer = Trainer(tiny_config(model="ae"), tiny_set())
    records = trainer.run()
    next(records)
    with torch.no_grad():
        trainer.model.decoder.up2.weight.fill_(float("nan"))
    before = trainer.model.encoder.down1.weight.clone()
    with pytest.raises(TrainingError, match="lower --lr"):
        next(records)
    assert torch.equal(before, trainer.model.encoder.down1.weight)
