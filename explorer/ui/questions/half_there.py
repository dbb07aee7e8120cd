"""Features that are neither half way between two pictures: in the world of these pictures there is nothing between."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from explorer.classifier import load_classifier
from explorer.data import load_image_set
from explorer.data.factors import HIDDEN, NONE
from explorer.metrics.doubt import neither
from explorer.ui.computed.halfway import model_name
from explorer.ui.text import text
from explorer.ui.text.factors import factor_name, value_name

#: A feature about which the judge doubts in more than this share of test images says nothing half way.
MOST_DOUBT = 0.1
#: Features that are named for each row.
NAMED = 3


def half_there(data: str, pair: tuple[int, int], opinions: Mapping[str, Mapping[str, Tensor]], lang: str) -> list[str]:
    """Which judge speaks, a sentence for each row, then one of counts; [] where no known feature differs.

    Args:
        data: image set.
        pair: the two images.
        opinions: row -> feature -> probabilities of its values in each picture, (S, values).
        lang: language.
    """
    features = judged_features(data, pair)
    if not features or not opinions:
        return []
    said = [
        text("between.half", lang, model=model_name(kind, lang), what=_what(data, of_row, features, lang))
        for kind, of_row in opinions.items()
    ]
    counts = [
        text("between.half.count", lang, model=model_name(kind, lang), count=_count(of_row, features))
        for kind, of_row in opinions.items()
    ]
    pictures = len(next(iter(next(iter(opinions.values())).values())))
    comma = text("between.comma", lang)
    names = comma.join(factor_name(name, lang) for name in features)
    total = text("between.half.counts", lang, pictures=pictures, counts=comma.join(counts), features=names)
    return [text("between.half.judge", lang), *said, total]


def judged_features(data: str, pair: tuple[int, int]) -> tuple[str, ...]:
    """Features of which the two images show different values, and about which the judge hardly ever doubts."""
    image_set = load_image_set(data)
    if not image_set.factors:
        return ()
    measured = load_classifier(data).info["factor_test"]
    both = image_set.split("test")[list(pair)]
    shown = {name: factor.values[both].tolist() for name, factor in image_set.factors.items()}
    return tuple(
        name
        for name, (a, b) in shown.items()
        if a != b and HIDDEN not in (a, b) and measured[name]["doubtful"] <= MOST_DOUBT
    )


def _what(data: str, opinions: Mapping[str, Tensor], features: tuple[str, ...], lang: str) -> str:
    """Of the picture half way, the features that are neither, the most doubtful first."""
    middles = {name: opinions[name][len(opinions[name]) // 2] for name in features}
    found = sorted((name for name in features if neither(middles[name])), key=lambda name: float(middles[name].max()))
    if not found:
        return text("between.half.none", lang)
    names = load_classifier(data).factors
    parts = [_said(name, middles[name], names[name], lang) for name in found[:NAMED]]
    if len(found) > NAMED:
        parts.append(text("between.half.more", lang, more=len(found) - NAMED))
    return text("between.comma", lang).join(parts)


def _said(name: str, probabilities: Tensor, names: tuple[str, ...], lang: str) -> str:
    shown = factor_name(name, lang)
    if len(names) == 2 and NONE in names:
        there = 1 - float(probabilities[names.index(NONE)])
        return text("between.half.there", lang, feature=shown, percent=f"{100 * there:.0f}")
    best = int(probabilities.argmax())
    percent = f"{100 * float(probabilities[best]):.0f}"
    return text("between.half.value", lang, feature=shown, value=value_name(names[best], lang), percent=percent)


def _count(opinions: Mapping[str, Tensor], features: tuple[str, ...]) -> int:
    """Pictures of a row that carry at least one feature that is neither."""
    return int(torch.stack([neither(opinions[name]) for name in features]).any(0).sum())
