"""Charts of how codes live and die: curves over training steps, and how evenly codes are used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from explorer.plots import theme
from explorer.plots.theme import Figure, ink

Floats = NDArray[np.floating]

PANEL_HEIGHT = 150  # pixels
GAP = 60


@dataclass(frozen=True)
class Panel:
    """One small chart.

    Attributes:
        key: of the series it shows.
        title: with the unit.
        log: whether its axis is logarithmic.
    """

    key: str
    title: str
    log: bool = False


@dataclass(frozen=True)
class Series:
    """A curve: `values` at `steps`, both (S,); NaN where there is nothing to show."""

    steps: NDArray[np.integer]
    values: Floats


@dataclass(frozen=True)
class Group:
    """Runs that differ in their seed alone.

    Attributes:
        name: as the legend has it.
        side: "left" or "right": its dash.
        rule: "gradient", "ema" or "vqvae": its colour.
        runs: for each run its series by key; all runs of a group have the same steps.
    """

    name: str
    side: str
    rule: str
    runs: tuple[Mapping[str, Series], ...]


@dataclass(frozen=True)
class Mark:
    """An upright line at a step, in one panel, with a word."""

    key: str
    step: float
    text: str


@dataclass(frozen=True)
class CurveLabels:
    """What stands on the axes and in the legend."""

    step: str
    median: str
    panels: tuple[Panel, ...] = field(default=())


def curves_figure(
    groups: Sequence[Group], labels: CurveLabels, *, columns: int, log_steps: bool, marks: Sequence[Mark] = ()
) -> Figure:
    """Small charts over a common axis of steps, `columns` of them in a row; zooming one zooms all.

    A group of one run is one line; of several, each is a thin line and their median a thick one.
    """
    panels = labels.panels
    rows = -(-len(panels) // columns)
    drawn = make_subplots(
        rows,
        columns,
        subplot_titles=[panel.title for panel in panels],
        vertical_spacing=min(0.9, GAP / (rows * (PANEL_HEIGHT + GAP))) if rows > 1 else 0,
        horizontal_spacing=0.18 / columns,
        figure=theme.figure(height=rows * (PANEL_HEIGHT + GAP) + 30),
    )
    for number, panel in enumerate(panels):
        cell = {"row": number // columns + 1, "col": number % columns + 1}
        for group in groups:
            for line in _lines(panel, group, labels.median, first=number == 0):
                drawn.add_trace(line, **cell)
        for mark in (mark for mark in marks if mark.key == panel.key):
            drawn.add_vline(x=mark.step, line={"color": ink("muted"), "width": 1, "dash": "dot"}, **cell)
            place = {"x": float(np.log10(mark.step)) if log_steps else mark.step, "y": 1, "yref": "y domain"}
            text = {"text": mark.text, "showarrow": False, "xanchor": "right", "yanchor": "top", "xshift": -3}
            drawn.add_annotation(place | text | {"font": {"size": 11, "color": ink("muted")}}, **cell)
        drawn.update_yaxes(type="log" if panel.log else "linear", **cell)
        if panel.log:
            # one line for each power of ten, if that is several lines and not too many
            decades = _decades(panel, groups)
            drawn.update_yaxes(exponentformat="power", dtick=1 if 2 <= decades <= 6 else None, **cell)
    steps = {"type": "log", "dtick": 1} if log_steps else {"type": "linear"}
    for number in range(len(panels)):
        shared = {} if number == 0 else {"matches": "x"}
        drawn.update_xaxes(steps | shared, exponentformat="none", row=number // columns + 1, col=number % columns + 1)
    for column in range(1, columns + 1):
        drawn.update_xaxes(title={"text": labels.step}, row=rows, col=column)
    drawn.update_annotations({"font": {"size": 12.5}}, selector={"showarrow": False, "yref": "paper"})
    drawn.update_layout(
        margin={"l": 48, "r": 10, "t": 64 if columns > 1 else 88, "b": 42},
        legend={"y": 1, "yref": "container", "yanchor": "top"},
    )
    return theme.plain(drawn)


def _lines(panel: Panel, group: Group, median: str, *, first: bool) -> list[go.Scatter]:
    found = [run[panel.key] for run in group.runs if panel.key in run]
    if not found:
        return []
    # a median needs common steps: a seed that was recorded at others is left out
    found = [one for one in found if np.array_equal(one.steps, found[0].steps)]
    colour, dash = ink(group.rule), theme.DASHES[group.side]
    look = {"mode": "lines", "legendgroup": group.side, "connectgaps": False}
    style = {"color": colour, "dash": dash}
    meta = {"panel": panel.title}
    thick = go.Scatter(
        x=found[0].steps, y=_median(found), line=style | {"width": 2.2}, showlegend=first, meta=meta, **look,
        name=group.name if len(found) == 1 else f"{group.name}: {median.format(n=len(found))}",
    )  # fmt: skip
    if len(found) == 1:
        return [thick]
    thin = [
        go.Scatter(x=one.steps, y=one.values, line=style | {"width": 0.8}, opacity=0.55, showlegend=False, meta=meta,
                   name=group.name, hoverinfo="skip", **look)
        for one in found
    ]  # fmt: skip
    return [*thin, thick]


def _median(found: Sequence[Series]) -> Floats:
    values = np.stack([one.values for one in found])
    known = ~np.isnan(values).all(0)
    middle = np.full(values.shape[1], np.nan)
    middle[known] = np.nanmedian(values[:, known], axis=0)
    return middle


def _decades(panel: Panel, groups: Sequence[Group]) -> float:
    """Powers of ten that a logarithmic panel spans."""
    values = [run[panel.key].values for group in groups for run in group.runs if panel.key in run]
    known = np.concatenate([v[np.isfinite(v) & (v > 0)] for v in values]) if values else np.ones(1)
    return float(np.log10(known.max() / known.min())) if len(known) else 0.0


@dataclass(frozen=True)
class UsageLabels:
    """What stands on the axes of the usage chart."""

    rank: str
    hits: str


def usage_figure(
    names: Mapping[str, str], rules: Mapping[str, str], shares: Mapping[str, Floats], labels: UsageLabels
) -> Figure:
    """Codes by falling use, one stepped line a side; the browser puts each step of the film in its place.

    Args:
        names: legend entry by side.
        rules: by side, whose colour it has; the side itself is told by its dash.
        shares: by side, (K,) each code's use over even use (1 means 1/K of all vectors), falling.
        labels: axis titles.
    """
    drawn = theme.figure(height=210)
    # one code alone has K times even use: whatever the film does, nothing leaves the chart
    top = 0.1 + math.log10(max(map(len, shares.values()), default=1))
    for side, values in shares.items():
        drawn.add_scatter(
            x=np.arange(1, len(values) + 1), y=np.where(values > 0, values, np.nan), name=names[side], mode="lines",
            line={"color": ink(rules[side]), "dash": theme.DASHES[side], "width": 2, "shape": "hv"},
        )  # fmt: skip
    drawn.update_yaxes(type="log", title={"text": labels.hits}, exponentformat="none", range=[-3, top], dtick=1)
    drawn.update_xaxes(title={"text": labels.rank}, rangemode="tozero")
    drawn.add_hline(y=1, line={"color": ink("muted"), "width": 1, "dash": "dot"})
    drawn.update_layout(margin={"l": 56, "r": 10, "t": 30, "b": 42})
    return theme.plain(drawn)
