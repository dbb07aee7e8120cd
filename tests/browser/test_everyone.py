"""For everyone: axe on every tab, keys that reach everything, a phone, little motion, and figures in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Error, expect

from explorer.ui.view import TABS
from tests.browser.pages import PHONE, VIEW, go_to

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
#: Rules about names, which are all that another language changes.
NAMES = ["aria-input-field-name", "button-name", "image-alt", "label", "role-img-alt", "select-name", "svg-img-alt"]

#: What axe finds in Gradio's own elements, by rule and the start of the selector: nothing of ours may stand here.
GRADIOS: tuple[tuple[str, str], ...] = ()

#: Runs axe and gives its serious findings as [rule, selector, what to mend].
FINDINGS = """async (rules) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"],
    ...(rules ? { runOnly: { type: "rule", values: rules } } : { rules: { "target-size": { enabled: true } } }) });
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    [id, target.join(" "), failureSummary.split("\\n").slice(1, 3).join(" ").trim()]));
}"""


def complaints(page: Any, where: str, rules: list[str] | None = None) -> list[str]:
    found = page.evaluate(FINDINGS, rules)
    return [
        f"{where}: {rule} at {target} ({why})"
        for rule, target, why in found
        if not any(rule == known and target.startswith(start) for known, start in GRADIOS)
    ]


def dark(page: Any, on: bool) -> None:
    page.evaluate(f"document.body.classList.toggle('dark', {str(on).lower()})")


@pytest.mark.parametrize("tab", TABS)
def test_axe_finds_nothing_serious_on_any_tab(open_page, tab):
    """Light and dark, both languages, with everything that an expert sees; a page for each tab, holding no other."""
    page = open_page("?expert=1")
    page.evaluate(AXE)
    go_to(page, tab)
    found = complaints(page, f"{tab}, light")
    dark(page, True)
    found += complaints(page, f"{tab}, dark", ["color-contrast"])
    dark(page, False)
    page.evaluate("window.explorer.store.commit({lang: 'zh'})")
    page.wait_for_function(f"{VIEW}.lang === 'zh'")
    found += complaints(
        page,
        f"{tab}, zh",
        ["aria-allowed-attr", "button-name", "image-alt", "label", "role-img-alt", "select-name"],
    )
    assert found == []


def test_a_phone_scrolls_one_way_and_its_targets_are_large_enough(open_page):
    page = open_page("?expert=1", **PHONE)
    page.evaluate(AXE)
    found: list[str] = []
    for tab in TABS:
        go_to(page, tab)
        if (width := page.evaluate("document.documentElement.scrollWidth")) != 390:
            found.append(f"{tab} is {width} pixels wide")
        found += complaints(page, tab, ["target-size", "scrollable-region-focusable"])
    assert found == []


#: Figures without a word for who cannot see them.
SILENT = """() => [...document.querySelectorAll('.gradio-container [class^="ex-"] :is(canvas, [role=img])')]
  .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden=true], button"))  // a button has a name of its own
  .filter((e) => !(e.getAttribute("aria-label") ?? "").trim())
  .map((e) => e.outerHTML.slice(0, 120))"""


def test_every_figure_says_what_it_shows(open_page):
    page = open_page()
    for tab in TABS:
        go_to(page, tab)
        try:
            page.wait_for_function(f"({SILENT})().length === 0", timeout=8000)
        except Error:
            pytest.fail(f"{tab}: {page.evaluate(SILENT)}", pytrace=False)
    go_to(page, "codebook")
    film = page.locator("#ex-cb-right .ex-plane-moving")
    expect(film).to_have_attribute("aria-description", re.compile(r"^Step [\d,]+: \d+ of 512 codes are dead"))
    chart = page.locator("#ex-cb-curves .ex-chart-plot").first
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("aria-label", re.compile(r"\d+ values from .* to .*; lowest .*, highest"))
    page.evaluate("window.explorer.store.preview({ code: 409 })")  # a codebook on another tab may have fewer codes
    go_to(page, "latent")
    plane = page.locator("#ex-left .ex-plane-moving")
    expect(plane).to_have_attribute("aria-description", re.compile(r"5,000 test images .* lies at \(.*\) with σ"))
    expect(page.locator("#ex-right [data-picture=reconstruction] canvas").first).to_have_attribute(
        "aria-label", re.compile(r"\d dB")
    )


#: What has the focus, and whether one sees that it does.
FOCUS = """() => {
  const e = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(e);
  const name = e.id || e.dataset.part || e.dataset.tabId || e.className || e.tagName;
  return [String(name), (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none"];
}"""


def test_keys_reach_everything_and_show_where_they_are(open_page):
    page = open_page()
    page.wait_for_function("document.querySelector('#ex-right .ex-plane-moving')?.explorer.points")
    seen: dict[str, bool] = {}
    for _ in range(70):
        page.keyboard.press("Tab")
        name, shown = page.evaluate(FOCUS)
        seen.setdefault(name.split(" ")[0], shown)
    for wanted in (
        "ex-choose-data",
        "ex-choose-left",
        "link",
        "expert",
        "present",
        "reset",
        "ex-thumb",
        "latent",
        "ex-plane-moving",
        "ex-tool",
    ):
        assert wanted in seen
    assert [name for name, shown in seen.items() if not shown and name != "BODY"] == []
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
    page.locator("#ex-left .ex-plane-moving").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{VIEW}.z.length === 2")
    page.locator("#ex-right .ex-plane-moving").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{VIEW}.code !== null")
    code = page.evaluate(f"{VIEW}.code")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{VIEW}.code !== {code}")


#: Our elements that move.
MOVING = """() => document.getAnimations().map(({ effect }) => effect.target)
  .filter((e) => e.closest('.gradio-container [class^="ex-"]')).map((e) => e.outerHTML.slice(0, 100))"""


def test_little_motion_and_large_type(open_page):
    page = open_page("?tab=codebook&step=0&present=1")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"{VIEW}.step === null")
    assert page.evaluate(MOVING) == []
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.ex-lines')).fontSize)") == pytest.approx(
        18.2
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.get_by_role("button", name="Large").click()
    page.wait_for_function("parseFloat(getComputedStyle(document.querySelector('.ex-lines')).fontSize) === 14")
