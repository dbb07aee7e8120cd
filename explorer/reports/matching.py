"""Which run a code grid may be compared with at a known rate, and what two runs were given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from explorer.metrics.rate import RUNGS
from explorer.metrics.rate_match import CLOSE, GaussianRate, RateMatch, nearest, rate_match
from explorer.runs import Run

#: A partner had the same chances: these settings decide how long and how wide a model was trained.
SAME = ("data", "steps", "batch_size", "lr", "lr_schedule", "width", "augment")

DEFINITION = (
    "bits under a prior of one rung on both sides, the highest that both have. fixed: nothing is learned; simple: each "
    "position by itself; learned: all of it. A VAE: KL to N(0, I); E_q[log q - log p] with one fitted Gaussian a "
    "position; the same with a trained density. A code grid: P log2 K; histograms by position; a trained prior's "
    "cross-entropy. close: within 5 % on the learned rung"
)


@dataclass(frozen=True)
class PairRates:
    """What two runs were given.

    Attributes:
        bits: mean per image of each on `rung`, NaN where a latent has no bit count.
        rung: the highest that both have; "" if there is none.
        standing: "close" (within `CLOSE` on the learned rung), "apart", "lower" (they have no learned rung in common),
            or "unknown".
        apart: how far the VAE's count lies from the code grid's, as a share of that; of two runs of one kind the larger
            over the smaller count, minus 1. NaN if unknown.
        unlearned: ids of those without a learned rung.
    """

    bits: tuple[float, float]
    rung: str
    standing: str
    apart: float
    unlearned: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; None where there is no number."""
        known = [None if math.isnan(value) else value for value in self.bits]
        apart = None if math.isnan(self.apart) else 100 * self.apart
        named = {"bits": known, "rung": self.rung or None, "standing": self.standing, "apart_percent": apart}
        return named | {"unlearned": list(self.unlearned), "definition": DEFINITION}


def matched_vae(codes: Run, others: Iterable[Run]) -> RateMatch | None:
    """The VAE among `others` that was given as many bits as the VQ-VAE `codes`, both under learned priors; or None."""
    return rate_match(bits_on(codes, "learned"), _latents(codes, others))


def nearest_vae(codes: Run, others: Iterable[Run]) -> RateMatch | None:
    """Where nothing matches: the VAE on the codes' grid and of their seed that is nearest under learned priors."""
    return nearest(bits_on(codes, "learned"), _latents(codes, others))


def _latents(codes: Run, others: Iterable[Run]) -> list[GaussianRate]:
    return [
        GaussianRate(
            id=run.id,
            bits=rates_of(run).get("learned", math.nan),
            on_grid=run.config.spatial,
            same_seed=run.config.seed == codes.config.seed,
        )
        for run in others
        if run.config.model == "vae" and trained_alike(codes, run)
    ]


def pair_rates(first: Run, second: Run) -> PairRates:
    """The rates of two runs on their highest common rung, and whether they match."""
    rung = common_rung(first, second)
    bits = bits_on(first, rung), bits_on(second, rung)
    unlearned = tuple(run.id for run in (first, second) if rates_of(run) and "learned" not in rates_of(run))
    if not all(math.isfinite(value) and value > 0 for value in bits):
        return PairRates(bits, rung, "unknown", math.nan, unlearned)
    kinds = {first.config.model: bits[0], second.config.model: bits[1]}
    apart = max(bits) / min(bits) - 1
    near = abs(kinds["vae"] / kinds["vqvae"] - 1) if kinds.keys() == {"vae", "vqvae"} else apart
    if rung != "learned":
        return PairRates(bits, rung, "lower", near, unlearned)
    return PairRates(bits, rung, "close" if near <= CLOSE else "apart", near)


def common_rung(*runs: Run) -> str:
    """The highest rung that all runs have a rate on; "" if there is none."""
    found = [rung for rung in RUNGS if all(rung in rates_of(run) for run in runs)]
    return found[-1] if found else ""


def bits_on(run: Run, rung: str) -> float:
    """Mean bits per image on a rung, NaN without."""
    return rates_of(run).get(rung, math.nan)


def rates_of(run: Run) -> dict[str, float]:
    """Bits per image by rung (`RUNGS`), those that the run's report has; {} without any."""
    rates = run.report.get("rates", {})
    found = rates if isinstance(rates, dict) else {}
    return {rung: float(found[rung]) for rung in RUNGS if isinstance(found.get(rung), int | float)}


def trained_alike(first: Run, second: Run) -> bool:
    """Whether two runs saw as many images, with the same optimizer and a trunk of the same width, undisturbed."""
    undisturbed = first.info.step == second.info.step and not (first.info.history or second.info.history)
    return undisturbed and all(getattr(first.config, name) == getattr(second.config, name) for name in SAME)
