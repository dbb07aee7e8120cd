"""What a page must not do, and whether it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

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
        context.on("page", lambda page: page.on("websocket", lambda socket: self.on_address(socket.url)))

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
        self.seen.append(f"page error: {error.error}")

    def read_log(self, text: str) -> None:
        self.seen += [
            f"app log: {line}" for line in text.splitlines() if REFUSED in line or line.startswith("Traceback")
        ]

    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(text in line for text in self.allowed)]
