"""Heavy things by address: weights, points, codebooks and pictures, each under a URL that names its content.

An address is `KIND/KEY/NAME`, where KEY is made of everything the content is made from: weights, images, and the
source of this module and its neighbours. A changed content is a changed address, so a browser may keep what it has for
ever, and the scene can name an address without making the content first. A secret of the server is in it too, so that
nobody sees what no scene showed them (`explorer.ui.media.signed`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor

from explorer.data import load_image_set
from explorer.errors import ExplorerError, ViewError
from explorer.files.bounded_cache import Newest
from explorer.metrics.codebook import codebook_health
from explorer.runs import Run
from explorer.ui.computed import catalog, colouring, encoded, generated
from explorer.ui.computed.atlas import atlas, check_size
from explorer.ui.computed.encoder_program import encoder_numbers
from explorer.ui.computed.program import decoder_numbers
from explorer.ui.computed.projected import drawn, umap_of
from explorer.ui.computed.reconstructed import strip_latents, strip_pixels
from explorer.ui.computed.strip import THUMB_COLUMNS, strip_images, thumb_count
from explorer.ui.media import codebook, record, signed
from explorer.ui.media.sheets import png, sheet

PREFIX = "explorer/media"
#: Made media in memory, and all of them together in bytes: until they are sent, and then as they were sent
#: (`explorer.ui.http.routes`).
_MADE: Newest[tuple[str, str, str], bytes] = Newest(1000, 8e6, len)
HALF, SINGLE, COUNT = np.dtype("<f2"), np.dtype("<f4"), np.dtype("<u4")
#: Files below explorer/ that decide what a medium contains.
SOURCES = (
    "ui/media/media.py",
    "ui/media/codebook.py",
    "ui/media/sheets.py",
    "ui/computed/encoded.py",
    "ui/computed/colouring.py",
    "ui/computed/generated.py",
    "ui/computed/reconstructed.py",
    "ui/computed/program.py",
    "ui/computed/encoder_program.py",
    "ui/computed/strip.py",
    "ui/computed/pairs.py",
    "ui/computed/film.py",
    "ui/computed/one_step.py",
    "ui/computed/record_film.py",
    "ui/media/record.py",
    "runs/recorded.py",
    "ui/computed/atlas.py",
    "ui/computed/projected.py",
    "metrics/holes.py",
    "metrics/codebook_life.py",
    "latent/atlas.py",
    "latent/encode.py",
    "latent/map_sample.py",
    "latent/projection.py",
    "latent/sample.py",
    "models/trunk.py",
)


@dataclass(frozen=True)
class Producer:
    """How one kind of medium comes to be.

    Attributes:
        stamp: what the content of a name depends on, by descriptions alone: an address is compared before anything is
            read for it. Raises an `ExplorerError` for a name that means nothing.
        make: the content.
        media_type: MIME type.
        there: reads what the content is made of; raises an `ExplorerError` where there is nothing.
    """

    stamp: Callable[[str], str]
    make: Callable[[str], bytes]
    media_type: str = "application/octet-stream"
    there: Callable[[str], object] = lambda _: None


def address(kind: str, name: str) -> str:
    """The URL of a medium, relative to the page.

    Raises:
        ExplorerError: the name means nothing.
    """
    PRODUCERS[kind].there(name)
    return f"{PREFIX}/{kind}/{signed.medium_key(name, *_words(kind, name))}/{name}"


def addresses_in(shown: object) -> Iterator[str]:
    """Every address in plain JSON values, as a scene names them."""
    if isinstance(shown, str) and shown.startswith(f"{PREFIX}/"):
        yield shown
    elif isinstance(shown, dict | list | tuple):
        for each in shown.values() if isinstance(shown, dict) else shown:
            yield from addresses_in(each)


def content(kind: str, key: str, name: str) -> tuple[bytes, str]:
    """Bytes and MIME type of a medium.

    Raises:
        ViewError: kind, name and key do not belong together.
    """
    return known(kind, key, name) or (_MADE.put((kind, key, name), PRODUCERS[kind].make(name)), _type(kind))


def known(kind: str, key: str, name: str) -> tuple[bytes, str] | None:
    """The same if it was made before, which takes no time; None if it is still to be made.

    Raises:
        ViewError: kind, name and key do not belong together.
    """
    if kind not in PRODUCERS or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,120}", name) or not _matches(kind, key, name):
        raise ViewError("medium_unknown", name=catalog.readable(f"{kind}/{key}/{name}", 80))
    made = _MADE.get((kind, key, name))
    return None if made is None else (made, _type(kind))


def _type(kind: str) -> str:
    return PRODUCERS[kind].media_type


def _matches(kind: str, key: str, name: str) -> bool:
    try:
        if not signed.opens_medium(key, name, *_words(kind, name)):
            return False
        PRODUCERS[kind].there(name)
    except ExplorerError:
        return False
    return True


def _words(kind: str, name: str) -> tuple[str, str, str]:
    return _source_stamp(), kind, PRODUCERS[kind].stamp(name)


@cache
def _source_stamp() -> str:
    package = Path(__file__).parents[2]
    return hashlib.sha256(b"".join((package / name).read_bytes() for name in SOURCES)).hexdigest()


# --- runs


def _run_stamp(name: str) -> str:
    run = catalog.run(name)
    return f"{run.weights_sha256} {run.info.data_sha256}"


def _decoder(name: str) -> bytes:
    return decoder_numbers(catalog.run(name).model)


def _encoder(name: str) -> bytes:
    return encoder_numbers(catalog.run(name).model)


def _points(name: str) -> bytes:
    """(N, 2) float16 and then N class ids, uint8: posterior means of all test images, or drawn encoder outputs.

    The name is a run's id, or says too by which factor instead of the class (`explorer.ui.computed.colouring`).
    """
    run = catalog.run(colouring.run_of(name))
    if encoded.projectable(run):
        return _projected_points(name, "pca")
    latents, labels = encoded.encoded_test(run.id), colouring.test_colours(name, run.config.data)
    if latents.mean is None:
        z_e = cast(Tensor, latents.z_e)  # (N, h, w, D)
        rows = encoded.drawn_vectors(z_e.shape[:3].numel())
        return _labelled(encoded.drawn_outputs(run.id), labels[rows // z_e.shape[1:3].numel()])
    return _labelled(latents.mean, labels)


def _projected_points(name: str, method: str) -> bytes:
    """The same of a latent that is drawn on a map."""
    run = catalog.run(colouring.run_of(name))
    shown, labels = drawn(run, method), colouring.test_colours(name, run.config.data)
    cells = run.model.shape.grid**2 if run.config.is_vq else 1
    return _labelled(torch.from_numpy(shown.map.places), labels[shown.rows // cells])


def _labelled(places: Tensor, labels: Tensor) -> bytes:
    return _half(places) + labels.to(torch.uint8).numpy().tobytes()


def _codebook(name: str) -> bytes:
    """(K, D) float32, K hits over the whole test split, uint32, and for a projected latent (K, 2) places, float32."""
    run = catalog.run(name)
    return _projected_codebook(name, "pca") if encoded.projectable(run) else _counted_codebook(run)


def _projected_codebook(name: str, method: str) -> bytes:
    run = catalog.run(name)
    return _counted_codebook(run) + drawn(run, method).map.code_places.astype(SINGLE).tobytes()


def _counted_codebook(run: Run) -> bytes:
    vectors = encoded.codebook(run)
    counts = codebook_health(cast(Tensor, encoded.encoded_test(run.id).indices), len(vectors)).counts
    return bytes(vectors.numpy().astype(SINGLE).tobytes() + counts.numpy().astype(COUNT).tobytes())


def _umap_points(name: str) -> bytes:
    return _projected_points(name, "umap")


def _umap_codebook(name: str) -> bytes:
    return _projected_codebook(name, "umap")


def _umap_stamp(name: str) -> str:
    """A run's UMAP is its own places: a run that is projected again is another medium."""
    run = catalog.run(name)
    made = umap_of(run) if encoded.projectable(run) else None
    if made is None:
        raise ViewError("medium_unknown", name=name)
    return f"{_run_stamp(name)} {hashlib.sha256(made.places.tobytes()).hexdigest()}"


