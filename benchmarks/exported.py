"""An exported exploration beside the app, in one browser: how soon, how heavy, how fast under the hand.

    python -m explorer export site && python -m benchmarks.exported site [--events 200]

The files come from `python -m http.server`, the page from `app.py`; both and the Chromium share this machine's cores.
Each is opened some times with nothing kept (seconds from navigation until Start decodes under the hand). Then a hand
moves over the tab Latent of both, as in `benchmarks.page`, in turns of a few events, so that both meet the same load:
milliseconds, p50 and p95, and the export's over the app's. What a canvas that is only filled takes in the same turns is
printed beside them: on a busy machine the tail is the wait for a core. Asked: at most 40 MB, 1.5 MB compressed for the
first screen, 1.0 s until it answers, a hand as fast as there.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from benchmarks.page import FLAGS, HANDS, opened, percentile, spread, walk
from benchmarks.processes import serving
from scripts import chromium

STARTED = "document.querySelector('.ex-start-move')?.explorer.decoded"
MOVES, FILL = ("VAE drag", "code drag", "hover, 10,000 points"), "a canvas is filled"
#: Events of one turn.
TURN = 25
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


def under_the_hand(browser: Browser, urls: tuple[str, str], events: int) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds from an event to what it wrote on each page, by what the hand does; both pages take turns."""
    pages = [opened(browser, url) for url in urls]
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in (*MOVES, FILL)}
    for page in pages:
        page.wait_for_load_state("networkidle")
    for turn in range(-(-events // TURN)):
        for side in (0, 1) if turn % 2 else (1, 0):
            page = pages[side]
            page.bring_to_front()
            for name in MOVES:
                HANDS[name][0](page, TURN)
                page.wait_for_function("probe.painted.length >= probe.written.length")
                found[name][side].extend(page.evaluate("probe.written"))
            page.evaluate("probe.trivial()")
            walk(page, (140, 140), TURN)
            found[FILL][side].extend(page.evaluate("probe.painted"))
            page.evaluate("document.querySelector('#probe-trivial').remove()")
    for page in pages:
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
    first, other = statistics.median(soon), statistics.median(theirs)
    print(f"answers after {first:.2f} s (asked {MOST_SECONDS}), the app after {other:.2f} s: {first / other:.2f} of it")
    print(f"{'p50 / p95, ms':22} {'files':>13}   {'app':>13}   ratio of both   n")
    for name, (mine, theirs) in under_the_hand(browser, (files, app), events).items():
        ratios = " / ".join(f"{percentile(mine, part) / percentile(theirs, part):.2f}" for part in (50, 95))
        print(f"{name:22} {spread(mine)}   {spread(theirs)}   {ratios}   {len(mine)}, {len(theirs)}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
