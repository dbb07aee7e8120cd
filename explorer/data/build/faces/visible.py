"""What a face shows of what was asked for: the values of its factors, as they are drawn.

An absent thing has the value `none`, and so has its colour, whatever colour the library names. A value is hidden where
the face with that value alone changed is the same face: a short cut under a hat, a colour of which no cell is left. For
a thing that may be absent, taking it away is such a change.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.data.build.faces.choosing import COLOURS, SHARES, STYLES, Choices
from explorer.data.build.faces.drawing import Drawn
from explorer.data.factors import HIDDEN, NONE, Factor

#: From the face outwards: each part hides those before it. The library draws in this order.
ORDER = ("skin", "clothing", "eyes", "glasses", "beard", "mouth", "hair", "hat")
#: A beard has the hair's colour.
COLOUR_OF = {part: "hair" if part == "beard" else part for part in ORDER}
BLOCK = 500  # faces painted at a time

Pictures = NDArray[np.float32]


class Painter:
    """Paints faces from their parts, as the library would.

    Args:
        drawn: the parts by themselves.
    """

    def __init__(self, drawn: Drawn) -> None:
        self._tables = {part: self._table(drawn, part) for part in ORDER}

    @staticmethod
    def _table(drawn: Drawn, part: str) -> Pictures:
        """(styles + 1, colours, 16, 16, 4); the last style is empty, so that -1 finds it."""
        colours = tuple(COLOURS[COLOUR_OF[part]])
        if part == "skin":
            return np.stack([drawn.layers[part, None, colour] for colour in colours])[None].repeat(2, 0)
        layers = [[drawn.layers[part, style, colour] for colour in colours] for style in STYLES[part]]
        return np.concatenate([np.array(layers), np.zeros((1, len(colours), 16, 16, 4), np.float32)])

    def paint(self, chosen: Choices) -> NDArray[np.uint8]:
        """(n, 16, 16, 3): layer over layer on white. Rounding may differ from the library's by a level."""
        return _levels(self._over(ORDER, chosen, np.ones((len(chosen["skinColor"]), 16, 16, 3), np.float32)))

    def changed(self, chosen: Choices, name: str, changes: list[int]) -> Iterator[NDArray[np.uint8]]:
        """As `paint`, first as chosen, then for each of the `changes` of one choice; below and above it paints once."""
        parts = [part for part in ORDER if name in (part, f"{COLOUR_OF[part]}Color")]
        first, last = ORDER.index(parts[0]), ORDER.index(parts[-1])
        n = len(chosen["skinColor"])
        below = self._over(ORDER[:first], chosen, np.ones((n, 16, 16, 3), np.float32))
        added = self._over(ORDER[last + 1 :], chosen, np.zeros((n, 16, 16, 3), np.float32))
        through = self._through(ORDER[last + 1 :], chosen)
        for other in (chosen, *(chosen | {name: np.full(n, change)} for change in changes)):
            yield _levels(added + through * self._over(ORDER[first : last + 1], other, below))

    def _over(self, parts: tuple[str, ...], chosen: Choices, canvas: Pictures) -> Pictures:
        for part in parts:
            layer = self._layer(part, chosen)
            canvas = layer[..., :3] + canvas * (1 - layer[..., 3:])
        return canvas

    def _through(self, parts: tuple[str, ...], chosen: Choices) -> Pictures:
        """(n, 16, 16, 1): the share of what lies below that `parts` let through."""
        through = np.ones((len(chosen["skinColor"]), 16, 16, 1), np.float32)
        for part in parts:
            through = through * (1 - self._layer(part, chosen)[..., 3:])
        return through

    def _layer(self, part: str, chosen: Choices) -> Pictures:
        colour = chosen[f"{COLOUR_OF[part]}Color"]
        return self._tables[part][chosen.get(part, np.zeros_like(colour)), colour]


def _levels(canvas: Pictures) -> NDArray[np.uint8]:
    return np.rint(canvas * 255).astype(np.uint8)


