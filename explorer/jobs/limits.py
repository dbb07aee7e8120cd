"""What trainings of the page may take, and which settings they may have together."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.data import usable
from explorer.errors import ConfigError, TrainingError
from explorer.training.config import RunConfig, flag

MEGABYTE = 10**6
#: What two runs must share to train in lock-step on the same batches.
SHARED = ("data", "seed", "steps", "batch_size", "augment")
#: Largest values of some settings on a Space.
SPACE_SIZES = {"batch_size": 512, "width": 64, "latent_dim": 256, "num_embeddings": 4096, "embedding_dim": 256}
#: Unfinished jobs: of one address a part of all, since whoever takes a token for each is still one.
SPACE_JOBS = {"address_jobs": 4, "all_jobs": 12}
MANY_JOBS = {"address_jobs": 1000, "all_jobs": 1000}

#: Points that codes in levels may name together: the page draws all of them.
MOST_POINTS = 65_536


@dataclass(frozen=True)
class Limits:
    """What the trainings of the page may take.

    Attributes:
        at_once: trainers on this machine at a time; others queue.
        steps: of one run.
        images: of an image set.
        sizes: largest values of other settings, by name.
        kept: runs of one visitor.
        jobs: unfinished jobs of one visitor.
        sets: image sets of one visitor's own pictures.
        zip_megabytes: of the zip that such a set is made of.
        days: after which jobs, runs and sets of a visitor who does not come are deleted.
        address_jobs: unfinished jobs of all who come from one address.
        all_jobs: unfinished jobs of all visitors together.
        seconds: that the steps of a job may take, as measured when it begins.
        all_megabytes: of what all visitors keep together.
    """

    at_once: int
    steps: int
    images: int
    sizes: dict[str, int]
    kept: int
    jobs: int
    sets: int
    zip_megabytes: int
    days: float
    address_jobs: int
    all_jobs: int
    seconds: float
    all_megabytes: float


def on_a_space() -> bool:
    """Whether this is a Hugging Face Space, whose disk dies with its container."""
    return bool(os.environ.get("SPACE_ID"))


def limits() -> Limits:
    """Those of this machine: a Space is shared, so everything is tighter there."""
    at_once = os.environ.get("EXPLORER_TRAININGS", "1")
    many = int(at_once) if at_once.isdecimal() and int(at_once) > 0 else 1
    if on_a_space():
        bounds = {"steps": 5000, "images": 70_000, "kept": 6, "jobs": 3, "sets": 2, "zip_megabytes": 64}
        return Limits(many, sizes=SPACE_SIZES, days=1, all_megabytes=10_000, seconds=1800, **SPACE_JOBS, **bounds)
    bounds = {"steps": 10**7, "images": 10**7, "kept": 200, "jobs": 20, "sets": 50, "zip_megabytes": 2000}
    return Limits(many, sizes={}, days=90, all_megabytes=math.inf, seconds=math.inf, **MANY_JOBS, **bounds)


def check_pair(configs: Sequence[RunConfig]) -> None:
    """Whether runs can train in lock-step.

    Raises:
        ConfigError: they would not see the same batches.
    """
    if not 1 <= len(configs) <= 2:
        raise ConfigError("train_sides", got=len(configs))
    for name in SHARED:
        if len({getattr(config, name) for config in configs}) > 1:
            values = " and ".join(str(getattr(config, name)) for config in configs)
            raise ConfigError("train_pair_differs", name=flag(name), got=values)


def check_limits(config: RunConfig, bounds: Limits) -> None:
    """Whether a run is small enough for this machine, its images are here, and its batches small enough for them.

    Raises:
        ExplorerError: it is not, or they are not.
    """
    if config.steps > bounds.steps:
        raise TrainingError("train_too_many_steps", got=config.steps, most=bounds.steps)
    for name, most in bounds.sizes.items():
        if getattr(config, name) > most:
            raise ConfigError("config_range", name=flag(name), got=getattr(config, name), low=1, high=most)
    most = min(MOST_POINTS, bounds.sizes.get("num_embeddings", MOST_POINTS))
    if config.num_levels is not None and config.num_codes > most:
        raise TrainingError("train_too_many_points", got=config.num_codes, most=most)
    images = usable(config.data)
    if images.images > bounds.images:
        raise TrainingError("train_too_many_images", got=images.images, most=bounds.images)
    if config.batch_size > images.train:
        raise ConfigError("config_batch_too_large", got=config.batch_size, images=images.train)
