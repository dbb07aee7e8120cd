"""The tab Generate in a real browser with the shipped priors: the ladder, and a picture written code by code."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

RUNGS = ("uniform", "frequencies", "learned")
STEPS = 10
GRID = 7  # cells along one side of the default VQ-VAE's grid

PAINTED = """(count) => {
  const galleries = [...document.querySelectorAll(".ex-gen-ladder .ex-gen-gallery")].map(({ explorer }) => explorer);
  return galleries.length === 3
    && galleries.every(({ painted, samples }) => painted === count && samples.length === count);
}"""

# What is written stands, and its picture is drawn.
WRITTEN = """() => {
  const walk = document.querySelector(".ex-gen-walk")?.explorer;
  return walk?.drawn > 0 && walk.writing.size > 0 && !walk.writing.waiting && walk.writing.weights[walk.writing.at];
}"""

WALK = "(read) => new Function('walk', `return ${read}`)(document.querySelector('.ex-gen-walk').explorer)"

PIXELS = """(selector) => {
  const canvas = document.querySelector(selector);
  return Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
}"""

PICTURES = """(rungs) => Object.fromEntries(rungs.map((rung) => {
  const canvases = document.querySelectorAll(`.ex-gen-rung[data-prior=${rung}] canvas`);
  return [rung, [...canvases].map((canvas) => canvas.toDataURL())];
}))"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = "", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(f"{app_url}?tab=generate{query}")
        page.wait_for_function(PAINTED, arg=16)
        page.wait_for_function(WRITTEN)
        return page

    return open_at


def test_every_tile_shows_its_own_sample(open_page: Any) -> None:
    """Galleries are painted side by side by one decoder, which has one array for what it decodes."""
    page = open_page()
    # as when the decoder's weights come last
    page.evaluate(
        "() => document.querySelectorAll('.ex-gen-ladder .ex-gen-gallery').forEach(({ explorer }) => explorer.paint())"
    )
    page.wait_for_function(PAINTED, arg=16)
    apart = page.evaluate(
        """() => [...document.querySelectorAll(".ex-gen-ladder .ex-gen-gallery")].flatMap(({ explorer }) => {
          const { channels } = window.explorer.store.side(explorer.side).panel.original;
          return explorer.samples.map((sample, k) => {
            const canvas = explorer.element.children[k].firstChild;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const values = window.explorer.store.decode(explorer.side, sample);
            return Math.max(...values.map((value, at) => {
              const pixel = data[4 * Math.floor(at / channels) + (at % channels)];
              return Math.abs(255 * Math.min(1, Math.max(0, value)) - pixel);
            }));
          });
        })"""
    )
    assert len(apart) == 48
    assert max(apart) <= 1


def walk(page: Any, read: str) -> Any:
    return page.evaluate(WALK, read)


def pictures(page: Any) -> dict[str, list[str]]:
    """The galleries' pictures as data addresses, by rung."""
    return page.evaluate(PICTURES, RUNGS)


def so_far(page: Any) -> Any:
    """Pixels of the picture that is being written."""
    return np.array(page.evaluate(PIXELS, ".ex-gen-stack > canvas"), float)


def press(page: Any, step: str) -> None:
    """Presses one of the pen's buttons and waits for the picture that it draws."""
    drawn = walk(page, "walk.drawn")
    page.locator(f'[data-step="{step}"]').click()
    page.wait_for_function("(drawn) => document.querySelector('.ex-gen-walk').explorer.drawn > drawn", arg=drawn)


def test_ten_codes_one_override_and_on(open_page):
    page = open_page()
    press(page, "first")
    for _ in range(STEPS):
        press(page, "step")
    expect(page.locator(".ex-gen-at")).to_have_attribute("aria-label", re.compile("Row 2, column 4"))
    cells = page.locator('.ex-gen-grid [data-by="prior"]')
    expect(cells).to_have_count(STEPS + 1)
    before, codes = so_far(page), walk(page, "walk.writing.codes")

    # the likeliest of the codes that do not stand there
    page.locator('.ex-gen-bars li:not([hidden]) button[aria-pressed="false"]').first.click()
    page.wait_for_function(WRITTEN)
    expect(page.locator('.ex-gen-grid [data-by="hand"]')).to_have_count(1)
    written = walk(page, "walk.writing.codes")
    assert written[:STEPS] == codes[:STEPS]
    assert written[STEPS] != codes[STEPS]
    assert walk(page, "walk.writing.by")[STEPS + 1 :] == ["prior"] * (GRID * GRID - STEPS - 1)
    changed = so_far(page)
    assert np.abs(changed - before).max() > 10

    press(page, "step")
    expect(page.locator(".ex-gen-grid [data-by='prior']")).to_have_count(STEPS + 1)
    press(page, "last")
    assert walk(page, "walk.writing.at") == GRID * GRID - 1
    assert walk(page, "walk.writing.codes") == written
    assert np.abs(so_far(page) - changed).max() > 10


def test_three_priors_and_the_same_seed_again(open_page):
    page = open_page("&seed=5")
    first = pictures(page)
    for rung in RUNGS:
        assert len(first[rung]) == 16
        assert len(set(first[rung])) > 8, rung
    bits = [float(page.locator(f'[data-prior="{rung}"] .ex-gen-bits b').inner_text().split()[0]) for rung in RUNGS]
    assert bits[0] > bits[1] > bits[2]

    page.reload()
    page.wait_for_function(PAINTED, arg=16)
    assert pictures(page) == first

    samples = "document.querySelector('[data-prior=learned] .ex-gen-gallery').explorer.samples[0].indices"
    codes = page.evaluate(samples)
    page.get_by_role("button", name="Another seed").click()
    expect(page).to_have_url(re.compile(r"seed=6\b"))
    page.wait_for_function(f"(codes) => JSON.stringify({samples}) !== codes", arg=str(codes).replace(" ", ""))
    page.wait_for_function(PAINTED, arg=16)
    assert pictures(page)["learned"] != first["learned"]


def test_a_phone_in_chinese(open_page):
    page = open_page("&lang=zh", viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    squeezed = page.evaluate(
        "[...document.querySelectorAll('.ex-gen-side, .ex-gen-walk, .ex-gen-grid, .ex-gen-vectors .ex-plane')]"
        ".filter((part) => part.clientWidth < 300).length"
    )
    assert squeezed == 0

    page.locator('.ex-gen-rung[data-prior="learned"] [data-sample="3"]').tap()
    page.wait_for_function("document.querySelector('.ex-gen-walk').explorer.sample === 3")
    page.wait_for_function(WRITTEN)
    codes = "document.querySelector('[data-prior=learned] .ex-gen-gallery').explorer.samples[3].indices"
    assert walk(page, "walk.writing.codes") == page.evaluate(codes)

    at = walk(page, "walk.writing.at")
    page.locator('[data-step="step"]').tap()
    page.wait_for_function("(at) => document.querySelector('.ex-gen-walk').explorer.writing.at === at + 1", arg=at)
    page.locator('.ex-gen-grid [role="gridcell"]').nth(9).tap()
    expect(page.locator(".ex-gen-at")).to_have_text(str(walk(page, "walk.writing.codes[9]")))
    page.locator('.ex-gen-bars li:not([hidden]) button[aria-pressed="false"]').first.tap()
    expect(page.locator('.ex-gen-grid [data-by="hand"]')).to_have_count(1)
    page.locator('[data-from-image="true"]').tap()
    expect(page.locator('.ex-gen-grid [data-by="image"]')).to_have_count(4 * GRID)
