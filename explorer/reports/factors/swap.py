"""Exchange one feature: what of a picture changes when the part of its latent that knows a feature is another's."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from explorer.classifier import Classifier
from explorer.data import ImageSet
from explorer.data.factors import HIDDEN
from explorer.latent import EncodedSet
from explorer.runs import Run
from explorer.streams import stream

PAIRS = 1000
DECODED_AT_ONCE = 250
#: Cells that say at least this much of what the best one says are taken along: a feature covers several.
SHARE = 0.25


@torch.no_grad()
def features_swapped(
    run: Run, image_set: ImageSet, classifier: Classifier, encoded: EncodedSet, apart: dict[str, Any]
) -> dict[str, Any]:
    """Over pairs of test images with different values of a feature, for each feature.

    `units` that are copied from the other image: of a grid all cells that say at least a quarter as much as the best
    one, of a vector its best unit. `became`: share of pairs in which the judge then names the other image's value;
    `others`: of the other features how many, on average, the judge names differently than in the plain reconstruction,
    those of the same thing (`related`) left out; `n` pairs.
    """
    names = list(image_set.factors)
    latents = _latents(encoded)
    rows: dict[str, list[Any]] = {"units": [], "n": [], "became": [], "others": [], "other_features": []}
    for number, name in enumerate(names):
        units = copied(apart["bits"][number], grid=apart["grid"] is not None)
        a, b = _pairs(image_set, name)
        before, after = _judged(run, classifier, latents, (a, b), units)
        others = [other for other in names if other != name and not related(name, other)]
        changed = torch.stack([before[other] != after[other] for other in others]) if others else torch.zeros(1, len(a))
        became = after[name] == image_set.factors[name].values[b]
        rows["units"].append(units)
        rows["n"].append(len(a))
        rows["became"].append(float(became.double().mean()) if len(a) else None)
        rows["others"].append(float(changed.double().sum(0).mean()) if len(a) else None)
        rows["other_features"].append(len(others))
    return rows


def copied(bits: list[float], *, grid: bool) -> list[int]:
    """Units that a feature is copied with, the best first."""
    order = sorted(range(len(bits)), key=lambda unit: -bits[unit])
    if not grid:
        return order[:1]
    return [unit for unit in order if bits[unit] >= SHARE * bits[order[0]]] if bits[order[0]] > 0 else order[:1]


def related(first: str, second: str) -> bool:
    """Whether two features are of one thing: "glasses" and "glasses colour", "mouth" and "mood" go together."""
    return _thing(first) == _thing(second)


def _thing(name: str) -> str:
    word = name.split(" ")[0]
    return {"eye": "eyes", "mood": "mouth"}.get(word, word)


def _latents(encoded: EncodedSet) -> Tensor:
    """What a decoder takes: (N, Z), (N, h, w) or (N, D, h, w)."""
    latents = encoded.mean if encoded.indices is None else encoded.indices
    assert latents is not None
    return latents


def _pairs(image_set: ImageSet, name: str) -> tuple[Tensor, Tensor]:
    """Up to `PAIRS` pairs of test images that show different values of a feature."""
    values = image_set.factors[name].values
    ids = image_set.split("test")
    ids = ids[values[ids] != HIDDEN]
    generator = stream(0, "swapped pairs")
    first, second = (ids[torch.randint(len(ids), (8 * PAIRS,), generator=generator)] for _ in range(2))
    different = (values[first] != values[second]).nonzero()[:PAIRS, 0]
    return first[different], second[different]


def _judged(
    run: Run, classifier: Classifier, latents: Tensor, pairs: tuple[Tensor, Tensor], units: list[int]
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """What the judge names in the reconstruction of the first images, and after the exchange."""
    plain = latents[pairs[0]]
    mixed, other = plain.clone(), latents[pairs[1]]
    flat_mixed, flat_other = (_units_last(part) for part in (mixed, other))
    flat_mixed[..., units] = flat_other[..., units]
    return _names(run, classifier, plain), _names(run, classifier, flat_mixed.view(plain.shape))


def _units_last(latents: Tensor) -> Tensor:
    """(N, Z) as it is; of a grid (N, h, w) or (N, D, h, w) the cells together."""
    return latents if latents.ndim == 2 else latents.flatten(-2)


def _names(run: Run, classifier: Classifier, latents: Tensor) -> dict[str, Tensor]:
    seen = [classifier.factor_probabilities(run.model.decode(block)) for block in latents.split(DECODED_AT_ONCE)]
    return {name: torch.cat([part[name].argmax(1) for part in seen]) for name in classifier.factors}
