"""One app for all processes that test in a browser: the one that they report to starts it when the first asks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.browser.running_app import App, free_port, start_app
from tests.offline.sitecustomize import REFUSED

#: Of `config.workerinput`: the port and the log of the app.
KEY = "app"


class SharedApp:
    """A plugin of pytest-xdist's controller; where nothing is distributed it does nothing."""

    def __init__(self) -> None:
        self.port = 0
        self.log = Path()
        self.app: App | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker, before it starts, where the app will be."""
        if not self.port:
            self.port = free_port()
            self.log = Path(tempfile.mkdtemp(prefix="explorer-tests-app-")) / "app.log"
            self.log.touch()
        node.workerinput[KEY] = [self.port, str(self.log)]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A worker begins a test, and waits for the app if it needs it."""
        if self.port and self.app is None and nodeid.startswith("tests/browser/"):
            self.app = start_app(self.log, self.port)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """All workers have ended; what the app tried after their last look counts too."""
        if self.app is not None:
            self.app.stop()
            if REFUSED in self.log.read_text():
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Says why, if it was that."""
        if self.app is not None and REFUSED in self.log.read_text():
            terminalreporter.section("the app asked another machine")
            terminalreporter.line(self.log.read_text()[-5000:])


def app_of(config: pytest.Config) -> App | None:
    """The shared one, in a worker; it may not answer yet."""
    shared = getattr(config, "workerinput", {}).get(KEY)
    return App(None, shared[0], Path(shared[1])) if shared else None
