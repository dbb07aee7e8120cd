"""The film, its counts and its mini-batches, against the trace, the model and NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.data import load_image_set
from explorer.metrics.codebook import live_gauge
from explorer.metrics.codebook_life import NEVER_HIT, STALE, STARVED, USED
from explorer.metrics.ema_step import EMAStep, ema_step
from explorer.runs import Run, load_run
from explorer.training.loop import Trainer
from explorer.ui.computed import catalog
from explorer.ui.computed.encoded import projected
from explorer.ui.computed.film import counted, film, has_film, restarted, sampled_rows
from explorer.ui.computed.one_step import MiniBatch, ema_start, mini_batch, model_at
from explorer.ui.media.codebook import PHOTO_COLUMNS, photos
from tests.oracles import codebook_gradient
from tests.ui.codebook.conftest import CODES, DEEP, EMOJI, GRADIENT, HOLD, SNIPPET, STEPS
from tests.ui.conftest import EMA, VAE


@pytest.mark.parametrize("run_id", [HOLD, SNIPPET, GRADIENT])
def test_a_film_of_two_numbers_is_the_trace_as_it_is(run_id):
    run = catalog.run(run_id)
    shown = film(run)
    codebook = run.trace.frames["codebook"].astype(np.float32)
    assert np.array_equal(shown.places, codebook)
    assert np.allclose(shown.norms, np.sqrt((codebook.astype(float) ** 2).sum(2)), rtol=1e-6)
    for t in (0, STEPS):
        distances = ((shown.drawn[t][:, None].astype(float) - codebook[t][None]) ** 2).sum(2)
        chosen = distances[np.arange(len(distances)), shown.codes[t]]
        assert np.allclose(chosen, distances.min(1), rtol=1e-4, atol=1e-7)


def test_a_drawn_vector_is_that_cell_of_that_image():
    run = catalog.run(HOLD)
    shown, images = film(run), load_image_set("fashion")
    for p in (0, 7, 1999):
        with torch.no_grad():
            z_e = run.model.features(images.batch(torch.tensor([int(shown.images[0, p])])))[0].flatten(1).T
        assert np.allclose(z_e[int(shown.cells[0, p])].numpy(), shown.drawn[-1, p], atol=2e-3)


def test_a_film_of_more_numbers_lies_on_the_plane_of_the_latent_tab():
    run = catalog.run(DEEP)
    shown, plane = film(run), projected(run).plane
    codebook = run.trace.frames["codebook"].astype(float)
    assert np.allclose(shown.places[3], (codebook[3] - plane.mean) @ plane.axes.T, atol=1e-4)
    assert np.allclose(shown.norms[3], np.linalg.norm(codebook[3], axis=1), rtol=1e-4)
    rows, cells = sampled_rows(run)
    assert np.array_equal(shown.images[2], run.trace.frames["batch_ids"][2][rows])
    assert np.array_equal(shown.cells[2], cells)


def test_a_run_without_frames_has_no_film():
    assert not has_film(catalog.run(EMA))
    assert not has_film(catalog.run(VAE))


@pytest.mark.parametrize("windows, starved", [(1, 10), (4, 60)])
def test_states_are_the_live_gauges(windows, starved):
    run = catalog.run(HOLD)
    found = counted(run, windows, starved)
    hits = torch.from_numpy(run.trace.frames["hits"]).long()
    gauge = live_gauge(found.life.hits[-1], hits.sum(0), starved / 100)
    states = found.life.states[-1]
    assert torch.equal(states >= STALE, gauge.stale)
    assert torch.equal(states == STARVED, gauge.starved)
    assert torch.equal(states == NEVER_HIT, gauge.stale & gauge.never_hit)
    assert (states == USED).any()
    share = found.life.hits[-1].double().numpy() / int(found.life.vectors[-1])
    assert found.perplexity[-1] == pytest.approx(np.exp(-(share[share > 0] * np.log(share[share > 0])).sum()))
    assert 0 < found.distinct[-1] <= int((share > 0).sum())


def test_nothing_is_restarted_under_a_rule_that_keeps_dead_codes():
    assert not restarted(catalog.run(HOLD)).any()


@pytest.mark.parametrize("run_id", [HOLD, EMOJI, GRADIENT])
def test_a_mini_batch_is_the_trainers_own(run_id):
    """Encoded again from the film's weights: the same images, augmented alike, in the same order."""
    run = load_run(run_id)
    batch = mini_batch(run, 2)
    trainer = Trainer(run.config, load_image_set(run.config.data))
    assert batch.whole
    assert batch.step == 2
    with torch.no_grad():
        z_e = model_at(run, 2).features(trainer.feed.images(3))
    rows = z_e.flatten(2).transpose(1, 2).flatten(0, 1).double().numpy()
    assert np.allclose(batch.vectors, rows, atol=1e-5)
    distances = ((batch.vectors[:, None] - batch.codebook[None]) ** 2).sum(2)
    assert np.allclose(distances[np.arange(len(rows)), batch.chosen], distances.min(1), atol=1e-6)
    for k in range(CODES):
        assert batch.hits[k] == (batch.chosen == k).sum()
        assert np.allclose(batch.sums[k], batch.vectors[batch.chosen == k].sum(0))


