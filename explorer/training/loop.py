"""The training loop: a generator of records. It prints nothing and writes no file."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from explorer.data import ImageSet
from explorer.errors import ConfigError, TrainingError
from explorer.models import VAE, VQVAE, Autoencoder, ImageShape
from explorer.models.codebook_inits import GATHERED_PER_CODE
from explorer.models.ranks import join_over_ranks, number_of_ranks, sum_over_ranks, this_rank
from explorer.streams import stream, stream_seed
from explorer.training.batches import BatchPlan
from explorer.training.build import build_model
from explorer.training.config import RunConfig
from explorer.training.distributed import joined_losses, objective_over_ranks
from explorer.training.feed import Feed
from explorer.training.gauge import Gauge, HitWindow, window_steps
from explorer.training.interventions import Intervention, adjust, apply, set_rate
from explorer.training.trace import Trace
from explorer.training.trace_recorder import Recorder, codebook_curves, latent_vectors

#: The schedule "settle": its cosine ends at this share of the steps, and what is left of the rate from there on.
SETTLES_AT, SETTLED = 0.8, 0.01
#: Steps between two looks at the losses on an accelerator: each look waits until everything queued is done.
READ_EVERY = 10


@dataclass(frozen=True)
class Record:
    """What one step leaves.

    Attributes:
        step: 1 to `steps`.
        steps: the last step.
        losses: each term by name, unweighted, and "loss", the weighted sum; on an accelerator of the last step whose
            losses were read: every tenth and every recorded one.
        gauge: the codebook's live gauge; None without a codebook, and between the recorded steps.
        images_per_second: since the run was started or resumed.
    """

    step: int
    steps: int
    losses: dict[str, float]
    gauge: Gauge | None
    images_per_second: float


class Trainer:
    """One run, from its config to its last step.

    Deterministic: on one machine, with one thread count, a config always gives the same weights, bit for bit,
    however often the run was stopped and resumed. Where several ranks train (`explorer.training.distributed`), each has
    a trainer of its own and a share of every batch, and the first one records the film.

    Args:
        config: the run's settings.
        image_set: the images `config.data` names.
        device: where the model is trained.

    Attributes:
        interventions: changes to come and those that happened, by step; never one more for a step that is over.
            The run makes each one between its step and the next.
        intervened: how many of them have happened.
    """

    def __init__(self, config: RunConfig, image_set: ImageSet, device: torch.device | str = "cpu") -> None:
        if config.batch_size % number_of_ranks():
            raise ConfigError("config_batch_over_ranks", got=config.batch_size, ranks=number_of_ranks())
        self.config = config
        self.device = torch.device(device)
        self.interventions: list[Intervention] = []
        self.intervened = 0
        self.image_set = image_set
        shape = ImageShape(image_set.channels, image_set.height, image_set.width)
        self.model: Autoencoder = build_model(config, shape, image_set.variance)
        self.model.to(self.device).to(memory_format=torch.channels_last)
        self.plan = BatchPlan(image_set.split("train"), config.batch_size, config.seed)
        self.feed = Feed(image_set, self.plan, self.device, augmented=config.augment)
        self._read_every = 1 if self.device.type == "cpu" else READ_EVERY
        self._losses: dict[str, float] = {}  # of the last step that was read
        self.optimizer = _optimizer(self.model, config)
        self.recorder = Recorder(config, image_set)
        self.step = 0
        self.restarts = 0
        self.window: HitWindow | None = None
        if isinstance(self.model, VQVAE):
            per_step = config.batch_size * shape.grid**2
            steps = window_steps(config.num_embeddings, per_step)
            self.window = HitWindow(config.num_rows, steps, config.num_levels or 1, self.device)

    def run(self) -> Iterator[Record]:
        """Train to `config.steps`, one record a step. Stop taking records to pause; call again to go on."""
        if self.step == 0:
            self.start_codebook()
            self._film()
        began, first = time.perf_counter(), self.step
        while self.step < self.config.steps:
            self._intervene()
            losses = self._update(self.step + 1)
            self.step += 1
            gauge = self._note(losses)
            if self.step in self.recorder.frame_steps:
                self._film()
            images = (self.step - first) * self.config.batch_size
            yield Record(self.step, self.config.steps, losses, gauge, images / (time.perf_counter() - began))

    def start_codebook(self) -> None:
        """Codebook starts that need data read the first batches through the untrained encoder; `run` calls this."""
        if not (isinstance(self.model, VQVAE) and self.model.quantizer.needs_data):
            return
        vectors = self.coming_vectors(GATHERED_PER_CODE * self.config.num_embeddings)
        self.model.quantizer.initialize(vectors, stream(self.config.seed, "codebook data"))

    @torch.no_grad()
    def coming_vectors(self, least: int) -> Tensor:
        """(N, D): what the encoder, as it is now, makes of the coming batches; as many of them as give `least`."""
        vectors: list[Tensor] = []
        step = self.step
        while sum(map(len, vectors)) < least:
            step += 1
            vectors.append(join_over_ranks(latent_vectors(self.model, self.feed.images(step))[0]))
        return torch.cat(vectors)

    def _intervene(self) -> None:
        while self.intervened < len(self.interventions) and self.interventions[self.intervened].step <= self.step:
            apply(self, self.interventions[self.intervened], self.intervened)
            self.intervened += 1

    @cached_property
    def _objective(self) -> nn.Module:
        return objective_over_ranks(self.model)

    def _update(self, step: int) -> dict[str, float]:
        self.model.train()
        if isinstance(self.model, VQVAE):
            quantizer, seed = self.model.quantizer, self.config.seed
            quantizer.restart_generator.manual_seed(stream_seed(seed, "restarts", step))
            quantizer.noise_generator.manual_seed(stream_seed(seed, "estimator noise", step))
        if isinstance(self.model, VAE):
            self.model.kl_share = self.model.kl_policy.share(step, self.config.steps)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.precision == "bf16"):
            terms, loss = self._objective(self.feed.images(step), stream(self.config.seed, "noise", step))
        if self._reads(step):
            self._losses = _read(terms.named() | {"loss": loss}, step)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._after_quantizing()
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * lr_factor(self.config, step)
        self.optimizer.step()
        return self._losses

    def _reads(self, step: int) -> bool:
        asked = step % self._read_every == 0 or step in self.recorder.curve_steps
        return asked or not self._losses or step == self.config.steps

    def _after_quantizing(self) -> None:
        if not isinstance(self.model, VQVAE) or self.model.last_output is None or self.window is None:
            return
        output = self.model.last_output
        hits = output.counts.flatten().clone()
        sum_over_ranks(hits)
        self.window.push(hits)
        if len(output.restarted):
            self.restarts += len(output.restarted)
            # Before the step: a restarted row must not coast on the momentum of the code that died there.
            self.model.quantizer.reset_optimizer_rows(self.optimizer, output.restarted)
        self.model.last_output = None  # lets go of the graph

    def _note(self, losses: dict[str, float]) -> Gauge | None:
        if self.step not in self.recorder.curve_steps:
            return None
        if self.window is None or not isinstance(self.model, VQVAE):
            self.recorder.curve(self.step, losses)
            return None
        gauge = self.window.read()
        extra = codebook_curves(self.model.quantizer, gauge, self.window.hits, self.restarts)
        self.recorder.curve(self.step, losses | extra)
        return gauge

    def _film(self) -> None:
        if this_rank() > 0:
            return
        hits = None if self.window is None else self.window.hits
        self.recorder.frame(self.model, self.step, self.plan.batch(self.step + 1), hits)

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs beside the model's weights and the trace; flat, for safetensors."""
        counts = {"step": self.step, "restarts": self.restarts, "intervened": self.intervened}
        tensors = {name: torch.tensor(count) for name, count in counts.items()}
        for row, values in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer/{row}/{name}": value for name, value in values.items()}
        if self.window is not None:
            tensors |= {f"window/{name}": value for name, value in self.window.state().items()}
        return tensors

    def resume(self, weights: dict[str, Tensor], state: dict[str, Tensor], trace: Trace) -> None:
        """Go on from a stopped run, as if it had never stopped; its `interventions` have to be here before."""
        self.intervened = int(state.get("intervened", 0))
        past = self.interventions[: self.intervened]
        adjust(self.model, past)
        self.model.load_state_dict(weights)
        self.step, self.restarts = int(state["step"]), int(state["restarts"])
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        rows: dict[int, dict[str, Tensor]] = {}
        window: dict[str, Tensor] = {}
        for key, tensor in state.items():
            group, _, name = key.partition("/")
            if group == "optimizer":
                row, _, name = name.partition("/")
                rows.setdefault(int(row), {})[name] = _laid_out_like(parameters[int(row)], tensor)
            elif group == "window":
                window[name] = tensor
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": rows, "param_groups": groups})
        for change in past:
            if change.what == "lr":
                set_rate(self, change)
        if self.window is not None:
            self.window.load(window)
        self.recorder.resume(trace)


