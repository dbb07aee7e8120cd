"""An exploration looks as the app does: the same links in both, pixel by pixel, within a stated tolerance."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

#: Train needs the app; in Generate the session's exploration lacks the neighbours of a sample.
TABS = ("start", "latent", "reconstruct", "codebook", "collapse", "elbo")
#: A pixel differs where a channel does by more than this, of 255.
STEP = 8
#: Share of pixels that may: a hundred of 1280 × 800.
MOST = 1e-4
#: Figures that the app is still averaging are waited for.
PATIENCE = 60.0
THERE = """tab => {
  const store = window.explorer?.store;
  const decoders = ["left", "right"].map((side) => store?.scene && store.decoderState(side));
  return store?.scene?.view.tab === tab && !decoders.includes("loading") && document.fonts.status === "loaded";
}"""


def opened(page: Page, link: str, tab: str) -> Page:
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(link)
    page.wait_for_function(THERE, arg=tab)
    page.wait_for_load_state("networkidle")
    return page


def seen(page: Page) -> NDArray[np.int16]:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return np.asarray(picture).astype(np.int16)


def apart(app: Page, exported: Page) -> float:
    """Share of pixels of the first screen that differ."""
    return float((np.abs(seen(app) - seen(exported)).max(axis=2) > STEP).mean())


@pytest.mark.parametrize("tab", TABS)
def test_the_first_screen_of_a_tab_is_the_apps(new_page: Any, app_url: str, exported_url: str, tab: str) -> None:
    """Nothing is masked: what docs/export.md names as different lies in closed lists or below the screen."""
    pages = [opened(new_page(), f"{url}?v=2&data=fashion&lang=en&tab={tab}", tab) for url in (app_url, exported_url)]
    app, exported = pages
    until = time.monotonic() + PATIENCE
    while (share := apart(app, exported)) > MOST and time.monotonic() < until:
        pass
    assert len(np.unique(seen(exported).reshape(-1, 3), axis=0)) > 100, "an empty page is like another"
    assert share <= MOST


def test_the_tolerance_is_less_than_a_missing_word(new_page: Any, exported_url: str) -> None:
    """What the comparison would say of one label that is not there."""
    page = opened(new_page(), f"{exported_url}?v=2&data=fashion&lang=en&tab=reconstruct", "reconstruct")
    before = seen(page)
    page.locator(".ex-rec-original b").first.evaluate("label => label.replaceChildren()")
    assert float((np.abs(seen(page) - before).max(axis=2) > STEP).mean()) > MOST
