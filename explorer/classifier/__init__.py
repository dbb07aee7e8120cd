"""The small classifiers, one per image set: an eye whose features and opinions other figures are measured with."""

from explorer.classifier.shipped import Classifier, has_classifier, load_classifier

__all__ = ["Classifier", "has_classifier", "load_classifier"]
