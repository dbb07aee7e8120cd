"""The codebook study as dots: one for each seed, a line from the lowest to the highest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.plots import theme
from explorer.plots.theme import Figure, ink

ROW_HEIGHT = 24  # pixels
#: Gradient and EMA have one colour each, wherever they are drawn; the EMA starts are told apart by their labels.
RULE_INK = {"gradient": "gradient", "hold": "ema", "ones": "ema", "sonnet": "ema", "snippet": "ema"}


@dataclass(frozen=True)
class Row:
    """One cell: its name on the axis, its rule, one value for each seed in percent, and what the pointer reads."""

    label: str
    rule: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


def dots_figure(rows: Sequence[Row], axis: str) -> Figure:
    """Cells from top to bottom in the order given; `axis` names the values."""
    drawn = theme.figure(height=len(rows) * ROW_HEIGHT + 74, showlegend=False)
    for row in rows:
        colour = ink(RULE_INK[row.rule])
        drawn.add_scatter(
            x=[min(row.values), max(row.values)], y=[row.label] * 2, mode="lines", hoverinfo="skip",
            line={"color": colour, "width": 2}, name=row.label,
        )  # fmt: skip
        drawn.add_scatter(
            x=list(row.values), y=[row.label] * len(row.values), text=list(row.texts), mode="markers", name=row.label,
            marker={"color": colour, "size": 9, "line": {"width": 1, "color": "#ffffff"}},
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", type="category", automargin=True, tickfont={"size": 12})
    drawn.update_xaxes(title={"text": axis}, range=[-3, 103], ticksuffix=" %")
    drawn.update_layout(margin={"l": 12, "r": 14, "t": 10, "b": 46})
    return theme.plain(drawn)