def _points_stamp(name: str) -> str:
    return f"{_drawn_stamp(colouring.run_of(name))} {_colours_stamp(name)}"


def _umap_points_stamp(name: str) -> str:
    return f"{_umap_stamp(colouring.run_of(name))} {_colours_stamp(name)}"


def _colours_stamp(name: str) -> str:
    return colouring.stamp(name, catalog.run(colouring.run_of(name)).config.data)


def _umap_codebook_stamp(name: str) -> str:
    return f"{_codebook_stamp(name)} {_umap_stamp(name)}"


def _drawn_stamp(name: str) -> str:
    run = catalog.run(name)
    if not encoded.planar(run) and not encoded.projectable(run):
        raise ViewError("medium_unknown", name=name)
    return _run_stamp(name)


def _holes_stamp(name: str) -> str:
    run = catalog.run(name)
    if run.config.model != "vae" or not encoded.planar(run):
        raise ViewError("medium_unknown", name=name)
    return _run_stamp(name)


def _codebook_stamp(name: str) -> str:
    if not catalog.run(name).config.is_vq:
        raise ViewError("medium_unknown", name=name)
    return _run_stamp(name)


def _atlas_stamp(name: str) -> str:
    stamp = _codebook_stamp(name)
    check_size(catalog.run(name))
    return stamp


