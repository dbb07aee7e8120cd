"""Which faces are asked for: every part of every face by itself, from hashes, so that no library decides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.data.ordering import uniforms

#: Shares of faces with glasses, a hat, a beard: common enough to learn, and hair can still be seen on four of five.
SHARES = {"glasses": 0.4, "hat": 0.2, "beard": 0.25}
#: Styles of each part in the library's names. Its clothing 14 is its clothing 5 in every pixel; earrings, of a cell or
#: two, are left out.
STYLES: dict[str, tuple[str, ...]] = {
    "hair": (*(f"short{k:02}" for k in range(1, 25)), *(f"long{k:02}" for k in range(1, 22))),
    "eyes": tuple(f"variant{k:02}" for k in range(1, 13)),
    "mouth": (*(f"happy{k:02}" for k in range(1, 14)), *(f"sad{k:02}" for k in range(1, 11))),
    "glasses": (*(f"dark{k:02}" for k in range(1, 8)), *(f"light{k:02}" for k in range(1, 8))),
    "hat": tuple(f"variant{k:02}" for k in range(1, 11)),
    "beard": tuple(f"variant{k:02}" for k in range(1, 9)),
    "clothing": tuple(f"variant{k:02}" for k in range(1, 24) if k != 14),
}
#: Colours of each part in the library's hexadecimals, with their names here.
COLOURS: dict[str, dict[str, str]] = {
    "skin": {
        "ffdbac": "skin 1, lightest",
        "f5cfa0": "skin 2",
        "eac393": "skin 3",
        "e0b687": "skin 4",
        "cb9e6e": "skin 5",
        "b68655": "skin 6",
        "a26d3d": "skin 7",
        "8d5524": "skin 8, darkest",
    },
    "hair": {
        "28150a": "black",
        "603a14": "brown",
        "83623b": "light brown",
        "603015": "chestnut",
        "612616": "auburn",
        "611c17": "mahogany",
        "a78961": "dark blond",
        "cab188": "blond",
        "bd1700": "red",
        "009bbd": "blue",
        "91cb15": "green",
    },
    "eyes": {
        "76778b": "grey",
        "697b94": "blue grey",
        "647b90": "steel blue",
        "5b7c8b": "teal grey",
        "588387": "sea green",
        "876658": "brown",
    },
    "mouth": {"d29985": "pale", "c98276": "rose", "e35d6a": "pink", "de0f0d": "red"},
    "glasses": {
        "191919": "black",
        "323232": "dark grey",
        "4b4b4b": "grey",
        "43677d": "blue",
        "5f705c": "green",
        "a04b5d": "red",
    },
    "hat": {
        "2e1e05": "dark brown",
        "989789": "grey",
        "a62116": "red",
        "cc6192": "pink",
        "614f8a": "violet",
        "2663a3": "blue",
        "3d8a6b": "green",
    },
    "clothing": {
        "ffeead": "cream",
        "ffd969": "light yellow",
        "ffc425": "amber",
        "ff6f69": "coral",
        "d11141": "crimson",
        "ae0001": "dark red",
        "5bc0de": "sky blue",
        "428bca": "blue",
        "03396c": "navy",
        "88d8b0": "mint",
        "44c585": "light green",
        "00b159": "green",
    },
}

Choices = dict[str, NDArray[np.int64]]


def choose(n: int) -> Choices:
    """What `n` faces are asked to be, each choice by itself.

    Returns:
        The number (n,) of each part's style by the part's name, -1 where there is no such part; and of its colour, by
        the part's name and "Color".
    """
    chosen: Choices = {}
    for part, styles in STYLES.items():
        chosen[part] = _uniform(part, n, len(styles))
        if part in SHARES:
            chosen[part][uniforms(f"faces:{part}:there", n) >= SHARES[part]] = -1
    for part, colours in COLOURS.items():
        chosen[f"{part}Color"] = _uniform(f"{part} colour", n, len(colours))
    return chosen


def described(chosen: Choices) -> list[dict[str, str | None]]:
    """Each face in the library's words, as the drawing program reads it."""
    words: dict[str, list[str | None]] = {
        part: [STYLES[part][style] if style >= 0 else None for style in chosen[part].tolist()] for part in STYLES
    }
    for part, colours in COLOURS.items():
        hexadecimal = tuple(colours)
        words[f"{part}Color"] = [hexadecimal[colour] for colour in chosen[f"{part}Color"].tolist()]
    return [dict(zip(words, face, strict=True)) for face in zip(*words.values(), strict=True)]


def _uniform(what: str, n: int, values: int) -> NDArray[np.int64]:
    return (uniforms(f"faces:{what}", n) * values).astype(np.int64)
