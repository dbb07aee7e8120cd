"""One look for every chart: few lines, the models' own colours, light and dark from one figure.

Colours are told apart by people who see no red or green: the kinds differ in lightness as well as hue, and what stands
for one side of a pair is dashed too. `SERIES` is the palette of Okabe & Ito (2008), its
sky blue darker, for white ground.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from explorer.plots.library import KINDS

Figure = dict[str, Any]


@dataclass(frozen=True)
class Ink:
    """A colour on light and on dark ground, `#rrggbb`; those of the kinds are the style sheet's."""

    light: str
    dark: str


INKS: dict[str, Ink] = {
    "text": Ink("#1e293b", "#e2e8f0"),
    "muted": Ink("#64748b", "#94a3b9"),
    "grid": Ink("#e8ecf1", "#1d2636"),
    "axis": Ink("#cbd2dc", "#334056"),
    "vae": Ink("#2563eb", "#6ea8fe"),
    "vqvae": Ink("#e8650a", "#ff9640"),
    "ae": Ink("#6b7280", "#a6adba"),
    "left": Ink("#7c3f00", "#ffdcb8"),  # the left one of two VQ-VAEs
    "right": Ink("#e8650a", "#ff9640"),
    "gradient": Ink("#7c3aed", "#b197fc"),  # of two codebooks, by the rule that moves them
    "ema": Ink("#0f766e", "#2dd4bf"),
    "good": Ink("#00795c", "#3fd1a5"),
    "bad": Ink("#b3266a", "#ff8fc0"),
}
#: Lines of one side, whatever their colour.
DASHES = {"left": "5px,3px", "right": "solid"}
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a7a00", "#2f93d4", "#333333")
SERIES_DARK = ("#5fb0e6", "#ff9a57", "#3fd1a5", "#eaa6cb", "#e6d85c", "#9ad4f5", "#dddddd")
_DARK = {ink.light: ink.dark for ink in INKS.values()} | dict(zip(SERIES, SERIES_DARK, strict=True))

MARGIN = {"l": 52, "r": 12, "t": 28, "b": 40}


def ink(name: str) -> str:
    """A colour by name, on light ground; the client puts the dark one in its place where it is dark."""
    return INKS[name].light


def wash(name: str, alpha: float) -> str:
    """A see-through colour, for areas."""
    return _rgba(INKS[name].light, alpha)


def figure(**layout: Any) -> go.Figure:
    """An empty figure with the page's look; the font comes from the page, the width from its place there."""
    axis = {
        "gridcolor": ink("grid"),
        "linecolor": ink("axis"),
        "zeroline": False,
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": ink("axis"),
        "title": {"standoff": 6, "font": {"size": 12, "color": ink("muted")}},
        "tickfont": {"size": 11, "color": ink("muted")},
    }
    template = go.layout.Template(
        layout={
            "font": {"size": 12, "color": ink("text")},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": MARGIN,
            "colorway": list(SERIES),
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12}},
            "hovermode": "closest",
            "hoverlabel": {"font": {"size": 12}, "namelength": -1},
        }
    )
    return go.Figure(layout={"template": template, "uirevision": "keep", **layout})


def plain(drawn: go.Figure) -> Figure:
    """The figure as JSON values, with the dark twin of each of its colours under `dark`; arrays travel as base64."""
    made: Figure = json.loads(drawn.to_json())
    assert {trace["type"] for trace in made["data"]} <= KINDS | {"scatter"}  # what browsers are given
    colours = {text for text in _texts([made["data"], made["layout"]]) if _dark(text)}
    return {"data": made["data"], "layout": made["layout"], "dark": {text: _dark(text) for text in sorted(colours)}}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in _texts(child)]


def _dark(text: str) -> str | None:
    if text in _DARK:
        return _DARK[text]
    parts = re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)", text)
    light = "#{:02x}{:02x}{:02x}".format(*map(int, parts.groups()[:3])) if parts else ""
    return _rgba(_DARK[light], float(parts[4])) if parts and light in _DARK else None


def _rgba(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"
