"""Computes what travels with shipped runs (`explorer.ui.computed.stored`): `python -m scripts.computed`.

What is there for a run's weights already stays, and what there is of single images is added to, strip and first test
images first: it can be stopped at any time. A posterior takes a quarter of a second for Fashion-MNIST, the bounds of an
image two to four, everything else of a set a minute.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from explorer.classifier import load_classifier
from explorer.data import load_image_set
from explorer.files.shipped import shipped_folder
from explorer.models import VAE
from explorer.reports.evidence import integrable
from explorer.runs import Run
from explorer.ui.computed import (
    atlas,
    catalog,
    encoded,
    gaussian,
    generated,
    image_bounds,
    influenced,
    measured,
    neighbours,
    posteriors,
    roughness,
    strip,
)
from explorer.ui.computed.stored import Arrays, store, stored

SETS = ("fashion", "emoji", "faces")
#: Runs that a set's tabs open with.
OPENED = ("ae-z2-s0", "vae-z2-s0", "vae-z16-s0", "vqvae-d2-k256-ema-s0")
#: And those that its films are of: only the plane that they are drawn on.
FILMED = ("vqvae-d64-k512-ema-s0", "vqvae-d64-k512-ema-restart-s0")
#: Images between two times of writing.
PART = 8

T = TypeVar("T")
Packing = Callable[[list[tuple[int, T]]], Arrays]
Reading = Callable[[Arrays, int], T]


def runs(data: str, which: Iterable[str] = OPENED) -> list[Run]:
    """The runs of a set that are opened with it, as far as they are shipped."""
    names = [f"{data}-{name}" for name in which]
    return [catalog.run(name) for name in names if (shipped_folder() / name / "run.json").is_file()]


def once(of: str, kind: str, sha256: str, make: Callable[[], Arrays]) -> None:
    """Compute and store what is not there."""
    if not stored(of, kind, sha256):
        print(f"{of}: {kind}", flush=True)
        store(of, kind, sha256, make())


def add(run: Run, kind: str, most: int, make: Callable[[int], T], packed: Packing[T], unpacked: Reading[T]) -> None:
    """One of a kind for each image of the strip and for the first `most` test images, those that are missing."""
    known = stored(run.id, kind, run.weights_sha256)
    there = known["image"].tolist() if known else []
    wanted = (*strip.strip_images(run.config.data), *range(min(most, catalog.test_count(run.config.data))))
    missing = [image for image in dict.fromkeys(wanted) if image not in there]
    pairs = [(image, unpacked(known, place)) for place, image in enumerate(there)]
    for part in parts(missing):
        pairs += [(image, make(image)) for image in part]
        store(run.id, kind, run.weights_sha256, packed(pairs))
        print(f"{run.id}: {kind} of {len(pairs)} images", flush=True)


def quantized(run: Run) -> Arrays:
    """A VAE as random codes."""
    return gaussian.packed(gaussian.measured(run.id, run.weights_sha256))


def parts(images: list[int]) -> Iterator[list[int]]:
    """Of `PART` images."""
    return (images[start : start + PART] for start in range(0, len(images), PART))


def main() -> None:
    """Everything, for every set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1000, help="posteriors of this many of the first test images")
    parser.add_argument("--bounds", type=int, default=24, help="bounds of this many of them, seconds each")
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for data in args.sets:
        once(data, neighbours.KIND, load_classifier(data).sha256, partial(neighbours.packed, data))
        if measured.has_pca_curve(data):
            once(data, measured.PCA_KIND, load_image_set(data).sha256, partial(measured.packed_pca_curve, data))
        for run in runs(data, FILMED):
            once(run.id, encoded.PLANE_KIND, run.weights_sha256, partial(encoded.packed_plane, run))
        for run in runs(data):
            if run.config.model == "ae":
                once(run.id, encoded.KIND, run.weights_sha256, partial(encoded.packed, run))
            once(run.id, influenced.KIND, run.weights_sha256, partial(influenced.packed, run))
            if run.config.is_vq:
                once(run.id, atlas.KIND, run.weights_sha256, partial(atlas.packed, run))
                packed_information = partial(influenced.packed_information, run)
                once(run.id, influenced.INFORMATION, run.weights_sha256, packed_information)
            if run.config.model != "vqvae" and run.config.latent_dim == 2:
                once(run.id, roughness.KIND, run.weights_sha256, partial(roughness.packed, run))
            if integrable(run):
                once(run.id, generated.HOLES, run.weights_sha256, partial(generated.packed_holes, run))
                integrated = partial(posteriors.integrated, run)
                add(run, posteriors.KIND, args.images, integrated, posteriors.packed, posteriors.unpacked)
            if isinstance(run.model, VAE):
                once(run.id, gaussian.KIND, run.weights_sha256, partial(quantized, run))
                drawn = partial(image_bounds.drawn, run)
                add(run, image_bounds.KIND, args.bounds, drawn, image_bounds.packed, image_bounds.unpacked)


if __name__ == "__main__":
    main()