def _half(values: Tensor) -> bytes:
    return bytes(values.numpy().astype(HALF).tobytes())


# --- pictures


def _image(name: str) -> bytes:
    data, image = _image_name(name)
    return png(encoded.test_images(data)[image])


def _image_stamp(name: str) -> str:
    return load_image_set(_image_name(name)[0]).sha256


def _image_name(name: str) -> tuple[str, int]:
    data, _, number = name.removesuffix(".png").rpartition("-")
    plain = name.endswith(".png") and re.fullmatch(r"0|[1-9][0-9]{0,8}", number) and catalog.is_here(data)
    if not plain or int(number) >= catalog.test_count(data):
        raise ViewError("medium_unknown", name=name)
    return data, int(number)


def _photos(name: str) -> bytes:
    return png(codebook.photos(name), optimize=False)


def _sheet(name: str) -> bytes:
    """The strip's pictures side by side."""
    images = encoded.test_images(_sheet_name(name))[list(strip_images(_sheet_name(name)))]
    return png(torch.cat(list(images), dim=2))


def _thumbs(name: str) -> bytes:
    """The thumbnails of a plane, row by row; what is left of the last row is black."""
    data = _sheet_name(name)
    return png(sheet(encoded.test_images(data)[: thumb_count(data)], THUMB_COLUMNS), optimize=False)


def _sheet_stamp(name: str) -> str:
    return load_image_set(_sheet_name(name)).sha256


def _sheet_name(name: str) -> str:
    data = name.removesuffix(".png")
    if not name.endswith(".png") or not catalog.is_here(data):
        raise ViewError("medium_unknown", name=name)
    return data


PRODUCERS: dict[str, Producer] = {
    "holes": Producer(_holes_stamp, generated.hole_ratios),
    "decoder": Producer(_run_stamp, _decoder),
    "encoder": Producer(_run_stamp, _encoder),
    "points": Producer(_points_stamp, _points),
    "codebook": Producer(_codebook_stamp, _codebook),
    "umap-points": Producer(_umap_points_stamp, _umap_points),
    "umap-codebook": Producer(_umap_codebook_stamp, _umap_codebook),
    "atlas": Producer(_atlas_stamp, atlas),
    "latents": Producer(_run_stamp, strip_latents),
    "rebuilt": Producer(_run_stamp, strip_pixels),
    "film": Producer(codebook.film_stamp, codebook.film_bytes, there=codebook.film_there),
    "life": Producer(codebook.life_stamp, codebook.life_bytes, there=codebook.life_there),
    "step": Producer(codebook.step_stamp, codebook.step_bytes, there=codebook.step_there),
    "record-film": Producer(record.film_stamp, record.film_bytes, there=record.film_there),
    "record-life": Producer(record.life_stamp, record.life_bytes, there=record.life_there),
    "record-step": Producer(record.step_stamp, record.step_bytes, there=record.step_there),
    "photos": Producer(codebook.photos_stamp, _photos, "image/png", codebook.photos_there),
    "image": Producer(_image_stamp, _image, "image/png"),
    "sheet": Producer(_sheet_stamp, _sheet, "image/png"),
    "thumbs": Producer(_sheet_stamp, _thumbs, "image/png"),
}
