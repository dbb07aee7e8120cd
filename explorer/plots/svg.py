"""Small still figures as SVG, for a page on paper: numbers in, markup out; classes give them the sheet's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

SIDE, PAD = 220, 26


def points_svg(points: Floats, classes: Sequence[int], rings: Sequence[float], label: str) -> str:
    """Points of a plane on equal axes, coloured by class, and circles about the origin.

    Args:
        points: (n, 2).
        classes: (n,) for the colours.
        rings: radii.
        label: what the figure shows, for those who cannot see it.
    """
    extent = float(max(np.abs(points).max(initial=0), max(rings, default=0))) * 1.05 or 1.0
    scale = (SIDE / 2) / extent
    centre = SIDE / 2
    dots = "".join(
        f'<circle class="class-{group % 10}" cx="{centre + scale * x:.1f}" cy="{centre - scale * y:.1f}" r="1.4"/>'
        for (x, y), group in zip(points.tolist(), classes, strict=True)
    )
    circles = "".join(f'<circle class="ring" cx="{centre}" cy="{centre}" r="{scale * r:.1f}"/>' for r in rings)
    return _svg(f"{dots}{circles}", SIDE, SIDE, label)


def curves_svg(curves: Mapping[str, tuple[Floats, Floats]], top: float, axes: tuple[str, str], label: str) -> str:
    """Curves over training steps from 0 to `top`, the steps on a logarithmic axis.

    Args:
        curves: by the class of their colour: steps (T,), those of 0 left out, and values (T,).
        top: upper end of the axis.
        axes: names of x and y.
        label: what the figure shows.
    """
    width, height = 2 * SIDE, SIDE
    last = max(float(steps.max()) for steps, _ in curves.values())
    across, up = (width - 2 * PAD) / np.log10(max(last, 10)), (height - 2 * PAD) / top
    drawn = ""
    for name, (steps, values) in curves.items():
        shown = steps > 0
        x, y = PAD + across * np.log10(steps[shown]), height - PAD - up * values[shown]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        drawn += f'<polyline class="{name}" points="{path}"/>'
    floor = height - PAD
    drawn += f'<path class="axis" d="M{PAD} {PAD}V{floor}H{width - PAD}"/>'
    drawn += f'<text x="{PAD}" y="{PAD - 8}">{escape(axes[1])} ({top:,.0f})</text>'
    drawn += f'<text x="{width - PAD}" y="{floor + 16}" text-anchor="end">{escape(axes[0])} (1–{last:,.0f})</text>'
    return _svg(drawn, width, height, label)


def _svg(content: str, width: int, height: int, label: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" width="{width}">{content}</svg>'
    )
