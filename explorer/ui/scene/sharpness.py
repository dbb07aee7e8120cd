"""The sentence on sharpness that a reader takes home: both rates, whether they match, both blurs, the interval."""

from __future__ import annotations

import math
from typing import Any

from explorer.reports.matching import pair_rates, rates_of
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.scene.rates import rate_text
from explorer.ui.text import text

#: Rates by which a latent is paid for, the one that counts first.
#: What of each was learned beside the model: nothing, each position's own distribution, or a prior over all of them.
RUNGS = {"kl": "fixed", "uniform": "fixed", "per_position": "simple", "learned_prior": "learned"}
PAID = ("kl", "learned_prior", "per_position", "uniform")


def headline_of(pair: tuple[Run, Run], numbers: dict[str, Any], lang: str) -> str:
    """The sentence of `explorer.reports.comparison.compare`'s numbers."""
    blur = numbers["measures"]["sigma_eq_px"]
    gap = blur["difference"]
    apart = gap["low"] > 0 or gap["high"] < 0
    digits = digits_of("sigma_eq_px", gap["mean"])
    left, right = ("–" if value is None else f"{value:.{digits}f}" for value in blur["mean"])
    said = text(
        "sharpness.headline" if apart else "sharpness.headline.even", lang, rates=rates_sentence(pair, lang),
        left=name_of(pair[0], lang), right=name_of(pair[1], lang), left_sigma=left, right_sigma=right,
        n=f"{gap['n']:,}", **interval_text(gap, digits),
    )  # fmt: skip
    rungs = rungs_sentence(pair, lang)
    return said + (" " if rungs and lang == "en" else "") + rungs


def rungs_sentence(pair: tuple[Run, Run], lang: str) -> str:
    """That the two rates are not paid in one way, where they are not: comparing across rungs says little.

    A prior that was learned for one side alone is an advantage of that side; "" where both stand on one rung.
    """
    paid = [_paid(run) for run in pair]
    rungs = [RUNGS[name] for name in paid if name]
    if len(rungs) < len(pair) or rungs[0] == rungs[1]:
        return ""
    sides = {
        side: text(f"sharpness.paid.{name}", lang, name=text(f"kind.{run.config.model}", lang))
        for side, run, name in zip(("left", "right"), pair, paid, strict=True)
    }
    return text("sharpness.rungs", lang, **sides)


def rates_sentence(pair: tuple[Run, Run], lang: str) -> str:
    """What both were given, by what it was counted, and whether that matches."""
    found = pair_rates(*pair)
    return text(
        f"sharpness.rates.{found.standing}",
        lang,
        left=paid_text(pair[0], lang),
        right=paid_text(pair[1], lang),
        apart="?" if math.isnan(found.apart) else f"{100 * found.apart:.1f}",
        ratio="?" if math.isnan(found.apart) else f"{max(found.bits) / min(found.bits):.2g}",
    )


def paid_text(run: Run, lang: str) -> str:
    """Bits per image and how they were counted."""
    name = _paid(run)
    if not name:
        return text("reconstruct.no_bits", lang)
    bits = rate_text(rates_of(run)[name])
    return text("sharpness.paid", lang, bits=bits, rate=text(f"sharpness.rate.{name}", lang))


def _paid(run: Run) -> str:
    """Of a run's rates, the one that counts; "" without any."""
    rates = rates_of(run)
    return next((name for name in PAID if name in rates), "")


def name_of(run: Run, lang: str) -> str:
    """A run's kind and its name in a few symbols."""
    return f"{text(f'kind.{run.config.model}', lang)} {catalog.label_of(run.info)}"


def interval_text(gap: dict[str, Any], digits: int) -> dict[str, str]:
    """A difference and its interval, as they are written: `gap`, `low` and `high`."""
    return {key: signed(gap[name], digits) for key, name in (("gap", "mean"), ("low", "low"), ("high", "high"))}


def digits_of(measure: str, gap: float) -> int:
    """Digits behind the point that a difference needs: blurs of a matched pair lie hundredths of a pixel apart."""
    if measure == "psnr_db":
        return 2
    return 2 if measure == "sigma_eq_px" and abs(gap) >= 0.1 else 3


def signed(value: float, digits: int) -> str:
    """With its sign, and a minus that is as wide as a plus."""
    return f"{value:+.{digits}f}".replace("-", "−")
