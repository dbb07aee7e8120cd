"""The vector quantizer of the VQ-VAE (van den Oord et al. 2017), composed from an update rule, an init and a policy."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import CODEBOOK_INITS, GATHERED_PER_CODE, CodebookInit
from explorer.models.codebook_storage import CodebookStorage
from explorer.models.codebook_updates import CODEBOOK_UPDATES, CodebookUpdate
from explorer.models.dead_codes import DEAD_CODE_POLICIES, DeadCodePolicy
from explorer.models.distances import DISTANCES, Distance
from explorer.models.gradient_estimators import GRADIENT_ESTIMATORS, Given, GradientEstimator, PassThrough, quantize
from explorer.models.nearest import check_finite, hits_of, nearest
from explorer.models.passes import LastPass, Pending, in_backward_pass, pass_of
from explorer.models.quantizer_base import COARSE, QuantizerOutput, choose, rows_of
from explorer.models.ranks import from_first_rank, join_over_ranks, normal_over_ranks, sum_over_ranks
from explorer.models.regularizers import REGULARIZERS, Regularizer
from explorer.models.threads import threads_if_idle


class VectorQuantizer(CodebookStorage):
    """Replaces every vector by its nearest code: `k = argmin_k ||z_e - e_k||^2` (VQ-VAE, eq. 1-3 and appendix A.1).

    Usable alone in any model: `out = quantizer(z_e)`, add `out.loss` to the loss, decode `out.quantized`. In `train()`
    mode a pass also updates an EMA codebook and restarts dead codes; in `eval()` mode it changes nothing. Arithmetic is
    in the codebook's dtype, under autocast too.

    With a data-driven init (`data`, `kmeans`) and no call of `initialize`, training passes gather vectors until there
    are 10 K of them, then initialize the codebook before they quantize that batch. Until then it is the `uniform` start
    and neither EMA nor restarts move it.

    What a training pass moves it moves once: run again in the backward pass (gradient checkpointing), it gives what it
    gave the first time. Gradients can be differentiated again. `torch.export` takes it in `eval()` mode.

    Args:
        num_embeddings: K >= 1, the number of codes.
        embedding_dim: D >= 1, the length of a code vector.
        commitment_cost: beta, the weight of the commitment term (on the encoder's side).
        update: a name of `CODEBOOK_UPDATES` or an instance.
        init: a name of `CODEBOOK_INITS` or an instance. The EMA start `snippet` forces `normal`.
        dead_codes: a name of `DEAD_CODE_POLICIES` or an instance.
        gradient_estimator: a name of `GRADIENT_ESTIMATORS` or an instance.
        distance: a name of `DISTANCES` or an instance.
        regularizer: a name of `REGULARIZERS` or an instance.
        update_every: training passes for each step of an EMA codebook and of the dead-code policy, as when gradients
            are accumulated; 0 leaves the step to `step_codebook`.
        match_input_dtype: give `quantized` in the dtype of z_e instead of the codebook's.
        generator: draws the codebook; None is torch's default generator.
        ema_generator: draws the `snippet` start's sums: a stream of its own, so that twins begin with equal codebooks.

    Attributes:
        codebook: (K, D), a parameter under a gradient rule and a buffer under EMA; with the cosine distance, made from
            such a one. Rows of an EMA codebook that are written by hand are taken in by the next training pass.

    Raises:
        QuantizerError: for sizes, names, inputs or indices that cannot work.
    """

    parts: ClassVar[tuple[str, ...]] = (
        *("commitment_cost", "update", "init", "dead_codes", "gradient_estimator", "distance", "regularizer"),
        *("generator", "ema_generator"),
    )

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        commitment_cost: float = 0.25,
        update: str | CodebookUpdate = "ema",
        init: str | CodebookInit = "uniform",
        dead_codes: str | DeadCodePolicy = "keep",
        *,
        gradient_estimator: str | GradientEstimator = "straight-through",
        distance: str | Distance = "euclidean",
        regularizer: str | Regularizer = "none",
        update_every: int = 1,
        match_input_dtype: bool = False,
        generator: torch.Generator | None = None,
        ema_generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(num_embeddings, embedding_dim, commitment_cost)
        self.update: CodebookUpdate = choose(CODEBOOK_UPDATES, update, "codebook update")
        self.init: CodebookInit = choose(CODEBOOK_INITS, self.update.forced_init or init, "codebook init")
        self.dead_codes: DeadCodePolicy = choose(DEAD_CODE_POLICIES, dead_codes, "dead-code policy")
        self.gradient_estimator: GradientEstimator = choose(
            GRADIENT_ESTIMATORS, gradient_estimator, "gradient estimator"
        )
        self.distance: Distance = choose(DISTANCES, distance, "distance")
        self.regularizer: Regularizer = choose(REGULARIZERS, regularizer, "regularizer")
        self.regularization_weight = self.regularizer.weight
        self.match_input_dtype = match_input_dtype
        if update_every < 0:
            raise QuantizerError("update_every_negative", value=update_every)
        self.update_every = update_every

        codebook = self.init.draw(num_embeddings, embedding_dim, generator)
        codebook = codebook.float() if codebook.dtype in COARSE else codebook
        self._store(nn.Parameter(codebook) if self.update.by_gradient else codebook, self.distance.codes())
        self._update_names = self._register(self.update.begin(codebook, ema_generator))
        self._dead_names = self._register(self.dead_codes.begin(num_embeddings))
        self.register_buffer("initialized", torch.tensor(not self.init.needs_data))
        self.pending = None if update_every == 1 else Pending(num_embeddings, self._zero_sums())
        self._remember()

    @property
    def needs_data(self) -> bool:
        """Whether the codebook still waits for vectors to begin from (inits `data` and `kmeans`)."""
        return self.init.needs_data and not bool(self.initialized)

    @property
    def restart_count(self) -> int:
        """How many times codes were restarted so far, in all."""
        restarts = self._state(self._dead_names).get("restarts")
        return 0 if restarts is None else int(restarts.sum())

    def _quantize(self, z_e: Tensor) -> QuantizerOutput:
        with torch.autocast(z_e.device.type, enabled=False):
            z_e = self.distance.project(z_e.to(self.stored.dtype))
            with threads_if_idle():
                rows = rows_of(z_e.detach())  # (N, D)
            repeated = self.training and in_backward_pass()
            codebook = self._codebook_again(rows) if repeated else self._codebook_for(rows)
            chosen = self._choose(rows, codebook.detach())  # (N,)
            quantized, codebook_loss, commitment_loss = quantize(z_e, codebook, chosen)
            quantized = self.gradient_estimator.carry(z_e, quantized, self._given(codebook, chosen, rows, repeated))
            regularization = self.regularizer.term(z_e, codebook, over_ranks=self.training)
            learns = self.update.by_gradient and not self.gradient_estimator.trains_codebook
            loss = self.weigh(commitment_loss, regularization, codebook_loss if learns else None)
            counts = hits_of(chosen, self.num_embeddings)
            restarted = counts.new_empty(0)
            if self.training and not repeated and not self.needs_data:
                restarted = self._learn(rows, chosen, counts)
        if not learns:
            codebook_loss = codebook_loss.detach()
        indices = chosen.view(z_e.shape[0], *z_e.shape[2:])
        return QuantizerOutput(
            quantized, indices, codebook_loss, commitment_loss, regularization, loss, counts, restarted
        )

    def _choose(self, rows: Tensor, codebook: Tensor) -> Tensor:
        """The code (N,) of each of `rows` (N, D) among `codebook` (K, D)."""
        return nearest(rows, codebook)

    def _codebook_for(self, rows: Tensor) -> Tensor:
        """The codes (K, D) for a pass of `rows` (N, D); a training pass is remembered."""
        if self.training:
            self._take_in_changes()
            if self.needs_data:
                self._gather(rows)
            stored = self.stored.detach().clone() if self._written is None else self._written.stored
            self._last = LastPass.of(stored, rows, self.noise_generator)
        return self.codebook

    def _codebook_again(self, rows: Tensor) -> Tensor:
        """The codes (K, D) as they were in the pass that is run again for `rows` (N, D), with a gradient to what is."""
        passed: Tensor = PassThrough.apply(self.stored, pass_of(self._last, rows).stored)
        return self._codes(passed)

    def _given(self, codebook: Tensor, chosen: Tensor, rows: Tensor, repeated: bool) -> Given:
        generator = self.noise_generator
        if repeated:
            generator = torch.Generator()
            generator.set_state(pass_of(self._last, rows).noise)
        return Given(codebook, chosen, self.training, lambda like: normal_over_ranks(like, generator))

    def project(self, z_e: Tensor) -> Tensor:
        """`z_e` as it is compared with the codes: as it is, or on the unit sphere."""
        return self.distance.project(z_e)

    @torch.no_grad()
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial) of the nearest codes of (B, D, *spatial); of equal codes the lowest index."""
        self._check_shape(vectors)
        rows = rows_of(vectors.detach().to(self.stored.dtype))
        return nearest(rows, self.codebook).view(vectors.shape[0], *vectors.shape[2:])

    @torch.no_grad()
    def initialize(self, vectors: Tensor, generator: torch.Generator | None = None) -> None:
        """Begin the codebook (and the EMA's counts and sums) from projected outputs `vectors` (N, D), N >= K.

        Where several ranks train, each gives the joined vectors, and all begin from the first rank's codebook.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.embedding_dim:
            raise QuantizerError("wrong_channels", expected=self.embedding_dim, shape=tuple(vectors.shape))
        vectors = vectors.detach().to(self.stored)
        check_finite(vectors, vectors)
        self.stored.copy_(from_first_rank(self.init.fit(vectors, self.num_embeddings, generator)))
        if self.update.forced_init is None:
            for name, value in self.update.begin(self.stored.detach(), None).items():
                getattr(self, name).copy_(value)
        self._placed()

    def extra_repr(self) -> str:
        return (
            f"{self.num_embeddings}, {self.embedding_dim}, commitment_cost={self.commitment_cost}, "
            f"update={self.update}, init={self.init}, dead_codes={self.dead_codes}"
        )

    @torch.no_grad()
    def step_codebook(self) -> Tensor:
        """Let the rule and the dead-code policy take one step for all passes since the last one; collective over ranks.

        For `update_every=0`; otherwise passes call it. Nothing happens if there was no pass.

        Returns:
            (R,) int64, the rows that the policy moved: give them to `reset_optimizer_rows`.
        """
        if self.pending is None or not int(self.pending.passes):
            return torch.empty(0, dtype=torch.int64, device=self.stored.device)
        return self._step(*self.pending.take(), self.pending.rows)

    @torch.no_grad()
    def _learn(self, rows: Tensor, chosen: Tensor, counts: Tensor) -> Tensor:
        """Note a pass, and step if it is time; return the restarted rows."""
        sums = self._zero_sums()
        if not self.update.by_gradient:
            sums.index_add_(0, chosen, rows)
        if self.pending is None:
            return self._step(counts.clone(), sums, torch.tensor(len(rows), device=rows.device), rows)
        self.pending.add(counts, sums, rows)
        return self.step_codebook() if int(self.pending.passes) == self.update_every else counts.new_empty(0)

    def _step(self, hits: Tensor, sums: Tensor, num_vectors: Tensor, rows: Tensor) -> Tensor:
        """Update the codebook and restart dead codes, on vectors of `rows`; return the restarted rows."""
        self.reduce(hits, sums, num_vectors)
        update_state, dead_state = self._state(self._update_names), self._state(self._dead_names)
        with threads_if_idle():
            self.update.step(self.stored, update_state, hits, sums)
        due = self.dead_codes.due(dead_state, hits, int(num_vectors))
        if len(due):
            vectors = self.dead_codes.draw(dead_state, due, rows, self.stored, self.restart_generator)
            due = due[: len(vectors)]
            self.update.place(self.stored, update_state, due, vectors)
            self.dead_codes.note(dead_state, due)
        self._remember()
        return due

    def _zero_sums(self) -> Tensor:
        return self.stored.new_empty(0) if self.update.by_gradient else torch.zeros_like(self.stored)

    def reduce(self, hits: Tensor, sums: Tensor, num_vectors: Tensor) -> None:
        """Add hits (K,), sums (K, D) and the number of vectors up over ranks, in place, before the EMA sees them."""
        sum_over_ranks(hits, sums, num_vectors)

    @torch.no_grad()
    def _gather(self, rows: Tensor) -> None:
        check_finite(rows, rows)  # before it is kept: a vector that is refused must not come back later
        self._gathered.append(join_over_ranks(rows.clone()))
        if sum(map(len, self._gathered)) >= GATHERED_PER_CODE * self.num_embeddings:
            self.initialize(torch.cat(self._gathered), self.restart_generator)
