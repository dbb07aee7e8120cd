"""Quality over rate: every run of an image set, sweeps joined by lines, seeds as dots."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.theme import Figure, ink


@dataclass(frozen=True)
class RatedRun:
    """A run on the plane.

    Attributes:
        id: of the run, what a click loads.
        name: on hovering.
        kind: "vae" or "vqvae".
        rates: bits per image by rung: fixed, simple, learned, those that there are.
        quality: what is on the y axis.
        on_grid: whether a VAE's latent is a grid.
        sweeps: keys of the lines that it lies on, and what varies along them (`LINES`).
        first_seed: whether it is the one of its seeds that lines go through.
        emphasis: whether it is on screen now.
    """

    id: str
    name: str
    kind: str
    rates: Mapping[str, float]
    quality: float
    on_grid: bool = False
    sweeps: Mapping[str, str] = field(default_factory=dict)
    first_seed: bool = True
    emphasis: bool = False


@dataclass(frozen=True)
class PlaneLabels:
    """Words of the plane; `groups` by a key of `GROUPS`, `lines` by one of `LINES`."""

    bits: str
    quality: str
    groups: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=dict)
    pca: str = ""


#: What shares a legend entry: kind, whether on a grid, and its mark.
GROUPS = {
    "vae": ("vae", False, "circle"),
    "vae_grid": ("vae", True, "circle-open"),
    "vqvae": ("vqvae", False, "square"),
}
#: What varies along a line, and how it is drawn.
LINES = {"size": "solid", "beta": "dot", "codes": "solid"}
#: The tick of each rung, where it is not the one that is looked at.
TICKS = {"fixed": "line-ns-open", "simple": "diamond-open", "learned": "x-thin-open"}
#: Labels of the axis of bits.
BITS = tuple(digit * 10**power for power in range(5) for digit in (1, 2, 5))
Curve = tuple[NDArray[np.floating], NDArray[np.floating]]


def rate_distortion_figure(
    runs: Sequence[RatedRun], labels: PlaneLabels, pca: Curve | None = None, rung: str = "learned"
) -> Figure:
    """Bits per image (logarithmic) against quality: each run a bar between its rungs, with the mark of its kind on one.

    `customdata` of each point is the run's id. Lines go through `rung` alone, and through those that have it.
    """
    drawn = theme.figure(height=440)
    if pca is not None:
        drawn.add_scatter(
            x=pca[0], y=pca[1], mode="lines", name=labels.pca, hoverinfo="name",
            line={"color": ink("muted"), "width": 1.2, "dash": "dash"},
        )  # fmt: skip
    _add_lines(drawn, [run for run in runs if rung in run.rates], labels, rung)
    for run in runs:
        if len(run.rates) > 1:
            drawn.add_scatter(
                x=[min(run.rates.values()), max(run.rates.values())], y=[run.quality] * 2, mode="lines",
                line={"color": ink(run.kind), "width": 4 if run.emphasis else 1.2}, showlegend=False, hoverinfo="skip",
            )  # fmt: skip
    for key, (kind, on_grid, symbol) in GROUPS.items():
        shown = [run for run in runs if run.kind == kind and run.on_grid == on_grid]
        if shown:
            _add_points(drawn, shown, symbol, labels.groups.get(key, key), labels, rung)
    x, y = _ranges(runs)
    drawn.update_xaxes(type="log", title={"text": labels.bits}, range=x, tickvals=BITS)
    drawn.update_yaxes(title={"text": labels.quality}, range=y)
    drawn.update_layout(legend={"font": {"size": 11}, "itemwidth": 30})
    return theme.plain(drawn)


def _ranges(runs: Sequence[RatedRun]) -> tuple[list[float] | None, list[float] | None]:
    """Where runs are, in powers of ten and in quality: the curve of PCA goes on far beyond them."""
    bits = [value for run in runs for value in run.rates.values()]
    values = [run.quality for run in runs]
    if not runs:
        return None, None
    room = 0.08 * (max(values) - min(values)) or 0.5
    x = [math.log10(min(bits)) - 0.08, math.log10(max(bits)) + 0.08]
    return x, [min(values) - room, max(values) + room]


def _add_lines(drawn: go.Figure, runs: Sequence[RatedRun], labels: PlaneLabels, rung: str) -> None:
    """One line a sweep, through the first seed of each setting, on one rung."""
    named: set[str] = set()
    for sweep in sorted({key for run in runs for key in run.sweeps}):
        members = [run for run in runs if sweep in run.sweeps and run.first_seed]
        if len(members) < 2:
            continue
        line = sorted((run.rates[rung], run.quality) for run in members)
        varies, kind = members[0].sweeps[sweep], members[0].kind
        drawn.add_scatter(
            x=[x for x, _ in line], y=[y for _, y in line], mode="lines", hoverinfo="skip",
            name=labels.lines.get(varies, varies), legendgroup=varies, showlegend=varies not in named,
            line={"color": ink(kind), "width": 1.2, "dash": LINES[varies]},
        )  # fmt: skip
        named.add(varies)


def _add_points(
    drawn: go.Figure, runs: Sequence[RatedRun], symbol: str, name: str, labels: PlaneLabels, rung: str
) -> None:
    points = [(run, rate, bits) for run in runs for rate, bits in run.rates.items()]
    points.sort(key=lambda point: point[1] != rung)  # the legend takes the mark of the first
    colour = ink(runs[0].kind)
    drawn.add_scatter(
        x=[bits for _, _, bits in points], y=[run.quality for run, _, _ in points], mode="markers", name=name,
        customdata=[run.id for run, _, _ in points],
        text=[f"{run.name}<br>{labels.rates.get(rate, rate)}" for run, rate, _ in points],
        hovertemplate="%{text}<br>%{x:.1f}, %{y:.3~f}<extra></extra>",
        marker={
            "color": colour, "symbol": [symbol if rate == rung else TICKS[rate] for _, rate, _ in points],
            "size": [_size(run) if rate == rung else 6 for run, rate, _ in points], "opacity": 1,
            "line": {"width": 1.6, "color": colour},
        },
    )  # fmt: skip


def _size(run: RatedRun) -> int:
    return 14 if run.emphasis else 8 if run.first_seed else 6
