"""Two settings, trained from several seeds: a dot for each training, never a mean of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.plots import theme
from explorer.plots.theme import Figure, ink


@dataclass(frozen=True)
class SeedDot:
    """One training.

    Attributes:
        side: "left" or "right".
        seed: of the training.
        value: what it measured, a mean over test images.
        text: on hovering.
    """

    side: str
    seed: int
    value: float
    text: str


SYMBOLS = {"vae": "circle", "vqvae": "square", "ae": "diamond"}


def seeds_figure(
    dots: Sequence[SeedDot], names: dict[str, str], kinds: dict[str, str], measure: str, seed_label: str
) -> Figure:
    """A row for each seed, a dot for each training; what one seed gave on both sides is joined.

    Args:
        dots: of both sides.
        names: side -> its entry in the legend.
        kinds: side -> "vae", "ae" or "vqvae".
        measure: title of the axis.
        seed_label: what stands at a row, with `{seed}`.
    """
    seeds = sorted({dot.seed for dot in dots})
    drawn = theme.figure(height=120 + 26 * len(seeds))
    for seed in seeds:
        pair = [dot for dot in dots if dot.seed == seed]
        drawn.add_scatter(
            x=[dot.value for dot in pair], y=[seed_label.format(seed=seed)] * len(pair), mode="lines",
            hoverinfo="skip", showlegend=False, line={"color": ink("axis"), "width": 2},
        )  # fmt: skip
    same = kinds["left"] == kinds["right"]
    for side in ("left", "right"):
        own = [dot for dot in dots if dot.side == side]
        colour = ink(side if same else kinds[side])
        drawn.add_scatter(
            x=[dot.value for dot in own], y=[seed_label.format(seed=dot.seed) for dot in own], mode="markers",
            name=names[side], text=[dot.text for dot in own], hoverinfo="text",
            marker={
                "color": colour, "size": 11, "line": {"color": colour, "width": 2},
                "symbol": SYMBOLS[kinds[side]] + ("-open" if same and side == "left" else ""),
            },
        )  # fmt: skip
    drawn.update_xaxes(title={"text": measure})
    rows = [seed_label.format(seed=seed) for seed in reversed(seeds)]
    drawn.update_yaxes(type="category", categoryarray=rows, range=[-0.6, len(seeds) - 0.4], automargin=True)
    return theme.plain(drawn)
