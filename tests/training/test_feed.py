"""Batches on their way to the model, and losses that are not looked at in every step."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import torch

from explorer.training.batches import BatchPlan, training_images
from explorer.training.feed import Feed
from explorer.training.loop import READ_EVERY, Trainer
from tests.tiny import tiny_config, tiny_set

CPU = torch.device("cpu")


@pytest.mark.parametrize("augmented", [False, True])
def test_the_feed_gives_what_a_step_sees_in_any_order(augmented: bool):
    plan = BatchPlan(tiny_set().split("train"), 10, seed=3)
    feed = Feed(tiny_set(), plan, CPU, augmented=augmented)
    for step in (1, 2, 9, 3):
        wanted = training_images(tiny_set(), plan.batch(step), 3, step, augmented=augmented)
        assert torch.equal(feed.images(step), wanted)
        assert feed.images(step).is_contiguous(memory_format=torch.channels_last)


class Beside:
    """Stands in for a stream of a GPU, and for the one that waits for it."""

    def wait_stream(self, other: object) -> None:
        assert other is not self


def test_what_was_sent_ahead_is_given_to_its_own_step_alone(monkeypatch: pytest.MonkeyPatch):
    plan = BatchPlan(tiny_set().split("train"), 10, seed=3)
    feed = Feed(tiny_set(), plan, CPU, augmented=False)
    monkeypatch.setattr(feed, "_side", Beside())
    monkeypatch.setattr(torch.cuda, "stream", lambda _: nullcontext())
    monkeypatch.setattr(torch.cuda, "current_stream", lambda _: Beside())
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda pixels: pixels)
    monkeypatch.setattr(torch.Tensor, "record_stream", lambda *_: None)
    sent: list[int] = []
    send = feed._sent

    def watched(step: int) -> torch.Tensor:
        sent.append(step)
        return send(step)

    monkeypatch.setattr(feed, "_sent", watched)
    for step in (1, 2, 3, 9, 3):
        wanted = training_images(tiny_set(), plan.batch(step), 3, step, augmented=False)
        assert torch.equal(feed.images(step), wanted)
    assert sent == [1, 2, 3, 4, 9, 10, 3, 4]


def test_what_travels_is_bytes():
    plan = BatchPlan(tiny_set().split("train"), 10, seed=3)
    assert Feed(tiny_set(), plan, CPU, augmented=True)._sent(1).dtype == torch.uint8


def test_an_accelerator_is_asked_for_its_losses_now_and_then_and_learns_the_same(monkeypatch: pytest.MonkeyPatch):
    """The CPU in its place: what is read is equal, in between stands what was read last."""
    config = tiny_config(steps=24)
    each = list(Trainer(config, tiny_set()).run())
    trainer = Trainer(config, tiny_set())
    trainer._read_every = READ_EVERY
    monkeypatch.setattr(trainer.recorder, "curve_steps", frozenset({7}))
    read = {1, 7, 10, 20, 24}
    for number, record in enumerate(trainer.run(), start=1):
        assert record.losses == each[max(step for step in read if step <= number) - 1].losses
