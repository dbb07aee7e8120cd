"""Small still figures: numbers with the names of their axes, and how they are drawn as SVG without any library.

The page draws the same numbers as a chart (`explorer.plots.collapse.sketch_figure`); a report that is sent to somebody
holds the SVG.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 58, 10, 12, 34
DOT = 2.2
#: How a series is drawn.
MARKS = ("line", "dots", "bars")
#: What its colour says: the thing itself, what is wrong, or what it is compared with.
ROLES = ("plain", "bad", "muted")
COLOURS = {"plain": "#e8650a", "bad": "#b3266a", "muted": "#64748b"}
#: English for the keys that axes and series are named by; the page has the Chinese twins.
WORDS: dict[str, str] = {
    "step": "step",
    "rank": "codes, from the highest",
    "hits": "hits",
    "length": "length",
    "used": "used",
    "dead": "dead",
    "codes": "codes",
    "first": "first axis",
    "second": "second axis",
    "dead_share": "share of codes without a hit",
    "spread": "spread",
    "spread_codes": "spread of the codes",
    "spread_outputs": "spread of the encoder's outputs",
    "distance": "distance, in spreads of the outputs",
    "direction": "direction, from the widest",
    "variance": "share of the variance",
    "agreement": "share of indices that name the nearest code",
    "vectors": "vectors counted",
    "needed": "10 for each code",
    "rank_axis": "process",
    "squared": "squared length of the codebook",
    "gradient": "share of the encoder's gradient",
    "weight": "commitment over codebook",
    "weight_axis": "logged over its mean",
    "hit_far": "of far codes: hit in between",
    "jumped": "share of codes that jumped",
    "count": "counted, needed",
    "class": "class",
    "codes_used": "codes used",
    "distinct": "distinct codes",
}


@dataclass(frozen=True)
class Series:
    """Points of one kind.

    Attributes:
        name: a key of `WORDS`.
        x, y: of equal length; what is not finite is left out.
        marks: one of `MARKS`.
        role: one of `ROLES`.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    marks: str = "line"
    role: str = "plain"


@dataclass(frozen=True)
class Sketch:
    """One figure.

    Attributes:
        x, y: what the axes are, keys of `WORDS`.
        series: what is drawn, the first at the back.
        log_x, log_y: logarithmic axes, which leave out what is not above 0.
        equal: whether both axes have one scale.
    """

    x: str
    y: str
    series: tuple[Series, ...]
    log_x: bool = False
    log_y: bool = False
    equal: bool = field(default=False)


def series(name: str, x: Sequence[float], y: Sequence[float], marks: str = "line", role: str = "plain") -> Series:
    """A series of any two sequences of numbers."""
    return Series(name, tuple(map(float, x)), tuple(map(float, y)), marks, role)


def sketch_svg(sketch: Sketch, words: Mapping[str, str], label: str) -> str:
    """The figure as an SVG element; letters and axes have the text's colour.

    Args:
        sketch: the numbers.
        words: for the keys of axes and series.
        label: what the figure shows, for those who cannot see it.
    """
    drawn = [_points(one, sketch) for one in sketch.series]
    every = [point for points in drawn for point in points]
    if not every:
        return ""
    across, up = (
        _scale([x for x, _ in every], sketch.log_x),
        _scale([y for _, y in every], sketch.log_y, from_zero=True),
    )
    body = "".join(_marks(one, points, across, up) for one, points in zip(sketch.series, drawn, strict=True))
    legend = _legend([one for one, points in zip(sketch.series, drawn, strict=True) if points], words)
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}">'
        f"{body}{_axes(sketch, words, across, up)}{legend}</svg>"
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    log: bool

    def share(self, value: float) -> float:
        place = math.log10(value) if self.log else value
        return (place - self.low) / (self.high - self.low)


def _points(one: Series, sketch: Sketch) -> list[tuple[float, float]]:
    pairs = zip(one.x, one.y, strict=True)
    return [
        (x, y)
        for x, y in pairs
        if math.isfinite(x) and math.isfinite(y) and (x > 0 or not sketch.log_x) and (y > 0 or not sketch.log_y)
    ]


def _scale(values: list[float], log: bool, *, from_zero: bool = False) -> _Scale:
    placed = [math.log10(value) if log else value for value in values]
    low, high = min(placed), max(placed)
    if from_zero and not log and low > 0:
        low = 0.0
    return _Scale(low, high if high > low else low + 1, log)


def _x(value: float, scale: _Scale) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * scale.share(value)


def _y(value: float, scale: _Scale) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * scale.share(value)


def _marks(one: Series, points: list[tuple[float, float]], across: _Scale, up: _Scale) -> str:
    colour = COLOURS[one.role]
    placed = [(_x(x, across), _y(y, up)) for x, y in points]
    if one.marks == "dots":
        return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT}" fill="{colour}"/>' for x, y in placed)
    if one.marks == "bars":
        floor, wide = HEIGHT - BOTTOM, max(1.0, 0.7 * (WIDTH - LEFT - RIGHT) / max(1, len(placed)))
        return "".join(
            f'<rect x="{x - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{floor - y:.1f}" fill="{colour}"/>'
            for x, y in placed
        )
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _axes(sketch: Sketch, words: Mapping[str, str], across: _Scale, up: _Scale) -> str:
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    ends = [(LEFT, "start", _end(across, 0)), (right, "end", _end(across, 1))]
    text = "".join(f'<text x="{x}" y="{floor + 13}" text-anchor="{at}">{value}</text>' for x, at, value in ends)
    text += f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(words[sketch.x])}</text>'
    for share, y in ((0, floor), (1, TOP + 8)):
        text += f'<text x="{LEFT - 5}" y="{y}" text-anchor="end">{_end(up, share)}</text>'
    middle = (TOP + floor) / 2
    turned = f'transform="rotate(-90 12 {middle})"'
    text += f'<text x="12" y="{middle}" text-anchor="middle" {turned}>{escape(words[sketch.y])}</text>'
    frame = f'<path d="M{LEFT} {TOP}V{floor}H{right}" fill="none" stroke="currentColor" stroke-opacity=".4"/>'
    return f'{frame}<g font-size="10" fill="currentColor">{text}</g>'


def _end(scale: _Scale, share: int) -> str:
    value = scale.high if share else scale.low
    return f"{10**value if scale.log else value:.3g}"


def _legend(shown: list[Series], words: Mapping[str, str]) -> str:
    if len(shown) < 2:
        return ""
    parts = "".join(
        f'<tspan fill="{COLOURS[one.role]}" dx="{8 if n else 0}">{escape(words[one.name])}</tspan>'
        for n, one in enumerate(shown)
    )
    return f'<text x="{WIDTH - RIGHT}" y="{TOP}" text-anchor="end" font-size="10">{parts}</text>'
