"""What is said of one feature and one run, each sentence from the figures at hand."""

from __future__ import annotations

from typing import Any

from explorer.data import load_image_set
from explorer.reports.factors.apart import held_out_pictures
from explorer.ui.text import text
from explorer.ui.text.factors import factor_name

Sentence = list[Any]  # [sentence, for experts?]


def said(found: dict[str, Any], data: str, number: int, name: str, lang: str) -> list[Sentence]:
    """Sentences on the feature `number` of the set `data`, called `name`, from a run's measured parts."""
    feature = factor_name(name, lang)
    lines = [
        *_kept(found, number, lang),
        *_best(found["apart"], _held_out(data, name), number, lang),
        *_half(found, number, lang),
    ]
    lines += _swapped(found, number, feature, lang)
    return lines + _statistics(found["apart"], number, lang)


def _kept(found: dict[str, Any], number: int, lang: str) -> list[Sentence]:
    if "keeping" not in found:
        return []
    figures = {key: _percent(found["keeping"][key][number]) for key in ("kept", "original", "chance")}
    return [[text("features.kept", lang, n=f"{found['keeping']['n'][number]:,}", **figures), False]]


def _held_out(data: str, name: str) -> int:
    image_set = load_image_set(data)
    return len(held_out_pictures(image_set.factors[name], image_set))


def _best(apart: dict[str, Any], held_out: int, number: int, lang: str) -> list[Sentence]:
    best = apart["best"][number]
    if not best:
        return []
    comma = text("between.comma", lang)
    counts, shares = ([str(row[0]) for row in best], [_percent(row[2]) for row in best])
    what = "units" if apart["grid"] is None else "cells"
    figures = {"counts": comma.join(counts), "shares": comma.join(shares), "n": f"{held_out:,}"}
    sentence = text(f"features.best.{what}", lang, chance=_percent(apart["guessing"][number]), **figures)
    return [[sentence, False]]


def _half(found: dict[str, Any], number: int, lang: str) -> list[Sentence]:
    """How many pictures of a way are neither; only beside what blur alone would do."""
    row = {key: found.get("between", {}).get(key, [None] * (number + 1))[number] for key in
           ("row", "fade", "original", "rebuilt", "blurred")}  # fmt: skip
    if None in row.values():
        return []
    beyond = row["row"] - row["rebuilt"]
    verdict = "more" if beyond > 0.5 else "less" if beyond < -0.5 else "same"
    figures = {key: f"{value:.1f}" for key, value in row.items()}
    sentence = text("features.half", lang, n=found["between"]["n"][number], **figures)
    return [[sentence + text("between.space", lang) + text(f"features.half.{verdict}", lang), False]]


def _swapped(found: dict[str, Any], number: int, feature: str, lang: str) -> list[Sentence]:
    swap = found.get("swap")
    if swap is None or swap["became"][number] is None or swap["others"][number] is None:
        return []
    what = "unit" if found["apart"]["grid"] is None else "cells"
    return [
        [
            text(
                f"features.swap.{what}",
                lang,
                feature=feature,
                units=len(swap["units"][number]),
                pairs=f"{swap['n'][number]:,}",
                became=_percent(swap["became"][number]),
                others=f"{swap['others'][number]:.1f}",
                total=swap["other_features"][number],
            ),
            False,
        ]
    ]


def _statistics(apart: dict[str, Any], number: int, lang: str) -> list[Sentence]:
    mig = apart.get("mig")
    value = mig[number] if isinstance(mig, list) and len(mig) > number else None
    lines = [] if value is None else [[text("features.mig", lang, mig=f"{value:.2f}"), True]]
    if apart["grid"] is not None:
        lines = [[text("features.mig.none", lang), True]]
    dci = apart.get("dci")
    if isinstance(dci, dict) and all(isinstance(dci.get(key), float) for key in ("disentanglement", "completeness")):
        figures = {key: f"{dci[key]:.2f}" for key in ("disentanglement", "completeness")}
        lines.append([text("features.dci", lang, **figures), True])
    return lines


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"
