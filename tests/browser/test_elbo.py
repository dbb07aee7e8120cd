"""The tab ELBO in a real browser: ε under the hand, bounds that rise towards log p(x), and a phone in Chinese."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

DRAWN = "() => document.querySelector('.ex-elbo-draw')?.explorer?.drawn > 0"
POSTERIOR = "(read) => new Function('p', `return ${read}`)(document.querySelector('.ex-elbo-draw').explorer)"
#: All draws and the integral have come, and their charts stand.
BOUNDED = """() => {
  document.querySelector(".ex-elbo-evidence")?.scrollIntoView({ behavior: "instant" });  // what is above it grows
  const panel = document.querySelector(".ex-elbo-evidence")?.explorer;
  const { bounds, posterior } = panel?.found ?? {};
  return posterior && bounds.done === bounds.total && panel.charts.image.drawings && panel.charts.posterior.drawings;
}"""
FACTS = """() => Object.fromEntries(
  [...document.querySelectorAll(".ex-elbo-facts > div")].map((row) => [
    row.querySelector("dt").textContent,
    parseFloat(row.querySelector("dd").textContent.replace("−", "-")),
  ]))"""
PICTURE = "() => document.querySelector('[data-picture=\"picture\"] canvas').toDataURL()"


@pytest.fixture
def open_page(new_page: Any, app_url: str) -> Any:
    def open_at(query: str = "", **options: Any) -> Any:
        page = new_page(**options)
        page.goto(f"{app_url}?tab=elbo{query}")
        page.wait_for_function(DRAWN)
        return page

    return open_at


def redrawn(page: Any, act: Any) -> str:
    """Does something that decodes another picture, and gives that picture."""
    drawn = page.evaluate(POSTERIOR, "p.drawn")
    act()
    page.wait_for_function("(drawn) => document.querySelector('.ex-elbo-draw').explorer.drawn > drawn", arg=drawn)
    return page.evaluate(PICTURE)


def test_epsilon_is_drawn_dragged_and_answered(open_page):
    page = open_page("&image=5&seed=3")
    first, epsilon = page.evaluate(PICTURE), page.evaluate(POSTERIOR, "[...p.epsilon]")
    another = redrawn(page, lambda: page.get_by_role("button", name="Resample ε").click())
    assert another != first
    assert page.evaluate(POSTERIOR, "[...p.epsilon]") != epsilon
    redrawn(page, lambda: page.locator('[data-tool="centre"]').click())
    assert page.evaluate(POSTERIOR, "[...p.z]") == page.evaluate(POSTERIOR, "p.pair.map((unit) => unit.mean)")

    plane = page.locator('[data-picture="epsilon"] canvas')
    box = plane.bounding_box()
    redrawn(page, lambda: page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"]))
    right, up = page.evaluate(POSTERIOR, "[...p.epsilon]")
    assert right > 2
    assert up > 1.5
    plane.focus()
    redrawn(page, lambda: page.keyboard.press("ArrowLeft"))
    assert page.evaluate(POSTERIOR, "p.epsilon[0]") == pytest.approx(right - 0.1)
    expect(page.locator(".ex-elbo-draw [role=status]")).to_contain_text("nats")

    page.reload()
    page.wait_for_function(DRAWN)
    assert page.evaluate(POSTERIOR, "[...p.epsilon]") == epsilon  # the seed is in the link


def test_bounds_rise_towards_the_evidence_and_other_runs_say_what_they_lack(open_page):
    page = open_page("&image=5&expert=1")
    page.locator(".ex-elbo-evidence").scroll_into_view_if_needed()
    page.wait_for_function(BOUNDED)
    values = page.evaluate(FACTS)
    exact, tolerance = values["log p(x)"], 0.5
    assert values["ELBO"] < values["IWAE-100"] < values["IWAE-5,000"] < exact + tolerance
    assert values["ELBO + gap"] == pytest.approx(exact, abs=tolerance)

    page.get_by_label("Left").select_option("fashion-vae-z16-s0")
    expect(page.locator(".ex-elbo-evidence")).to_contain_text("This latent has 16 numbers")
    expect(page.locator(".ex-elbo-unit-list li")).to_have_count(16)
    page.get_by_label("Left").select_option("fashion-ae-z2-s0")
    expect(page.locator(".ex-elbo-loss .ex-chip")).to_contain_text("Neither side shows a VAE")
    expect(page.locator(".ex-elbo-table tbody tr")).to_have_count(3)


def test_a_phone_in_chinese(open_page):
    page = open_page("&lang=zh", viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".ex-elbo-draw h2")).to_contain_text("重参数化")
    before = page.evaluate(PICTURE)
    assert redrawn(page, lambda: page.get_by_role("button", name=re.compile("重抽")).tap()) != before
    page.locator(".ex-elbo-sweep").scroll_into_view_if_needed()
    page.wait_for_function("""() => {
      const { codes } = document.querySelector(".ex-elbo-sweep").explorer.charts;
      codes.element.scrollIntoView(); // the charts above push it out of sight as they come
      return codes.drawings > 0;
    }""")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_vae_becomes_codes_by_the_slider(open_page):
    page = open_page("&expert=1")
    page.locator(".ex-elbo-quantize").scroll_into_view_if_needed()
    note = page.locator(".ex-elbo-quantize p.ex-elbo-note[role=status]")
    expect(note).to_contain_text("256 codes a unit")
    page.locator(".ex-elbo-quantize input").fill("12")
    expect(note).to_contain_text("4,096 codes a unit")
    page.wait_for_function("document.querySelector('.ex-elbo-quantize').explorer.chart.drawings > 0")
    expect(page.locator(".ex-elbo-quantize")).to_contain_text("5 codebooks of each size")
