"""The workbench Code grid, below the planes: what it needs beside the two sides. Everything heavy has an address."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, cast

from torch import Tensor

from explorer.data import load_image_set
from explorer.latent.influence import decoder_field
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.atlas import MOST_CODES
from explorer.ui.computed.colouring import factor_names
from explorer.ui.computed.pairs import FEATURE, default_pair
from explorer.ui.computed.patch import draws_text
from explorer.ui.computed.pictured import image_name
from explorer.ui.media import media
from explorer.ui.scene.side import Side
from explorer.ui.text import workbench_texts
from explorer.ui.view import View

#: Whose ears go where: captions of test images of a set that has captions.
SWAP = ("emoji", "cat face", "dog face")
#: The ears, the upper three rows of eight; the cells that know of glasses: x, y, width, height as shares of the grid.
EARS, GLASSES = (0, 0, 1, 3 / 8), (1 / 8, 2 / 8, 6 / 8, 3 / 8)


@dataclass(frozen=True)
class Other:
    """A second image to copy codes from: the View's `image_b`.

    Attributes:
        picture: address of its PNG.
        indices: (P,) its codes, row by row.
    """

    id: int
    name: str
    picture: str
    indices: tuple[int, ...]


@dataclass(frozen=True)
class Workbench:
    """What the workbench draws, beside the sides' own pictures, planes and decoders.

    Attributes:
        words: its sentences, as templates.
        draws: what one code draws.
        left: the kind of the left run; "" without a left run.
        latent: the selected image's latent of the left run as it is decoded, a grid channels-last.
        units: names of the numbers that can be moved: of one latent, or of one cell of a spatial latent.
        left_field: pixels a cell of a spatial left latent can reach; None for a vector, which reaches all.
        field: pixels a code can reach: {step, before, after}.
        strip: address of the strip's codes, uint32 (n, P).
        atlas: address of the codebook's atlas, "" where it is too large for one.
        other: the second image, if the View names one.
        swap: a worth-while swap: its View {data, image, image_b}, `rect` of the cells, and its `word`; or None.
    """

    words: dict[str, str]
    draws: str
    left: str
    latent: tuple[float, ...]
    units: tuple[str, ...]
    left_field: dict[str, int] | None
    field: dict[str, int]
    strip: str
    atlas: str
    other: Other | None
    swap: dict[str, Any] | None


def workbench_of(view: View, sides: dict[str, Side]) -> Workbench | None:
    """The workbench of a view; None where the right side has no run."""
    if not sides["right"].run:
        return None
    run = catalog.run(sides["right"].run)
    left = catalog.run(sides["left"].run) if sides["left"].run else None
    small = run.config.num_codes <= MOST_CODES
    return Workbench(
        words=workbench_texts(view.lang),
        draws=draws_text(run, view.lang),
        left=sides["left"].kind if left else "",
        latent=_latent(left, view.image) if left else (),
        units=tuple(f"z{_subscript(k + 1)}" for k in range(left.config.latent_dim)) if left else (),
        left_field=asdict(decoder_field(left.model.decoder)) if left and left.config.spatial else None,
        field=asdict(decoder_field(run.model.decoder)),
        strip=media.address("latents", run.id),
        atlas=media.address("atlas", run.id) if small else "",
        other=_other(run, view) if view.image_b is not None else None,
        swap=swap(view.data),
    )


def _latent(run: Run, image: int) -> tuple[float, ...]:
    mean = cast(Tensor, encoded.single(run, image).latent.mean)
    values = mean.permute(1, 2, 0) if run.config.spatial else mean
    return tuple(float(f"{value:.6g}") for value in values.flatten().tolist())


def _other(run: Run, view: View) -> Other:
    image = cast(int, view.image_b)
    indices = cast(Tensor, encoded.single(run, image).latent.indices).flatten().tolist()
    name = image_name(view.data, image, view.lang)
    return Other(image, name, media.address("image", f"{view.data}-{image}.png"), tuple(indices))


def swap(data: str) -> dict[str, Any] | None:
    """Where the swap that everybody should try is found: glasses where they are known, else the dog's ears."""
    if FEATURE in factor_names(data):
        image, other = default_pair(data)
        return {"data": data, "image": image, "image_b": other, "rect": GLASSES, "word": "workbench.swap.glasses"}
    return _ears()


@lru_cache(maxsize=1)
def _ears() -> dict[str, Any] | None:
    data, onto, source = SWAP
    if data not in catalog.image_sets():
        return None
    images = load_image_set(data)
    captions = [images.captions[i] for i in images.split("test").tolist()] if images.captions else []
    if onto not in captions or source not in captions:
        return None
    pair = {"image": captions.index(onto), "image_b": captions.index(source)}
    return {"data": data, **pair, "rect": EARS, "word": "workbench.swap"}


def _subscript(number: int) -> str:
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))
