"""Hits of codes, counted where the indices are, without waiting for a GPU at every step."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from explorer.errors import RecordError


class HitCounter:
    """Counts hits of L codebooks of K codes since the start.

    Args:
        num_embeddings: K.
        ignore_index: an index that stands for no code; negative ones never do.
    """

    def __init__(self, num_embeddings: int, ignore_index: int | None = None) -> None:
        self.num_embeddings, self.ignore_index = num_embeddings, ignore_index
        self._hits: Tensor | None = None  # (L, K + 2): codes, what is beyond K, what is ignored
        self._before: np.ndarray | None = None
        self._ones: Tensor | None = None

    @property
    def counted(self) -> bool:
        """Whether anything was."""
        return self._hits is not None

    def add(self, indices: Tensor, levels: int) -> None:
        """Count indices of any shape, (…, L) of several codebooks.

        Raises:
            RecordError: they are no integers, or have not as many levels as there are codebooks.
        """
        if indices.is_floating_point() or indices.dtype == torch.bool:
            raise RecordError("record_indices", dtype=str(indices.dtype).removeprefix("torch."))
        if levels > 1 and indices.shape[-1] != levels:
            raise RecordError("record_levels", shape=tuple(indices.shape), levels=levels)
        k = self.num_embeddings
        if self._hits is None:
            self._hits = torch.zeros(levels, k + 2, dtype=torch.int64, device=indices.device)
        if len(self._hits) != levels:
            raise RecordError("record_levels", shape=tuple(indices.shape), levels=len(self._hits))
        slots = indices.long().to(self._hits.device)
        slots = torch.where(slots < 0, k + 1, slots.clamp(max=k))
        if self.ignore_index is not None:
            slots = torch.where(indices.to(slots.device) == self.ignore_index, k + 1, slots)
        if levels > 1:
            slots = slots + (k + 2) * torch.arange(levels, device=slots.device)
        slots = slots.reshape(-1)
        if self._ones is None or len(self._ones) != len(slots):
            self._ones = torch.ones(len(slots), dtype=torch.int64, device=slots.device)
        self._hits.view(-1).scatter_add_(0, slots, self._ones)

    def total(self) -> np.ndarray:
        """(L, K) int64 hits since the start of the record, on this rank."""
        now = np.zeros((1, self.num_embeddings), np.int64) if self._hits is None else self._codes()
        return now if self._before is None else now + self._before

    def beyond(self) -> int:
        """Indices of K or more."""
        return 0 if self._hits is None else int(self._hits[:, self.num_embeddings].sum())

    def resume(self, hits: np.ndarray) -> None:
        """Go on from these hits."""
        self._before = hits

    def _codes(self) -> np.ndarray:
        assert self._hits is not None
        return self._hits[:, : self.num_embeddings].cpu().numpy().copy()


def summed_over_ranks(hits: np.ndarray) -> np.ndarray:
    """Hits of all ranks together; every rank has to ask at the same steps, as all do that log the same ones."""
    if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
        return hits
    device = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
    summed = torch.as_tensor(hits, device=device).clone()
    torch.distributed.all_reduce(summed)
    return summed.cpu().numpy()
