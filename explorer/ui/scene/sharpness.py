"""The sentence on sharpness that a reader takes home: both rates, whether they match, both blurs, the interval."""

from __future__ import annotations

import math
from typing import Any

from explorer.reports.matching import pair_rates
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.scene.rates import rate_text
from explorer.ui.text import text


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
    unlearned = unlearned_sentence(pair, lang)
    return said + (" " if unlearned and lang == "en" else "") + unlearned


def unlearned_sentence(pair: tuple[Run, Run], lang: str) -> str:
    """Whose learned prior is missing, so that the two are compared on a lower rung; "" where none is."""
    missing = pair_rates(*pair).unlearned
    return text("sharpness.unlearned", lang, run=missing[0]) if missing else ""


def rates_sentence(pair: tuple[Run, Run], lang: str) -> str:
    """What both were given on one rung, and whether that matches."""
    found = pair_rates(*pair)
    left, right = (paid_text(bits, lang) for bits in found.bits)
    return text(
        f"sharpness.rates.{found.standing}",
        lang,
        left=left,
        right=right,
        rung=text(f"sharpness.rung.{found.rung}", lang) if found.rung else "",
        apart="?" if math.isnan(found.apart) else f"{100 * found.apart:.1f}",
        ratio="?" if math.isnan(found.apart) else f"{max(found.bits) / min(found.bits):.2g}",
    )


def paid_text(bits: float, lang: str) -> str:
    """Bits per image, or that there is no count."""
    return text("reconstruct.no_bits", lang) if math.isnan(bits) else text("sharpness.paid", lang, bits=rate_text(bits))


def name_of(run: Run, lang: str) -> str:
    """A run's kind and its name in a few symbols."""
    return f"{text(f'kind.{run.config.model}', lang)} {catalog.label_of(run.info, lang)}"


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
