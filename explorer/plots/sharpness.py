"""Charts of sharpness: detail by frequency, and differences image by image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.plots import theme
from explorer.plots.theme import Figure, ink

#: Guide lines: what blurs of these many pixels keep.
GUIDES = (0.5, 1.0, 2.0)
BARS = 40


@dataclass(frozen=True)
class DetailCurve:
    """One model's curves over spatial frequency.

    Attributes:
        name: as the legend has it.
        colour: a name of `theme.INKS`.
        side: "left" or "right".
        kept, drawn: (R,) H(f) and G(f).
    """

    name: str
    colour: str
    side: str
    kept: Sequence[float | None]
    drawn: Sequence[float | None]


@dataclass(frozen=True)
class DetailLabels:
    """Words of the chart of detail; `{name}` and `{sigma}` are filled in here."""

    frequency: str
    share: str
    kept: str
    drawn: str
    guide: str


def detail_figure(frequencies: ArrayLike, curves: Sequence[DetailCurve], labels: DetailLabels) -> Figure:
    """H(f) as a line and G(f) as dots of the same colour, with the curves of known blurs in grey."""
    f = np.asarray(frequencies, np.float64)
    drawn = theme.figure(height=320)
    for sigma in GUIDES:
        drawn.add_scatter(
            x=f, y=np.exp(-2 * (math.pi * sigma * f) ** 2), mode="lines", hoverinfo="name", showlegend=False,
            name=labels.guide.format(sigma=f"{sigma:g}"), line={"color": ink("muted"), "width": 1, "dash": "dot"},
        )  # fmt: skip
        at = 0.75 / (2 * math.pi * sigma) * 1.6
        drawn.add_annotation(
            x=at, y=float(np.exp(-2 * (math.pi * sigma * at) ** 2)), text=f"{sigma:g} px", showarrow=False,
            xanchor="left", font={"size": 10, "color": ink("muted")},
        )  # fmt: skip
    for curve in curves:
        line = {"color": ink(curve.colour), "dash": theme.DASHES[curve.side], "width": 2}
        drawn.add_scatter(x=f, y=_values(curve.kept), name=labels.kept.format(name=curve.name), mode="lines", line=line)
        drawn.add_scatter(
            x=f, y=_values(curve.drawn), name=labels.drawn.format(name=curve.name), mode="markers",
            marker={"color": ink(curve.colour), "size": 5, "symbol": "circle-open"},
        )  # fmt: skip
    drawn.add_hline(y=0.5, line={"color": ink("axis"), "width": 1})
    drawn.update_xaxes(title={"text": labels.frequency}, range=[0, 0.72])
    drawn.update_yaxes(title={"text": labels.share}, range=[-0.05, 1.25])
    drawn.update_layout(margin={"l": 52, "r": 12, "t": 56, "b": 42})
    return theme.plain(drawn)


@dataclass(frozen=True)
class DifferenceLabels:
    """Axis titles of the histogram, and the words on its line of no difference and its interval."""

    difference: str
    images: str
    mean: str


def difference_figure(differences: ArrayLike, interval: tuple[float, float, float], labels: DifferenceLabels) -> Figure:
    """How many images differ by how much, right minus left, with the mean and its interval (mean, low, high)."""
    values = np.asarray(differences, np.float64)
    values = values[np.isfinite(values)]
    edge = float(np.quantile(np.abs(values), 0.995)) if len(values) else 1.0
    counts, edges = np.histogram(values.clip(-edge, edge), BARS, (-edge, edge)) if edge else ([len(values)], [-1, 1])
    drawn = theme.figure(height=240, bargap=0.05, showlegend=False)
    centres = (np.asarray(edges[:-1]) + np.asarray(edges[1:])) / 2
    drawn.add_bar(x=centres, y=counts, marker={"color": ink("axis")}, name=labels.images)
    drawn.add_vline(x=0, line={"color": ink("muted"), "width": 1, "dash": "dot"})
    mean, low, high = interval
    drawn.add_vrect(x0=low, x1=high, fillcolor=theme.wash("good", 0.3), line_width=0)
    drawn.add_vline(x=mean, line={"color": ink("good"), "width": 2})
    drawn.add_annotation(
        x=mean, y=1, yref="paper", text=labels.mean, showarrow=False, font={"size": 11, "color": ink("good")},
        xanchor="left" if mean < 0 else "right", yanchor="top", xshift=5 if mean < 0 else -5,
    )  # fmt: skip
    drawn.update_xaxes(title={"text": labels.difference})
    drawn.update_yaxes(title={"text": labels.images})
    return theme.plain(drawn)


def _values(curve: Sequence[float | None]) -> NDArray[np.floating]:
    return np.array([np.nan if value is None else value for value in curve], np.float64)
