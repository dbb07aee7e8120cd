"""Trains the small classifiers that are shipped in checkpoints/classifiers/: `make classifiers`.

Resumable: every epoch is kept in build/classifiers/, and a classifier that is there already is left alone.
Deterministic: on one machine the same weights come out, however often it was stopped. `--only TEXT` takes the image
sets whose name holds TEXT.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from explorer.classifier.fit import Fit, FitConfig
from explorer.classifier.shipped import SHIPPED, save_classifier
from explorer.data import load_image_set

BUILDING = Path(__file__).resolve().parent.parent.parent / "build" / "classifiers"
#: Emoji are few: more passes, smaller batches. Of faces a mirrored parting is another style.
CONFIGS = (
    FitConfig(data="fashion", epochs=14),
    FitConfig(data="emoji", epochs=60, batch_size=64, lr=1e-3),
    FitConfig(data="faces", epochs=7, augment=False, cell=2),
)


def train(config: FitConfig) -> None:
    """Train one classifier, or go on with it; an epoch is kept as soon as it is done."""
    fit = Fit(config, load_image_set(config.data))
    path = BUILDING / f"{config.data}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        fit.resume(load_file(path))
    for epoch in fit.run():
        save_file(fit.state(), path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)
        print(
            f"{config.data} {epoch.epoch}/{config.epochs}: loss {epoch.loss:.3f}, val {epoch.val_loss:.3f}"
            f" ({epoch.val_accuracy:.1%}), best epoch {epoch.best}",
            flush=True,
        )
    values = save_classifier(SHIPPED / config.data, fit)
    path.unlink()
    print(f"{config.data}: {values['test']['accuracy']:.1%} of {values['test']['n']} test images", flush=True)


def main() -> int:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="TEXT")
    args = parser.parse_args()
    torch.set_num_threads(1)  # as the runs: sums come out the same
    for config in CONFIGS:
        if args.only in config.data and not (SHIPPED / config.data / "classifier.json").exists():
            train(config)
    return 0


if __name__ == "__main__":
    sys.exit(main())
