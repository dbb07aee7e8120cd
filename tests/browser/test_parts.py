"""The first line of a tab: a link to each of its parts, in order, and what a click or Enter does."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from explorer.ui.text import text
from tests.browser.links import on_latent
from tests.browser.pages import PHONE, boxes

RUNS = "v=2&data=fashion&left=fashion-vae-z2-s0&right=fashion-vqvae-d2-k256-ema-s0"
#: What each tab has of these runs, in the order of the page; Train has no training yet.
LINES = {
    "latent": ("top.latent", "between", "workbench"),
    "reconstruct": ("top.reconstruct", "sharpness"),
    "codebook": (
        *("cases", "top.codebook", "units", "scrubber", "rule", "sandbox", "step", "curves", "follow", "study"),
        "waste",
    ),
    "collapse": ("report", "remedies"),
    "generate": ("top.generate", "walk", "comparison", "quality"),
    "elbo": ("loss", "draw", "sweep", "evidence", "codes"),
    "train": ("setup", "presets", "own", "kept"),
}
LINE = ".ex-parts:visible"
LINK = ".ex-parts a:visible"
#: The heading that has the keyboard and its place, once it is where a part's heading comes to rest: near the top, or as
#: near as the end of the page lets it.
ARRIVED = """([selector, tag]) => {
  const [part, held] = [document.querySelector(selector), document.activeElement];
  const { scrollHeight, clientHeight } = document.documentElement;
  const { top } = part.getBoundingClientRect();
  const rests = Math.abs(top) <= 20 || (top > 0 && scrollY + clientHeight >= scrollHeight - 2);
  return part.contains(held) && held.matches(tag) && rests && held.getBoundingClientRect().top < innerHeight;
}"""

#: Whether the page was scrolled up from where that part comes to rest, as far as a wheel was turned or more.
AWAY = """selector => {
  const { scrollHeight, clientHeight } = document.documentElement;
  const { top } = document.querySelector(selector).getBoundingClientRect();
  return top > 200 && scrollY + clientHeight < scrollHeight - 200;
}"""


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str, **options: Any) -> Any:
        page = new_page(**options)
        page.goto(f"{app_url}{on_latent(f'?{RUNS}&{query}')}")
        expect(page.locator(LINK).nth(1)).to_be_visible()
        return page

    return open_at


@pytest.fixture
def look(visit: Any) -> Any:
    """As `open_page`, in the page that an earlier test left open."""

    def lead(query: str, **options: Any) -> Any:
        page = visit(f"?{RUNS}&{query}", **options)
        expect(page.locator(LINK).nth(1)).to_be_visible()
        return page

    return lead


def words(tab: str, lang: str) -> list[str]:
    return [text(f"part.{name}", lang) for name in LINES[tab]]


@pytest.mark.parametrize("tab", LINES)
def test_every_tab_begins_with_its_parts_in_both_languages(look, tab):
    page = look(f"tab={tab}")
    expect(page.locator(LINK)).to_have_text(words(tab, "en"))
    assert page.locator(LINE).count() == 1
    box = page.locator(LINE).bounding_box()
    assert box["height"] <= 26  # with the gap below it 32 pixels
    page.get_by_role("button", name="中文").click()
    expect(page.locator(LINK)).to_have_text(words(tab, "zh"))
    expect(page.get_by_role("navigation", name=text("parts.label", "zh"))).to_be_visible()


def test_start_has_none(new_page, app_url):
    page = new_page()
    page.goto(f"{app_url}?{RUNS}&tab=start")
    page.wait_for_function("document.querySelector('.ex-start *')")
    expect(page.locator(LINE)).to_have_count(0)


def test_what_is_hidden_or_waits_for_an_expert_has_no_link(look):
    page = look("tab=elbo&hide=sweep,codes")
    shown = [text(f"part.{name}", "en") for name in ("loss", "draw", "evidence")]
    expect(page.locator(LINK)).to_have_text(shown)
    page.get_by_role("button", name="Expert").click()
    expect(page.locator(LINK)).to_have_text([*shown, text("part.quantize", "en")])


def test_a_line_of_one_link_is_no_line(new_page, app_url):
    page = new_page()
    page.goto(f"{app_url}?{RUNS}&tab=collapse&hide=remedies")
    page.wait_for_function("document.querySelector('#ex-col-report h2')?.offsetHeight")
    expect(page.locator(LINE)).to_have_count(0)


@pytest.mark.parametrize(
    "tab, name, selector",
    [
        ("codebook", "waste", "#ex-cb-waste section"),
        ("latent", "workbench", ".ex-bench"),
        ("elbo", "evidence", ".ex-elbo-evidence"),
        ("generate", "quality", ".ex-gen-quality"),
    ],
)
def test_enter_lands_on_a_part_that_was_not_there_yet(open_page, tab, name, selector):
    """Everything above it fills while it is on its way, and pushes it down."""
    page = open_page(f"tab={tab}")
    page.locator(LINK, has_text=text(f"part.{name}", "en")).last.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(ARRIVED, arg=[selector, "h2"])
    held = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Shift+Tab")  # the reader goes on from there
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.textContent") != held
    assert page.evaluate("location.hash") == ""


def test_a_part_without_a_heading_and_one_that_is_folded_away(open_page):
    page = open_page("tab=codebook")
    page.locator(LINK, has_text=text("part.rule", "en")).click()
    page.wait_for_function(ARRIVED, arg=[".ex-cb-rule", ".ex-cb-rule"])
    page.get_by_role("tab", name="Train").click()
    page.locator(".ex-train-setup > summary").click()
    expect(page.locator(".ex-train-setup")).not_to_have_attribute("open", "")
    page.locator(LINK, has_text=text("part.own", "en")).click()
    expect(page.locator(".ex-train-own > summary")).to_be_focused()


def test_the_readers_hand_is_stronger(open_page):
    """Who scrolls away on the way there is not fetched back."""
    page = open_page("tab=codebook")
    page.evaluate("addEventListener('wheel', () => (window.wheeled = true), { capture: true, passive: true })")
    page.locator(LINK, has_text=text("part.waste", "en")).click()
    page.mouse.move(2, 400)  # the page's margin: what stands under the link now may be a plane, which a wheel zooms
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"selector => window.wheeled && ({AWAY})(selector)", arg="#ex-cb-waste section")
    page.wait_for_timeout(300)  # three looks
    assert page.evaluate(AWAY, "#ex-cb-waste section")


def test_one_row_on_a_phone_for_a_finger(look):
    for lang in ("en", "zh"):
        page = look(f"tab=codebook&expert=1&lang={lang}", **PHONE)
        expect(page.locator(LINK)).to_have_text(words("codebook", lang))
        links = boxes(page.locator(LINK))
        assert {round(box["y"]) for box in links} == {round(links[0]["y"])}
        assert min(min(box["width"], box["height"]) for box in links) >= 40
        page.locator(LINK).last.tap()
        page.wait_for_function(ARRIVED, arg=["#ex-cb-waste section", "h2"])


def test_in_an_exploration_of_files_too(new_context, exported_url):
    page = new_context().new_page()
    page.goto(f"{exported_url}?tab=collapse")
    expect(page.locator(LINK)).to_have_text(words("collapse", "en"))
    page.locator(LINK).last.click()
    page.wait_for_function(ARRIVED, arg=["#ex-col-remedies section", "h2"])
