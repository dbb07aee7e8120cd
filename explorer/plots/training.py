"""The curves of a run that trains: a figure without points, which the client fills as they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.plots import theme
from explorer.plots.theme import DASHES, Figure, ink

#: Curve -> model kinds that have it, and whether its axis is logarithmic.
CURVES: dict[str, tuple[tuple[str, ...], bool]] = {
    "mse": (("ae", "vae", "vqvae"), True),
    "loss": (("ae", "vae", "vqvae"), False),
    "kl": (("vae",), False),
    "commitment": (("vqvae",), True),
    "used": (("vqvae",), False),
    "perplexity": (("vqvae",), False),
}
MOST_COLUMNS = 3
PANEL_HEIGHT, GAP = 130, 62  # pixels


def training_curves(kinds: Sequence[str], labels: Mapping[str, str], columns: int = MOST_COLUMNS) -> Figure:
    """One small chart for each curve that the runs have, over a common axis of steps.

    Args:
        kinds: model kind of each side.
        labels: title of each curve, name of each kind, and "step".
        columns: charts side by side.

    Returns:
        Traces without points; `meta` of each says `side` and `curve`.
    """
    panels = _panels(kinds)
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    height = rows * (PANEL_HEIGHT + GAP) + 20
    drawn = make_subplots(
        rows,
        columns,
        subplot_titles=[labels[name] + (f" · {labels[only]}" if only else "") for name, only in panels],
        vertical_spacing=GAP / height if rows > 1 else 0,
        horizontal_spacing=0.06 if columns == MOST_COLUMNS else 0.16,
        figure=theme.figure(height=height, showlegend=False),
    )
    for number, (name, only) in enumerate(panels):
        cell = {"row": number // columns + 1, "col": number % columns + 1}
        having, log = CURVES[name]
        for side, kind in enumerate(kinds):
            if kind in having and only in ("", kind):
                drawn.add_trace(_line(name, side, kinds), **cell)
        # each label in full: a bare 2 or 5 between two powers of ten is read as the value itself
        ticks = {"type": "log", "dtick": "D2", "tickformat": "~g"} if log else {"type": "linear", "nticks": 5}
        drawn.update_yaxes(ticks, **cell)
        drawn.update_xaxes({"matches": "x"} if number else {}, rangemode="tozero", nticks=5, tickangle=0, **cell)
        if number >= len(panels) - columns:
            drawn.update_xaxes(title={"text": labels["step"]}, **cell)
    drawn.update_annotations({"font": {"size": 12.5}})
    drawn.update_layout(margin={"l": 48, "r": 10, "t": 34, "b": 42})
    return theme.plain(drawn)


def _panels(kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Curves in their order; the losses of two kinds are of different scales, so each kind has a panel of its own."""
    found = []
    for name, (having, _) in CURVES.items():
        mine = [kind for kind in dict.fromkeys(kinds) if kind in having]
        found += [(name, kind) for kind in mine] if name == "loss" and len(mine) > 1 else [(name, "")] * bool(mine)
    return found


def _line(name: str, side: int, kinds: Sequence[str]) -> go.Scatter:
    alike = len(kinds) == 2 and kinds[0] == kinds[1]
    dash = DASHES["left"] if alike and side == 0 else "solid"
    return go.Scatter(
        x=[],
        y=[],
        mode="lines",
        name=f"{kinds[side]} {side + 1}" if alike else kinds[side],
        line={"color": ink(kinds[side]), "width": 1.8, "dash": dash},
        meta={"side": side, "curve": name},
    )
