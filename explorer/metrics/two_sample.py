"""The classifier two-sample test (Lopez-Paz & Oquab 2017)."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.metrics.interval import Estimate, share

#: Inverse strength of the penalty; strong, so that few images in many dimensions are not simply learnt by heart.
INVERSE_PENALTY = 0.05
#: Variance of the accuracy over that of as many independent answers. Where everything is drawn anew it is 1.6 to 2.0
#: for 32 and 64 features and n of 300 and 500, at accuracies of .5 to .76 (tests/metrics/test_coverage.py); two folds
#: of equal size bound it so in Nadeau & Bengio (2003), Machine Learning 52, who add test over training size to 1/folds.
FOLDS = 2


def two_sample_accuracy(real: Tensor, generated: Tensor, generator: torch.Generator) -> Estimate:
    """Held-out accuracy of a logistic regression that tells samples from real images: .5 if it cannot, 1 if always.

    Features (N, F) and (M, F) are cut to equal numbers, shuffled and halved; each half is judged by the regression that
    was fitted on the other one. The interval covers redrawn samples, a redrawn reference and another split: the two
    regressions vary with all of them, and 2n images are worth n (`FOLDS`).
    """
    n = min(len(real), len(generated))
    order = [torch.randperm(len(features), generator=generator)[:n] for features in (real, generated)]
    x = torch.stack([real[order[0]], generated[order[1]]], dim=1).double().flatten(0, 1)  # real, generated, real, …
    y = torch.arange(2 * n) % 2
    middle = 2 * (n // 2)
    right = [
        _right(x[:middle], y[:middle], x[middle:], y[middle:]),
        _right(x[middle:], y[middle:], x[:middle], y[:middle]),
    ]
    return share(torch.cat(right), independent=2 * n / FOLDS)


def _right(x: Tensor, y: Tensor, held_out: Tensor, expected: Tensor) -> Tensor:
    """Which held-out rows a regression fitted on (x, y) assigns rightly, (n,) bool."""
    from sklearn.linear_model import LogisticRegression

    centre, scale = x.mean(0), x.std(0).clamp_min(1e-6)
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000, tol=1e-3).fit(
        ((x - centre) / scale).numpy(), y.numpy()
    )
    return torch.from_numpy(fitted.predict(((held_out - centre) / scale).numpy())) == expected
