"""Residual levels in the plane: the points that the first levels name, and what they leave over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.plots import theme
from explorer.plots.theme import Figure, ink

Points = NDArray[np.floating]


@dataclass(frozen=True)
class LevelPlane:
    """The plane after some levels.

    Attributes:
        vectors: (N, 2) encoder outputs.
        points: (P, 2) that the codes of the levels so far name together.
        way: (l + 1, 2) from the origin, one code after the other.
        target: (2,) the encoder output that the way leads to.
        rest: (N, 2) what the levels before this one leave over.
        codes: (K, 2) of this level.
    """

    vectors: Points
    points: Points
    way: Points
    target: Points
    rest: Points
    codes: Points


@dataclass(frozen=True)
class LevelLabels:
    """Words of the chart."""

    vectors: str
    points: str
    way: str
    rest: str
    codes: str


def levels_figure(plane: LevelPlane, labels: LevelLabels) -> Figure:
    """Left what the levels name together, with one vector's way; right what is left over, with this level's codes."""
    drawn = theme.figure(height=360)
    cloud = {"color": theme.wash("vqvae", 0.25), "size": 3}
    sides = (("x", "y", plane.vectors, plane.points, labels.vectors, labels.points),
             ("x2", "y2", plane.rest, plane.codes, labels.rest, labels.codes))  # fmt: skip
    for x, y, vectors, codes, cloud_name, code_name in sides:
        drawn.add_scatter(
            x=vectors[:, 0], y=vectors[:, 1], mode="markers", name=cloud_name, marker=cloud, xaxis=x, yaxis=y,
            hoverinfo="skip",
        )  # fmt: skip
        drawn.add_scatter(
            x=codes[:, 0], y=codes[:, 1], mode="markers", name=code_name, xaxis=x, yaxis=y,
            marker={"color": ink("vqvae"), "size": 7 if len(codes) <= 64 else 4, "symbol": "diamond"},
        )  # fmt: skip
    way = np.concatenate([plane.way, plane.target[None]])
    drawn.add_scatter(
        x=way[:, 0], y=way[:, 1], mode="lines+markers", name=labels.way, line={"color": ink("text"), "width": 1.5},
        marker={"color": ink("text"), "size": [5] * len(plane.way) + [9],
                "symbol": ["circle"] * len(plane.way) + ["x"]},
    )  # fmt: skip
    drawn.update_layout(
        xaxis={"domain": [0, 0.47]},
        xaxis2={"domain": [0.55, 1], "anchor": "y2"},
        yaxis={"scaleanchor": "x", "constrain": "domain"},
        yaxis2={"anchor": "x2", "scaleanchor": "x2", "constrain": "domain"},
        margin={"l": 40, "r": 14, "t": 70, "b": 34},
    )
    return theme.plain(drawn)


@dataclass(frozen=True)
class PrefixLabels:
    """Words of the chart of prefixes."""

    bits: str
    prefixes: str
    others: str


def prefix_figure(
    prefixes: list[tuple[float, float]], level: int, others: list[tuple[float, float, str]], labels: PrefixLabels
) -> Figure:
    """PSNR over bits an image: a line through the prefixes with the first `level` levels marked, and other codebooks.

    Args:
        prefixes: bits and PSNR of the first 1, 2, … levels.
        level: which of them is on screen, from 1.
        others: bits, PSNR and name of other runs.
        labels: words.
    """
    drawn = theme.figure(height=240)
    drawn.add_scatter(
        x=[bits for bits, _, _ in others], y=[psnr for _, psnr, _ in others], text=[name for *_, name in others],
        mode="markers", name=labels.others, marker={"color": theme.wash("vqvae", 0.45), "size": 8},
        hovertemplate="%{text}<br>%{x:.0f}, %{y:.2f} dB<extra></extra>",
    )  # fmt: skip
    sizes = [14 if number == level else 7 for number in range(1, len(prefixes) + 1)]
    drawn.add_scatter(
        x=[bits for bits, _ in prefixes], y=[psnr for _, psnr in prefixes], mode="lines+markers", name=labels.prefixes,
        line={"color": ink("text"), "width": 1.5}, marker={"color": ink("vqvae"), "size": sizes, "symbol": "diamond"},
        hovertemplate="%{x:.0f}, %{y:.2f} dB<extra></extra>",
    )  # fmt: skip
    drawn.update_layout(
        xaxis={"title": {"text": labels.bits}, "rangemode": "tozero"},
        yaxis={"title": {"text": "PSNR (dB)"}},
        margin={"l": 52, "r": 14, "t": 50, "b": 44},
    )
    return theme.plain(drawn)
