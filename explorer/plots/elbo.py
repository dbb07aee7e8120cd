"""Charts of the tab ELBO: bounds over k, two posteriors on one plane, and what a sweep of β does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from explorer.plots import theme
from explorer.plots.theme import Figure, ink

#: Columns and rows of a posterior that a screen can tell apart.
MOST_CELLS = 120
CIRCLE = 96


@dataclass(frozen=True)
class BoundLabels:
    """Words of the chart of bounds."""

    draws: str
    nats: str
    bound: str
    evidence: str


def bounds_figure(
    k: Sequence[int], nats: ArrayLike, errors: ArrayLike, labels: BoundLabels, evidence: float | None = None
) -> Figure:
    """`L_k` over k (logarithmic) with one standard error up and down, and `log p(x)` as a line if it is known."""
    drawn = theme.figure(height=300)
    colour = ink("vae")
    if evidence is not None:
        drawn.add_scatter(
            x=[min(k), max(k)], y=[evidence] * 2, mode="lines", name=labels.evidence,
            line={"color": ink("text"), "width": 2, "dash": "dash"},
        )  # fmt: skip
    drawn.add_scatter(
        x=list(k), y=np.asarray(nats, np.float64), mode="lines+markers", name=labels.bound,
        error_y={"array": np.asarray(errors, np.float64), "color": colour, "thickness": 1.5, "width": 3},
        line={"color": colour, "width": 2}, marker={"color": colour, "size": 6},
        hovertemplate=f"k = %{{x}}<br>%{{y:.2f}} ± %{{error_y.array:.2f}} {labels.nats}<extra></extra>",
    )  # fmt: skip
    drawn.update_xaxes(type="log", title={"text": labels.draws}, exponentformat="none", dtick=1)
    drawn.update_yaxes(title={"text": labels.nats})
    drawn.update_layout(margin={"l": 62, "r": 14, "t": 44, "b": 44})
    return theme.plain(drawn)


@dataclass(frozen=True)
class TruePosterior:
    """The density of `p(z|x)` on a rectangle: x (columns,), y (rows,), density (rows, columns), levels of its rings."""

    x: NDArray[np.floating]
    y: NDArray[np.floating]
    density: NDArray[np.floating]
    levels: Sequence[float]


@dataclass(frozen=True)
class PosteriorLabels:
    """Words of the chart of two posteriors."""

    true: str
    q: str
    first: str
    second: str


def posterior_figure(
    true: TruePosterior, mean: Sequence[float], sigma: Sequence[float], labels: PosteriorLabels
) -> Figure:
    """The true posterior as an area and q(z|x) as ellipses; both at what holds 39, 86 and 99 % of their mass."""
    drawn = theme.figure(height=380)
    rows, columns = (max(1, -(-size // MOST_CELLS)) for size in true.density.shape)
    x, y, density = true.x[::columns], true.y[::rows], true.density[::rows, ::columns].astype(np.float32)
    good = ink("good")
    drawn.add_heatmap(
        x=x, y=y, z=density, showscale=False, hoverinfo="skip", zsmooth="best", name=labels.true,
        colorscale=[[0, theme.wash("good", 0)], [1, theme.wash("good", 0.55)]],
    )  # fmt: skip
    for place, level in enumerate(true.levels):
        drawn.add_contour(
            x=x, y=y, z=density, showscale=False, hoverinfo="skip", name=labels.true, showlegend=place == 0,
            contours={"type": "constraint", "operation": "=", "value": float(level)},
            line={"color": good, "width": 1.5},
        )  # fmt: skip
    angle = np.linspace(0, 2 * np.pi, CIRCLE)
    for sigmas in (1, 2, 3):
        drawn.add_scatter(
            x=mean[0] + sigmas * sigma[0] * np.cos(angle), y=mean[1] + sigmas * sigma[1] * np.sin(angle), mode="lines",
            hoverinfo="skip", name=labels.q, showlegend=sigmas == 1,
            line={"color": ink("vae"), "width": 2 if sigmas == 1 else 1.3, "dash": "solid" if sigmas == 1 else "dot"},
        )  # fmt: skip
    (low_x, high_x), (low_y, high_y) = (_span(axis, m, s) for axis, m, s in zip((x, y), mean, sigma, strict=True))
    drawn.update_xaxes(title={"text": labels.first}, range=[low_x, high_x], constrain="domain")
    drawn.update_yaxes(title={"text": labels.second}, range=[low_y, high_y], scaleanchor="x", constrain="domain")
    drawn.update_layout(margin={"l": 58, "r": 14, "t": 44, "b": 44})
    return theme.plain(drawn)


def _span(axis: NDArray[np.floating], mean: float, sigma: float) -> tuple[float, float]:
    low, high = min(float(axis[0]), mean - 3.4 * sigma), max(float(axis[-1]), mean + 3.4 * sigma)
    return low - 0.04 * (high - low), high + 0.04 * (high - low)


@dataclass(frozen=True)
class SweptRun:
    """A VAE of a sweep.

    Attributes:
        id: what a click loads.
        name: on hovering.
        group: runs of one kind of latent are joined by a line.
        beta: weight of the KL while it trained.
        rate: KL, nats per image.
        distortion: mean squared error per value.
        active: share of the units that are active.
        emphasis: whether it is on screen now.
    """

    id: str
    name: str
    group: str
    beta: float
    rate: float
    distortion: float
    active: float
    emphasis: bool = False


@dataclass(frozen=True)
class SweepLabels:
    """Words of the chart of a sweep; `panels` are its three titles."""

    beta: str
    panels: tuple[str, str, str]
    ae: str


#: Panels from top to bottom: what a `SweptRun` has of them.
PANELS = ("rate", "distortion", "active")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
PANEL_HEIGHT, GAP = 130, 46
INNER = len(PANELS) * (PANEL_HEIGHT + GAP) - GAP
#: Of two ticks of β the upper one is more than so many times the lower one.
APART = 1.3
SWEEP_MARGIN = {"l": 58, "r": 14, "t": 62, "b": 44}


def sweep_figure(runs: Sequence[SweptRun], ae_distortion: float | None, labels: SweepLabels) -> Figure:
    """Rate, distortion and active units over β, one above the other; `customdata` of a point is the run's id."""
    drawn = theme.figure(height=INNER + SWEEP_MARGIN["t"] + SWEEP_MARGIN["b"])
    groups = sorted({run.group for run in runs})
    for row, title in enumerate(labels.panels):
        for place, group in enumerate(groups):
            own = sorted((run for run in runs if run.group == group), key=lambda run: run.beta)
            _add_line(drawn, row, place, own, title)
        _add_panel(drawn, row, title, labels.beta if row == len(PANELS) - 1 else "", _ticks(run.beta for run in runs))
    if ae_distortion is not None:
        drawn.add_hline(y=ae_distortion, yref="y2", line={"color": ink("ae"), "width": 1.5, "dash": "dash"})
        drawn.add_annotation(
            text=labels.ae, x=1, xref="paper", y=ae_distortion, yref="y2", xanchor="right", yanchor="top",
            showarrow=False, font={"size": 11, "color": ink("ae")},
        )  # fmt: skip
    drawn.update_layout(margin=SWEEP_MARGIN, legend={"y": 1.05})
    return theme.plain(drawn)


