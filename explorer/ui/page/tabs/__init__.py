"""The tabs, one file each: a name of the View, what it builds, and in what order they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.ui.page.tabs import codebook, collapse, elbo, generate, latent, reconstruct, start, train


@dataclass(frozen=True)
class Tab:
    """One tab of the page.

    Attributes:
        name: the View's `tab`; its label is the text `tab.NAME`.
        build: places its parts inside the open `gr.Tab`.
    """

    name: str
    build: Callable[[], None]


TABS: tuple[Tab, ...] = (
    Tab("start", start.build),
    Tab("latent", latent.build),
    Tab("reconstruct", reconstruct.build),
    Tab("codebook", codebook.build),
    Tab("collapse", collapse.build),
    Tab("generate", generate.build),
    Tab("elbo", elbo.build),
    Tab("train", train.build),
)
