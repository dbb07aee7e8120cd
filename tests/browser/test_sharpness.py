"""The tab Reconstruct's part on sharpness, as a person uses it."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.ui import questions
from tests.browser.pages import charted

CLOSER = "document.querySelector('.ex-closer').explorer"
PICTURE = """(name) => {
  const canvas = document.querySelector(`[data-closer="${name}"]`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from(data).filter((_, i) => i % 4 === 0);
}"""


#: What is drawn of a picture of one's own, and the picture as both runs see it.
NUMBER = re.compile(r"-?\d+\.\d+")
OWN = """() => {
  const { own } = document.querySelector(".ex-closer").explorer;
  const canvases = [...document.querySelectorAll("[data-closer]")];
  const bytes = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return Array.from(data).filter((_, i) => i % 4 < 3);
  };
  const about = (value) => Object.fromEntries(canvases.map((canvas) => [canvas.dataset.closer, value(canvas)]));
  return {
    pixels: btoa(String.fromCharCode(...own)),
    pictures: about(bytes),
    labels: about((canvas) => canvas.getAttribute("aria-label")),
    notes: [...document.querySelectorAll(".ex-closer-picture:is(.ex-closer-left, .ex-closer-right) figcaption span")]
      .slice(0, 2).map((span) => span.textContent),
  };
}"""
PAIR = {"left": "fashion-vae-z2-s0", "right": "fashion-vqvae-d2-k256-ema-s0"}
LINK = "?v=2&tab=reconstruct&data=fashion&left={left}&right={right}".format_map(PAIR)


def gradient() -> bytes:
    """A colourful picture of 48 × 40 pixels."""
    rows, columns = np.mgrid[:40, :48]
    pixels = np.stack([5 * columns, 6 * rows, 128 + 60 * np.sin(rows / 3)], axis=-1).astype(np.uint8)
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()


def choose(page: Page, picture: bytes) -> None:
    page.locator(".ex-own-file input").set_input_files({"name": "own.png", "mimeType": "image/png", "buffer": picture})


@pytest.fixture
def open_part(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = "?tab=reconstruct", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + query)
        expect(page.locator(".ex-sharp-headline")).to_be_visible()
        page.wait_for_function(f"{CLOSER}.shown > 0")
        return page

    return open_at


def test_headline_charts_and_a_run_from_the_plane(open_part):
    page = open_part()
    expect(page.locator(".ex-sharp-headline")).to_contain_text("95 % interval")
    for name in ("detail", "differences", "plane"):
        charted(page, f".ex-sharp-{name} .ex-chart")
    chart = "document.querySelector('.ex-sharp-plane .ex-chart').explorer"
    page.locator(".ex-sharp-plane select").last.select_option("fixed")
    expect(page.locator(".ex-sharp-plane select").last).to_have_value("fixed")
    page.evaluate(f"{chart}.onclick({{ id: 'fashion-vae-z16-s0' }})")
    page.wait_for_function("window.explorer.store.scene.view.left === 'fashion-vae-z16-s0'")
    expect(page.locator(".ex-sharp-headline")).to_contain_text("z = 16")
    page.locator(".ex-sharp-classic").click()
    page.wait_for_function("window.explorer.store.scene.view.left === 'fashion-vae-z2-s0'")


def test_the_nearest_pair_is_one_click_away_and_all_runs_can_be_taken_home(open_part):
    page = open_part()
    page.locator(".ex-sharp-matched").click()
    page.wait_for_function("window.explorer.store.scene.view.left.includes('spatial')")
    expect(page.locator(".ex-sharp-headline")).to_contain_text("under learned priors")
    expect(page.locator(".ex-rec-banner")).to_contain_text("(both under learned priors)")
    charted(page, ".ex-sharp-seeds .ex-chart")
    groups = page.locator("#ex-choose-left optgroup")
    assert groups.first.get_attribute("label") == "VAE"
    assert "sweeps" in groups.last.get_attribute("label")
    with page.expect_download() as download:
        page.locator(".ex-sharp-csv").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0].startswith("run,model,label,seed,n,")
    assert len(lines) == 1 + page.locator("#ex-choose-left option").count()


def test_sorted_images_zoom_and_swipe(open_part):
    page = open_part()
    page.locator(".ex-closer-head select").select_option("differ")
    first = page.locator(".ex-closer-thumbs button").first
    wanted = int(first.get_attribute("data-image"))
    first.click()
    page.wait_for_function("(id) => window.explorer.store.scene.view.image === id", arg=wanted)
    expect(first).to_have_attribute("aria-pressed", "true")
    page.locator(".ex-closer-head input[type=range]").fill("3")
    scale = "getComputedStyle(document.querySelector('[data-closer=left]')).transform"
    assert page.evaluate(scale).startswith("matrix(3,")
    page.locator(".ex-closer-swipe input").fill("20")
    assert "20%" in page.evaluate("getComputedStyle(document.querySelector('.ex-closer-above')).clipPath")


def test_a_picture_of_ones_own(open_part):
    page = open_part()
    page.locator(".ex-own summary").click()
    picture = io.BytesIO()
    Image.new("RGB", (90, 60), (128, 128, 128)).save(picture, "PNG")
    shown = page.evaluate(f"{CLOSER}.shown")
    page.locator(".ex-own-file input").set_input_files(
        {"name": "grey.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.wait_for_function(f"(n) => {CLOSER}.shown > n", arg=shown)
    assert set(page.evaluate(PICTURE, "original")) == {128}
    broken = {"name": "text.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator(".ex-own-file input").set_input_files(broken)
    expect(page.locator(".ex-own .ex-chip")).to_contain_text("text.png is no picture")
    page.locator(".ex-own-tools button", has_text="Back").click()
    page.wait_for_function(f"(n) => {CLOSER}.shown > n + 1", arg=shown)
    assert len(set(page.evaluate(PICTURE, "original"))) > 10


def test_a_picture_of_ones_own_is_sent_to_nobody_and_seen_as_python_sees_it(open_part):
    """Pictures as near as the decoder's twin, and the same numbers below them."""
    page = open_part(LINK)
    page.locator(".ex-own summary").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    shown = page.evaluate(f"{CLOSER}.shown")
    choose(page, gradient())
    page.wait_for_function(f"(n) => {CLOSER}.shown > n", arg=shown)
    assert [url for url in asked if "explorer/ask" in url] == []
    found = page.evaluate(OWN)
    expected = questions.answer("closer", PAIR | {"pixels": found["pixels"]})
    assert (found["labels"], found["notes"]) == (
        {name: picture["label"] for name, picture in expected["pictures"].items()},
        expected["notes"],
    )
    for name, picture in expected["pictures"].items():
        grey = np.frombuffer(base64.b64decode(picture["pixels"]), np.uint8).repeat(3)
        difference = np.array(found["pictures"][name]) - grey.astype(int)
        assert np.abs(difference).max() <= 2, name


