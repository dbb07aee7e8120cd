"""Faces: DiceBear's "Pixel Art", drawn by the pinned packages of `package-lock.json`, every feature of each known."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.data.build.faces.choosing import SHARES, choose, described
from explorer.data.build.faces.copies import distinct, near_copy_cells
from explorer.data.build.faces.drawing import Drawn, draw
from explorer.data.build.faces.visible import factors_of
from explorer.data.bundle import split_ranges
from explorer.data.factors import Factor
from explorer.data.image_set import SPLITS, ImageSet, fingerprint
from explorer.data.near_copies import split_by_group
from explorer.data.ordering import balanced_order

FACES = 25_000
#: Asked for, so that so many are left when equal ones are dropped.
ASKED = 25_200
NEAR_COPY_CELLS = 4
SCALE = 2  # pixels of a cell's side: the models take 32×32
#: The factor by which a face is labelled where one label is needed; it can be seen on every face.
LABEL = "skin"
LICENCE = """Artwork: "Pixel Art" by Plastic Jam / DiceBear, https://www.dicebear.com/styles/pixel-art/
CC0 1.0 Universal (https://creativecommons.org/publicdomain/zero/1.0/): to the extent possible under law, the artwork
is dedicated to the public domain. It may be copied, changed and distributed, for any purpose, without asking.

Code that drew it: @dicebear/core 9.4.3 and @dicebear/pixel-art 9.4.3, MIT licence, Florian Körner. It is used when this
set is built and is no part of it.
"""


def build_faces() -> tuple[ImageSet, str, dict[str, Any]]:
    """The image set, its licence text, and notes for the manifest. About three minutes."""
    chosen = choose(ASKED)
    drawn = draw(described(chosen))
    kept = distinct(drawn.faces, FACES)
    groups = near_copy_cells(drawn.faces[kept], NEAR_COPY_CELLS)
    splits = split_by_group(groups, chosen[f"{LABEL}Color"][kept], [], "faces:split")
    ordered = {split: _ordered(splits[split], chosen[f"{LABEL}Color"][kept], split) for split in SPLITS}
    order = kept[np.concatenate([ordered[split] for split in SPLITS])]
    factors = factors_of({name: column[order] for name, column in chosen.items()}, drawn)
    image_set = _image_set(drawn, order, {split: len(ordered[split]) for split in SPLITS}, factors)
    return image_set, LICENCE, _notes(groups, factors)


def _ordered(members: NDArray[np.int64], labels: NDArray[np.int64], split: str) -> NDArray[np.int64]:
    return members[balanced_order(labels[members], f"faces:{split}")]


def _image_set(drawn: Drawn, order: NDArray[np.int64], counts: dict[str, int], factors: dict[str, Factor]) -> ImageSet:
    cells = torch.from_numpy(drawn.faces[order]).permute(0, 3, 1, 2)
    images = cells.repeat_interleave(SCALE, 2).repeat_interleave(SCALE, 3).contiguous()
    labels, splits = factors[LABEL].values, split_ranges(counts)
    return ImageSet(
        name="faces",
        images=images,
        labels=labels,
        class_names=factors[LABEL].names,
        captions=(),
        splits=splits,
        licence="CC0-1.0",
        source="DiceBear Pixel Art, drawn by @dicebear/core 9.4.3 and @dicebear/pixel-art 9.4.3",
        sha256=fingerprint(images, labels, splits),
        factors=factors,
    )


def _notes(groups: NDArray[np.int64], factors: dict[str, Factor]) -> dict[str, Any]:
    sizes = np.bincount(groups)
    return {
        "scale": SCALE,
        "asked": ASKED,
        "shares": SHARES,
        "label": LABEL,
        "near_copies": {
            "cells_at_most": NEAR_COPY_CELLS,
            "groups": int((sizes > 1).sum()),
            "images": int(sizes[sizes > 1].sum()),
            "largest": int(sizes.max()),
        },
        "hidden": {name: round(factor.hidden_share, 4) for name, factor in factors.items()},
    }
