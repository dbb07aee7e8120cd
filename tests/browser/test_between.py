"""Between two pictures, and the AE beside the VAE, in a real browser with the shipped runs."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.ui.computed.between import FADE, between
from explorer.ui.computed.pairs import default_pair
from explorer.ui.view import LANGUAGES
from tests.browser.links import on_latent
from tests.browser.pages import PHONE

RUNS = {"ae": "fashion-ae-z2-s0", "vae": "fashion-vae-z2-s0", "vqvae": "fashion-vqvae-d2-k256-ema-s0"}
ENGLISH = r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}.*"

PAINTED = """() => {
  const rows = document.querySelector(".ex-btw-rows")?.explorer;
  return rows?.answer && rows.painted === Object.keys(rows.answer.rows).length;
}"""

PIXELS = """([kind, step]) => {
  const canvas = document.querySelector(`.ex-btw-row[data-kind="${kind}"] [data-step="${step}"] canvas`);
  const { width, height } = canvas;
  return [width, height, Array.from(canvas.getContext("2d").getImageData(0, 0, width, height).data)];
}"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = "", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(app_url + on_latent(query))
        page.locator(".ex-btw-rows").scroll_into_view_if_needed()
        page.wait_for_function(PAINTED)
        return page

    return open_at


def pixels(page: Any, kind: str, step: int) -> Any:
    width, height, values = page.evaluate(PIXELS, [kind, step])
    return np.array(values, float).reshape(height, width, 4)[:, :, :3]


def shows_pair(page: Any, first: int, second: int) -> None:
    page.wait_for_function(
        """([a, b]) => {
          const rows = document.querySelector(".ex-btw-rows").explorer;
          return rows.answer && JSON.parse(rows.asked)[0].image === a && JSON.parse(rows.asked)[0].image_b === b
            && !rows.element.classList.contains("ex-btw-waiting");
        }""",
        arg=[first, second],
    )
    page.wait_for_function(PAINTED)


def test_the_pictures_are_those_that_the_figures_are_of(open_page):
    page = open_page()
    pair = default_pair("fashion")
    for kind, run_id in (RUNS | {"fade": FADE}).items():
        found = between("fashion", run_id, pair)
        for step in (0, 4, 8):
            expected = found.row.pictures[step, 0].clamp(0, 1).numpy() * 255
            assert np.abs(pixels(page, kind, step)[:, :, 0] - expected).max() <= 2
        assert found.seen is not None
        figure = page.locator(f'.ex-btw-row[data-kind="{kind}"] [data-figure="ratio"]')
        expect(figure).to_have_text(f"{found.seen.path_ratio:.2f} ×")
    expect(page.locator(".ex-btw-answer").first).to_contain_text(
        "Do we need what lies between “Pullover” and “Sneaker”?"
    )
    expect(page).to_have_url(re.compile(r"tab=latent$"))  # the usual pair is not written into the link


def test_emoji_ask_about_the_dog_and_the_cat(open_page):
    page = open_page("?data=emoji")
    expect(page.locator(".ex-btw-answer").first).to_contain_text("“dog face” and “cat face”")
    assert np.ptp(pixels(page, "vqvae", 4), axis=2).max() > 20
    expect(page).to_have_url(re.compile(r"data=emoji.*tab=latent$"))


def test_a_click_with_shift_chooses_the_second_image(open_page):
    page = open_page()
    page.locator('.ex-strip .ex-thumb[data-image="12"]').click(modifiers=["Shift"])
    shows_pair(page, 0, 12)
    # a pair that was chosen shows on the planes, wherever the rows are
    page.wait_for_function("window.explorer.store.overlays.right.has('between')")
    expect(page).to_have_url(re.compile(r"&image_b=12$"))
    expect(page.locator('.ex-strip .ex-thumb[data-image="12"]')).to_have_class(re.compile("ex-second"))
    expect(page.locator('.ex-strip .ex-thumb[data-image="0"]')).to_have_attribute("aria-checked", "true")
    page.get_by_role("button", name="Swap the two").click()
    shows_pair(page, 12, 0)
    page.get_by_role("button", name="Back to the usual pair").click()
    expect(page).to_have_url(re.compile(r"&image=12$"))


def test_the_gallery_chooses_it_too(open_page):
    page = open_page()
    page.get_by_role("tab", name="Reconstruct").click()
    image = page.locator(".ex-rec-image").nth(3)
    chosen = int(image.get_attribute("data-image"))
    image.click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile(rf"image_b={chosen}\b"))
    page.get_by_role("tab", name="Latent").click()
    page.locator(".ex-btw-rows").scroll_into_view_if_needed()
    shows_pair(page, 0, chosen)


