"""Two runs on the same test images: paired differences with their intervals, beside what each was given in bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from explorer.data import ImageSet
from explorer.errors import RunError
from explorer.evaluation import decoded, measures_of
from explorer.latent import encode_images
from explorer.metrics.paired import paired_difference
from explorer.metrics.reconstruction import mse, ssim
from explorer.metrics.sharpness import sharpness
from explorer.runs import Run

#: What the interval of two single runs can and cannot say.
SCOPE = "1 training run each: the intervals cover the test images only"
DEFINITIONS = {
    "psnr_db": "-10 log10(MSE) of each image, values clipped to [0, 1]; higher is closer",
    "ssim": "structural similarity of each image (Wang et al. 2004), 7x7; higher is closer",
    "sigma_eq_px": "the Gaussian blur of the original that the reconstruction resembles most; lower is sharper",
    "blur_effect_ratio": "no-reference blur (Crete et al. 2007) over the original's; lower is sharper",
    "excess_detail": "largest G(f) - H(f) of each image: detail drawn that is not the original's; lower is better",
}


def compare(first: Run, second: Run, image_set: ImageSet) -> dict[str, Any]:
    """Plain JSON values: means of both, `difference` (second minus first) with its interval, and the rates.

    A VAE decodes z ~ q, since its bits pay for that and not for the posterior mean.

    Raises:
        RunError: they are runs of different image sets.
    """
    return compare_measures(first, second, per_image(first, image_set), per_image(second, image_set))


def compare_measures(
    first: Run, second: Run, one: Mapping[str, ArrayLike], other: Mapping[str, ArrayLike]
) -> dict[str, Any]:
    """As `compare`, of measures that are at hand already: (N,) by name for each run.

    Raises:
        RunError: they are runs of different image sets.
    """
    if first.config.data != second.config.data:
        raise RunError("runs_of_other_sets", first=first.id, second=second.id)
    values = [{name: np.asarray(v[name], np.float64) for name in DEFINITIONS} for v in (one, other)]
    return {
        "runs": [first.id, second.id],
        "seeds": [first.config.seed, second.config.seed],
        "split": "test",
        "scope": SCOPE,
        "rate_bits": [run.report.get("rate_bits", {}) for run in (first, second)],
        "measures": {
            name: {
                "definition": definition,
                "mean": [_mean(v[name]) for v in values],
                "difference": asdict(paired_difference(values[0][name], values[1][name])),
            }
            for name, definition in DEFINITIONS.items()
        },
    }


@torch.no_grad()
def per_image(run: Run, image_set: ImageSet) -> dict[str, Tensor]:
    """(N,) of each measure, in the order of the test split: what the run brings, else measured here, in seconds."""
    if run.measures is not None:
        return {name: torch.from_numpy(run.measures[name]) for name in DEFINITIONS}
    images = image_set.images[image_set.split("test")]
    x = images.float() / 255
    y = torch.cat(list(decoded(run.model, encode_images(run.model, images), sample=True)))
    return measures_of(mse(x, y), ssim(x, y), sharpness(x, y))


def _mean(values: NDArray[np.float64]) -> float | None:
    """Over what is finite; None where nothing is."""
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else None
