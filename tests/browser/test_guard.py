"""The guard sees what a page must not do. Without it a browser test could pass over a broken page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser.running_app import App
from tests.browser.shared_app import SharedApp
from tests.offline.sitecustomize import REFUSED


def complaints(page, guard, last):
    """What the guard has seen once `last` is among it; from here on it lets everything pass, so that this test may."""
    for _ in range(500):
        if any(last in line for line in guard.complaints()):
            break
        page.wait_for_timeout(10)
    seen = [line.split(" (")[0] for line in guard.complaints()]
    guard.allow("")
    return seen


@pytest.mark.parametrize(
    "script, complaint",
    [
        ("fetch('http://example.com/font.woff2').catch(() => 0)", "request to another machine: http://example.com/"),
        (
            "document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))",
            "https://example.org/",
        ),
        ("void new WebSocket('ws://example.org/live')", "request to another machine: ws://example.org/live"),
        ("setTimeout(() => { throw new Error('boom') })", "page error: boom"),
        ("console.error('wrong')", "console error: wrong"),
        ("console.log('WARN: a figure that is wrong')", "console error: WARN: a figure"),
    ],
)
def test_a_complaint_is_seen(page, guard, script, complaint):
    page.goto("about:blank")
    page.evaluate(script)
    assert any(complaint in line for line in complaints(page, guard, complaint))


def test_a_window_of_the_tests_own_is_watched_too(new_context, guard):
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.evaluate("console.error('wrong')")
    assert complaints(page, guard, "wrong") == ["console error: wrong"]
    assert page.evaluate("innerWidth") == 390


def test_what_is_allowed_passes_and_the_rest_does_not(page, guard):
    guard.allow("expected")
    page.evaluate("console.error('expected'); console.error('unexpected it'); console.error('wrong')")
    assert complaints(page, guard, "wrong") == ["console error: wrong"]


def test_tracebacks_and_refused_connections_in_the_log_are_seen(guard):
    guard.read_log(
        "fine\nTraceback (most recent call last):\n  File x\nrefused a connection to another machine: host\n"
    )
    assert len(guard.complaints()) == 2
    guard.seen.clear()


@pytest.mark.parametrize("last, exitstatus", [("fine", 0), (f"{REFUSED} host", pytest.ExitCode.TESTS_FAILED)])
def test_what_the_shared_app_tried_after_the_last_test_fails_the_run(tmp_path, last, exitstatus):
    shared, session = SharedApp(), SimpleNamespace(exitstatus=0)
    shared.log = tmp_path / "app.log"
    shared.log.write_text(f"{last}\n")
    shared.app = App(None, 0, shared.log)
    ending: Any = shared.pytest_sessionfinish
    ending(session)
    assert session.exitstatus == exitstatus


def test_the_page_opens_and_asks_only_this_machine(page, app_url):
    """The guard does the asserting; the app's own process is held by tests/offline/sitecustomize.py."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(app_url)
    page.get_by_role("button").first.wait_for()
    assert len(requests) > 1
