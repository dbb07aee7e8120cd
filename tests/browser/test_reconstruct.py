"""The tab Reconstruct in a real browser, with the shipped runs."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.data import load_image_set
from explorer.runs import load_run
from explorer.ui.computed.reconstructed import reconstructed
from tests.browser.pages import boxes

VAE, EMA, AE = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "fashion-ae-z2-s0"
LINK = "?tab=reconstruct"

PAINTED = """() => {
  const columns = document.querySelectorAll(".ex-rec-image");
  const gallery = document.querySelector(".ex-rec")?.explorer;
  return columns.length > 0 && gallery.scene && gallery.painted === columns.length;
}"""

PIXELS = """([image, row]) => {
  const canvas = document.querySelector(`.ex-rec-image[data-image="${image}"] canvas[data-row="${row}"]`);
  const { width, height } = canvas;
  return [width, height, Array.from(canvas.getContext("2d").getImageData(0, 0, width, height).data)];
}"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = LINK, **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + query)
        page.wait_for_function("window.explorer?.store.scene")
        if query.startswith(LINK):
            page.wait_for_function(PAINTED)
        return page

    return open_at


def pixels(page: Any, image: int, row: str) -> Any:
    width, height, values = page.evaluate(PIXELS, [image, row])
    return np.array(values, float).reshape(height, width, 4)[:, :, :3]


def settled(page: Any, field: str, value: object) -> None:
    page.wait_for_function("([field, value]) => window.explorer.store.scene.view[field] === value", arg=[field, value])


def images_shown(page: Any) -> list[int]:
    return [int(column.get_attribute("data-image")) for column in page.locator(".ex-rec-image").all()]


@pytest.mark.parametrize("left, guest", [(VAE, ""), (AE, "&image=4999")])
def test_pictures_are_what_pytorch_decodes(open_page, left, guest):
    page = open_page(f"{LINK}&left={left}{guest}")
    images = load_image_set("fashion")
    for image in images_shown(page)[:3]:
        original = images.images[images.split("test")[image], 0].numpy()
        assert np.array_equal(pixels(page, image, "original")[:, :, 0], original)
        for name, run_id in (("left", left), ("right", EMA)):
            expected = reconstructed(load_run(run_id).id, (image,)).pictures[0, 0].clamp(0, 1).numpy() * 255
            assert np.abs(pixels(page, image, name)[:, :, 0] - expected).max() <= 2
            error = np.abs(original / 255 - expected / 255)
            heat = pixels(page, image, f"error-{name}").sum(2)
            # the scale grows brighter all the way, and ends at half the range
            assert np.corrcoef(np.minimum(error, 0.5).ravel(), heat.ravel())[0, 1] > 0.95
            assert heat[error > 0.52].size == 0 or heat[error > 0.52].min() == heat.max()


def test_the_first_tab_loads_nothing_of_it(open_page):
    page = open_page("")
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in names if "reconstruct" in name or "/latents/" in name] == []
    assert page.evaluate("window.explorer.store.scene.reconstruct") is None


def test_it_opens_by_its_tab_and_goes_back(open_page):
    page = open_page("")
    page.get_by_role("tab", name="Reconstruct").click()
    page.wait_for_function(PAINTED)
    expect(page).to_have_url(re.compile(r"&tab=reconstruct$"))
    expect(page.locator(".ex-rec-image")).to_have_count(8)
    expect(page.locator(".ex-lines")).to_contain_text("how many bits")
    page.get_by_role("tab", name="Latent").click()
    settled(page, "tab", "latent")
    expect(page).to_have_url(re.compile(r"&tab=latent$"))
    page.get_by_role("tab", name="Reconstruct").click()
    settled(page, "tab", "reconstruct")
    page.wait_for_function(PAINTED)


def test_a_link_opens_the_tab(open_page):
    page = open_page()
    expect(page.get_by_role("tab", name="Reconstruct")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".ex-rec-banner")).to_contain_text(
        re.compile(r"^\d+\.\d against \d+ bits per image \(both under")
    )
    expect(page.locator(".ex-rec-labels")).to_contain_text("decoded from the posterior mean")


def test_clicking_an_image_selects_it_everywhere(open_page):
    page = open_page()
    image = images_shown(page)[5]
    page.locator(f'.ex-rec-image[data-image="{image}"] canvas[data-row="right"]').click()
    settled(page, "image", image)
    expect(page.locator(".ex-rec-selected")).to_have_count(1)
    expect(page.locator(".ex-rec-selected")).to_have_attribute("data-image", str(image))
    expect(page.locator(f'.ex-thumb[data-image="{image}"]')).to_have_attribute("aria-checked", "true")
    expect(page).to_have_url(re.compile(rf"image={image}"))


def test_arrow_keys_walk_and_turn_the_page(open_page):
    page = open_page()
    columns = [column["thumb"]["id"] for column in page.evaluate("window.explorer.store.scene.reconstruct.columns")]
    page.locator(".ex-rec-image [role=radio]").nth(7).focus()
    page.keyboard.press("ArrowRight")
    settled(page, "image", columns[8])
    expect(page.locator(f'.ex-rec-image[data-image="{columns[8]}"] [role=radio]')).to_be_focused()
    assert images_shown(page) == columns[8:16]
    page.get_by_role("button", name="Earlier images").click()
    page.wait_for_function(PAINTED)
    assert images_shown(page) == columns[:8]


def test_another_run_changes_its_row(open_page):
    page = open_page()
    image = images_shown(page)[0]
    before = pixels(page, image, "left")
    page.get_by_label("Left", exact=True).select_option(AE)
    settled(page, "left", AE)
    expect(page.locator(".ex-rec-numbers-left").nth(1)).to_contain_text("no bit count")
    page.wait_for_function(PAINTED)
    assert np.abs(pixels(page, image, "left") - before).max() > 2


def test_colour(open_page):
    page = open_page(f"{LINK}&data=emoji")
    image = images_shown(page)[0]
    drawn = pixels(page, image, "original")
    images = load_image_set("emoji")
    assert np.array_equal(drawn, images.images[images.split("test")[image]].permute(1, 2, 0).numpy())
    assert np.ptp(pixels(page, image, "right"), axis=2).max() > 20


def test_chinese_is_complete(open_page):
    page = open_page(f"{LINK}&lang=zh")
    expect(page.get_by_role("tab", name="重建")).to_have_attribute("aria-selected", "true")
    text = page.locator("#ex-reconstruct").inner_text()
    assert re.findall(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}.*", text) == []
    assert "由后验均值解码" in text


def test_a_phone_gets_cards_and_no_sideways_scroll(open_page):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".ex-rec-image")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    columns = boxes(page.locator(".ex-rec-image"))
    assert all(below["y"] >= above["y"] + above["height"] for above, below in pairwise(columns))
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in columns)
