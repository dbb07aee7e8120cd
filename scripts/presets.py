"""Trains the presets of the tab Train and says whether each keeps its promise: `python -m scripts.presets [NAME ...]`.

Three seeds each, on the bundled pictures of clothes; one line a pair, with its outcome and the seconds of one core.
Exits with 1 where a promise was not kept.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import torch

from explorer.data import ImageSet, load_image_set
from explorer.training.config import RunConfig
from explorer.training.interventions import possible
from explorer.training.loop import Trainer
from explorer.ui.computed.presets import PLANS, PRESETS

SEEDS = (0, 1, 2)
#: What a preset promises of its two sides' last values.
PROMISES: dict[str, Callable[[dict[str, float], dict[str, float]], bool]] = {
    "worlds": lambda left, right: left["mse"] > 0 and right["dead"] <= 6,
    "cure": lambda left, right: left["dead"] > 450 and right["dead"] <= 25,
    "kill": lambda left, right: left["dead"] >= 20 and right["dead"] <= 6,
    "rules": lambda left, right: left["dead"] < right["dead"] - 64,
    "beta": lambda left, right: right["kl"] < left["kl"] and right["mse"] > left["mse"],
}


def trained(config: RunConfig, name: str, images: ImageSet) -> dict[str, float]:
    """The last recorded values of a side, and the seconds of one core that it took."""
    trainer = Trainer(config, images)
    trainer.interventions = [change for change in PLANS.get(name, ()) if change.what in possible(config)]
    began = time.process_time()
    for _ in trainer.run():
        pass
    curves = trainer.recorder.trace().curves
    last = {key: float(values[-1]) for key, values in curves.items() if key in ("mse", "kl", "used")}
    dead = {"dead": config.num_embeddings - last["used"]} if "used" in last else {}
    return last | dead | {"seconds": time.process_time() - began}


def main(names: list[str]) -> int:
    """Every preset that is named, else all."""
    torch.set_num_threads(1)
    images, broken = load_image_set("fashion"), 0
    for name in names or list(PRESETS):
        for seed in SEEDS:
            sides = [
                trained(RunConfig(**(made | {"seed": seed, "trace": "scalars"})), name, images)
                for made in PRESETS[name]
            ]
            kept = PROMISES[name](*sides)
            broken += not kept
            line: dict[str, Any] = {"preset": name, "seed": seed, "kept": kept, "sides": sides}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
    return int(broken > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
