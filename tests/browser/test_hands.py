"""Fingers, keys and ears: what a phone's hand meets and what a screen reader hears, on every tab."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from explorer.ui.view import TABS
from tests.browser.pages import PHONE, VIEW, go_to

#: Pieces of a picture, samples and cells of a table: their size is what they show. Each has another way to be chosen.
DENSE = (
    ".ex-gen-sample, .ex-btw-picture, .ex-patch, .ex-bench-palette *, .ex-gen-grid *, .ex-gen-bars *, .ex-cb-scroll *, "
    ".ex-cb-unhit *, .ex-col-jump, .ex-run, .ex-thumb"
)
SMALL = """dense => [...document.querySelectorAll(
    '.gradio-container [class^="ex-"] :is(button, select, summary, input[type=number], input[type=range]), [role=tab]')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches(dense))
  .map((e) => [e, e.getBoundingClientRect(), e.matches(".ex-tip") ? 16 : 0]) // what a "?" answers beyond its circle
  .filter(([e, box, more]) => box.width > 1 && (box.height + more < (more ? 40 : 43.9) || box.width + more < 39.9))
  .map(([e, box]) => `${e.className || e.tagName} ${e.innerText.slice(0, 20)}: ${box.width} × ${box.height}`)"""


def test_what_a_finger_meets_is_large_enough(open_page):
    """44 pixels high and at least 40 wide, but for pieces of pictures and cells of tables."""
    page = open_page("?expert=1", **PHONE)
    found = {}
    for tab in TABS:
        go_to(page, tab)
        if small := page.evaluate(SMALL, DENSE):
            found[tab] = small
    assert found == {}


#: Whether every control of the film is in the window and under nothing.
FREE = """() => ["back", "play", "forward"].map((name) => `.ex-cb-${name}`).concat("#ex-cb-scrub").map((selector) => {
  const part = document.querySelector(selector);
  const { left, right, top, bottom } = part.getBoundingClientRect();
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const free = part.contains(over) || (over?.contains(part) && over.closest("#ex-cb-scrubber"));
  return top >= 0 && bottom <= innerHeight && free ? null : selector;
}).filter(Boolean)"""


@pytest.mark.parametrize("guide", ["folded", "open", "small"])
def test_the_films_controls_lie_free_of_the_guide(open_page, guide):
    page = open_page("?tab=codebook" if guide == "folded" else "?guide=8", **PHONE)
    page.wait_for_function(f"{VIEW}.tab === 'codebook' && document.querySelector('#ex-cb-left .ex-plane-moving')")
    page.wait_for_selector("#ex-cb-scrub")
    if guide == "small":
        page.locator(".ex-guide-size").tap()
        expect(page.locator(".ex-guide-body")).to_be_hidden()
    page.wait_for_function("document.querySelector('#ex-cb-left .ex-plane-moving').explorer.ready")
    page.evaluate("document.querySelector('#ex-cb-left .ex-cb-film').scrollIntoView({ block: 'start' })")
    page.wait_for_function(f"({FREE})().length === 0")


#: Whether all of the player is within these pixels, counts and all, and nothing in it is cut off or lies on another.
SLIM = """most => {
  const bar = document.querySelector("#ex-cb-scrubber .ex-cb-scrubber").getBoundingClientRect();
  const parts = [...document.querySelectorAll(".ex-cb-buttons, .ex-cb-track, .ex-cb-where, .ex-cb-tally > span")];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const inside = boxes.every(({ left, right, top, bottom }) =>
    left >= bar.left && right <= bar.right && top >= bar.top - 1 && bottom <= bar.bottom + 1);
  const before = (one, other) => one.right <= other.left + 1 || one.bottom <= other.top + 3;
  const apart = boxes.every((one, i) => boxes.slice(i + 1).every((other) => before(one, other) || before(other, one)));
  const whole = parts.every((part) => part.scrollWidth <= part.clientWidth + 1);
  return parts.length === 5 && bar.height <= most && bar.bottom <= innerHeight && inside && apart && whole;
}"""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("options, most", [({}, 56), (PHONE, 72)], ids=["laptop", "phone"])
def test_the_films_player_is_slim_and_has_its_counts(open_page, lang, options, most):
    """It stays in sight over the planes: of theirs it covers a line."""
    page = open_page(f"?v=2&tab=codebook&lang={lang}", **options)
    page.wait_for_selector(".ex-cb-tally-right b")
    page.evaluate("document.querySelector('#ex-cb-left .ex-cb-film').scrollIntoView({ block: 'start' })")
    page.wait_for_function(SLIM, arg=most)


#: Selects without an arrow, a border, or room for the arrow.
BARE = """() => [...document.querySelectorAll('.gradio-container [class^="ex-"] select')]
  .filter((e) => e.checkVisibility())
  .filter((e) => {
    const { appearance, backgroundImage, borderTopWidth, paddingRight } = getComputedStyle(e);
    const arrow = appearance !== "none" || (backgroundImage.includes("url") && parseFloat(paddingRight) >= 18);
    return !arrow || parseFloat(borderTopWidth) < 1;
  }).map((e) => e.outerHTML.slice(0, 100))"""


def test_a_chosen_preset_looks_chosen(open_page):
    page = open_page("?tab=train")
    looks = """() => [...document.querySelectorAll(".ex-train-preset")].map((each) =>
      [each.getAttribute("aria-pressed"), getComputedStyle(each).boxShadow !== "none"])"""
    page.wait_for_selector(".ex-train-preset")
    assert page.evaluate(looks) == [["true", True]] + 4 * [["false", False]]
    page.locator("[data-preset=cure]").click()
    page.wait_for_function(f"({looks})()[1][1]")
    assert [shown for _, shown in page.evaluate(looks)] == [False, True, False, False, False]


def test_a_first_drag_is_of_a_ringed_code(open_page):
    note = "#ex-right [data-picture=pointer] .ex-picture-note"
    expect(open_page("").locator(note)).to_have_text("drag a ringed code, or point at any")
    expect(open_page("?lang=zh", **PHONE).locator(note)).to_have_text("先点一个带环的码向量，再拖动它")


# --- ears


def test_keys_on_planes_and_films_speak(open_page):
    page = open_page("")
    spoken = page.locator(".ex-spoken")
    page.wait_for_function("document.querySelector('#ex-right .ex-plane-moving')?.explorer.points")
    page.locator("#ex-left .ex-plane-moving").focus()
    page.keyboard.press("ArrowRight")
    expect(spoken).to_have_text(re.compile(r"^z = \(.*\); the nearest test image: \w"))
    before = spoken.inner_text()
    page.keyboard.press("Shift+ArrowUp")
    expect(spoken).not_to_have_text(before)
    page.locator("#ex-right .ex-plane-moving").focus()
    page.keyboard.press("ArrowRight")
    expect(spoken).to_have_text(re.compile(r"^code \d+ · "))
    page.keyboard.press("Enter")
    expect(spoken).to_have_text(re.compile(r"^code \d+ · .*; pinned$"))
    assert spoken.get_attribute("aria-live") == "polite"
    go_to(page, "codebook")
    page.wait_for_function("document.querySelector('#ex-cb-left .ex-plane-moving')?.explorer.ready")
    page.locator("#ex-cb-left .ex-plane-moving").focus()
    page.keyboard.press(",")
    expect(spoken).to_have_text(re.compile(r"^Step [\d,]+: \d+ of \d+ codes are dead"))
    page.keyboard.press("ArrowRight")
    expect(spoken).to_have_text(re.compile(r"^code \d+: "))


#: Groups of signs that a reader tells apart: play is not a step.
SIGNS = """() => [".ex-cb-buttons", ".ex-sb-actions", ".ex-gen-steps"].flatMap((group) => {
  const buttons = [...document.querySelectorAll(`${group} button`)].filter((e) => e.checkVisibility());
  const signs = buttons.map((e) => e.textContent);
  return new Set(signs).size < signs.length ? [`${group}: ${signs}`] : [];
})"""
#: Headings that would read out a "?" as well.
LONG = """() => [...document.querySelectorAll(":is(h1, h2, h3, h4, h5, h6):has(.ex-tip)")]
  .map((e) => e.outerHTML.slice(0, 160))"""
NAMED = {
    "latent": [r"^left: VAE · z = 2", r"^right: VQ-VAE · D 2 · K 256"],
    "codebook": [r"^left: EMA codebook · D \d+", r"^right: EMA codebook · D \d+"],
    "generate": [r"^left: VAE · z = 2", r"^right: VQ-VAE · D 2 · K 256"],
}


def test_tabs_opened_by_keys(open_page):
    """The keyboard stays while a tab is filled; selects look it, signs differ, headings are short, panels named."""
    page = open_page("?tab=train&expert=1")
    page.locator("[data-preset=cure]").wait_for()
    found: dict[str, Any] = {}
    for tab in TABS:
        button = page.locator(f'[role=tab][data-tab-id="{tab}"]')
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(f"{VIEW}.tab === '{tab}'")
        page.wait_for_load_state("networkidle")
        for name in NAMED.get(tab, []):
            expect(page.get_by_role("region", name=re.compile(name))).to_have_count(1)
        expect(button).to_be_focused()
        if complaints := [each for look in (BARE, SIGNS, LONG) for each in page.evaluate(look)]:
            found[tab] = complaints
    assert found == {}


def test_what_is_filled_anew_keeps_the_keyboard(scripts):
    """The child in the same place gets it, or the one with the same marks; else the last there is."""
    page = scripts
    page.evaluate(
        """async () => {
      const { h, refill } = await import("/core/dom.js");
      const box = document.body.appendChild(h("div"));
      window.fill = (names) => refill(box, names, () => names.map((name) => h("button", { "data-name": name }, name)));
      fill(["a", "b", "c"]);
      box.children[1].focus();
    }"""
    )
    for names, expected in ((["a", "b"], "b"), (["x", "a", "b"], "b"), (["x", "y"], "y")):
        page.evaluate("names => fill(names)", names)
        assert page.evaluate("document.activeElement.dataset.name") == expected