def _read(terms: dict[str, Tensor], step: int) -> dict[str, float]:
    """Losses as numbers, means over ranks.

    Raises:
        TrainingError: `training_diverged`.
    """
    losses = joined_losses({name: float(term.detach()) for name, term in terms.items()})
    if not math.isfinite(losses["loss"]):
        raise TrainingError("training_diverged", step=step, value=losses["loss"])
    return losses


def _optimizer(model: Autoencoder, config: RunConfig) -> torch.optim.Adam:
    """Adam; a gradient codebook has its own group and rate, and never weight decay, which would drag dead codes."""
    codebook = [p for name, p in model.named_parameters() if name.startswith("quantizer.")]
    others = [p for name, p in model.named_parameters() if not name.startswith("quantizer.")]
    groups = [{"params": others, "initial_lr": config.lr}]
    if codebook:
        groups.append({"params": codebook, "initial_lr": config.codebook_lr or config.lr, "weight_decay": 0.0})
    return torch.optim.Adam(groups, lr=config.lr, fused=True)


def _laid_out_like(parameter: Tensor, moment: Tensor) -> Tensor:
    """A copy of `moment` with the strides of `parameter`: fused Adam walks both in memory order.

    A file holds contiguous tensors; taken as they are, the moments of a channels-last weight would land on its
    neighbours.
    """
    if moment.shape != parameter.shape:
        return moment.clone()
    return torch.empty_like(parameter, dtype=moment.dtype).copy_(moment)


def lr_factor(config: RunConfig, step: int) -> float:
    """What the learning rates of update `step` (1 to `config.steps`) are multiplied with."""
    if config.lr_schedule == "constant":
        return 1.0
    if config.lr_schedule == "cosine":
        return _cosine((step - 1) / config.steps)
    return max(SETTLED, _cosine((step - 1) / (SETTLES_AT * config.steps)))


def _cosine(share: float) -> float:
    """From 1 at `share` 0 to 0 at 1, and 0 from there on."""
    return 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
