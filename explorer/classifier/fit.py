"""Training a small classifier: a generator of epochs. It prints nothing and writes no file.

Only the training split teaches it; the validation split chooses the epoch that is kept; the test split is measured
once, at the end, by whoever saves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from explorer.classifier.network import Network
from explorer.data import ImageSet
from explorer.data.augment import augment
from explorer.data.factors import HIDDEN
from explorer.models import ImageShape
from explorer.streams import stream
from explorer.training.batches import BatchPlan

EVALUATED_AT_ONCE = 500


@dataclass(frozen=True)
class FitConfig:
    """How a classifier is trained: Adam with decoupled weight decay, a cosine to 0, shifts and mirror images.

    Attributes:
        data: image set.
        epochs: at most this many passes over the training split.
        batch_size: images per step.
        lr: first learning rate.
        weight_decay: of the convolutions and the last layer, per unit of learning rate.
        patience: epochs without a lower validation loss after which it stops.
        seed: of weights, batches and augmentation.
        augment: shift and mirror; not where a mirrored part is another part.
        cell: of `Network`.
    """

    data: str
    epochs: int
    batch_size: int = 128
    lr: float = 3e-3
    weight_decay: float = 0.05
    patience: int = 20
    seed: int = 0
    augment: bool = True
    cell: int = 1

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Epoch:
    """What one pass over the training split leaves.

    Attributes:
        epoch: 1, 2, ...
        loss: mean cross-entropy of the pass's batches, nats; with factors the mean over classes and factors.
        val_loss: cross-entropy on the validation split, nats, likewise.
        val_accuracy: share of it that is right, likewise.
        best: the epoch with the lowest `val_loss` so far.
    """

    epoch: int
    loss: float
    val_loss: float
    val_accuracy: float
    best: int


class Fit:
    """One classifier, from its config to its last epoch; deterministic, and resumable between epochs.

    Args:
        config: the settings.
        image_set: the images `config.data` names.
    """

    def __init__(self, config: FitConfig, image_set: ImageSet) -> None:
        self.config = config
        self.image_set = image_set
        shape = ImageShape(image_set.channels, image_set.height, image_set.width)
        values = [len(factor.names) for factor in image_set.factors.values()]
        network = Network(shape, len(image_set.class_names), config.seed, values, config.cell)
        self.network = network.to(memory_format=torch.channels_last)
        self.plan = BatchPlan(image_set.split("train"), config.batch_size, config.seed)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), config.lr, weight_decay=config.weight_decay)
        self.last = Epoch(0, math.inf, math.inf, 0.0, 0)
        self.lowest = math.inf
        self.best_weights = _copy(self.network.state_dict())

    @property
    def finished(self) -> bool:
        """Whether nothing is left to train."""
        return self.last.epoch >= self.config.epochs or self.last.epoch - self.last.best >= self.config.patience

    def run(self) -> Iterator[Epoch]:
        """Train until `finished`, one record an epoch; stop taking records to pause."""
        while not self.finished:
            epoch = self.last.epoch + 1
            loss = self._train(epoch)
            val_loss, val_accuracy = measure(self.network, self.image_set, "val")
            best = self.last.best
            if val_loss < self.lowest:
                best, self.lowest, self.best_weights = epoch, val_loss, _copy(self.network.state_dict())
            self.last = Epoch(epoch, loss, val_loss, val_accuracy, best)
            yield self.last

    def _train(self, epoch: int) -> float:
        self.network.train()
        total, steps = 0.0, self.plan.per_epoch
        for step in range((epoch - 1) * steps + 1, epoch * steps + 1):
            ids = self.plan.batch(step)
            pixels = self.image_set.pixels(ids)
            if self.config.augment:
                pixels = augment(pixels, stream(self.config.seed, "augment", step))
            x = (pixels.float() / 255).contiguous(memory_format=torch.channels_last)
            loss = _loss(self.network.all_logits(x), answers(self.image_set, ids))
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            for group in self.optimizer.param_groups:
                group["lr"] = self.config.lr * 0.5 * (1 + math.cos(math.pi * step / (self.config.epochs * steps)))
            self.optimizer.step()
            total += float(loss.detach())
        return total / steps

    def state(self) -> dict[str, Tensor]:
        """What a resumed fit needs; flat, for safetensors."""
        record = torch.tensor([*asdict(self.last).values(), self.lowest], dtype=torch.float64)
        tensors = {"record": record}
        tensors |= {f"weights/{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= {f"best/{name}": tensor for name, tensor in self.best_weights.items()}
        for row, values in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer/{row}/{name}": value for name, value in values.items()}
        return {name: tensor.contiguous() for name, tensor in tensors.items()}

    def resume(self, state: dict[str, Tensor]) -> None:
        """Go on from a stopped fit, as if it had never stopped."""
        epoch, loss, val_loss, val_accuracy, best, self.lowest = state["record"].tolist()
        self.last = Epoch(int(epoch), loss, val_loss, val_accuracy, int(best))
        parts: dict[str, dict[str, Tensor]] = {"weights": {}, "best": {}, "optimizer": {}}
        for key, tensor in state.items():
            part, _, name = key.partition("/")
            if name:
                parts[part][name] = tensor
        self.network.load_state_dict(parts["weights"])
        self.best_weights = parts["best"]
        rows: dict[int, dict[str, Tensor]] = {}
        for key, tensor in parts["optimizer"].items():
            row, _, name = key.partition("/")
            rows.setdefault(int(row), {})[name] = tensor
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": rows, "param_groups": groups})


def answers(image_set: ImageSet, ids: Tensor) -> list[Tensor]:
    """What is right, (B,) each: the class, then each factor, `HIDDEN` where a picture does not show it."""
    return [image_set.labels[ids], *(factor.values[ids] for factor in image_set.factors.values())]


def measure(network: Network, image_set: ImageSet, split: str) -> tuple[float, float]:
    """Cross-entropy in nats and share of right answers on a whole split, in eval mode: means over what is asked."""
    logits, right = judged(network, image_set, split), answers(image_set, image_set.split(split))
    accuracies = [accuracy(each, values) for each, values in zip(logits, right, strict=True)]
    return float(_loss(logits, right)), sum(accuracies) / len(accuracies)


@torch.no_grad()
def judged(network: Network, image_set: ImageSet, split: str) -> list[Tensor]:
    """float64 logits of a whole split, in eval mode: `Network.all_logits`."""
    network.eval()
    parts = [network.all_logits(image_set.batch(part)) for part in image_set.split(split).split(EVALUATED_AT_ONCE)]
    return [torch.cat(each).double() for each in zip(*parts, strict=True)]


def accuracy(logits: Tensor, values: Tensor) -> float:
    """Share of right answers among pictures whose value is not `HIDDEN`."""
    seen = values != HIDDEN
    return float((logits.argmax(1) == values)[seen].double().mean())


def _loss(logits: list[Tensor], right: list[Tensor]) -> Tensor:
    losses = [cross_entropy(each, values, ignore_index=HIDDEN) for each, values in zip(logits, right, strict=True)]
    return torch.stack(losses).mean()


def _copy(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in tensors.items()}
