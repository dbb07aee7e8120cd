"""A real app in its own process, a real Chromium, and a guard over everything the page asks for or complains about.

    def test_title(page, app_url):
        page.goto(app_url)
        expect(page).to_have_title("...")

    def test_phone(new_page, app_url):
        page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)

`new_page` opens a window that an earlier test may have used, which costs half as much, and `visit` leads a page that
stands open to where the test begins, which costs a quarter; a test that routes requests, listens to the page or wants
an empty cache takes `page` or `new_context`, which are its own.
`guard.allow("text")` lets a test provoke a complaint. A failed test leaves pictures of its pages in build/screenshots.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect, sync_playwright

from explorer.ui.http.routes import ASSETS
from scripts import chromium
from tests.browser.exported import served, written_once
from tests.browser.links import in_full, on_latent
from tests.browser.running_app import ROOT, App, free_port, start_app
from tests.browser.shared_app import app_of
from tests.browser.watching import Guard
from tests.browser.windows import LED, PATIENCE, USUAL, Window, Windows
from tests.offline.sitecustomize import REFUSED

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever the page may ask for, nothing leaves the machine; the guard still sees the request.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


class AppLog:
    """The running app's log, if one was started, read on from where the test began."""

    app: App | None = None
    read: int = 0

    def since_test_began(self) -> str:
        return self.app.log.read_bytes()[self.read :].decode(errors="replace") if self.app else ""

    def test_begins(self) -> None:
        self.read = self.app.log.stat().st_size if self.app else 0


APP_LOG = pytest.StashKey[AppLog]()
FAILED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[APP_LOG] = AppLog()
    expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed browser test shows what the app printed meanwhile, and leaves a picture of every open page."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
        browser = item.funcargs.get("browser") if isinstance(item, pytest.Function) else None
        if isinstance(browser, Browser):
            take_pictures(browser, item.name)
        report.sections.append(("log of app.py", item.config.stash[APP_LOG].since_test_began()[-5000:]))
    return report


