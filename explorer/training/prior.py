"""Training of a learned prior: a generator of records. It prints nothing and writes no file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from explorer.errors import TrainingError
from explorer.models.prior import (
    CausalTransformer,
    CodePrior,
    CodeSpace,
    LevelTransformer,
    TrainedLatentPrior,
    build_latent_prior,
    build_prior,
)
from explorer.streams import stream, stream_seed
from explorer.training.code_grids import CodeGrids
from explorer.training.latent_draws import LatentDraws
from explorer.training.prior_config import PriorConfig

WARM_UP = 50
CLIP = 1.0


@dataclass(frozen=True)
class PriorRecord:
    """What one step leaves.

    Attributes:
        step: 1 to `steps`.
        steps: the last step, if training does not stop before.
        bits_per_code: of the training batch, with dropout; of a continuous latent, its rate at each position.
        val_bits_per_code: of the validation part without labels; None between two looks.
        stopped: whether the validation bits have stopped falling; the last record then.
    """

    step: int
    steps: int
    bits_per_code: float
    val_bits_per_code: float | None = None
    stopped: bool = False


class PriorData(Protocol):
    """What a prior learns from: `CodeGrids`, `LatentDraws`.

    Attributes:
        num_classes: labels there are.
        train_labels: (N,).
        begins_at_a_prior: whether the untrained model is a prior worth keeping, so that step 0 is looked at too.
    """

    num_classes: int
    train_labels: Tensor
    begins_at_a_prior: bool

    def epoch(self, number: int) -> Tensor:
        """(N, ...): what epoch 0, 1, … trains on."""
        ...

    def shuffled(self, number: int) -> Tensor:
        """The order (N,) in which an epoch goes through them."""
        ...

    def bits(self, loss: float) -> float:
        """Bits a position of a batch's loss."""
        ...

    def val_bits(self, model: Any) -> float:
        """Bits a position of the validation part under a model in eval mode, without labels."""
        ...


