"""Factors in memory and in bytes, and which of them a drawn face hides."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.data.build.faces.choosing import COLOURS, STYLES, choose, described
from explorer.data.build.faces.drawing import Drawn
from explorer.data.build.faces.visible import ORDER, Painter, factors_of, style_name
from explorer.data.factors import HIDDEN, Factor, pack_factors, unpack_factors


def test_bytes_give_the_factors_back():
    factors = {
        "glasses": Factor(torch.tensor([0, 1, HIDDEN, 1]), ("none", "glasses")),
        "hair": Factor(torch.tensor([HIDDEN, 44, 3, 0]), tuple(map(str, range(45)))),
    }
    again = unpack_factors(pack_factors(factors), {name: factor.names for name, factor in factors.items()})
    assert {name: factor.values.tolist() for name, factor in again.items()} == {
        "glasses": [0, 1, -1, 1],
        "hair": [-1, 44, 3, 0],
    }
    assert again["glasses"].hidden_share == 0.25
    assert again["glasses"].counts() == [1, 2]


def test_a_value_without_a_name_is_refused():
    with pytest.raises(ValueError, match="hair"):
        unpack_factors(bytes([0, 3]), {"hair": ["a", "b"]})
    with pytest.raises(ValueError, match="reshape"):
        unpack_factors(bytes(5), {"hair": ["a"], "eyes": ["b"]})


def layer(rows, columns, colour, alpha=1.0):
    drawn = np.zeros((16, 16, 4), np.float32)
    drawn[rows, columns] = [*(alpha * np.array(colour)), alpha]
    return drawn


def plain() -> Drawn:
    """Each style has a cell of its own; hats cover the rows in which short hair lies; the first beard is nothing."""
    rows = {"clothing": 14, "eyes": 6, "glasses": 7, "beard": 11, "mouth": 12, "hair": 0, "hat": 0}
    everywhere = slice(0, 16)
    layers: dict[tuple[str, str | None, str], np.ndarray] = {
        ("skin", None, colour): layer(slice(4, 16), everywhere, [0.1 * k] * 3)
        for k, colour in enumerate(COLOURS["skin"])
    }
    for part in ORDER[1:]:
        for number, style in enumerate(STYLES[part]):
            for k, colour in enumerate(COLOURS["hair" if part == "beard" else part]):
                first, place = (8, number - 24) if style.startswith("long") else (rows[part], number)
                row = slice(0, 3) if part == "hat" else first + place // 16
                columns = everywhere if part == "hat" else place % 16
                alpha = 0.0 if (part, style) == ("beard", "variant01") else 1.0
                layers[part, style, colour] = layer(row, columns, [0.9 - 0.05 * k, 0.05 * k, 0.3], alpha)
    return Drawn(np.zeros((0, 16, 16, 3), np.uint8), layers)


def one(**parts):
    chosen = {name: np.zeros(1, np.int64) for name in (*STYLES, *(f"{part}Color" for part in COLOURS))}
    for part in ("glasses", "hat", "beard"):
        chosen[part] = np.full(1, -1)
    return chosen | {name: np.full(1, value) for name, value in parts.items()}


def value(factors, name):
    number = int(factors[name].values[0])
    return "hidden" if number == HIDDEN else factors[name].names[number]


def test_what_is_absent_is_none_and_what_a_hat_covers_is_hidden():
    drawn = plain()
    bare = factors_of(one(), drawn)
    assert [value(bare, name) for name in ("hat", "hat style", "hat colour", "glasses", "beard")] == ["none"] * 5
    assert value(bare, "hair") == "short 1"
    assert value(bare, "hair colour") == "black"
    hatted = factors_of(one(hat=3), drawn)
    assert [value(hatted, name) for name in ("hat", "hair", "hair colour")] == ["hat", "hidden", "hidden"]
    longer = factors_of(one(hat=3, hair=STYLES["hair"].index("long05")), drawn)
    assert [value(longer, name) for name in ("hair", "hair colour")] == ["long 5", "black"]


def test_a_beard_of_no_cell_is_hidden_and_another_shows_the_hair_s_colour():
    drawn = plain()
    nothing = factors_of(one(beard=0), drawn)
    assert [value(nothing, name) for name in ("beard", "beard style")] == ["hidden", "hidden"]
    beard = factors_of(one(beard=4, hat=0, hairColor=8), drawn)
    assert [value(beard, name) for name in ("beard style", "hair", "hair colour")] == ["beard 5", "hidden", "red"]


def test_mood_goes_with_the_mouth():
    assert value(factors_of(one(mouth=2), plain()), "mood") == "happy"
    assert value(factors_of(one(mouth=13), plain()), "mood") == "sad"
    assert [style_name("hat", "variant03"), style_name("hair", "short24")] == ["hat 3", "short 24"]


def test_painting_what_changes_is_painting_it_whole():
    painter, chosen = Painter(plain()), choose(20)
    changes = painter.changed(chosen, "hairColor", [0, 3, 7])
    assert np.array_equal(next(changes), painter.paint(chosen))
    for change, painted in zip([0, 3, 7], changes, strict=True):
        assert np.array_equal(painted, painter.paint(chosen | {"hairColor": np.full(20, change)}))


def test_choices_are_a_function_of_their_place_alone():
    few, many = choose(30), choose(50)
    assert all(np.array_equal(many[name][:30], column) for name, column in few.items())
    face = described(few)[0]
    assert face["skinColor"] in COLOURS["skin"]
    assert face["hat"] is None or face["hat"] in STYLES["hat"]
