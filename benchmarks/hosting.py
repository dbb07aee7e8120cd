"""What a lecture hall costs a server: 1,000 visits against an exported exploration, and 50 against the app.

    python -m explorer export site && python -m benchmarks.hosting site [--visits 1000 50] [--seconds 120]

A Chromium walks each of the two pages once: it opens the link, then Latent, another picture, and Reconstruct. All that
it asked for is asked again in the same order by every visit, six requests at a time as a browser does, each visit from
an address of its own (127.1.x.y) and with nothing kept from before. Both crowds come within the same time, one after
the other, in one run: the files from `python -m http.server`, one process of one core, the page from `app.py`. What
stays open (Gradio's stream of events) is left out. Visits and servers share this machine's cores.

Printed: seconds until the first screen has all it asked for, and the processor's seconds of the server for a visit;
at last the ratio of these.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Request, sync_playwright

from benchmarks.processes import cpu_seconds, serving
from scripts import chromium

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
AT_ONCE, PATIENCE = 6, 60.0
TAB = '#ex-tabs button[role=tab][data-tab-id="{}"]'
SHOWN, SETTLE_MS = "() => window.explorer?.store?.scene", 4000
#: Of an address that stays open, or counts a visitor.
STAYS_OPEN = ("queue/data", "heartbeat")
SESSION = re.compile(rb'("session_hash": ?")\w+')


@dataclass(frozen=True)
class Asked:
    """One request of a visit; its body is b"" for a GET."""

    target: str
    body: bytes = b""

    def written(self, host: str, number: int) -> bytes:
        """As it goes over the wire, for one of the visits."""
        body = SESSION.sub(rb"\g<1>visit%05d" % number, self.body)
        lines = [f"{'POST' if body else 'GET'} {self.target} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [f"X-Explorer-Page: visit{number}", "Accept-Encoding: gzip"]
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Crowd:
    """What came of a crowd's visits.

    Attributes:
        first: seconds until the first screen, by visit.
        whole: seconds of all screens together, by visit.
        failed: requests without an answer, or with another than success.
        size: bytes received.
        cpu: seconds of the server.
    """

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    failed: int = 0
    size: int = 0
    cpu: float = 0.0


def walked(url: str) -> list[list[Asked]]:
    """What a browser asks for, screen by screen."""
    screens: list[list[Asked]] = [[]]

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if request.url.startswith(url) and not any(part in parts.path for part in STAYS_OPEN):
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            screens[-1].append(Asked(target, request.post_data_buffer or b""))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US").new_page()
        page.on("request", note)
        page.goto(url)
        for choose in ("", TAB.format("latent"), ".ex-thumb[aria-checked=false]", TAB.format("reconstruct")):
            if choose:
                page.locator(choose).first.click()
            page.wait_for_function(SHOWN)
            page.wait_for_timeout(SETTLE_MS)
            screens.append([])
        browser.close()
    return [screen for screen in screens if screen]


async def visit(crowd: Crowd, url: str, screens: list[list[Asked]], number: int) -> None:
    """All that a reader's browser asks for, the first screen timed."""
    began = time.monotonic()
    for screen in screens:
        queue = list(reversed(screen))
        await asyncio.gather(*(ask_in_turn(crowd, url, queue, number) for _ in range(min(AT_ONCE, len(queue)))))
        if screen is screens[0]:
            crowd.first.append(time.monotonic() - began)
    crowd.whole.append(time.monotonic() - began)


async def ask_in_turn(crowd: Crowd, url: str, queue: list[Asked], number: int) -> None:
    while queue:
        asked = queue.pop()
        try:
            answer = await asyncio.wait_for(answered(url, asked, number), PATIENCE)
            crowd.size += len(answer)
            crowd.failed += answer.split(b" ", 2)[1:2] not in ([b"200"], [b"204"])
        except (OSError, TimeoutError):
            crowd.failed += 1


async def answered(url: str, asked: Asked, number: int) -> bytes:
    """Status, headers and body, as they come."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port
    address = (f"127.1.{number // 250}.{1 + number % 250}", 0)
    reader, writer = await asyncio.open_connection(host, port, local_addr=address)
    try:
        writer.write(asked.written(f"{host}:{port}", number))
        return await reader.read(-1)
    finally:
        writer.close()


async def come(url: str, screens: list[list[Asked]], visits: int, seconds: float) -> Crowd:
    """Visits that arrive evenly within `seconds`."""
    crowd = Crowd()
    async with asyncio.TaskGroup() as group:
        for number in range(visits):
            group.create_task(visit(crowd, url, screens, number))
            await asyncio.sleep(seconds / visits)
    return crowd


def measured(command: tuple[str, ...], visits: int, seconds: float) -> Crowd:
    """A server, the walk through its page, and the crowd."""
    with serving(*command) as (url, pid):
        screens = walked(url)
        before = cpu_seconds(pid)
        crowd = asyncio.run(come(url, screens, visits, seconds))
        crowd.cpu = cpu_seconds(pid) - before
    counts = "+".join(str(len(screen)) for screen in screens)
    told(f"{command[-1] if command[0] == '-m' else command[0]}, {counts} requests a visit", crowd)
    return crowd


def told(what: str, crowd: Crowd) -> None:
    """Print it."""
    p50, p95 = np.percentile(crowd.first, (50, 95))
    visits = len(crowd.whole)
    print(f"{visits} visits to {what}, {crowd.size / visits / 1e6:.2f} MB each, {crowd.failed} requests failed")
    print(f"  first screen p50 {p50:.2f} s   p95 {p95:.2f} s   longest {max(crowd.first):.2f} s")
    whole, cost = np.median(crowd.whole), 1000 * crowd.cpu / visits
    print(f"  all screens  p50 {whole:.2f} s; server {cost:.0f} ms of a core a visit")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="an exported exploration")
    parser.add_argument("--visits", type=int, nargs=2, default=(1000, 50), metavar=("FILES", "APP"))
    parser.add_argument("--seconds", type=float, default=120.0, help="within which each crowd comes")
    args = parser.parse_args()
    static = ("-m", "http.server", "{port}", "--bind", "127.0.0.1", "--directory", str(args.folder.resolve()))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPLORER_HOME"] = folder
        files = measured(static, args.visits[0], args.seconds)
        app = measured(("app.py", "--port", "{port}"), args.visits[1], args.seconds)
    ratio = (app.cpu / len(app.whole)) / (files.cpu / len(files.whole))
    print(f"a visit to the app costs its server {ratio:.1f} times what a visit to the files costs theirs")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
