"""How good samples are, in the features of a small classifier: one row of the quality table.

None of this is the FID, whose features come from another network and another data set.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.interval import Estimate, share
from explorer.metrics.kernel_distance import KernelDistance, kernel_distance
from explorer.metrics.neighbours import Manifold, copy_check, manifold
from explorer.metrics.two_sample import two_sample_accuracy


@dataclass(frozen=True)
class Reference:
    """Real images that samples are compared with; as many of each kind.

    Attributes:
        held_out: (N, F) features of test images.
        train: (N, F) features of training images.
    """

    held_out: Tensor
    train: Tensor


@dataclass(frozen=True)
class SampleQuality:
    """One row. Intervals cover which samples were drawn; the model, the reference and the classifier are fixed.

    Attributes:
        n: samples.
        reference: held-out images.
        kid_clf: kernel distance in classifier features, lower is better; the headline.
        manifold: precision, recall, density, coverage.
        two_sample: C2ST held-out accuracy; .5 is best.
        copies: `P(nearer to train than to held-out)`; .5 is expected.
        classes: share of samples that the classifier gives each class.
    """

    n: int
    reference: int
    kid_clf: KernelDistance
    manifold: Manifold
    two_sample: Estimate
    copies: Estimate
    classes: tuple[Estimate, ...]


def sample_quality(
    features: Tensor, classes: Tensor, num_classes: int, reference: Reference, generator: torch.Generator
) -> SampleQuality:
    """Measure samples.

    Args:
        features: (n, F) of the samples.
        classes: (n,) int64, the classifier's likeliest class of each.
        num_classes: how many there are.
        reference: what they are compared with; N = n where rows are to be compared.
        generator: draws subsets and halves.
    """
    return SampleQuality(
        n=len(features),
        reference=len(reference.held_out),
        kid_clf=kernel_distance(reference.held_out, features, generator),
        manifold=manifold(reference.held_out, features),
        two_sample=two_sample_accuracy(reference.held_out, features, generator),
        copies=copy_check(features, reference.train, reference.held_out),
        classes=tuple(share(classes == label) for label in range(num_classes)),
    )
