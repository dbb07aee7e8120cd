"""Browser windows that tests use one after another: the scripts of the page are fetched and compiled once for many.

Tests of one file that look at the page, rather than at how it opens, need not even load it anew: `Windows.standing` has
the window in which the page stands as the test before left it, and `LED` leads it to where the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

USUAL: dict[str, Any] = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
#: Idle windows that are kept: a laptop, a phone, and whatever was opened last.
KEPT = 3
#: Milliseconds that a page or a test waits for anything: a busy machine, or one half as fast, is slow, not wrong.
PATIENCE = 90_000


#: Leads an open page to a link without loading it: everything as the button "Reset" has it, then as going back or
#: forward in the browser does; a promise of the scene that answers.
LED = """async (query) => {
  const { store } = window.explorer;
  const before = store.scene;
  document.activeElement?.blur();
  scrollTo(0, 0);
  store.reset();
  history.replaceState(null, "", location.pathname + query);
  dispatchEvent(new PopStateEvent("popstate"));
  const frame = () => new Promise(requestAnimationFrame);
  while (store.scene === before) await frame();
  await frame().then(frame);
}"""


@dataclass(frozen=True)
class Window:
    """One window with one page."""

    options: dict[str, Any]
    context: BrowserContext
    page: Page
    session: CDPSession


class Windows:
    """Idle windows by their options."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.idle: list[Window] = []
        self.standing: Window | None = None

    @property
    def kept(self) -> list[BrowserContext]:
        """The windows that outlive a test."""
        return [window.context for window in [*self.idle, self.standing] if window is not None]

    def take(self, options: dict[str, Any]) -> Window:
        """A window of these options with a blank page: as new, but that the browser knows the page's scripts."""
        options = USUAL | options
        for window in self.idle:
            if window.options == options:
                self.idle.remove(window)
                return window
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        return Window(options, context, page, context.new_cdp_session(page))

    def give_back(self, window: Window, origin: str) -> None:
        """Leaves the page, and forgets what it kept: cookies, storage, where the pointer stood."""
        window.page.goto("about:blank")
        window.page.mouse.up()
        window.page.mouse.move(-1, -1)
        window.context.clear_cookies()
        window.session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage"})
        self.idle.append(window)
        while len(self.idle) > KEPT:
            self.idle.pop(0).context.close()
