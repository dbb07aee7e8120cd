"""What training passes leave behind: enough to run the last one again, and to step the codebook once for several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from explorer.errors import QuantizerError

#: Vectors of a pass that are kept to know it again.
SAMPLED = 64


def in_backward_pass() -> bool:
    """Whether autograd runs a backward pass just now: a training pass in there repeats one that was made before.

    Gradient checkpointing does so: it throws a block's activations away and runs the block again when it needs them.
    """
    return bool(torch._C._current_graph_task_id() != -1)


@dataclass(frozen=True)
class LastPass:
    """The codebook that a training pass quantized with, before it was moved, and how to know the pass again.

    Attributes:
        stored: (K, D), a copy of the stored vectors, or the very tensor where nothing moves it.
        number: N.
        sample: some of the N vectors.
        noise: the state of the noise's generator before the pass drew from it.
    """

    stored: Tensor
    number: int
    sample: Tensor
    noise: Tensor

    @classmethod
    def of(cls, stored: Tensor, rows: Tensor, noise: torch.Generator) -> LastPass:
        """Remember a pass of `rows` (N, D) by `stored` (K, D)."""
        return cls(stored, len(rows), _some(rows).clone(), noise.get_state())

    def is_of(self, rows: Tensor) -> bool:
        """Whether `rows` (N, D) are the vectors of this pass, up to what rounds differently the second time."""
        if len(rows) != self.number or rows.device != self.sample.device:
            return False
        apart = (_some(rows) - self.sample).abs().max()
        return bool(apart <= 1e-3 * self.sample.abs().max())


def pass_of(last: LastPass | None, rows: Tensor) -> LastPass:
    """The pass that `rows` (N, D) repeat.

    Raises:
        QuantizerError: the last pass was another one.
    """
    if last is None or not last.is_of(rows):
        raise QuantizerError("pass_repeated")
    return last


def _some(rows: Tensor) -> Tensor:
    return rows[:: max(1, len(rows) // SAMPLED)]


@dataclass(frozen=True)
class Written:
    """The stored vectors as their rule left them: who finds others there knows that somebody changed them by hand.

    Attributes:
        stored: (K, D), a copy.
        versions: of the rule's buffers: somebody who changed those as well knows what they do.
    """

    stored: Tensor
    versions: tuple[int, ...]

    @classmethod
    def of(cls, stored: Tensor, state: Mapping[str, Tensor]) -> Written:
        """Remember the vectors (K, D) and the state that belongs to them."""
        return cls(stored.detach().clone(), _versions(state))

    def changed(self, stored: Tensor, state: Mapping[str, Tensor]) -> Tensor:
        """The rows (R,) that are others now, though the rule did nothing."""
        if self.versions != _versions(state) or self.stored.device != stored.device:
            return torch.empty(0, dtype=torch.int64, device=stored.device)
        return (self.stored != stored).any(1).nonzero()[:, 0]


def _versions(state: Mapping[str, Tensor]) -> tuple[int, ...]:
    return tuple(0 if buffer.is_inference() else buffer._version for buffer in state.values())


class Pending(nn.Module):
    """Hits and sums of the passes since the codebook's last step; saved with the model.

    Attributes:
        hits: (K,) int64.
        sums: (K, D), or (0,) for a rule that needs none.
        vectors: () int64, how many there were.
        passes: () int64.
        rows: (N, D) of the last pass, for restarts; not saved.
    """

    hits: Tensor
    sums: Tensor
    vectors: Tensor
    passes: Tensor

    def __init__(self, num_embeddings: int, sums: Tensor) -> None:
        super().__init__()
        self.register_buffer("hits", torch.zeros(num_embeddings, dtype=torch.int64))
        self.register_buffer("sums", torch.zeros_like(sums))
        self.register_buffer("vectors", torch.zeros((), dtype=torch.int64))
        self.register_buffer("passes", torch.zeros((), dtype=torch.int64))
        self.rows = torch.empty(0)

    @torch.no_grad()
    def add(self, hits: Tensor, sums: Tensor, rows: Tensor) -> None:
        """Note one more pass, of vectors `rows` (N, D)."""
        for buffer, more in ((self.hits, hits), (self.sums, sums), (self.vectors, len(rows)), (self.passes, 1)):
            buffer.add_(more)
        self.rows = rows

    @torch.no_grad()
    def take(self) -> tuple[Tensor, Tensor, Tensor]:
        """Hits, sums and the number of vectors so far; from here on it counts anew."""
        taken = self.hits.clone(), self.sums.clone(), self.vectors.clone()
        for buffer in self.buffers():
            buffer.zero_()
        return taken

    def _load_from_state_dict(self, state_dict: Mapping[str, Any], prefix: str, *others: Any) -> None:
        if any(key.startswith(prefix) for key in state_dict):
            super()._load_from_state_dict(state_dict, prefix, *others)
        else:
            self.take()  # saved where nothing was pending
