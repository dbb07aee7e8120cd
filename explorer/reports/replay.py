"""What if: the recorded encoder outputs once more, through another rule, start, rate, restart policy or K.

The encoder is as it was recorded: it does not answer to the other codebook. For every step, vectors are drawn with
replacement from the two nearest kept frames, from each with a probability that falls with its distance in steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import RecordError
from explorer.metrics.codebook import perplexity
from explorer.models import VectorQuantizer
from explorer.models.codebook_updates import EMAUpdate, GradientUpdate
from explorer.models.dead_codes import RestartDead
from explorer.models.nearest import nearest
from explorer.runs.recorded import RecordedRun

Array = NDArray[np.floating]
RULES = ("ema", "gradient")
INITS = ("recorded", "uniform", "normal", "data", "kmeans")
#: Vectors of a replayed step and steps: a replay takes seconds.
MOST_VECTORS, MOST_STEPS = 2048, 3000
#: The last share of the steps, over which dead codes are counted.
WINDOW = 0.25


@dataclass(frozen=True)
class Settings:
    """What is replayed.

    Attributes:
        rule: one of `RULES`.
        init: one of `INITS`; "recorded" begins from the record's first codebook.
        decay: γ of the EMA.
        rate: Adam's, of a gradient codebook.
        restart: whether codes without a hit for 20 steps and 10 vectors a code are put on outputs.
        num_embeddings: K; None is the record's.
        seed: of all that is drawn.
    """

    rule: str = "ema"
    init: str = "recorded"
    decay: float = 0.99
    rate: float = 1e-3
    restart: bool = False
    num_embeddings: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Replayed:
    """How it ended.

    Attributes:
        num_embeddings: K.
        dead: codes without a hit in the last quarter of the replayed steps.
        perplexity: of the hits there.
        distortion: mean over numbers of `(z_e - e)²` there, over the variance of z_e.
        steps: that were replayed; `vectors` of each.
    """

    num_embeddings: int
    dead: int
    perplexity: float
    distortion: float
    steps: int
    vectors: int


def replay(record: RecordedRun, settings: Settings, most_steps: int = MOST_STEPS) -> Replayed:
    """Train a codebook on the outputs of a record, in at most so many steps, evenly chosen.

    Raises:
        RecordError: fewer than two frames hold vectors, there are several codebooks, or a setting is out of range.
    """
    _check(record, settings)
    frames = [(frame.step, torch.from_numpy(np.asarray(frame.z_e))) for frame in record.frames if frame.z_e is not None]
    if len(frames) < 2:
        raise RecordError("replay_no_vectors")
    generator = torch.Generator().manual_seed(settings.seed)
    totals = [frame.z_e_total for frame in record.frames if frame.z_e_total]
    vectors = int(min(MOST_VECTORS, np.median(totals)))
    steps = _steps(frames[0][0], frames[-1][0], most_steps)
    quantizer = _begun(record, settings, frames, generator)
    optimizer = torch.optim.Adam(quantizer.parameters(), settings.rate) if settings.rule == "gradient" else None
    late = int(len(steps) * (1 - WINDOW))
    hits, squared, spread, counted = torch.zeros(quantizer.num_embeddings, dtype=torch.int64), 0.0, 0.0, 0
    for number, rows in enumerate(_batches(frames, steps, vectors, generator)):
        out = quantizer(rows)
        if optimizer is not None:
            optimizer.zero_grad(set_to_none=True)
            out.codebook_loss.backward()
            quantizer.reset_optimizer_rows(optimizer, out.restarted)
            optimizer.step()
        if number >= late:
            hits += out.counts
            squared += float(out.commitment_loss.detach())
            spread += float((rows - rows.mean(0)).square().mean())
            counted += 1
    return Replayed(
        quantizer.num_embeddings,
        int((hits == 0).sum()),
        perplexity(hits),
        squared / max(spread, 1e-12),
        len(steps),
        vectors,
    )


def happened(record: RecordedRun) -> Replayed:
    """The same numbers of the record itself, over the last quarter of its frames that hold vectors.

    Raises:
        RecordError: no frame holds vectors and codes.
    """
    frames = [f for f in record.frames if f.z_e is not None and f.codebook is not None and f.indices is not None]
    if not frames or record.levels > 1:
        raise RecordError("replay_no_vectors")
    last = record.frames[-1].step
    late = [frame for frame in record.frames if frame.step > last * (1 - WINDOW)] or [record.frames[-1]]
    hits = torch.from_numpy(np.sum([frame.hits[0] for frame in late], axis=0))
    squared, spread = 0.0, 0.0
    for frame in [frame for frame in frames if frame.step > last * (1 - WINDOW)] or frames[-1:]:
        z_e, codes = torch.from_numpy(np.asarray(frame.z_e)), torch.from_numpy(np.asarray(frame.codebook)[0])
        squared += float((z_e - codes[nearest(z_e, codes)]).square().mean())
        spread += float((z_e - z_e.mean(0)).square().mean())
    vectors = int(np.median([frame.z_e_total for frame in frames]))
    dead = int((hits == 0).sum())
    return Replayed(record.num_embeddings, dead, perplexity(hits), squared / max(spread, 1e-12), last + 1, vectors)


def _check(record: RecordedRun, settings: Settings) -> None:
    fine = settings.rule in RULES and settings.init in INITS and 0 <= settings.decay < 1 and 0 < settings.rate <= 10
    k = settings.num_embeddings
    if not fine or (k is not None and not 1 <= k <= 1 << 16):
        raise RecordError("replay_setting", settings=settings)
    if record.levels > 1:
        raise RecordError("replay_levels", levels=record.levels)


def _steps(first: int, last: int, most: int) -> list[int]:
    """All steps of the record, or an even choice of `most`."""
    count = min(last - first + 1, most)
    return np.linspace(first, last, count).round().astype(int).tolist()


def _begun(
    record: RecordedRun, settings: Settings, frames: Sequence[tuple[int, Tensor]], generator: torch.Generator
) -> VectorQuantizer:
    k = settings.num_embeddings or record.num_embeddings
    quantizer = VectorQuantizer(
        k,
        record.embedding_dim,
        update=EMAUpdate(decay=settings.decay) if settings.rule == "ema" else GradientUpdate(),
        init="normal" if settings.init == "recorded" else settings.init,
        dead_codes=RestartDead(vectors_per_code=10, steps=20) if settings.restart else "keep",
        generator=generator,
    ).train()
    quantizer.restart_generator.manual_seed(settings.seed)
    if settings.init == "recorded":
        first = next((frame.codebook for frame in record.frames if frame.codebook is not None), None)
        if first is None or k != record.num_embeddings:
            raise RecordError("replay_start")
        quantizer.load_codebook(torch.from_numpy(np.asarray(first)[0]))
    elif quantizer.needs_data:
        early = torch.cat([rows for _, rows in frames[: max(1, -(-10 * k // len(frames[0][1])))]])
        drawn = early[torch.randint(len(early), (max(10 * k, len(early)),), generator=generator)]
        quantizer.initialize(drawn, generator)
    return quantizer


def _batches(
    frames: Sequence[tuple[int, Tensor]], steps: Sequence[int], vectors: int, generator: torch.Generator
) -> Iterator[Tensor]:
    marks = [step for step, _ in frames]
    for step in steps:
        right = min(max(bisect_right(marks, step), 1), len(marks) - 1)
        before, after = frames[right - 1], frames[right]
        share = min(1.0, max(0.0, (step - before[0]) / (after[0] - before[0])))
        later = int((torch.rand(vectors, generator=generator) < share).sum())
        parts = [
            rows[torch.randint(len(rows), (count,), generator=generator)]
            for (_, rows), count in ((before, vectors - later), (after, later))
        ]
        yield torch.cat(parts)
