"""Where a learned codebook is kept, and how it is put there from outside without its rule undoing that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from explorer.errors import QuantizerError
from explorer.models.codebook_updates import CodebookUpdate
from explorer.models.dead_codes import DEAD_CODE_POLICIES, DeadCodePolicy
from explorer.models.nearest import check_finite
from explorer.models.passes import LastPass, Pending, Written
from explorer.models.quantizer_base import COARSE, Quantizer, choose


class MadeCodebook(nn.Module):
    """Stored vectors (K, D) and what makes the codes from them; named as `torch.nn.utils.parametrize` would.

    `parametrize` itself gives a module a class of its own, which cannot be pickled.
    """

    original: Tensor

    def __init__(self, stored: Tensor, codes: nn.Module) -> None:
        super().__init__()
        if isinstance(stored, nn.Parameter):
            self.register_parameter("original", stored)
        else:
            self.register_buffer("original", stored)
        self.add_module("0", codes)

    def make(self, stored: Tensor) -> Tensor:
        """The codes (K, D) of `stored` (K, D)."""
        made: Tensor = self.get_submodule("0")(stored)
        return made


class CodebookStorage(Quantizer):
    """A quantizer whose codes are stored vectors, or made from them, beside the state of a rule and of a policy.

    Attributes:
        initialized: () bool, False while the codebook waits for data to begin from.
    """

    initialized: Tensor
    update: CodebookUpdate
    dead_codes: DeadCodePolicy
    pending: Pending | None

    def __init__(self, num_embeddings: int, embedding_dim: int, commitment_cost: float) -> None:
        super().__init__(num_embeddings, embedding_dim, commitment_cost)
        self._update_names: tuple[str, ...] = ()
        self._dead_names: tuple[str, ...] = ()
        self._gathered: list[Tensor] = []
        self._last: LastPass | None = None
        self._written: Written | None = None

    @property
    def stored(self) -> Tensor:
        """(K, D), the vectors that rules and optimizers move; the codebook itself, unless that is made from them."""
        made = self._made
        found = made.original if made else self._parameters.get("codebook", self._buffers.get("codebook"))
        if found is None:
            raise AttributeError("codebook")
        return found

    @property
    def codebook(self) -> Tensor:  # type: ignore[override]
        """(K, D), the vectors that come out."""
        return self._codes(self.stored)

    def _store(self, codebook: Tensor, codes: nn.Module | None) -> None:
        if codes is not None:
            self.parametrizations = nn.ModuleDict({"codebook": MadeCodebook(codebook, codes)})
        elif isinstance(codebook, nn.Parameter):
            self.register_parameter("codebook", codebook)
        else:
            self.register_buffer("codebook", codebook)

    @property
    def _made(self) -> MadeCodebook | None:
        modules = self._modules.get("parametrizations")
        return modules["codebook"] if modules is not None else None  # type: ignore[index]

    def _codes(self, stored: Tensor) -> Tensor:
        return stored if self._made is None else self._made.make(stored)

    @torch.no_grad()
    def load_codebook(self, vectors: Tensor) -> None:
        """Take over `vectors` (K, D) as the codebook.

        The rule's counts and sums and the policy's timers begin anew with it, so that the next step does not undo it; a
        codebook that waits for data waits no more. Where several ranks train, each loads the same vectors.

        Raises:
            QuantizerError: the vectors do not fit, or hold NaN or infinity.
        """
        if vectors.shape != self.stored.shape:
            expected = tuple(self.stored.shape)
            raise QuantizerError("codebook_other_shape", expected=expected, shape=tuple(vectors.shape))
        check_finite(vectors, vectors)
        self.update.load(self.stored, self._state(self._update_names), vectors.detach().to(self.stored))
        for name, value in self.dead_codes.begin(self.num_embeddings).items():
            getattr(self, name).copy_(value)
        if self.pending is not None:
            self.pending.take()
        self._placed()

    @torch.no_grad()
    def place(self, rows: Tensor, vectors: Tensor) -> None:
        """Put codes `rows` (R,) onto `vectors` (R, D), as a restart does; it is not counted as one.

        A codebook that waits for data waits no more.
        """
        vectors = vectors.detach().to(self.stored)
        self.update.place(self.stored, self._state(self._update_names), rows, vectors)
        self._placed()

    def follow(self, dead_codes: str | DeadCodePolicy) -> None:
        """Take another dead-code policy from the next pass on; it begins with fresh timers."""
        self.dead_codes = choose(DEAD_CODE_POLICIES, dead_codes, "dead-code policy")
        for name in self._dead_names:
            delattr(self, name)
        buffers = self.dead_codes.begin(self.num_embeddings)
        self._dead_names = self._register({name: value.to(self.stored.device) for name, value in buffers.items()})

    @torch.no_grad()
    def reset_optimizer_rows(self, optimizer: torch.optim.Optimizer, rows: Tensor) -> None:
        """Zero the optimizer's moments of codebook rows `rows` (R,): call after a restart, before `optimizer.step()`.

        Otherwise the momentum of the old code carries the new one away. Nothing happens if the optimizer does not hold
        the codebook or has not stepped yet.
        """
        for value in optimizer.state.get(self.stored, {}).values():
            if isinstance(value, Tensor) and value.shape == self.stored.shape:
                value[rows.to(value.device)] = 0

    @torch.no_grad()
    def _take_in_changes(self) -> None:
        """Rows of an EMA codebook that somebody wrote by hand (`codebook[rows] = …`) are placed: the EMA keeps them."""
        if self._written is not None:
            rows = self._written.changed(self.stored, self._state(self._update_names))
            if len(rows):
                self.place(rows, self.stored[rows].clone())

    def _placed(self) -> None:
        self.initialized.fill_(True)
        self._gathered.clear()
        self._remember()

    def _remember(self) -> None:
        """What is stored now is what the rule left."""
        self._written = None if self.update.by_gradient else Written.of(self.stored, self._state(self._update_names))

    def _register(self, buffers: Mapping[str, Tensor]) -> tuple[str, ...]:
        for name, value in buffers.items():
            self.register_buffer(name, value)
        return tuple(buffers)

    def _state(self, names: tuple[str, ...]) -> dict[str, Tensor]:
        return {name: getattr(self, name) for name in names}

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Quantizer:
        if self._written is not None and not self.stored.is_meta:
            self._take_in_changes()
        super()._apply(fn, recurse)
        self._gathered = [vectors.to(self.stored) for vectors in self._gathered]
        self._last = None
        self._remember()
        return self

    def _load_from_state_dict(
        self,
        state_dict: Mapping[str, Any],
        prefix: str,
        local_metadata: Mapping[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """A codebook without the rule's counts and sums is loaded as by `load_codebook`; half of them are refused."""
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )
        self._last = None
        lacking = [name for name in self._update_names if prefix + name not in state_dict]
        vectors = state_dict.get(prefix + ("codebook" if self._made is None else "parametrizations.codebook.original"))
        beside = [
            name for name in (*self._update_names, *self._dead_names, "initialized") if prefix + name in state_dict
        ]
        if lacking and len(lacking) < len(self._update_names):
            error_msgs.append(str(QuantizerError("ema_state_part", lacking=", ".join(lacking))))
        elif vectors is not None and vectors.shape == self.stored.shape and (lacking or not beside):
            begun = self.initialized.clone()
            self.load_codebook(vectors)
            if "initialized" in beside:
                self.initialized.copy_(begun)
            known = {prefix + name for name in (*lacking, *(() if beside else (*self._dead_names, "initialized")))}
            missing_keys[:] = [key for key in missing_keys if key not in known]
        if self.stored.dtype in COARSE:
            self._apply(lambda tensor: tensor)
        self._remember()
        if self._made is not None:  # its vectors are loaded after this
            self._written = None
