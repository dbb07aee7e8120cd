"""What a run does with features that are known of its pictures, measured: the section "factors" of report.json.

names          features, in the image set's order; all lists below follow it
classifier     {sha256}: of the judge
keeping        what its reconstructions keep: `explorer.reports.factors.keeping`
between        features that are neither half way: `explorer.reports.factors.between`
apart          which unit or cell knows which feature: `explorer.reports.factors.apart`
swap           what else changes when one feature is exchanged: `explorer.reports.factors.swap`
"""

from __future__ import annotations

from typing import Any

from explorer.classifier import Classifier
from explorer.data import ImageSet
from explorer.errors import DataError
from explorer.latent import encode_images
from explorer.reports.factors.apart import features_apart
from explorer.reports.factors.between import doubts_between
from explorer.reports.factors.keeping import kept_features
from explorer.reports.factors.swap import features_swapped
from explorer.reports.factors.units import units_of
from explorer.runs import Run

__all__ = ["factors_report"]


def factors_report(run: Run, image_set: ImageSet, classifier: Classifier | None) -> dict[str, Any]:
    """Measure a run on the features of its image set: some minutes, most of them for the forests behind DCI.

    Args:
        run: finished.
        image_set: the one it was trained on.
        classifier: of that set; without one only what needs no judge is measured.

    Raises:
        DataError: `factors_unknown`.
    """
    if not image_set.factors:
        raise DataError("factors_unknown", name=image_set.name)
    encoded = encode_images(run.model, image_set.images)
    units = units_of(run.model, encoded)
    section: dict[str, Any] = {"names": list(image_set.factors)}
    if classifier is not None:
        section |= {
            "classifier": {"sha256": classifier.sha256},
            "keeping": kept_features(run, image_set, classifier, encoded),
            "between": doubts_between(run, image_set, classifier),
        }
    if units is None:
        return section
    section["apart"] = features_apart(units, image_set)
    if classifier is not None:
        section["swap"] = features_swapped(run, image_set, classifier, encoded, section["apart"])
    return section
