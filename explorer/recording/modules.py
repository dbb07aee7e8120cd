"""Quantizers that are known by their class, and what of a pass is encoder output, indices and codebook.

Known: this project's quantizers, `vector_quantize_pytorch` (VectorQuantize, ResidualVQ, SimVQ, FSQ) and diffusers'
VectorQuantizer. They are told by name, so that none of these packages is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from explorer.errors import RecordError


class Recording(Protocol):
    """What is asked of a recorder."""

    channel_dim: int | None
    settings: dict[str, float | str]

    @property
    def last_step(self) -> int:
        """The last that was logged."""

    def due(self, step: int) -> bool:
        """Whether this step's frame is kept."""

    def log(
        self,
        step: int,
        *,
        z_e: Tensor | None,
        indices: Tensor | None,
        codebook: Tensor | None,
        quantized: Tensor | None = None,
        parameter: Tensor | None = None,
    ) -> None:
        """Take in a step."""

    def guarded(self, act: Callable[[], None]) -> None:
        """Do it; a fault must not end somebody's training."""


@dataclass(frozen=True)
class Pass:
    """One pass of a quantizer: arguments of `Recorder.log`."""

    z_e: Tensor | None
    indices: Tensor
    quantized: Tensor | None = None


@dataclass(frozen=True)
class Known:
    """A class of quantizers.

    Attributes:
        matches: whether a module is one.
        codebook: (K, D) or (L, K, D) of it, before the pass.
        read: what a pass took in and gave.
        channel_dim: the axis of what it took in that is D.
        parameter: (K, D) that the optimizer moves, or None.
        settings: some of `SETTINGS`.
    """

    matches: Callable[[nn.Module], bool]
    codebook: Callable[[Any], Tensor | None]
    read: Callable[[Any, Tensor, Any], Pass]
    channel_dim: Callable[[Any], int] = lambda _: 1
    parameter: Callable[[Any], Tensor | None] = lambda _: None
    settings: Callable[[Any], dict[str, float | str]] = lambda _: {}


#: What a record may know of its quantizer: γ of the EMA; β; below how many hits a step a code is restarted at once;
#: after how many vectors a code and how many steps without a hit it is.
SETTINGS = ("decay", "commitment", "restart_below", "restart_vectors_per_code", "restart_steps")


def _read_here(module: Any, x: Tensor, out: Any) -> Pass:
    """The output's gradient is that of z_e under the straight-through estimator alone."""
    estimator = type(getattr(module, "gradient_estimator", None)).__name__
    z_e = module.project(x) if hasattr(module, "project") else x
    return Pass(z_e, out.indices, out.quantized if estimator == "StraightThrough" else None)


def _settings_here(module: Any) -> dict[str, float | str]:
    """Of this project's quantizers; parts that have no such value have none."""
    found = {
        "decay": getattr(getattr(module, "update", None), "decay", None),
        "commitment": getattr(module, "commitment_cost", None),
        "restart_vectors_per_code": getattr(getattr(module, "dead_codes", None), "vectors_per_code", None),
        "restart_steps": getattr(getattr(module, "dead_codes", None), "steps", None),
    }
    return {name: value for name, value in found.items() if value is not None}


def _settings_of_vq(module: Any) -> dict[str, float | str]:
    found = {"decay": getattr(module, "decay", None), "restart_below": getattr(module, "threshold_ema_dead_code", None)}
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}


def _moved_by_optimizer(module: Any) -> Tensor | None:
    """The rows of a codebook that gradients move; codes that a layer makes have none of their own."""
    stored = getattr(module, "stored", None)
    return stored if isinstance(stored, nn.Parameter) and stored.requires_grad else None


def _is(package: str, *names: str) -> Callable[[nn.Module], bool]:
    return lambda module: type(module).__module__.startswith(package) and type(module).__name__ in names


def _codebook_of_vq(module: Any) -> Tensor:
    """(K, D) of one codebook, (L, K, D) of heads' own."""
    embed = module.embed
    return embed[0] if len(embed) == 1 else embed


def _read_vq(module: Any, x: Tensor, out: Any) -> Pass:
    """Heads of their own come first, (h, B, N, D) and (h, B, N): indices go to the end, and vectors differ by head."""
    indices = out[1]
    if len(module.embed) > 1:
        return Pass(None, indices.movedim(0, -1))
    return Pass(x, indices)