def factors_of(chosen: Choices, drawn: Drawn) -> dict[str, Factor]:
    """The factors of all faces, what is hidden worked out part by part. About two minutes for 25,000."""
    painter = Painter(drawn)
    factors = {"skin": _colour("skin", chosen, painter)}
    for part, title in (("hair", "hair"), ("eyes", "eye"), ("mouth", "mouth")):
        factors[part] = _style(part, chosen, painter)
        if part == "mouth":
            factors["mood"] = _mood(chosen, painter)
        factors[f"{title} colour"] = _colour(part, chosen, painter)
    for part in ("glasses", "hat", "beard"):
        style = _style(part, chosen, painter)
        factors[part] = _there(part, chosen, painter)
        factors[f"{part} style"] = style
        if part != "beard":
            factors[f"{part} colour"] = _colour(part, chosen, painter)
    factors["clothing"] = _style("clothing", chosen, painter)
    factors["clothing colour"] = _colour("clothing", chosen, painter)
    return factors


def _style(part: str, chosen: Choices, painter: Painter) -> Factor:
    may_be_absent = part in SHARES
    changes = list(range(-1 if may_be_absent else 0, len(STYLES[part])))
    values = _unless_same(part, changes, chosen, painter, chosen[part] >= 0)
    names = [style_name(part, style) for style in STYLES[part]]
    return _with_none(values, names, chosen[part] < 0) if may_be_absent else _factor(values, names)


def _colour(part: str, chosen: Choices, painter: Painter) -> Factor:
    names = list(COLOURS[part].values())
    there = chosen[part] >= 0 if part in SHARES else np.ones(len(chosen["skinColor"]), bool)
    values = _unless_same(f"{part}Color", list(range(len(names))), chosen, painter, there)
    return _with_none(values, names, ~there) if part in SHARES else _factor(values, names)


def _there(part: str, chosen: Choices, painter: Painter) -> Factor:
    """Whether there is such a part at all; hidden where it was asked for and no cell shows it."""
    there = chosen[part] >= 0
    hidden = _unless_same(part, [-1], chosen, painter, there) == HIDDEN
    return _factor(np.where(there & hidden, HIDDEN, there.astype(np.int64)), [NONE, part])


def _mood(chosen: Choices, painter: Painter) -> Factor:
    moods = ["happy", "sad"]
    mood_of = np.array([moods.index(style.rstrip("0123456789")) for style in STYLES["mouth"]])
    others = {mood: [k for k in range(len(mood_of)) if mood_of[k] != mood] for mood in (0, 1)}
    values = mood_of[chosen["mouth"]]
    for mood, changes in others.items():
        same = _unless_same("mouth", changes, chosen, painter, values == mood) == HIDDEN
        values = np.where(same & (values == mood), HIDDEN, values)
    return _factor(values, moods)


def style_name(part: str, style: str) -> str:
    """The name of a style: short 24 of the library's `short24`, hat 3 of its `variant03`."""
    word, number = style.rstrip("0123456789"), int(style.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return f"{part if word == 'variant' else word} {number}"


def _unless_same(
    name: str, changes: list[int], chosen: Choices, painter: Painter, there: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The values (n,) of one choice, `HIDDEN` where another of the `changes` gives the same picture."""
    values = np.where(there, chosen[name], HIDDEN)
    faces = np.flatnonzero(there)
    for start in range(0, len(faces), BLOCK):
        block = faces[start : start + BLOCK]
        part = {key: column[block] for key, column in chosen.items()}
        pictures = painter.changed(part, name, changes)
        painted = next(pictures)
        for change, other in zip(changes, pictures, strict=True):
            same = (other == painted).reshape(len(block), -1).all(1) & (part[name] != change)
            values[block[same]] = HIDDEN
    return values


def _with_none(values: NDArray[np.int64], names: list[str], absent: NDArray[np.bool_]) -> Factor:
    return _factor(np.where(absent, 0, np.where(values == HIDDEN, HIDDEN, values + 1)), [NONE, *names])


def _factor(values: NDArray[np.int64], names: list[str]) -> Factor:
    return Factor(torch.from_numpy(values), tuple(names))
