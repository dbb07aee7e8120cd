"""What the runs of both sides were given, in bits, and their figures on the whole test split, as sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping

from explorer.reports.matching import PairRates, pair_rates, rates_of
from explorer.runs import Run
from explorer.ui.text import text

#: Below this ratio two rates count as about the same room.
SIMILAR_RATES = 1.25


def bits_tip(run: Run, lang: str) -> str:
    """What the bits under a picture of this run mean."""
    if not run.config.is_vq:
        return text(f"reconstruct.bits.{run.config.model}", lang)
    rates = rates_of(run)
    params = {"cells": run.model.shape.grid**2, "codes": run.config.num_codes}
    counts = {"mean": rate_text(rates.get("simple", math.nan)), "learned": _learned(rates, lang)}
    return text("reconstruct.bits.vqvae", lang, **params, **counts)


def pooled(run: Run, lang: str) -> str:
    """The whole test split in one line, from the run's report."""
    report, rates = run.report, rates_of(run)
    parts = {
        "n": f"{report.get('n', 0):,}",
        "psnr": _number(report.get("psnr_db"), 2),
        "centre": _number(report.get("psnr_of_mean_db"), 2),
        "ssim": _number(report.get("ssim"), 3),
        "fixed": rate_text(rates.get("fixed", math.nan)),
        "simple": rate_text(rates.get("simple", math.nan)),
        "learned": _learned(rates, lang),
    }
    return text(f"reconstruct.pooled.{run.config.model}", lang, **parts)


def banner_of(runs: Mapping[str, Run], lang: str) -> tuple[str, bool]:
    """What the sides were given, and whether that is far apart."""
    if any(run.config.model == "ae" for run in runs.values()):
        return text("reconstruct.banner.ae", lang), False
    if len(runs) < 2:
        return "", False
    found = pair_rates(*runs.values())
    if not all(0 < bits < math.inf for bits in found.bits):
        return "", False
    bits = dict(zip(runs, found.bits, strict=True))
    params = {name: rate_text(value) for name, value in bits.items()} | {"note": _note(found, lang)}
    if found.standing == "close":
        return text("reconstruct.banner.close", lang, **params, apart=f"{100 * found.apart:.1f}"), False
    ratio = max(found.bits) / min(found.bits)
    if ratio < SIMILAR_RATES:
        return text("reconstruct.banner.same", lang, **params), False
    wider = max(bits, key=lambda name: bits[name])
    times = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"
    return text(f"reconstruct.banner.{wider}", lang, **params, ratio=times), True


def _note(found: PairRates, lang: str) -> str:
    """The rung that the bits are counted on, and whose learned prior is missing, in brackets."""
    rung = text(f"sharpness.rung.{found.rung}", lang)
    if not found.unlearned:
        return text("reconstruct.note", lang, rung=rung)
    return text("reconstruct.note.unlearned", lang, rung=rung, runs=", ".join(found.unlearned))


def _learned(rates: dict[str, float], lang: str) -> str:
    """What a latent costs under its learned prior, to follow another count; "" without one."""
    return text("reconstruct.learned", lang, bits=rate_text(rates["learned"])) if "learned" in rates else ""


def rate_text(bits: float) -> str:
    """Bits as they are written: whole ones from 100 on."""
    if math.isnan(bits):
        return "?"
    return f"{bits:,.0f}" if bits >= 100 else f"{bits:.1f}"


def _number(value: float | None, digits: int) -> str:
    return "?" if value is None else f"{value:.{digits}f}"
