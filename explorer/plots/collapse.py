"""Charts of somebody's codebook: its codes in two dimensions, how evenly they are used, how long they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.collapse.sketch import Sketch
from explorer.plots import theme
from explorer.plots.theme import Figure, ink

Floats = NDArray[np.floating]

MOST_AS_SVG = 2500  # points; more are drawn by the graphics card


def plane_figure(
    points: Floats, rows: NDArray[np.integer], hits: Sequence[float] | None, words: Mapping[str, str]
) -> Figure:
    """Codes on equal axes; with hits, used ones are filled and dead ones hollow.

    Args:
        points: (n, 2).
        rows: (n,) which codes they are.
        hits: (n,) or None.
        words: legend and axes: `used`, `dead`, `codes`, `x`, `y`.
    """
    drawn = theme.figure(height=360)
    groups = [("codes", np.ones(len(points), bool))]
    if hits is not None:
        used = np.asarray(hits) > 0
        groups = [("dead", ~used), ("used", used)]
    for name, mask in groups:
        hollow = name == "dead"
        (drawn.add_scattergl if len(points) > MOST_AS_SVG else drawn.add_scatter)(
            x=points[mask, 0], y=points[mask, 1], mode="markers", name=words[name],
            text=[f"#{row}" for row in rows[mask]], hovertemplate="%{text}<extra></extra>",
            marker={"size": 6, "color": ink("vqvae"), "symbol": "circle-open" if hollow else "circle", "opacity": 0.75},
        )  # fmt: skip
    drawn.update_xaxes(title={"text": words["x"]})
    drawn.update_yaxes(title={"text": words["y"]}, scaleanchor="x", scaleratio=1)
    drawn.update_layout(margin={"l": 56, "r": 10, "t": 30, "b": 42})
    return theme.plain(drawn)


def spectrum_figure(values: Sequence[float], codes: int, x: str, y: str, *, log: bool) -> Figure:
    """Values in falling order over their rank among `codes`; zeros fall out of a logarithmic axis."""
    ranks = np.linspace(1, codes, len(values))
    shown = np.asarray(values, float)
    drawn = theme.figure(height=220, showlegend=False)
    drawn.add_scatter(
        x=ranks, y=np.where(shown > 0, shown, np.nan) if log else shown, mode="lines+markers" if codes < 3 else "lines",
        line={"color": ink("vqvae"), "width": 2, "shape": "hv"}, name=y,
    )  # fmt: skip
    drawn.update_yaxes(type="log" if log else "linear", title={"text": y}, exponentformat="power")
    drawn.update_xaxes(title={"text": x}, range=[0, codes * 1.02])
    drawn.update_layout(margin={"l": 60, "r": 10, "t": 10, "b": 42})
    return theme.plain(drawn)


ROLES = {"plain": "vqvae", "bad": "bad", "muted": "muted"}


def sketch_figure(sketch: Sketch, words: Mapping[str, str]) -> Figure:
    """The chart of a small figure; `words` has the keys of its axes and series."""
    drawn = theme.figure(height=220, showlegend=len(sketch.series) > 1)
    for one in sketch.series:
        colour = ink(ROLES[one.role])
        if one.marks == "bars":
            drawn.add_bar(x=one.x, y=one.y, name=words[one.name], marker={"color": colour})
            continue
        mode = "markers" if one.marks == "dots" else "lines+markers" if len(one.x) < 3 else "lines"
        drawn.add_scatter(
            x=one.x, y=one.y, name=words[one.name], mode=mode, line={"color": colour, "width": 2},
            marker={"color": colour, "size": 5},
        )  # fmt: skip
    drawn.update_xaxes(title={"text": words[sketch.x]}, type="log" if sketch.log_x else "linear")
    drawn.update_yaxes(
        title={"text": words[sketch.y]}, type="log" if sketch.log_y else "linear", exponentformat="power"
    )
    if sketch.equal:
        drawn.update_yaxes(scaleanchor="x", scaleratio=1)
    drawn.update_layout(margin={"l": 60, "r": 10, "t": 26, "b": 42})
    return theme.plain(drawn)