@pytest.fixture(scope="session")
def app(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app of this session, answering; all browser tests share it, as visitors do, whatever process they run in."""
    running = app_of(pytestconfig) or start_app(tmp_path_factory.mktemp("app") / "app.log", free_port())
    pytestconfig.stash[APP_LOG].app = running
    try:
        running.wait_until_it_answers()
        yield running
    finally:
        running.stop()
    # What it tried between two tests, or late, counts too.
    assert REFUSED not in running.log.read_text()


@pytest.fixture(scope="session")
def app_url(app: App) -> str:
    """`http://127.0.0.1:PORT/` of the running app."""
    return app.url


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of this session's little exploration, as `tests.browser.exported` writes it."""
    return written_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def exported_url(exported: Path) -> Iterator[str]:
    """The address at which a server of files shows it."""
    with served(exported) as url:
        yield url


@pytest.fixture(autouse=True)
def guard(pytestconfig: pytest.Config) -> Iterator[Guard]:
    """Fails the test for a request to another machine, a page or console error, or a traceback in the app's log."""
    log = pytestconfig.stash[APP_LOG]
    log.test_begins()
    watching = Guard()
    yield watching
    watching.read_log(log.since_test_began())
    if complaints := watching.complaints():
        pytest.fail("the page must not do this:\n" + "\n".join(complaints), pytrace=False)


def take_pictures(browser: Browser, name: str) -> None:
    stem = str(ROOT / "build" / "screenshots" / re.sub(r"[^\w.-]+", "-", name))
    pages = [page for context in browser.contexts for page in context.pages if page.url != "about:blank"]
    for number, page in enumerate(pages):
        # A page that crashed has no picture; the test's own failure is the one to report.
        with contextlib.suppress(Error):
            page.screenshot(path=f"{stem}-{number}.png", timeout=5000)


@pytest.fixture(scope="session")
def session_browser() -> Iterator[Browser]:
    """Our Chromium, always named, so that Playwright neither looks for nor fetches a browser of its own."""
    path = chromium.find()
    if path is None:
        pytest.fail(
            "no Chromium found: run `make test`, which installs one, or set CHROMIUM to its path", pytrace=False
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(session_browser: Browser) -> Windows:
    return Windows(session_browser)


@pytest.fixture
def browser(session_browser: Browser, guard: Guard, windows: Windows) -> Iterator[Browser]:
    """The session's browser; what a test left open is closed while the guard still listens."""
    yield session_browser
    for context in [context for context in session_browser.contexts if context not in windows.kept]:
        context.close()


class NewPage(Protocol):
    """Opens a blank page in a window that nobody uses now; see `Browser.new_context` for the options."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser: Browser, windows: Windows, guard: Guard, app_url: str
) -> Iterator[NewPage]:
    """As `new_context`, but in a window that was used before if there is one of these options, left as it was found."""
    taken: list[Window] = []

    def open_page(**options: Any) -> Page:
        taken.append(window := windows.take(options))
        guard.watch(window.context)
        return window.page

    yield open_page
    if FAILED in request.node.stash:
        return  # `browser` closes them
    for window in taken:
        windows.give_back(window, app_url.rstrip("/"))
        guard.unwatch(window.context)


class OpenPage(Protocol):
    """Opens the page at a query, the tab Latent unless that says another, in a window of `new_page`'s options."""

    def __call__(self, query: str = "", **options: Any) -> Page: ...


@pytest.fixture
def open_page(new_page: NewPage, app_url: str) -> OpenPage:
    """Waits until the page has its first scene; tests of one tab, which wait for more, have a fixture of their own."""

    def open_at(query: str = "", **options: Any) -> Page:
        page = new_page(**options)
        page.goto(app_url + on_latent(query))
        page.wait_for_function("window.explorer?.store.scene")
        return page

    return open_at


@pytest.fixture(scope="module")
def _windows_of_this_file(windows: Windows, app_url: str) -> Iterator[None]:
    """A page stands for the tests of one file only."""
    yield
    if windows.standing is not None:
        windows.give_back(windows.standing, app_url.rstrip("/"))
        windows.standing = None


class VisitPage(Protocol):
    """Leads the page to a query, the tab Latent unless that says another, in a window of `new_page`'s options."""

    def __call__(self, query: str = "", **options: Any) -> Page: ...


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    windows: Windows,
    _windows_of_this_file: None,
    guard: Guard,
    app_url: str,
) -> Iterator[VisitPage]:
    """As `open_page`, in the page that stands open since an earlier test of this file: a quarter of the cost.

    For tests that are not about how a page opens, and change nothing that "Reset" leaves as it is. Parts that fill late
    may be there already: what is looked for has to be named so that it is alone even then.
    """

    watched: list[Window] = []

    def lead(query: str = "", **options: Any) -> Page:
        standing = windows.standing
        if standing is not None and standing.options != USUAL | options:
            assert not watched, "one window a test"
            windows.give_back(standing, app_url.rstrip("/"))
            standing = None
        windows.standing = window = standing or windows.take(options)
        if not watched:
            guard.watch(window.context)
            watched.append(window)
        if standing:
            window.page.mouse.move(-1, -1)
            window.page.evaluate(LED, in_full(on_latent(query)))
        else:
            window.page.goto(app_url + on_latent(query))
            window.page.wait_for_function("window.explorer?.store.scene")
        return window.page

    yield lead
    for window in watched:
        guard.unwatch(window.context)
    if FAILED in request.node.stash:
        windows.standing = None  # `browser` closes it


#: Answered by a fixture.
ORIGIN = "http://127.0.0.1:9"


@pytest.fixture
def scripts(new_page: NewPage) -> Iterator[Page]:
    """A blank page that can import the assets, without the app."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).lstrip("/")
        if path:
            route.fulfill(body=(ASSETS / path).read_text(), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><body></body>", content_type="text/html")

    page = new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(ORIGIN)
    yield page
    page.unroute(f"{ORIGIN}/**")


class NewContext(Protocol):
    """Opens a browser window of its own (cookies, storage); see `Browser.new_context` for the options."""

    def __call__(self, **options: Any) -> BrowserContext: ...


@pytest.fixture
def new_context(browser: Browser, guard: Guard) -> NewContext:
    """A laptop's window in English; options such as `color_scheme="dark"` are laid over that."""

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**(USUAL | options))
        context.set_default_timeout(PATIENCE)
        guard.watch(context)
        return context

    return open_context


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
