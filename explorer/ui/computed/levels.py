"""What a run of codes in levels costs and is worth, beside one codebook that can say as much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from explorer.plots.levels import PrefixLabels, prefix_figure
from explorer.reports.matching import rates_of
from explorer.runs import Run
from explorer.studies.in_levels import Beside, beside_one_codebook
from explorer.training.config import RunConfig
from explorer.ui.computed import catalog
from explorer.ui.text import text


def partner_of(run: Run) -> Run | None:
    """The run of one codebook with as many codes as the run has tuples; the plainest, if there are several."""
    config = run.config
    found = [
        info
        for info in catalog.runs_of(config.data)
        if info.config.is_vq
        and info.config.num_levels is None
        and (info.config.num_embeddings, info.config.embedding_dim) == (config.num_codes, config.embedding_dim)
        and info.config.codebook_update == config.codebook_update
        and info.config.seed == config.seed
    ]
    return catalog.run(min(found, key=lambda info: len(info.id)).id) if found else None


def rates_sentence(run: Run, lang: str) -> str:
    """Bits of every rung that was measured, and those of the partner, or why it has none."""
    partner = partner_of(run)
    told = text("levels.rates", lang, **_told(run, lang))
    if partner is not None:
        return (
            told
            + _space(lang)
            + text("levels.partner", lang, codes=f"{run.config.num_codes:,}", **_told(partner, lang))
        )
    vectors = run.config.batch_size * run.info.shape.grid**2
    if vectors >= run.config.num_codes:
        return told
    each = f"{run.config.num_codes / vectors:.0f}"
    codes = f"{run.config.num_codes:,}"
    return told + _space(lang) + text("levels.no_partner", lang, codes=codes, vectors=f"{vectors:,}", each=each)


def study_sentence(run: Run, lang: str) -> str:
    """What the study found with codebooks put together in this way at this D, with this K if it can; "" without."""
    config = run.config
    alike = [pair for pair in beside_one_codebook() if _kind(pair.composed.cell.config(0)) == _kind(config)]
    if not alike:
        return ""
    same = (pair for pair in alike if pair.composed.cell.num_embeddings == config.num_embeddings)
    return text("levels.study", lang, **_found(next(same, alike[0]), lang))


def _kind(config: RunConfig) -> tuple[str, int]:
    return config.quantizer, config.embedding_dim


def _found(pair: Beside, lang: str) -> dict[str, object]:
    composed, plain = pair.composed, pair.plain
    return {
        "data": text(f"data.{composed.cell.data}", lang),
        "steps": f"{composed.cell.config(0).steps:,}",
        "n": len(pair.apart_db),
        "parts": pair.codebooks,
        "codes": composed.cell.num_embeddings,
        "many": plain.cell.num_embeddings,
        "dead": _range(composed.dead, 0, lang),
        "psnr": _range(composed.psnr_db, 1, lang),
        "plain_dead": _range(plain.dead, 0, lang),
        "plain_psnr": _range(plain.psnr_db, 1, lang),
    }


def _range(values: Sequence[float], digits: int, lang: str) -> str:
    low, high = (f"{value:.{digits}f}" for value in (min(values), max(values)))
    between = "至" if lang == "zh" else "to"
    return low if low == high else f"{low} {between} {high}"


def rate_plane(run: Run, level: int, lang: str) -> Any:
    """The figure of all prefixes, the first `level` levels marked; None where a prefix makes no picture of its own."""
    rows = run.report.get("levels", [])
    if not rows or not all("psnr_db" in row for row in rows):
        return None
    each = run.info.shape.grid**2 * math.log2(run.config.num_embeddings)
    runs = catalog.read_runs(catalog.runs_of(run.config.data))
    others = [
        (rates_of(other)["fixed"], float(other.report["psnr_db"]), catalog.label_of(other.info, lang))
        for other in runs
        if other.config.is_vq and other.id != run.id and "fixed" in rates_of(other) and "psnr_db" in other.report
    ]
    labels = PrefixLabels(
        bits=text("levels.bits", lang), prefixes=text("levels.prefixes", lang), others=text("levels.others", lang)
    )
    prefixes = [(each * number, float(row["psnr_db"])) for number, row in enumerate(rows, 1)]
    return prefix_figure(prefixes, level, others, labels)


def _told(run: Run, lang: str) -> dict[str, str]:
    rates = rates_of(run)
    bits = [f"{text(f'sharpness.rung.{rung}', lang)} {value:.1f}" for rung, value in rates.items()]
    return {"bits": ("，" if lang == "zh" else ", ").join(bits), "psnr": f"{run.report.get('psnr_db', math.nan):.2f}"}


def _space(lang: str) -> str:
    return "" if lang == "zh" else " "
