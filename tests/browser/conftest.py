"""A real app in its own process, a real Chromium, and a guard over everything the page asks for or complains about.

    def test_title(page, app_url):
        page.goto(app_url)
        expect(page).to_have_title("...")

    def test_phone(new_context, app_url):
        page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()

`guard.allow("text")` lets a test provoke a complaint. A failed test leaves pictures of its pages in build/screenshots.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, WebError, sync_playwright

from scripts import chromium
from tests.offline.sitecustomize import PARENT, REFUSED

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180  # a first import of torch and gradio from a cold disk
STOP_SECONDS = 10
MARK = "EXPLORER_TEST_APP"
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


@dataclass
class App:
    """A running `python app.py --port N` with its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def mark(self) -> str:
        return mark_of(self.port)

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.url):
            if self.process.poll() is not None:
                pytest.fail(f"app.py ended with code {self.process.returncode}:\n{self.log.read_text()}", pytrace=False)
            if time.monotonic() > deadline:
                pytest.fail(f"no answer from app.py in {START_SECONDS} s:\n{self.log.read_text()}", pytrace=False)
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the app and whatever it started, in its process group or out of it."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pid in processes_with(f"{MARK}={self.mark}"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def start_app(log: Path) -> App:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    # No home, as on a strict host: only the system's temporary folder may be written to. No GRADIO_* and no HF_*: what
    # the app does about analytics and the Hub, it has to do by itself.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "HF_"))}
    held = {"PYTHONPATH": str(ROOT / "tests" / "offline"), PARENT: str(os.getpid()), MARK: mark_of(port)}
    environment = kept | held | {"HOME": "/dev/null", "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "app.py", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return App(process, port, log)


def mark_of(port: int) -> str:
    return f"{os.getpid()}-{port}"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return cast(int, response.status) == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def processes_with(setting: str) -> list[int]:
    """Ids of the processes whose environment holds `setting` (none where there is no /proc)."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if setting.encode() in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found


@dataclass
class Guard:
    """Collects what a page must not do, over all contexts and pages of a test: see `complaints`."""

    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *texts: str) -> None:
        """Lets pass complaints that contain one of `texts`, for the rest of this test."""
        self.allowed += texts

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self.on_request)
        context.on("console", self.on_console)
        context.on("weberror", self.on_error)
        context.on("page", lambda page: page.on("websocket", lambda socket: self.on_address(socket.url)))

    def on_request(self, request: Request) -> None:
        self.on_address(request.url)

    def on_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.seen.append(f"request to another machine: {url}")

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def on_error(self, error: WebError) -> None:
        self.seen.append(f"page error: {error.error}")

    def read_log(self, text: str) -> None:
        self.seen += [
            f"app log: {line}" for line in text.splitlines() if REFUSED in line or line.startswith("Traceback")
        ]

    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(text in line for text in self.allowed)]


class AppLog:
    """The running app's log, if one was started, read on from where the test began."""

    app: App | None = None
    read: int = 0

    def since_test_began(self) -> str:
        return self.app.log.read_bytes()[self.read :].decode(errors="replace") if self.app else ""

    def test_begins(self) -> None:
        self.read = self.app.log.stat().st_size if self.app else 0


APP_LOG = pytest.StashKey[AppLog]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[APP_LOG] = AppLog()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed browser test shows what the app printed meanwhile, and leaves a picture of every open page."""
    report = yield
    if report.failed:
        browser = item.funcargs.get("browser") if isinstance(item, pytest.Function) else None
        if isinstance(browser, Browser):
            take_pictures(browser, item.name)
        report.sections.append(("log of app.py", item.config.stash[APP_LOG].since_test_began()[-5000:]))
    return report


@pytest.fixture(scope="session")
def app(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app of this session, answering; all browser tests share it, as visitors do."""
    running = start_app(tmp_path_factory.mktemp("app") / "app.log")
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
    pages = [page for context in browser.contexts for page in context.pages]
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


@pytest.fixture
def browser(session_browser: Browser, guard: Guard) -> Iterator[Browser]:
    """The session's browser; what a test left open is closed while the guard still listens."""
    yield session_browser
    for context in list(session_browser.contexts):
        context.close()


class NewContext(Protocol):
    """Opens a browser window of its own (cookies, storage); see `Browser.new_context` for the options."""

    def __call__(self, **options: Any) -> BrowserContext: ...


@pytest.fixture
def new_context(browser: Browser, guard: Guard) -> NewContext:
    """A laptop's window in English; options such as `color_scheme="dark"` are laid over that."""

    def open_context(**options: Any) -> BrowserContext:
        usual = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        context = browser.new_context(**(usual | options))
        guard.watch(context)
        return context

    return open_context


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
