"""Charts of sharpness: detail by frequency, differences image by image, and quality over rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class RatedRun:
    """A run on the plane of quality over rate.

    Attributes:
        id: of the run, what a click loads.
        name: on hovering.
        kind: "vae" or "vqvae".
        rates: bits per image by name: one for a VAE, up to three for a code grid.
        quality: what is on the y axis.
        group: runs of one group are joined by a line.
        emphasis: whether it is on screen now.
    """

    id: str
    name: str
    kind: str
    rates: Mapping[str, float]
    quality: float
    group: str = ""
    emphasis: bool = False


@dataclass(frozen=True)
class PlaneLabels:
    """Words of the plane of quality over rate."""

    bits: str
    quality: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=dict)
    pca: str = ""


#: A tick for each way of paying for a code grid.
TICKS = {"uniform": "line-ns-open", "per_position": "diamond-open", "learned_prior": "square"}


def rate_distortion_figure(
    runs: Sequence[RatedRun], labels: PlaneLabels, pca: tuple[NDArray[np.floating], NDArray[np.floating]] | None = None
) -> Figure:
    """Bits per image (logarithmic) against quality: VAEs as dots, code grids as bars between the ways to pay for them.

    `customdata` of each point is the run's id.
    """
    drawn = theme.figure(height=380)
    if pca is not None:
        drawn.add_scatter(
            x=pca[0], y=pca[1], mode="lines", name=labels.pca,
            line={"color": ink("muted"), "width": 1.2, "dash": "dash"},
        )  # fmt: skip
    for kind, symbol in (("vae", "circle"), ("vqvae", "square")):
        shown = [run for run in runs if run.kind == kind and run.rates]
        if not shown:
            continue
        for group in sorted({run.group for run in shown if run.group}):
            line = sorted((min(r.rates.values()), r.quality) for r in shown if r.group == group)
            drawn.add_scatter(
                x=[x for x, _ in line], y=[y for _, y in line], mode="lines", showlegend=False, hoverinfo="skip",
                line={"color": ink(kind), "width": 1},
            )  # fmt: skip
        for run in shown if kind == "vqvae" else []:
            drawn.add_scatter(
                x=[min(run.rates.values()), max(run.rates.values())], y=[run.quality] * 2, mode="lines",
                line={"color": ink(kind), "width": 4 if run.emphasis else 1.5}, showlegend=False, hoverinfo="skip",
            )  # fmt: skip
        points = [(run, name, bits) for run in shown for name, bits in run.rates.items()]
        drawn.add_scatter(
            x=[bits for _, _, bits in points], y=[run.quality for run, _, _ in points], mode="markers",
            name=labels.kinds.get(kind, kind), customdata=[run.id for run, _, _ in points],
            text=[f"{run.name}<br>{labels.rates.get(name, name)}" for run, name, _ in points],
            hovertemplate="%{text}<br>%{x:.1f}, %{y:.2f}<extra></extra>",
            marker={
                "color": ink(kind), "symbol": [TICKS.get(name, symbol) for _, name, _ in points],
                "size": [13 if run.emphasis else 8 for run, _, _ in points], "line": {"width": 1.5, "color": ink(kind)},
            },
        )  # fmt: skip
    drawn.update_xaxes(type="log", title={"text": labels.bits}, exponentformat="none", dtick="D2")
    drawn.update_yaxes(title={"text": labels.quality})
    return theme.plain(drawn)


def _values(curve: Sequence[float | None]) -> NDArray[np.floating]:
    return np.array([np.nan if value is None else value for value in curve], np.float64)