def test_a_picture_of_ones_own_stays_when_another_run_is_chosen(open_part):
    page = open_part(LINK)
    page.locator(".ex-own summary").click()
    choose(page, gradient())
    page.wait_for_function("!document.querySelector('.ex-own-tools button:last-child').disabled")
    other = PAIR | {"left": "fashion-vae-z16-s0"}
    page.evaluate("left => window.explorer.store.commit({ left })", other["left"])
    expect(page.locator("figure.ex-closer-left b").first).to_contain_text("z = 16")
    found = page.evaluate(OWN)
    answered = questions.answer("closer", other | {"pixels": found["pixels"]})["notes"]
    assert [NUMBER.sub("#", note) for note in found["notes"]] == [NUMBER.sub("#", note) for note in answered]
    here, there = ([float(x) for note in notes for x in NUMBER.findall(note)] for notes in (found["notes"], answered))
    assert here == pytest.approx(there, abs=0.011)  # 3.885 px is written as either of two numbers


def test_what_the_browser_cannot_encode_the_app_does(open_part):
    page = open_part(LINK)
    page.evaluate(f"{CLOSER}.encoders.right = null")  # as it is for codes in levels
    page.locator(".ex-own summary").click()
    with page.expect_request("**/explorer/ask/closer") as request:
        choose(page, gradient())
    assert len(base64.b64decode(request.value.post_data_json["pixels"])) == 28 * 28
    page.wait_for_function(f"{CLOSER}.own && !document.querySelector('.ex-own-tools button:last-child').disabled")


def test_drawing_on_a_phone_in_chinese(open_part):
    page = open_part(
        "?tab=reconstruct&lang=zh", viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark"
    )
    page.locator(".ex-own summary").click()
    board = page.locator(".ex-own-board")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    shown = page.evaluate(f"{CLOSER}.shown")
    page.mouse.move(box["x"] + 20, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 80, steps=4)
    page.mouse.up()
    page.wait_for_function(f"(n) => {CLOSER}.shown > n", arg=shown)
    assert max(page.evaluate(PICTURE, "original")) > 200
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".ex-sharp-headline")).to_contain_text("区间")
