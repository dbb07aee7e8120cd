"""Trains the presets of the tab Train and says whether each keeps its promise.

    python -m scripts.presets [NAME ...] [--sets SET ...]

Three seeds each, on the sets that are named, else the one that the page opens with; one line a pair, with its outcome
and the seconds of one core.
Exits with 1 where a promise was not kept.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import torch

from explorer.data import image_set_names, load_image_set
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


def trained(config: RunConfig, name: str) -> dict[str, float]:
    """The last recorded values of a side, and the seconds of one core that it took."""
    trainer = Trainer(config, load_image_set(config.data))
    trainer.interventions = [change for change in PLANS.get(name, ()) if change.what in possible(config)]
    began = time.process_time()
    for _ in trainer.run():
        pass
    curves = trainer.recorder.trace().curves
    last = {key: float(values[-1]) for key, values in curves.items() if key in ("mse", "kl", "used")}
    dead = {"dead": config.num_embeddings - last["used"]} if "used" in last else {}
    return last | dead | {"seconds": time.process_time() - began}


def main() -> int:
    """Every preset that is named, else all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *PRESETS], metavar="NAME")
    parser.add_argument("--sets", nargs="+", default=[image_set_names()[0]], choices=image_set_names())
    args = parser.parse_args()
    torch.set_num_threads(1)
    broken = 0
    for data in args.sets:
        for name in args.names or list(PRESETS):
            for seed in SEEDS:
                base = {"seed": seed, "trace": "scalars", "data": data}
                sides = [trained(RunConfig(**(base | made)), name) for made in PRESETS[name]]
                kept = PROMISES[name](*sides)
                broken += not kept
                line: dict[str, Any] = {
                    "data": str(PRESETS[name][0].get("data", data)),
                    "preset": name,
                    "seed": seed,
                    "kept": kept,
                    "sides": sides,
                }
                print(json.dumps(line), flush=True)
    return int(broken > 0)


if __name__ == "__main__":
    raise SystemExit(main())