def _axis(row: int) -> str:
    return "" if row == 0 else str(row + 1)


def _add_line(drawn: go.Figure, row: int, place: int, runs: Sequence[SweptRun], title: str) -> None:
    """One group in one panel; groups differ in dash and mark, since all are VAEs and blue."""
    colour, group = ink("vae"), runs[0].group
    drawn.add_scatter(
        x=[run.beta for run in runs], y=[getattr(run, PANELS[row]) for run in runs], mode="lines+markers",
        xaxis=f"x{_axis(row)}", yaxis=f"y{_axis(row)}", name=group, legendgroup=group, showlegend=row == 0,
        customdata=[run.id for run in runs], text=[run.name for run in runs], meta={"panel": title},
        hovertemplate="%{text}<br>β = %{x:g}: %{y:.4g}<extra></extra>",
        line={"color": colour, "width": 1.5, "dash": DASHES[place % len(DASHES)]},
        marker={
            "color": colour, "symbol": SYMBOLS[place % len(SYMBOLS)],
            "size": [13 if run.emphasis else 8 for run in runs],
        },
    )  # fmt: skip


def _ticks(betas: Iterable[float]) -> list[float]:
    """Every β there is, but of two that lie too near for two numbers the lower one."""
    kept: list[float] = []
    for beta in sorted(set(betas)):
        if not kept or beta > kept[-1] * APART:
            kept.append(beta)
    return kept


def _add_panel(drawn: go.Figure, row: int, title: str, below: str, ticks: Sequence[float]) -> None:
    top = 1 - row * (PANEL_HEIGHT + GAP) / INNER
    domain = [max(0.0, top - PANEL_HEIGHT / INNER), top]
    axis: dict[str, Any] = {"type": "log", "anchor": f"y{_axis(row)}"}
    axis |= {"tickvals": list(ticks), "ticktext": [f"{tick:g}" for tick in ticks]}
    axis |= {"matches": "x"} if row else {}
    drawn.update_layout(
        {
            f"xaxis{_axis(row)}": axis | {"title": {"text": below}},
            f"yaxis{_axis(row)}": {"domain": domain, "rangemode": "tozero"},
        }
    )
    drawn.add_annotation(
        text=title, x=0, y=top, xref="paper", yref="paper", xanchor="left", yanchor="bottom", showarrow=False,
        font={"size": 12, "color": ink("muted")},
    )  # fmt: skip


@dataclass(frozen=True)
class Wasted:
    """How much of a latent a run uses.

    Attributes:
        id: what a click loads.
        label: its row.
        kind: "vae" or "vqvae".
        used, total: active units of all, or used codes of all.
        emphasis: whether it is on screen now.
    """

    id: str
    label: str
    kind: str
    used: int
    total: int
    emphasis: bool = False


ROW_HEIGHT = 22


def waste_figure(runs: Sequence[Wasted], axis: str) -> Figure:
    """A bar for each run's used share, its row beside it; the rows from top to bottom in the order given."""
    drawn = theme.figure(height=len(runs) * ROW_HEIGHT + 70, showlegend=False, bargap=0.3)
    rows = [run.label for run in runs]
    drawn.add_bar(
        x=[100 * run.used / run.total for run in runs], y=rows, orientation="h",
        customdata=[run.id for run in runs], text=[f"{run.used:,} / {run.total:,}" for run in runs],
        textposition="outside", cliponaxis=False, textfont={"size": 11},
        hovertemplate="%{y}<br>%{text} (%{x:.1f} %)<extra></extra>",
        marker={
            "color": [ink(run.kind) if run.emphasis else theme.wash(run.kind, 0.55) for run in runs],
            "line": {"color": [ink(run.kind) for run in runs], "width": 1},
        },
    )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", type="category", automargin=True)
    drawn.update_xaxes(title={"text": axis}, range=[0, 102], ticksuffix=" %", tickvals=[0, 50, 100])
    drawn.update_layout(margin={"l": 12, "r": 86, "t": 8, "b": 44})  # right: a full bar's numbers, also on a phone
    return theme.plain(drawn)
