"""What the runs of both sides were given, in bits, and their figures on the whole test split, as sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping

from explorer.reports.matching import pair_rates, rates_of
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
    counts = {"mean": rate_text(rates.get("per_position", math.nan)), "learned": _learned([rates], lang)}
    return text("reconstruct.bits.vqvae", lang, **params, **counts)


def pooled(run: Run, lang: str) -> str:
    """The whole test split in one line, from the run's report."""
    report, rates = run.report, rates_of(run)
    parts = {
        "n": f"{report.get('n', 0):,}",
        "psnr": _number(report.get("psnr_db"), 2),
        "centre": _number(report.get("psnr_of_mean_db"), 2),
        "ssim": _number(report.get("ssim"), 3),
        "kl": rate_text(rates.get("kl", math.nan)),
        "uniform": rate_text(rates.get("uniform", math.nan)),
        "position": rate_text(rates.get("per_position", math.nan)),
        "learned": _learned([rates], lang),
    }
    return text(f"reconstruct.pooled.{run.config.model}", lang, **parts)


def banner_of(runs: Mapping[str, Run], lang: str) -> tuple[str, bool]:
    """What the sides were given, and whether that is far apart."""
    if any(run.config.model == "ae" for run in runs.values()):
        return text("reconstruct.banner.ae", lang), False
    if matched := _matched(runs, lang):
        return matched, False
    rooms = {name: _room(run) for name, run in runs.items()}
    if len(rooms) < 2 or not all(0 < bits < math.inf for bits in rooms.values()):
        return "", False
    ratio = max(rooms.values()) / min(rooms.values())
    params = {name: rate_text(bits) for name, bits in rooms.items()} | {"note": _histograms(runs, lang)}
    if ratio < SIMILAR_RATES:
        return text("reconstruct.banner.same", lang, **params), False
    wider = max(rooms, key=lambda name: rooms[name])
    times = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"
    return text(f"reconstruct.banner.{wider}", lang, **params, ratio=times), True


def _matched(runs: Mapping[str, Run], lang: str) -> str:
    """The sentence of a VAE and a VQ-VAE whose rates match; "" for every other pair."""
    if {run.config.model for run in runs.values()} != {"vae", "vqvae"}:
        return ""
    found = pair_rates(*runs.values())
    if found.standing not in ("close", "between"):
        return ""
    by_kind = {run.config.model: rates_of(run) for run in runs.values()}
    return text(
        f"reconstruct.banner.{found.standing}", lang, kl=rate_text(by_kind["vae"]["kl"]),
        learned=rate_text(by_kind["vqvae"]["learned_prior"]), position=rate_text(by_kind["vqvae"]["per_position"]),
        apart=f"{100 * found.apart:.1f}",
    )  # fmt: skip


def _histograms(runs: Mapping[str, Run], lang: str) -> str:
    """The other counts of the code grids' bits, in brackets; "" without code grids."""
    grids = [rates_of(run) for run in runs.values() if run.config.is_vq]
    counts = [rate_text(rates["per_position"]) for rates in grids if "per_position" in rates]
    return text("reconstruct.note", lang, counts=" · ".join(counts), learned=_learned(grids, lang)) if counts else ""


def _learned(grids: list[dict[str, float]], lang: str) -> str:
    """What the code grids cost under their learned priors, to follow another count; "" unless all have one."""
    counts = [rate_text(rates["learned_prior"]) for rates in grids if "learned_prior" in rates]
    return text("reconstruct.learned", lang, bits=" · ".join(counts)) if len(counts) == len(grids) > 0 else ""


def _room(run: Run) -> float:
    """Mean bits per image: a VAE's KL, a code grid's P·log2 K; NaN where the report says nothing."""
    return float(rates_of(run).get("uniform" if run.config.is_vq else "kl", math.nan))


def rate_text(bits: float) -> str:
    """Bits as they are written: whole ones from 100 on."""
    if math.isnan(bits):
        return "?"
    return f"{bits:,.0f}" if bits >= 100 else f"{bits:.1f}"


def _number(value: float | None, digits: int) -> str:
    return "?" if value is None else f"{value:.{digits}f}"
