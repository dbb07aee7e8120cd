"""Between two pictures: which two, through which runs, and the words around the rows. The rows are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from explorer.ui.computed import catalog
from explorer.ui.computed.pairs import shown_pair
from explorer.ui.computed.pictured import image_name
from explorer.ui.media import media
from explorer.ui.scene.side import NotedSide, Side, side_of
from explorer.ui.scene.strip import Thumb
from explorer.ui.text import text
from explorer.ui.view import View

WORDS = (
    "title",
    "lead",
    "swap",
    "compare",
    "choosing",
    "clear",
    "fade",
    "fade.name",
    "loading",
    "ratio",
    "ratio.tip",
    "largest",
    "largest.tip",
    "middle",
    "middle.tip",
    "ae.title",
    "ae.lead",
    "ae.loading",
    "ae.size",
    "ae.hint",
    "ae.mind",
    "ae.mind.tip",
    "ae.pixels",
    "ae.pixels.tip",
    "ae.jump",
    "ae.jump.tip",
)


@dataclass(frozen=True)
class Between:
    """What the rows are of.

    Attributes:
        images: the two.
        urls: PNG of each.
        chosen: whether the reader has chosen the second one.
        sides: kind -> name of the side whose run makes its row, in the order of the rows.
        words: labels; some keep `{name}` holes that the client fills.
    """

    images: tuple[Thumb, Thumb]
    urls: tuple[str, str]
    chosen: bool
    sides: dict[str, str]
    words: dict[str, str]


def other_side(view: View, left: Side) -> NotedSide:
    """The third side, `ae`: the AE that stands beside the VAE on the left, or the VAE if an AE is on the left."""
    kind = "vae" if left.kind == "ae" else "ae"
    choice = catalog.choose(left.run, view.data, (kind,))
    # its own run is no stand-in, and the View's pinned point is the left side's
    return side_of("left", replace(view, left=choice.run or "", z=()), (kind,))


def between_of(view: View, sides: Mapping[str, Side]) -> Between:
    """What the rows between two pictures are of, on the sides that are shown."""
    pair = shown_pair(view.data, view.image, view.image_b)
    order = ("ae", "vae", "vqvae")
    found = {side.kind: name for name, side in sides.items() if side.run}
    return Between(
        images=tuple(Thumb(i, image_name(view.data, i, view.lang)) for i in pair),  # type: ignore[arg-type]
        urls=tuple(media.address("image", f"{view.data}-{i}.png") for i in pair),  # type: ignore[arg-type]
        chosen=view.image_b is not None and view.image_b != view.image,
        sides={kind: found[kind] for kind in order if kind in found},
        words={key: text(f"between.{key}", view.lang) for key in WORDS},
    )
