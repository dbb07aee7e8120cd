"""A VAE's random codes by their number: how far they are, and what that does to the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from explorer.plots import theme
from explorer.plots.theme import Figure, ink
from explorer.reports.gaussian_quantization import QuantizedVAE, Row


@dataclass(frozen=True)
class QuantizeLabels:
    """Words of the chart."""

    bits: str
    error: str
    mean: str
    median: str
    theory: str
    joint: str
    mse: str
    decoded_mean: str
    kl: str


def quantize_figure(found: QuantizedVAE, labels: QuantizeLabels) -> Figure:
    """Above the error in σ (logarithmic), below the MSE of the pictures, both over log2 K; the KL's bits as a band."""
    drawn = theme.figure(height=520)
    _line(drawn, found.rows, [row.error for row in found.rows], labels.mean, "y")
    _line(drawn, found.rows, [row.median for row in found.rows], labels.median, "y", dash="dot")
    theory = [row.theory for row in found.rows]
    drawn.add_scatter(
        x=[row.bits for row in found.rows], y=theory, mode="lines", name=labels.theory, yaxis="y",
        line={"color": ink("text"), "width": 1.5, "dash": "dash"},
    )  # fmt: skip
    if found.joint:
        _line(drawn, found.joint, [row.error for row in found.joint], labels.joint, "y", symbol="diamond")
    _line(drawn, found.rows, [row.mse for row in found.rows], labels.mse, "y2", rows_spread=found.rows)
    ends = [found.rows[0].bits, found.rows[-1].bits]
    drawn.add_scatter(
        x=ends, y=[found.mean_mse] * 2, mode="lines", name=labels.decoded_mean, yaxis="y2",
        line={"color": ink("good"), "width": 2, "dash": "dash"},
    )  # fmt: skip
    mark = sum(found.kl) / len(found.kl)
    band = {"type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 0}, "layer": "below"}
    line = {"type": "line", "xref": "x", "yref": "paper", "y0": 0, "y1": 1}
    drawn.update_layout(
        shapes=[
            band | {"x0": found.kl_low, "x1": found.kl_high, "fillcolor": theme.wash("vae", 0.12)},
            line | {"x0": mark, "x1": mark, "line": {"color": ink("vae"), "width": 2}},
        ],
        annotations=[
            {"x": mark, "y": 1, "xref": "x", "yref": "paper", "text": labels.kl, "showarrow": False, "xanchor": "left",
             "yanchor": "top", "xshift": 4, "font": {"size": 11, "color": ink("vae")}},
        ],
        xaxis={"title": {"text": labels.bits}, "dtick": 2, "anchor": "y2"},
        yaxis={"title": {"text": labels.error}, "type": "log", "domain": [0.54, 1], "exponentformat": "none"},
        yaxis2={"title": {"text": "MSE"}, "domain": [0, 0.46], "anchor": "x", "rangemode": "tozero"},
        margin={"l": 62, "r": 14, "t": 84, "b": 44},
    )  # fmt: skip
    return theme.plain(drawn)


def _line(
    drawn: go.Figure,
    rows: Sequence[Row],
    values: Sequence[float],
    name: str,
    axis: str,
    *,
    dash: str = "solid",
    symbol: str = "circle",
    rows_spread: Sequence[Row] = (),
) -> None:
    colour = ink("vae")
    spread = {}
    if rows_spread:
        up = [row.mse_high - row.mse for row in rows_spread]
        down = [row.mse - row.mse_low for row in rows_spread]
        spread = {"error_y": {"array": up, "arrayminus": down, "symmetric": False, "color": colour, "thickness": 1.5}}
    drawn.add_scatter(
        x=[row.bits for row in rows], y=list(values), mode="lines+markers", name=name, yaxis=axis,
        line={"color": colour, "width": 2, "dash": dash}, marker={"color": colour, "size": 6, "symbol": symbol},
        hovertemplate="2^%{x}<br>%{y:.4g}<extra></extra>", **spread,
    )  # fmt: skip
