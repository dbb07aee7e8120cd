"""Tests of the app that hold for an exported exploration too: the same functions, at the address of its files.

The exploration has the opening pair and three pictures; a test that chooses others is not among these.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.links import on_latent
from tests.browser.test_codebook import FILM, RUNS
from tests.browser.test_page import (  # noqa: F401
    test_a_cell_of_the_grid_lights_its_code,
    test_a_click_pins_a_point_and_a_second_one_lets_go,
    test_hovering_a_code_lights_its_cells,
    test_hovering_the_plane_decodes_and_leaving_restores,
    test_it_opens_alive,
    test_the_language_changes_without_a_reload,
)
from tests.browser.test_planes import (
    ALIVE,
    test_a_dragged_code_changes_exactly_the_cells_that_numpy_says,  # noqa: F401
    test_keys_move_a_code_and_put_it_back,  # noqa: F401
)

DRAWN = """() => {
  const films = [...document.querySelectorAll(".ex-cb-film .ex-plane-moving")];
  return films.length === 2 && films.every((canvas) => canvas.explorer?.drawn >= 0);
}"""


@pytest.fixture
def app_url(exported_url: str) -> str:
    """In the app's place."""
    return exported_url


@pytest.fixture
def open_page(new_context: Any, app_url: str) -> Any:
    """Opens the exploration and waits until both planes and both decoders are there."""

    def open_at(query: str = "", **options: Any) -> Any:
        page = new_context(**options).new_page()
        page.goto(app_url + on_latent(query))
        page.wait_for_function(ALIVE)
        return page

    return open_at


@pytest.fixture
def look(open_page: Any) -> Any:
    """Here every test opens a page of its own."""
    return open_page


def test_one_scrubber_moves_both_films(open_page):
    page = open_page()
    page.get_by_role("tab", name="Codebook").click()
    page.wait_for_function(DRAWN)
    before = {side: page.evaluate(FILM, side)["drawn"] for side in RUNS}
    page.get_by_role("slider", name="Training step").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("window.explorer.store.scene.view.step")
    after = {side: page.evaluate(FILM, side)["drawn"] for side in RUNS}
    assert after == {side: frame - 3 for side, frame in before.items()}