def test_keys_choose_it_and_walk_along_the_rows(open_page):
    page = open_page()
    compare = page.get_by_role("button", name="Compare with…")
    compare.focus()
    page.keyboard.press("Enter")
    expect(page.locator('.ex-btw-strip [data-image="1"]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    chosen = page.evaluate("window.explorer.store.view.image_b")
    shows_pair(page, 0, chosen)
    assert chosen not in (0, 1)
    expect(compare).to_be_focused()
    page.locator('.ex-btw-row[data-kind="ae"] [data-step="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator('.ex-btw-row[data-kind="vae"] [data-step="1"]')).to_be_focused()
    expect(page.locator(".ex-btw-lit")).to_have_count(4)
    assert page.evaluate("[...document.querySelectorAll('.ex-btw-lit')].every((b) => b.dataset.step === '1')")


def test_a_finger_chooses_it_on_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.get_by_role("button", name="Compare with…").tap()
    page.locator('.ex-btw-strip [data-image="7"]').tap()
    shows_pair(page, 0, 7)
    page.locator('.ex-btw-row[data-kind="vqvae"] [data-step="4"]').tap()
    expect(page.locator('.ex-btw-row[data-kind="fade"] [data-step="4"]')).to_have_class(re.compile("ex-btw-lit"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_ways_are_drawn_on_the_planes_while_they_are_in_sight(open_page):
    page = open_page(viewport={"width": 1280, "height": 1600})
    keys = "[...(window.explorer.store.overlays.%s?.keys() ?? [])].includes('between')"
    for side in ("left", "ae"):
        page.wait_for_function(keys % side)  # the part notices a moment later that it is in sight
    assert page.evaluate(keys % "right") is False
    page.locator('.ex-btw-row[data-kind="vqvae"] [data-step="4"]').hover()
    page.wait_for_function(keys % "right")
    page.get_by_role("tab", name="Reconstruct").click()
    page.wait_for_function("!window.explorer.store.scene.between")


def test_the_same_step_in_both_latents(open_page):
    page = open_page()
    page.locator(".ex-btw-rough").scroll_into_view_if_needed()
    expect(page.locator(".ex-rough-plane")).to_have_count(2)
    sentence = page.locator(".ex-btw-rough .ex-btw-answer")
    expect(sentence).to_contain_text("1,000 steps of 10 % of the spread")
    expect(sentence).to_contain_text("One training run each")
    row = page.locator('.ex-rough-table tbody tr[data-size="2"]')
    expect(row.locator("td")).to_have_count(4)
    button = row.get_by_role("button", name="10 %")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("[...window.explorer.store.overlays.ae.keys()].includes('step')")


def test_the_third_plane_decodes_and_holds_no_pin(open_page):
    page = open_page()
    page.locator(".ex-btw-rough").scroll_into_view_if_needed()
    plane = page.locator(".ex-rough-plane").first.locator(".ex-plane-moving")
    page.wait_for_function("document.querySelector('.ex-rough-plane .ex-plane-moving')?.explorer.points")
    before = page.evaluate("document.querySelector('.ex-rough-picture[data-side=ae]').toDataURL()")
    plane.hover(position={"x": 60, "y": 60})
    page.wait_for_function(
        "(before) => document.querySelector('.ex-rough-picture[data-side=ae]').toDataURL() !== before", arg=before
    )
    plane.click(position={"x": 60, "y": 60})
    assert page.evaluate("window.explorer.store.view.z") == []


def test_chinese_is_complete(open_page):
    page = open_page("?lang=zh")
    text = page.locator("#ex-between").inner_text()
    assert re.findall(ENGLISH, text) == []
    assert "我们需要“套头衫”与“运动鞋”之间的东西吗？" in text


def test_out_of_sight_nothing_keeps_the_language_before(open_page):
    page = open_page()
    page.locator(".ex-btw-rough").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.ex-rough-table tr')")
    page.evaluate("document.querySelector('#ex-between').style.marginBottom = '3000px'")
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    page.wait_for_function(
        "[...document.querySelectorAll('.ex-btw-rows, .ex-btw-rough')].every((e) => !e.explorer.near)"
    )
    page.evaluate("window.explorer.store.commit({ lang: 'zh' })")
    page.wait_for_function("window.explorer.store.scene.view.lang === 'zh'")
    assert re.findall(ENGLISH, page.locator("#ex-between").inner_text()) == []
    page.locator(".ex-btw-rows").scroll_into_view_if_needed()
    page.wait_for_function(PAINTED)
    assert "我们需要“套头衫”与“运动鞋”之间的东西吗？" in page.locator("#ex-between").inner_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_steps_has_room_on_a_phone(open_page, lang):
    page = open_page(f"?v=2&lang={lang}", **PHONE)
    page.locator(".ex-btw-rough").scroll_into_view_if_needed()
    expect(page.locator(".ex-rough-table tbody tr")).to_have_count(6)
    assert page.locator(".ex-rough-table").evaluate("e => e.scrollWidth - e.clientWidth") == 0
