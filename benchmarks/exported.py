"""An exported exploration beside the app, in one browser: how soon, how heavy, how fast under the hand.

    python -m explorer export site && python -m benchmarks.exported site [--events 200]

The files come from `python -m http.server`, the page from `app.py`; both and the Chromium share this machine's cores.
Each is opened some times with nothing kept (seconds from navigation until Start decodes under the hand), and then a
hand moves over the tab Latent, as in `benchmarks.page`; times are milliseconds, p95, the ratio the export's over the
app's. Asked: at most 40 MB, 1.5 MB compressed for the first screen, 1.0 s until it answers, a hand as fast as there.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from benchmarks.page import FLAGS, HANDS, opened, percentile
from benchmarks.processes import serving
from scripts import chromium

STARTED = "document.querySelector('.ex-start-move')?.explorer.decoded"
MOST_MB, MOST_FIRST_MB, MOST_SECONDS = 40.0, 1.5, 1.0


def first_screen(browser: Browser, url: str, times: int) -> tuple[list[float], list[bytes]]:
    """Seconds until Start answers, at each visit, and the bodies of all that the last of them fetched."""
    seconds, bodies = [], []
    for _ in range(times):
        page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US").new_page()
        answers: list[Response] = []
        page.on("response", lambda answer, kept=answers: kept.append(answer))
        page.goto(url, wait_until="commit")
        page.wait_for_function(STARTED)
        seconds.append(page.evaluate("performance.now()") / 1000)
        page.wait_for_load_state("networkidle")
        bodies = [answer.body() for answer in answers if answer.ok and "queue/" not in answer.url]
        page.context.close()
    return seconds, bodies


def under_the_hand(browser: Browser, url: str, events: int) -> dict[str, float]:
    """p95 milliseconds from an event to what it wrote, by what the hand does."""
    page = opened(browser, url)
    page.wait_for_load_state("networkidle")
    found = {}
    for name in ("VAE drag", "code drag", "hover, 10,000 points"):
        act, _ = HANDS[name]
        act(page, events)
        page.wait_for_function("probe.painted.length >= probe.written.length")
        found[name] = percentile(page.evaluate("probe.written"), 95)
    page.close()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="an exported exploration")
    parser.add_argument("--events", type=int, default=200)
    args = parser.parse_args()
    sizes = [path.stat().st_size for path in args.folder.rglob("*") if path.is_file()]
    print(f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB (asked {MOST_MB:g})")
    static = ("-m", "http.server", "{port}", "--bind", "127.0.0.1", "--directory", str(args.folder.resolve()))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["EXPLORER_HOME"] = folder
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        with serving(*static) as (files, _), serving("app.py", "--port", "{port}") as (app, _):
            compare(browser, files, app, args.events)
        browser.close()


def compare(browser: Browser, files: str, app: str, events: int) -> None:
    """Print both beside each other."""
    first_screen(browser, app, 1)  # what the server computes once
    soon, bodies = first_screen(browser, files, 5)
    theirs, _ = first_screen(browser, app, 5)
    served, packed = sum(map(len, bodies)) / 1e6, sum(len(gzip.compress(body, 6)) for body in bodies) / 1e6
    print(
        f"first screen: {len(bodies)} files, {served:.2f} MB as served, {packed:.2f} compressed (asked {MOST_FIRST_MB})"
    )
    mine, other = statistics.median(soon), statistics.median(theirs)
    print(f"answers after {mine:.2f} s (asked {MOST_SECONDS}), the app after {other:.2f} s: {mine / other:.2f} of it")
    hands, rival = under_the_hand(browser, files, events), under_the_hand(browser, app, events)
    for name, value in hands.items():
        print(f"{name:22} {value:5.1f} ms, the app {rival[name]:5.1f} ms: {value / rival[name]:.2f}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
