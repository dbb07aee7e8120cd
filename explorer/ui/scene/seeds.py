"""How far two settings differ from training to training: a dot for each seed, never a mean of them."""

from __future__ import annotations

from typing import Any

from explorer.metrics.rate import RUNGS
from explorer.plots.seeds import SeedDot, seeds_figure
from explorer.runs import Run
from explorer.ui.scene.rates import rate_text
from explorer.ui.scene.sharpness import interval_text, name_of, signed
from explorer.ui.text import COLON, SEMICOLON, text

SIDES = ("left", "right")
DIGITS = {"sigma_eq_px": 3, "psnr_db": 2, "ssim": 3}


def scope_of(pair: tuple[Run, Run], numbers: dict[str, Any], lang: str) -> str:
    """What the intervals cover: how many trainings stand behind the two sides."""
    counts = [len(group) for group in numbers["by_seed"]["runs"]]
    known = text("sharpness.scope", lang)
    if counts == [1, 1]:
        return f"{text('sharpness.scope.one', lang)} {known}"
    names = (name_of(run, lang) for run in pair)
    if min(counts) == 1:
        alone = next(name for name, count in zip(names, counts, strict=True) if count == 1)
        return f"{text('sharpness.scope.alone', lang, run=alone)} {known}"
    return f"{text('sharpness.scope.many', lang, left=counts[0], right=counts[1])} {known}"


def seeds_of(pair: tuple[Run, Run], numbers: dict[str, Any], measure: str, lang: str) -> dict[str, Any] | None:
    """`figure` and `summary` of a measure by seed; None where both sides were trained once."""
    by_seed = numbers["by_seed"]
    if all(len(group) == 1 for group in by_seed["runs"]):
        return None
    names = {side: name_of(run, lang) for side, run in zip(SIDES, pair, strict=True)}
    dots = [
        SeedDot(side, each["seed"], each["mean"][measure], _hover(each, measure, lang))
        for side, group in zip(SIDES, by_seed["runs"], strict=True)
        for each in group
        if each["mean"][measure] is not None
    ]
    return {
        "figure": seeds_figure(
            dots,
            names,
            {side: run.config.model for side, run in zip(SIDES, pair, strict=True)},
            text(f"sharpness.quality.{measure}", lang),
            text("sharpness.seed", lang, seed="{seed}"),
        ),
        "summary": _summary(by_seed["differences"], measure, lang),
    }


def _hover(each: dict[str, Any], measure: str, lang: str) -> str:
    rates = each["rates"]
    rung = next((rung for rung in reversed(RUNGS) if rung in rates), "")
    paid = f"{rate_text(rates[rung])} {text('reconstruct.unit.bits', lang)}" if rung else ""
    given = f" · {paid} ({text(f'sharpness.rung.{rung}', lang)})" if rung else ""
    return f"{each['run']}{COLON[lang]}{each['mean'][measure]:.{DIGITS[measure]}f}{given}"


def _summary(differences: list[dict[str, Any]], measure: str, lang: str) -> str:
    """Each seed's difference with its interval, then the lowest and the highest; "" where no seed is shared."""
    gaps = [(pair["seed"], pair["measures"][measure]) for pair in differences]
    if not gaps:
        return ""
    digits = DIGITS[measure]
    listed = SEMICOLON[lang].join(
        text("sharpness.seeds.each", lang, seed=seed) + " {gap} [{low}, {high}]".format(**interval_text(gap, digits))
        for seed, gap in gaps
    )
    if len(gaps) == 1:
        return text("sharpness.seeds.once", lang, listed=listed)
    means = [gap["mean"] for _, gap in gaps]
    low, high = (signed(value, digits) for value in (min(means), max(means)))
    return text("sharpness.seeds.summary", lang, listed=listed, low=low, high=high, count=len(gaps))