def _read_simvq(_: Any, x: Tensor, out: Any) -> Pass:
    return Pass(x, out[1])


def _read_diffusers(_: Any, x: Tensor, out: Any) -> Pass:
    indices = out[2][2]
    return Pass(x, indices.reshape(x.shape[0], *x.shape[2:]) if indices.numel() == x.numel() // x.shape[1] else indices)


KNOWN: tuple[Known, ...] = (
    Known(
        lambda module: type(module).__module__.startswith("explorer.models") and hasattr(module, "codebook"),
        lambda module: module.codebook,
        _read_here,
        parameter=_moved_by_optimizer,
        settings=_settings_here,
    ),
    Known(
        _is("vector_quantize_pytorch", "Codebook", "EuclideanCodebook", "CosineSimCodebook"),
        _codebook_of_vq,
        _read_vq,
        lambda _: -1,
        settings=_settings_of_vq,
    ),
    Known(
        _is("vector_quantize_pytorch", "SimVQ"),
        lambda module: module.codebook,
        _read_simvq,
        lambda m: 1 if m.channel_first else -1,
    ),
    Known(_is("vector_quantize_pytorch", "FSQ"), lambda _: None, lambda _, __, out: Pass(None, out[1])),
    Known(
        _is("diffusers", "VectorQuantizer"),
        lambda module: module.embedding.weight,
        _read_diffusers,
        parameter=lambda module: module.embedding.weight,
    ),
)


@dataclass
class Levels:
    """Passes of the quantizers of one model, joined: as many as it has, of equal shape, are one step."""

    recorder: Recording
    count: int
    passes: list[tuple[Pass, Tensor | None]] = field(default_factory=list)
    step: int = 0

    def add(self, seen: Pass, codebook: Tensor | None, parameter: Tensor | None = None) -> None:
        """Take in one pass; the last of a step logs it."""
        self.passes.append((seen, codebook))
        if len(self.passes) < self.count:
            return
        passes, self.passes = self.passes, []
        step = max(self.step, self.recorder.last_step + 1)
        self.step = step + 1
        if self.count == 1:
            self.recorder.log(
                step,
                z_e=seen.z_e,
                indices=seen.indices,
                codebook=codebook,
                quantized=seen.quantized,
                parameter=parameter,
            )
            return
        indices = torch.stack([one.indices for one, _ in passes], -1)
        books = [book for _, book in passes if book is not None]
        self.recorder.log(
            step,
            z_e=passes[0][0].z_e,
            indices=indices,
            codebook=torch.stack(books) if len(books) == self.count else None,
        )


def attach(recorder: Recording, module: nn.Module) -> list[Any]:
    """Hook the known quantizers below `module`, outermost first; several are levels of one record.

    Raises:
        RecordError: there is none.
    """
    found = [(part, known) for part in module.modules() for known in KNOWN if known.matches(part)]
    if not found:
        raise RecordError("record_nothing_known", name=type(module).__name__)
    if recorder.channel_dim is None:
        recorder.channel_dim = found[0][1].channel_dim(found[0][0])
    recorder.settings |= found[0][1].settings(found[0][0])
    levels = Levels(recorder, len(found))
    return [handle for part, known in found for handle in _hooked(levels, part, known)]


def _hooked(levels: Levels, part: nn.Module, known: Known) -> list[Any]:
    seen: dict[str, Tensor | None] = {}

    def before(module: nn.Module, _: Any) -> None:
        due = _counts(module) and levels.recorder.due(max(levels.step, levels.recorder.last_step + 1))
        book = known.codebook(module) if due else None
        seen["codebook"] = None if book is None else book.detach().clone()

    def after(module: nn.Module, inputs: Any, out: Any) -> None:
        if _counts(module):
            levels.recorder.guarded(
                lambda: levels.add(known.read(module, inputs[0], out), seen.get("codebook"), known.parameter(module))
            )

    return [part.register_forward_pre_hook(before), part.register_forward_hook(after)]


def _counts(module: nn.Module) -> bool:
    """Whether a pass is one of training, and not one that gradient checkpointing repeats within the backward pass."""
    return module.training and torch._C._current_graph_task_id() == -1
