"""Latents the page draws, each encoded once per process: the whole test split of a run, and single images."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import cast

import torch
from torch import Tensor

from explorer.data import load_image_set
from explorer.files.bounded_cache import Newest, bytes_of, newest
from explorer.latent.encode import EncodedSet, encode_images
from explorer.latent.map_sample import Mappable, mappable
from explorer.latent.projection import LatentMap, PCAPlane, pca_map, pca_plane
from explorer.latent.sample import drawn_rows
from explorer.models import VQVAE
from explorer.runs import Run
from explorer.ui.computed import catalog

#: Encoder outputs of a VQ-VAE drawn on its plane; counts always use all of them.
DRAWN_VECTORS = 10_000

#: A page asks for points and codebook of a run at once: encode for one of them, let the other wait and share.
_ENCODING = Lock()
#: Numbers of a latent that is drawn as it is.
PLANE = 2
#: Latents in memory: a run has 1 to 10 MB.
ENCODED_BYTES = 100e6


@dataclass(frozen=True)
class Single:
    """One test image through one run.

    Attributes:
        original: (C, H, W) float in [0, 1].
        reconstruction: (C, H, W), unclipped; a VAE decodes its posterior mean.
        latent: fields as in `EncodedSet`, for this image alone (no first axis).
    """

    original: Tensor
    reconstruction: Tensor
    latent: EncodedSet


@dataclass(frozen=True)
class _Kept:
    """What is remembered of a split's latents.

    latents: without the outputs of an encoder into more than a plane: 80 MB a run with D = 64, which nobody draws.
    drawn: (M, D), of those the ones that are: rows `drawn_vectors`.
    mappable: and those that a UMAP is made of.
    """

    latents: EncodedSet
    drawn: Tensor | None = None
    mappable: Mappable | None = None


def _bytes(kept: _Kept) -> int:
    tensors = [*vars(kept.latents).values(), kept.drawn]
    mapped = 0 if kept.mappable is None else kept.mappable.vectors.nbytes
    return mapped + sum(values.nbytes for values in tensors if values is not None)


_ENCODED: Newest[tuple[str, str], _Kept] = Newest(8, ENCODED_BYTES, _bytes)


def encoded_test(run_id: str) -> EncodedSet:
    """Latents of the whole test split; of a grid of codes with more than two numbers without the encoder's outputs."""
    return _kept(run_id).latents


def drawn_outputs(run_id: str) -> Tensor:
    """(M, D) encoder outputs of the test split's positions `drawn_vectors`, of a run with a grid of codes."""
    kept = _kept(run_id)
    return _drawn_of(cast(Tensor, kept.latents.z_e)) if kept.drawn is None else kept.drawn


def mappable_of(run_id: str) -> Mappable:
    """What a UMAP of the run is made of."""
    kept = _kept(run_id)
    return mappable(catalog.run(run_id).model, kept.latents) if kept.mappable is None else kept.mappable


def _kept(run_id: str) -> _Kept:
    run = catalog.run(run_id)
    key = (run_id, run.weights_sha256)
    if (known := _ENCODED.get(key)) is not None:
        return known
    with _ENCODING:
        known = _ENCODED.get(key)
        return known if known is not None else _ENCODED.put(key, _encoded(run))


def _encoded(run: Run) -> _Kept:
    latents = encode_images(run.model, test_images(run.config.data))
    if latents.z_e is None or latents.z_e.shape[-1] <= PLANE:
        return _Kept(latents)
    return _Kept(replace(latents, z_e=None), _drawn_of(latents.z_e), mappable(run.model, latents))


def _drawn_of(z_e: Tensor) -> Tensor:
    rows = z_e.flatten(0, -2)
    return rows[drawn_vectors(len(rows))]


def test_images(data: str) -> Tensor:
    """uint8 (N, C, H, W), in the order of image ids."""
    return _test_split(data, load_image_set(data).sha256)[0]


def test_labels(data: str) -> Tensor:
    """int64 (N,), in the order of image ids."""
    return _test_split(data, load_image_set(data).sha256)[1]


@lru_cache(maxsize=4)
def _test_split(data: str, sha256: str) -> tuple[Tensor, Tensor]:  # noqa: ARG001
    image_set = load_image_set(data)
    return image_set.images_of("test"), image_set.labels[image_set.split("test")]


def single(run: Run, image: int) -> Single:
    """One test image, its latent and its reconstruction: what a scene and the questions beside it all begin with."""
    key = (run.id, run.weights_sha256, image)
    found = _SINGLE.get(key)
    return _SINGLE.put(key, _single(run, image)) if found is None else found


@torch.no_grad()
def _single(run: Run, image: int) -> Single:
    pixels = test_images(run.config.data)[image : image + 1]
    encoded = encode_images(run.model, pixels)
    codes = encoded.indices if encoded.indices is not None else cast(Tensor, encoded.mean)
    reconstruction: Tensor = run.model.decode(codes)
    latent = EncodedSet(**{name: t[0] for name, t in vars(encoded).items() if t is not None})
    return Single(pixels[0].float() / 255, reconstruction[0], latent)


#: Of 256 pairs of run and image at most; one has 10 kB with D = 2.
_SINGLE: Newest[tuple[str, str, int], Single] = Newest(256, 16e6, bytes_of)


def codebook(run: Run) -> Tensor:
    """(K, D) of a VQ-VAE; of several levels (K^L, D), every point that they name."""
    assert isinstance(run.model, VQVAE)
    return run.model.quantizer.points().detach()


@lru_cache(maxsize=4)
def drawn_vectors(total: int) -> Tensor:
    """Which of all encoder outputs of the test split are drawn: a fixed sample, sorted; all of them if they are few."""
    return drawn_rows(total, DRAWN_VECTORS)


def planar(run: Run) -> bool:
    """Whether a run's latent is two numbers, for an image or for each cell of a grid of codes: drawn as it is."""
    config = run.config
    return config.embedding_dim == 2 if config.is_vq else config.latent_dim == 2 and not config.spatial


def projectable(run: Run) -> bool:
    """Whether a run's latent has more than two numbers and is drawn on its plane of largest variance."""
    config = run.config
    return config.embedding_dim > 2 if config.is_vq else config.latent_dim > 2 and not config.spatial


@dataclass(frozen=True)
class Projected:
    """A latent on its PCA plane: what is drawn, and the plane that places other vectors."""

    map: LatentMap
    plane: PCAPlane


def projected(run: Run) -> Projected:
    """The PCA map of what is drawn of a `projectable` run, fitted once per process."""
    return _projected(run.id, run.weights_sha256)


@newest(8, 64e6)
def _projected(run_id: str, weights_sha256: str) -> Projected:  # noqa: ARG001
    run, latents = catalog.run(run_id), encoded_test(run_id)
    if latents.mean is not None:
        vectors, codes = latents.mean.numpy(), None
    else:
        vectors, codes = drawn_outputs(run_id).numpy(), codebook(run).numpy()
    return Projected(pca_map(vectors, codes), pca_plane(vectors))


def class_names(data: str) -> tuple[str, ...]:
    """English class names of an image set, in label order."""
    return load_image_set(data).class_names
