"""What a prior is over: grids of codes, with or without a class label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.errors import ConfigError, QuantizerError


@dataclass(frozen=True)
class CodeSpace:
    """All grids of h × w codes out of K.

    Attributes:
        num_embeddings: K.
        height: h, rows of the grid.
        width: w.
        num_classes: labels a prior may be conditioned on; 0 for none.
        levels: L; with more than one, K is the number of tuples, and a code is `joint` of the codes of its levels.
    """

    num_embeddings: int
    height: int
    width: int
    num_classes: int = 0
    levels: int = 1

    @property
    def per_level(self) -> int:
        """Codes of each level."""
        return round(self.num_embeddings ** (1 / self.levels))

    def joint(self, tuples: Tensor) -> Tensor:
        """Codes (..., L) of all levels as one number (...), coarsest first, as `ComposedQuantizer.joint`."""
        return (tuples * self._places(tuples.device)).sum(-1)

    def apart(self, codes: Tensor) -> Tensor:
        """The inverse of `joint`."""
        return codes.unsqueeze(-1) // self._places(codes.device) % self.per_level

    def _places(self, device: torch.device) -> Tensor:
        return torch.tensor([self.per_level**level for level in reversed(range(self.levels))], device=device)

    @property
    def positions(self) -> int:
        """P = h·w; position j is row `j // w`, column `j % w`: the order in which codes are written."""
        return self.height * self.width

    def check(self, indices: Tensor, labels: Tensor | None) -> None:
        """Refuse grids of another shape, codes that do not exist, and labels that the prior does not know.

        Raises:
            ConfigError: shape or labels.
            QuantizerError: an index outside [0, K).
        """
        if indices.shape[1:] != (self.height, self.width):
            raise ConfigError("prior_grid", got=tuple(indices.shape), height=self.height, width=self.width)
        if indices.is_floating_point():
            raise QuantizerError("indices_not_integer", dtype=str(indices.dtype))
        if indices.numel() and (int(indices.min()) < 0 or int(indices.max()) >= self.num_embeddings):
            bad = int(indices.min()) if int(indices.min()) < 0 else int(indices.max())
            raise QuantizerError("index_out_of_range", num_embeddings=self.num_embeddings, index=bad)
        self.check_labels(labels)

    def check_labels(self, labels: Tensor | None) -> None:
        """Labels (B,) must lie in [0, num_classes).

        Raises:
            ConfigError: `prior_label`.
        """
        if labels is None or not len(labels):
            return
        if int(labels.min()) < 0 or int(labels.max()) >= self.num_classes:
            bad = int(labels.min()) if int(labels.min()) < 0 else int(labels.max())
            raise ConfigError("prior_label", got=bad, classes=self.num_classes)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class LatentSpace:
    """All grids of h × w vectors of D numbers; one vector is a grid of one position.

    Attributes:
        dim: D, numbers at each position.
        height: h, rows of the grid.
        width: w.
        num_classes: labels a prior may be conditioned on; 0 for none.
    """

    dim: int
    height: int = 1
    width: int = 1
    num_classes: int = 0

    @property
    def positions(self) -> int:
        """P = h·w, row by row, as in `CodeSpace`."""
        return self.height * self.width

    @property
    def numbers(self) -> int:
        """Z = D·P."""
        return self.dim * self.positions

    def by_position(self, z: Tensor) -> Tensor:
        """(N, Z), flattened from (N, D, h, w), to (N, P, D)."""
        return z.view(len(z), self.dim, self.positions).transpose(1, 2)

    def flat(self, grids: Tensor) -> Tensor:
        """The inverse of `by_position`."""
        return grids.transpose(1, 2).reshape(len(grids), self.numbers)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
