"""Which run a code grid may be compared with at a known rate, and what two runs were given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from explorer.metrics.rate_match import CLOSE, GaussianRate, RateMatch, fits, rate_match
from explorer.runs import Run

#: A partner had the same chances: these settings decide how long and how wide a model was trained.
SAME = ("data", "steps", "batch_size", "lr", "lr_schedule", "width", "augment")

DEFINITION = (
    "a VAE's bits: KL / ln 2; a code grid's: under the learned prior (where there is none: per position, then "
    "uniform); close: within 5 %; between: a VAE that costs more than the learned prior and at most the per-position "
    "histograms"
)


@dataclass(frozen=True)
class PairRates:
    """What two runs were given.

    Attributes:
        bits: mean per image of each, NaN where a latent has no bit count.
        standing: "close", "between" (see `DEFINITION`), "apart", or "unknown".
        apart: how far the VAE's count lies from the learned prior's, as a share of that; of two runs of one kind, and
            where there is no learned prior, the larger over the smaller count, minus 1. NaN if unknown.
    """

    bits: tuple[float, float]
    standing: str
    apart: float

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; None where there is no number."""
        known = [None if math.isnan(value) else value for value in self.bits]
        apart = None if math.isnan(self.apart) else 100 * self.apart
        return {"bits": known, "standing": self.standing, "apart_percent": apart, "definition": DEFINITION}


def matched_vae(codes: Run, others: Iterable[Run]) -> RateMatch | None:
    """The VAE among `others` that was given as many bits as the VQ-VAE `codes`; None without one."""
    rates = rates_of(codes)
    latents = [
        GaussianRate(
            id=run.id,
            bits=rates_of(run).get("kl", math.nan),
            on_grid=run.config.spatial,
            same_seed=run.config.seed == codes.config.seed,
        )
        for run in others
        if run.config.model == "vae" and trained_alike(codes, run)
    ]
    return rate_match(rates.get("learned_prior", math.nan), rates.get("per_position", math.nan), latents)


def pair_rates(first: Run, second: Run) -> PairRates:
    """The rates of two runs, and whether they match."""
    bits = paid_bits(first), paid_bits(second)
    if not all(math.isfinite(value) and value > 0 for value in bits):
        return PairRates(bits, "unknown", math.nan)
    apart = max(bits) / min(bits) - 1
    kinds = {run.config.model: run for run in (first, second)}
    if kinds.keys() == {"vae", "vqvae"}:
        rates = rates_of(kinds["vqvae"])
        learned, per_position = (rates.get(name, math.nan) for name in ("learned_prior", "per_position"))
        kl = paid_bits(kinds["vae"])
        if not fits(kl, learned, per_position):
            return PairRates(bits, "apart", apart)
        near = abs(kl / learned - 1)
        return PairRates(bits, "close" if near <= CLOSE else "between", near)
    return PairRates(bits, "close" if apart <= CLOSE else "apart", apart)


def paid_bits(run: Run) -> float:
    """Mean bits per image: a VAE's KL, a code grid's cross-entropy under the best prior at hand; NaN without one."""
    rates = rates_of(run)
    known = [rates[name] for name in ("kl", "learned_prior", "per_position", "uniform") if name in rates]
    return next(iter(known), math.nan)


def rates_of(run: Run) -> dict[str, float]:
    """Bits per image by name, as the run's report has them; {} without any."""
    rates = run.report.get("rate_bits", {})
    return {k: float(v) for k, v in rates.items() if isinstance(v, int | float)} if isinstance(rates, dict) else {}


def trained_alike(first: Run, second: Run) -> bool:
    """Whether two runs saw as many images, with the same optimizer and a trunk of the same width, undisturbed."""
    undisturbed = first.info.step == second.info.step and not (first.info.history or second.info.history)
    return undisturbed and all(getattr(first.config, name) == getattr(second.config, name) for name in SAME)