def next_update(run: Run, batch: MiniBatch) -> EMAStep:
    """The update after `batch`, with the run's own settings."""
    rule = {"decay": run.config.decay, "epsilon": run.config.epsilon}
    start, step = ema_start(run), batch.step + 1
    return ema_step(batch.count, batch.total, batch.hits, batch.sums, **rule, start=start, step=step)


@pytest.mark.parametrize("run_id", [HOLD, SNIPPET, EMOJI])
@pytest.mark.parametrize("frame", [0, 1, 4])
def test_the_arithmetic_is_what_the_model_does(run_id, frame):
    """The model itself, set to the state that the page begins from, learns from the same vectors."""
    run = load_run(run_id)
    batch = mini_batch(run, frame)
    mine = next_update(run, batch)
    quantizer = model_at(run, batch.step).quantizer.train()
    quantizer.codebook.copy_(torch.from_numpy(batch.codebook))
    quantizer.ema_count.copy_(torch.from_numpy(batch.count))  # type: ignore[operator]
    quantizer.ema_sum.copy_(torch.from_numpy(batch.total))  # type: ignore[operator]
    output = quantizer(torch.from_numpy(batch.vectors).float())
    assert torch.equal(output.counts, torch.from_numpy(batch.hits))
    scale = np.linalg.norm(mine.codebook, axis=1, keepdims=True) + 1e-3
    assert (np.abs(quantizer.codebook.numpy() - mine.codebook) / scale).max() < 1e-5


@pytest.mark.parametrize("run_id", [HOLD, SNIPPET, EMOJI])
@pytest.mark.parametrize("frame", range(STEPS))
def test_the_arithmetic_is_what_the_run_did(run_id, frame):
    """Against the codebook that the run recorded one step later, row by row, to what float16 holds."""
    run = load_run(run_id)
    batch = mini_batch(run, frame)
    mine = next_update(run, batch)
    recorded = run.trace.frames["codebook"][frame + 1].astype(float)
    off = np.linalg.norm(recorded - mine.codebook, axis=1) / (np.linalg.norm(recorded, axis=1) + 1e-2)
    assert off.max() < 0.01


def test_rows_that_nobody_chose_stay_where_they_are_at_the_first_gradient_step():
    run = load_run(GRADIENT)
    batch = mini_batch(run, 0)
    gradient = codebook_gradient(batch.codebook, batch.hits, batch.sums)
    before, after = run.trace.frames["codebook"][:2]
    zero = (gradient == 0).all(1)
    assert np.array_equal(zero, batch.hits == 0)
    assert zero.any()
    assert np.array_equal(before[zero], after[zero])
    moved = np.abs(gradient) > 1e-6
    assert (np.sign(before.astype(float) - after)[moved] == np.sign(gradient)[moved]).all()


def test_without_weights_a_mini_batch_is_the_sample_the_film_keeps():
    run = load_run(DEEP)
    batch = mini_batch(run, 1)
    assert not batch.whole
    assert len(batch.vectors) == run.trace.frames["batch_latents"].shape[1]
    assert batch.hits.sum() == len(batch.vectors)


@pytest.mark.parametrize("run_id, frame", [(HOLD, 0), (DEEP, 2)])
def test_photos_stand_in_the_order_in_which_the_film_names_them(run_id, frame):
    run = catalog.run(run_id)
    sheet = photos(f"{run_id}.{frame}")
    names = list(dict.fromkeys(film(run).images[frame].tolist()))
    images = load_image_set(run.config.data).images
    for place in (0, len(names) - 1):
        top, left = place // PHOTO_COLUMNS * 28, place % PHOTO_COLUMNS * 28
        assert torch.equal(sheet[:, top : top + 28, left : left + 28], images[names[place]])
