"""What a page must not do, and whether it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

from tests.offline.sitecustomize import REFUSED


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
        context.on("page", self.on_page)
        for page in context.pages:
            self.on_page(page)

    def unwatch(self, context: BrowserContext) -> None:
        """Of a window that another test will use."""
        context.remove_listener("request", self.on_request)
        context.remove_listener("console", self.on_console)
        context.remove_listener("weberror", self.on_error)
        context.remove_listener("page", self.on_page)
        for page in context.pages:
            page.remove_listener("websocket", self.on_socket)

    def on_page(self, page: Page) -> None:
        page.on("websocket", self.on_socket)

    def on_socket(self, socket: WebSocket) -> None:
        self.on_address(socket.url)

    def on_request(self, request: Request) -> None:
        self.on_address(request.url)

    def on_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.seen.append(f"request to another machine: {url}")

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or message.text.startswith("WARN:"):  # so plotly.js calls a figure that is wrong
            self.seen.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def on_error(self, error: WebError) -> None:
        where = "; ".join(line.strip() for line in (error.error.stack or "").splitlines()[1:4])
        self.seen.append(f"page error: {error.error} {where}".rstrip())

    def read_log(self, text: str) -> None:
        self.seen += [
            f"app log: {line}" for line in text.splitlines() if REFUSED in line or line.startswith("Traceback")
        ]

    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(text in line for text in self.allowed)]
