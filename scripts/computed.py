"""Computes what travels with shipped runs (`explorer.ui.computed.stored`): `python -m scripts.computed [--images N]`.

What is there for a run's weights already stays, and posteriors are added to, strip and first test images first: it can
be stopped at any time. A quarter of a second an image of Fashion-MNIST, and a minute for everything else of a set.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from explorer.classifier import load_classifier
from explorer.data import load_image_set
from explorer.files.shipped import shipped_folder
from explorer.reports.evidence import integrable
from explorer.runs import Run
from explorer.ui.computed import catalog, generated, influenced, measured, neighbours, posteriors, roughness, strip
from explorer.ui.computed.stored import Arrays, store, stored

SETS = ("fashion", "emoji", "faces")
#: Runs that a set's tabs open with.
OPENED = ("ae-z2-s0", "vae-z2-s0", "vae-z16-s0", "vqvae-d2-k256-ema-s0", "vqvae-d2-k256-gradient-s0")
#: Posteriors between two times of writing.
PART = 8


def runs(data: str) -> list[Run]:
    """The runs of a set that are opened with it, as far as they are shipped."""
    names = [f"{data}-{name}" for name in OPENED]
    return [catalog.run(name) for name in names if (shipped_folder() / name / "run.json").is_file()]


def once(of: str, kind: str, sha256: str, make: Callable[[], Arrays]) -> None:
    """Compute and store what is not there."""
    if not stored(of, kind, sha256):
        print(f"{of}: {kind}", flush=True)
        store(of, kind, sha256, make())


def add_posteriors(run: Run, most: int) -> None:
    """Those of the strip and of the first `most` test images."""
    known = stored(run.id, posteriors.KIND, run.weights_sha256)
    there = set(known["image"].tolist()) if known else set()
    wanted = dict.fromkeys(
        (*strip.strip_images(run.config.data), *range(min(most, catalog.test_count(run.config.data))))
    )
    missing = [image for image in wanted if image not in there]
    pairs = [(int(known["image"][place]), posteriors.unpacked(known, place)) for place in range(len(there))]
    for part in parts(missing):
        pairs += [(image, posteriors.integrated(run, image)) for image in part]
        store(run.id, posteriors.KIND, run.weights_sha256, posteriors.packed(pairs))
        print(f"{run.id}: {len(pairs)} posteriors", flush=True)


def parts(images: list[int]) -> Iterator[list[int]]:
    """Of `PART` images."""
    return (images[start : start + PART] for start in range(0, len(images), PART))


def main() -> None:
    """Everything, for every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1000, help="posteriors of this many of the first test images")
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for data in args.sets:
        once(data, neighbours.KIND, load_classifier(data).sha256, partial(neighbours.packed, data))
        if measured.has_pca_curve(data):
            once(data, measured.PCA_KIND, load_image_set(data).sha256, partial(measured.packed_pca_curve, data))
        for run in runs(data):
            once(run.id, influenced.KIND, run.weights_sha256, partial(influenced.packed, run))
            if run.config.model != "vqvae" and run.config.latent_dim == 2:
                once(run.id, roughness.KIND, run.weights_sha256, partial(roughness.packed, run))
            if integrable(run):
                once(run.id, generated.HOLES, run.weights_sha256, partial(generated.packed_holes, run))
                add_posteriors(run, args.images)


if __name__ == "__main__":
    main()
