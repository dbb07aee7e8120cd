"""What tests of many tabs share: a phone, where the page and its parts stand, and the way to another tab."""

from __future__ import annotations

from typing import Any

#: Options of a window.
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
#: The View that Python answered with.
VIEW = "window.explorer.store.scene.view"
#: Whether the open tab is filled, and nothing that can be seen is still on its way.
QUIET = """() => document.querySelectorAll("[role=tabpanel] [class^=ex-] *").length > 10
  && [...document.querySelectorAll('[class*="waiting"], .ex-plane-loading')].every((e) => !e.checkVisibility())"""

#: Whether the planes show the sides' own points, all of them, and no look is under way.
LOOKED = """() => ["left", "right"].every((side) => {
  const plane = document.querySelector(`#ex-${side} .ex-plane-moving`).explorer;
  const { points } = window.explorer.store.side(side).plane;
  return plane.loaded === points && !plane.looking && !plane.element.matches(".ex-plane-loading");
})"""


def go_to(page: Any, tab: str) -> None:
    """Opens a tab as a hand does, and waits until it stands."""
    page.locator(f'[role=tab][data-tab-id="{tab}"]').click()
    page.wait_for_function(f"{VIEW}.tab === '{tab}'")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(QUIET)  # a busy machine is slow, not wrong
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def boxes(shown: Any) -> list[dict[str, float]]:
    """Where each element of a locator stands, all at one moment: a page that still scrolls moves them together."""
    found: list[dict[str, float]] = shown.evaluate_all("all => all.map((e) => e.getBoundingClientRect().toJSON())")
    return found


def charted(page: Any, selector: str) -> None:
    """Brings a chart into sight, as often as what stands above it grows, until it is drawn."""
    page.wait_for_function(
        """(selector) => {
          const chart = document.querySelector(selector);
          chart?.scrollIntoView({ block: "center", behavior: "instant" });
          return chart?.explorer?.drawings > 0;
        }""",
        arg=selector,
    )
