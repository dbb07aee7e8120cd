"""The Content-Security-Policy in a real browser: every tab works under it, and what slips into the page is not run."""

from __future__ import annotations

from playwright.sync_api import Page

from explorer.ui.view import TABS
from tests.browser.watching import Guard

#: Resolves once the browser has refused both.
INJECTED = """() => new Promise((resolve) => {
  const refused = [];
  addEventListener("securitypolicyviolation", (event) => {
    refused.push(event.effectiveDirective);
    if (refused.length === 2) resolve(refused.sort());
  });
  const script = document.createElement("script");
  script.textContent = "window.slippedIn = 1";
  document.body.append(script);
  document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.slippedIn = 2">');
})"""


def test_every_tab_opens_without_a_violation(page: Page, app_url: str, guard: Guard):
    """What the policy stops is an error in the console, which fails any test of the page."""
    answered = page.goto(app_url)
    assert answered is not None
    assert "'unsafe-inline'" not in answered.headers["content-security-policy"].split("style-src")[0]
    page.wait_for_function("window.explorer?.store?.view")
    page.evaluate("() => addEventListener('securitypolicyviolation', (e) => console.error(e.violatedDirective))")
    for tab in TABS:
        page.locator(f'#ex-tabs button[role="tab"][data-tab-id="{tab}"]').first.click()
        page.wait_for_function(f"window.explorer.store.view?.tab === '{tab}'")
        page.wait_for_load_state("networkidle")
    assert guard.complaints() == []


def test_an_inline_script_that_slipped_in_is_not_run(page: Page, app_url: str, guard: Guard):
    guard.allow("Content Security Policy")
    page.goto(app_url)
    page.wait_for_function("window.explorer?.store")
    assert page.evaluate(INJECTED) == ["script-src-attr", "script-src-elem"]
    assert page.evaluate("window.slippedIn") is None