class PriorTrainer:
    """One prior, from its config to the step after which validation bits stopped falling.

    Deterministic on one machine with one thread count, however often it was stopped and resumed.

    Args:
        config: settings.
        data: what to learn from.
        model: untrained; with `loss(batch, labels)` in nats a position.
    """

    def __init__(self, config: PriorConfig, data: PriorData, model: CodePrior | TrainedLatentPrior) -> None:
        self.config, self.data, self.model = config, data, model
        self.optimizer = _optimizer(self.model, config)
        self.step = 0
        self.best_step = 0
        self.best = _copy(self.model)
        self.val_bits: list[float] = []
        self._epoch: tuple[int, Tensor, Tensor] | None = None

    @property
    def finished(self) -> bool:
        """At the last step, or `patience` looks without improvement."""
        return self.step >= self.config.steps or self._waited() >= self.config.patience

    def _waited(self) -> int:
        if not self.val_bits:
            return 0
        return len(self.val_bits) - 1 - self.val_bits.index(min(self.val_bits))

    def run(self) -> Iterator[PriorRecord]:
        """Train until finished, one record a step. Stop taking records to pause; call again to go on."""
        if self.data.begins_at_a_prior and not self.val_bits:
            self.look()
        while not self.finished:
            loss = self._update(self.step + 1)
            self.step += 1
            look = self.step % self.config.evaluate_every == 0 or self.step == self.config.steps
            val_bits = self.look() if look else None
            yield PriorRecord(self.step, self.config.steps, self.data.bits(loss), val_bits, self.finished)

    def _update(self, step: int) -> float:
        batch, labels = self._batch(step)
        rate = self.config.lr * lr_factor(step, self.config.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.model.train()
        # Dropout draws from torch's own generator: seeded by the step, and left as it was found.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(stream_seed(self.config.seed, "prior dropout", step))
            loss = self.model.loss(batch, labels)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise TrainingError("training_diverged", step=step, value=value)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimizer.step()
        return value

    def _batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Rows and labels of a step; a hidden label is the row after the last class."""
        size = min(self.config.batch_size, len(self.data.train_labels))
        number, position = divmod(step - 1, len(self.data.train_labels) // size)
        if self._epoch is None or self._epoch[0] != number:
            self._epoch = number, self.data.epoch(number), self.data.shuffled(number)
        rows = self._epoch[2][position * size : (position + 1) * size]
        labels = self.data.train_labels[rows].clone()
        hidden = torch.rand(len(rows), generator=stream(self.config.seed, "prior labels", step))
        labels[hidden < self.config.label_dropout] = self.data.num_classes
        return self._epoch[1][rows], labels

    def look(self) -> float:
        """Bits a position of the validation part now; the weights are kept where they are the best so far."""
        self.model.eval()
        bits = self.data.val_bits(self.model)
        if not self.val_bits or bits < min(self.val_bits):
            self.best, self.best_step = _copy(self.model), self.step
        self.val_bits.append(bits)
        return bits

    def state(self) -> dict[str, Tensor]:
        """All that a resumed training needs; flat, for safetensors."""
        tensors = {"step": torch.tensor(self.step), "best_step": torch.tensor(self.best_step)}
        tensors["val_bits"] = torch.tensor(self.val_bits, dtype=torch.float64)
        tensors |= {f"weights/{name}": tensor for name, tensor in self.model.state_dict().items()}
        tensors |= {f"best/{name}": tensor for name, tensor in self.best.items()}
        for row, values in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer/{row}/{name}": value for name, value in values.items()}
        return tensors

    def resume(self, state: dict[str, Tensor]) -> None:
        """Go on from `state`, as if training had never stopped."""
        self.model.load_state_dict(_under("weights/", state))
        self.best = _under("best/", state)
        self.step, self.best_step = int(state["step"]), int(state["best_step"])
        self.val_bits = state["val_bits"].tolist()
        rows: dict[int, dict[str, Tensor]] = {}
        for key, tensor in _under("optimizer/", state).items():
            row, _, name = key.partition("/")
            rows.setdefault(int(row), {})[name] = tensor
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": rows, "param_groups": groups})


def code_prior_trainer(
    config: PriorConfig,
    grids: CodeGrids,
    num_embeddings: int,
    codebook: Tensor | None = None,
    sizes: dict[str, Any] | None = None,
    levels: int = 1,
) -> PriorTrainer:
    """Of a prior over code grids; of codes in levels the kind "transformer" is "levels".

    Args:
        config: settings.
        grids: what to learn from.
        num_embeddings: K.
        codebook: (K, D), where embeddings begin.
        sizes: of the model; defaults of its class where left out.
        levels: L of a composition, whose K is the number of tuples.
    """
    height, width = grids.train.shape[1:]
    space = CodeSpace(num_embeddings, height, width, grids.num_classes, levels)
    if levels > 1 and config.kind == CausalTransformer.kind:
        config = replace(config, kind=LevelTransformer.kind)
    model = build_prior(config.kind, space, sizes, codebook=codebook, generator=stream(config.seed, "prior"))
    return PriorTrainer(config, grids, model)


def latent_prior_trainer(
    config: PriorConfig, draws: LatentDraws, kind: str, sizes: dict[str, Any] | None = None
) -> PriorTrainer:
    """Of a density over latents.

    Args:
        config: settings; its kind is that of priors over codes and plays no part.
        draws: what to learn from.
        kind: a key of `LATENT_PRIORS`.
        sizes: of the model; defaults of its class where left out.
    """
    model = build_latent_prior(kind, draws.space, sizes, generator=stream(config.seed, "prior"))
    return PriorTrainer(config, draws, model)


def lr_factor(step: int, steps: int) -> float:
    """A linear start over the first updates, then half a cosine down to zero."""
    return min(1.0, step / WARM_UP) * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))


def _optimizer(model: nn.Module, config: PriorConfig) -> torch.optim.AdamW:
    """AdamW; tables, biases and gains are not pulled towards zero."""
    tables = {id(module.weight) for module in model.modules() if isinstance(module, nn.Embedding)}
    decayed = [p for p in model.parameters() if p.ndim > 1 and id(p) not in tables]
    others = [p for p in model.parameters() if p.ndim <= 1 or id(p) in tables]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=config.lr, betas=(0.9, 0.98))


def _copy(model: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor.clone() for name, tensor in tensors.items() if name.startswith(prefix)}
