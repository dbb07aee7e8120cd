"""Does a latent keep a feature? The judge looks at reconstructions, at the originals beside them, and guesses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from explorer.classifier import Classifier
from explorer.data import ImageSet
from explorer.data.factors import HIDDEN
from explorer.latent import EncodedSet
from explorer.reports.decoded import BATCH, decoded
from explorer.runs import Run


@torch.no_grad()
def kept_features(run: Run, image_set: ImageSet, classifier: Classifier, encoded: EncodedSet) -> dict[str, Any]:
    """`kept`, `original` and `chance` of each feature: how often the judge names the right value, in [0, 1].

    Of reconstructions of the test images that show the feature (`n` of each), with z ~ q where a model draws; of these
    images themselves; and of always naming the commonest value of the training images.
    """
    test = image_set.split("test")
    some = EncodedSet(**{name: part[test] for name, part in vars(encoded).items() if part is not None})
    kept = _named(classifier, decoded(run.model, some, sample=True))
    original = _named(classifier, (image_set.batch(ids) for ids in test.split(BATCH)))
    rows: dict[str, Any] = {"n": [], "kept": [], "original": [], "chance": []}
    for name, factor in image_set.factors.items():
        values = factor.values[test]
        shown = values != HIDDEN
        learnt = factor.values[image_set.split("train")]
        commonest = torch.bincount(learnt[learnt != HIDDEN]).argmax()
        rows["n"].append(int(shown.sum()))
        for key, named in (("kept", kept[name]), ("original", original[name]), ("chance", commonest)):
            rows[key].append(float((named == values)[shown].double().mean()))
    return rows


def _named(classifier: Classifier, pictures: Iterable[Tensor]) -> dict[str, Tensor]:
    """The likeliest value of each feature, (N,)."""
    seen = [classifier.factor_probabilities(part) for part in pictures]
    return {name: torch.cat([part[name].argmax(1) for part in seen]) for name in classifier.factors}
