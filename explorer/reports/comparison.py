"""Two runs on the same test images: paired differences with their intervals, beside what each was given in bits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from explorer.data import ImageSet
from explorer.errors import RunError
from explorer.latent import encode_images
from explorer.metrics.paired import paired_difference
from explorer.metrics.reconstruction import mse, ssim
from explorer.metrics.sharpness import sharpness
from explorer.reports.decoded import decoded
from explorer.reports.evaluation import measures_of
from explorer.reports.matching import pair_rates, rates_of
from explorer.runs import Run

#: What the interval of two single runs can and cannot say.
SCOPE = "1 training run each: the intervals cover the test images only"
SCOPE_OF_SEEDS = "{counts} training runs, one by one under by_seed: every interval covers the test images only"
DEFINITIONS = {
    "psnr_db": "-10 log10(MSE) of each image, values clipped to [0, 1]; higher is closer",
    "ssim": "structural similarity of each image (Wang et al. 2004), 7x7; higher is closer",
    "sigma_eq_px": "the Gaussian blur of the original that the reconstruction resembles most; lower is sharper",
    "blur_effect_ratio": "no-reference blur (Crete et al. 2007) over the original's; lower is sharper",
    "excess_detail": "largest G(f) - H(f) of each image: detail drawn that is not the original's; lower is better",
}

Values = Mapping[str, NDArray[np.float64]]


def compare(first: Run, second: Run, image_set: ImageSet, others: Iterable[Run] = ()) -> dict[str, Any]:
    """Plain JSON values: means of both, `difference` (second minus first) with its interval, and the rates.

    A VAE decodes z ~ q, since its bits pay for that and not for the posterior mean.

    Args:
        first, second: of one image set.
        image_set: of both.
        others: runs among which siblings are, of the same settings with other seeds: `by_seed` has them one by one.

    Raises:
        RunError: they are runs of different image sets.
    """
    return compare_with(first, second, others, lambda run: per_image(run, image_set))


def compare_with(
    first: Run, second: Run, others: Iterable[Run], measure: Callable[[Run], Mapping[str, ArrayLike]]
) -> dict[str, Any]:
    """As `compare`, where `measure` gives (N,) by name for a run.

    Raises:
        RunError: they are runs of different image sets.
    """
    if first.config.data != second.config.data:
        raise RunError("runs_of_other_sets", first=first.id, second=second.id)
    others = tuple(others)
    seeds = [siblings(run, others) for run in (first, second)]
    values = {run.id: _values(measure(run)) for run in (first, second, *seeds[0], *seeds[1])}
    counts = [len(group) for group in seeds]
    return {
        "runs": [first.id, second.id],
        "seeds": [first.config.seed, second.config.seed],
        "split": "test",
        "scope": SCOPE if counts == [1, 1] else SCOPE_OF_SEEDS.format(counts=" and ".join(map(str, counts))),
        "rates": [rates_of(run) for run in (first, second)],
        "matched": pair_rates(first, second).to_dict(),
        "measures": {
            name: {
                "definition": definition,
                "mean": [_mean(values[run.id][name]) for run in (first, second)],
                "difference": _difference(values, first, second, name),
            }
            for name, definition in DEFINITIONS.items()
        },
        "by_seed": _by_seed(seeds, values),
    }


def siblings(run: Run, others: Iterable[Run]) -> list[Run]:
    """`run` and those of `others` that differ from it in their seed alone, one a seed, by seed."""
    found = {run.config.seed: run}
    for other in others:
        if other.info.same_but_for_seed(run.info):
            found.setdefault(other.config.seed, other)
    return [found[seed] for seed in sorted(found)]


def _by_seed(seeds: list[list[Run]], values: dict[str, Values]) -> dict[str, Any]:
    """Every run of both settings, and the differences of those that share a seed: no mean over seeds anywhere."""
    known = [{run.config.seed: run for run in group} for group in seeds]
    same = seeds[0][0].info.same_but_for_seed(seeds[1][0].info)  # two seeds of one setting: nothing to pair
    shared = [] if same else sorted(known[0].keys() & known[1].keys())
    return {
        "runs": [
            [
                {
                    "run": run.id,
                    "seed": run.config.seed,
                    "rates": rates_of(run),
                    "mean": {name: _mean(values[run.id][name]) for name in DEFINITIONS},
                }
                for run in group
            ]
            for group in seeds
        ],
        "differences": [
            {
                "seed": seed,
                "runs": [group[seed].id for group in known],
                "measures": {name: _difference(values, known[0][seed], known[1][seed], name) for name in DEFINITIONS},
            }
            for seed in shared
        ],
    }


def _values(measured: Mapping[str, ArrayLike]) -> Values:
    return {name: np.asarray(measured[name], np.float64) for name in DEFINITIONS}


def _difference(values: dict[str, Values], first: Run, second: Run, name: str) -> dict[str, Any]:
    return asdict(paired_difference(values[first.id][name], values[second.id][name]))


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
