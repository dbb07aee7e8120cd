"""One figure for light and dark, and the kinds' colours as the style sheet has them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from explorer.plots import theme

CSS = (Path(__file__).parents[2] / "explorer/ui/assets/page/explorer.css").read_text()


@pytest.mark.parametrize("kind", ["vae", "vqvae", "ae"])
def test_a_kind_has_the_style_sheets_colours(kind):
    assert re.findall(rf"--ex-{kind}: (#\w+);", CSS) == [theme.INKS[kind].light, theme.INKS[kind].dark]


def test_every_colour_of_a_figure_has_its_dark_twin():
    figure = theme.figure(height=200)
    figure.add_scatter(x=[1, 2], y=[3, 4], line={"color": theme.ink("vae")}, fillcolor=theme.wash("vqvae", 0.25))
    drawn = theme.plain(figure)
    used = set(re.findall(r'"(#\w{6}|rgba\([^)]*[1-9][^)]*\))"', json.dumps([drawn["data"], drawn["layout"]])))
    assert {"#2563eb", "rgba(232,101,10,0.25)"} <= used
    assert used == set(drawn["dark"]) | (used & {"rgba(0,0,0,0)"})
    assert drawn["dark"]["rgba(232,101,10,0.25)"] == "rgba(255,150,64,0.25)"


def test_light_colours_name_one_dark_colour_each():
    inks = [(ink.light, ink.dark) for ink in theme.INKS.values()]
    assert len(dict(inks)) == len(set(inks))


def luminance(colour: str) -> float:
    channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_the_sides_of_a_pair_differ_without_hue():
    for tone in ("light", "dark"):
        left, right = (luminance(getattr(theme.INKS[name], tone)) for name in ("left", "right"))
        ratio = (max(left, right) + 0.05) / (min(left, right) + 0.05)
        assert ratio > 1.5
    assert theme.DASHES["left"] != theme.DASHES["right"]
