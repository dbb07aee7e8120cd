"""How soon every panel of every tab is filled once it is in sight, on a server that was just started.

    python -m benchmarks.panels [--rounds 3] [--data fashion faces] [--busy] [--bound]

In each round the app is started, and a browser that keeps nothing opens the tabs of the set's opening pair one after
the other, Expert on, and brings each panel into sight when the one above it is filled; then each tab is opened once
more on another fresh server and scrolled through at once. From sight to filled (`panels_probe.js` says what that is),
requests and bytes meanwhile, and what the server's process computed meanwhile, which does not depend on what else runs
here. `--busy` keeps one core busy with a training. `--bound` ends with an error where a median is over what is asked
for: 1 s, with one core busy 2 s.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass

from playwright.sync_api import Browser, JSHandle, Page, sync_playwright

from benchmarks.page import FLAGS, percentile
from benchmarks.processes import ROOT, cpu_seconds, serving, training
from explorer.data import image_set_names
from scripts import chromium

PROBE = (ROOT / "benchmarks" / "panels_probe.js").read_text(encoding="utf-8")
TABS = ("start", "latent", "reconstruct", "codebook", "collapse", "generate", "elbo")
IDLE, BUSY = 1.0, 2.0
#: Milliseconds without a change after which a panel is filled; after which changes no longer count; to wait at most.
QUIET, MOVING, PATIENCE = 400, 10_000, 120_000
SCROLLED = "scrolled through at once"


@dataclass(frozen=True)
class Filled:
    """One panel, once.

    Attributes:
        tab, name: of the panel.
        seconds: from sight until it was filled.
        requests, bytes: that were answered meanwhile.
        server: seconds of a core that the server took from sight on.
    """

    tab: str
    name: str
    seconds: float
    requests: int
    bytes: int
    server: float


def opened(browser: Browser, url: str, data: str, tab: str) -> Page:
    """A fresh visitor's page at a tab, its panels watched."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US").new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(PROBE)
    page.goto(f"{url}?v=2&data={data}&tab={tab}&expert=1", wait_until="commit")
    page.wait_for_function("tab => window.explorer?.store.scene?.view.tab === tab", arg=tab)
    page.wait_for_function("panels.find().length > 0")
    return page


def walked(page: Page, pid: int, tab: str) -> Iterable[Filled]:
    """Every panel of the tab, from the top; those that come with another are found when their turn is."""
    done = 0
    while True:
        panels = page.evaluate_handle("panels.find()")
        page.evaluate("all => all.forEach(panels.watch)", panels)
        if done >= page.evaluate("all => all.length", panels):
            return
        yield filled(page, pid, tab, panels, done)
        done += 1


def filled(page: Page, pid: int, tab: str, panels: JSHandle, number: int) -> Filled:
    """Bring a panel into sight and wait until it is filled."""
    each = panels.evaluate_handle("(all, number) => all[number]", number)
    before = cpu_seconds(pid)
    each.evaluate("each => each.scrollIntoView({ block: 'center', behavior: 'instant' })")
    found = page.wait_for_function(
        "([each, quiet, moving]) => panels.filled(each, quiet, moving)", arg=[each, QUIET, MOVING]
    ).json_value()
    name = str(each.evaluate("each => panels.name(each)"))
    return Filled(tab, name, found["ms"] / 1000, found["requests"], found["bytes"], cpu_seconds(pid) - before)


def scrolled(page: Page, pid: int, tab: str) -> Filled:
    """To the bottom of a tab that has just been opened, and back; until every panel on the way is filled."""
    before = cpu_seconds(pid)
    began = page.evaluate("performance.now()")
    page.evaluate("panels.find().forEach(panels.watch)")
    for _ in range(40):
        page.mouse.wheel(0, 400)
    page.wait_for_function(
        "([quiet]) => !panels.underWay && performance.now() - panels.answered > quiet", arg=[3 * QUIET]
    )
    ended = page.evaluate("panels.answered")
    blank = page.evaluate("panels.find().filter((each) => !each.textContent.trim()).length")
    name = SCROLLED if not blank else f"{SCROLLED}: {blank} blank"
    requests = page.evaluate("began => panels.requests.filter(({ end }) => end >= began)", began)
    size = sum(each["bytes"] for each in requests)
    return Filled(tab, name, max(0.0, ended - began) / 1000, len(requests), size, cpu_seconds(pid) - before)


def visited(browser: Browser, data: str, tabs: Iterable[str]) -> Iterable[Filled]:
    """One round: all tabs panel by panel on one fresh server, then each scrolled through on another."""
    for at_once in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["EXPLORER_HOME"] = folder
            with serving("app.py", "--port", "{port}") as (url, pid):
                for tab in tabs:
                    page = opened(browser, url, data, tab)
                    yield from [scrolled(page, pid, tab)] if at_once else walked(page, pid, tab)
                    page.context.close()


def told(found: Iterable[Filled], bound: float) -> list[str]:
    """Print the table; the panels over the bound."""
    rows: dict[tuple[str, str], list[Filled]] = {}
    for each in found:
        rows.setdefault((each.tab, each.name), []).append(each)
    print("| tab | panel | p50, s | p95, s | requests | kB | server, s of a core |\n|---|---|---|---|---|---|---|")
    over = []
    for (tab, name), those in rows.items():
        seconds = [each.seconds for each in those]
        middle, late = statistics.median(seconds), percentile(seconds, 95) if len(seconds) > 1 else seconds[0]
        requests, size, server = (
            statistics.median(values)
            for values in zip(*((each.requests, each.bytes, each.server) for each in those), strict=True)
        )
        print(f"| {tab} | {name} | {middle:.2f} | {late:.2f} | {requests:.0f} | {size / 1e3:.0f} | {server:.2f} |")
        over += [f"{tab} {name}: {middle:.2f} s"] if middle > bound else []
    return over


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", nargs="+", default=[image_set_names()[0]])
    parser.add_argument("--tabs", nargs="+", default=TABS, choices=TABS)
    parser.add_argument("--busy", action="store_true", help="beside a training that keeps one core busy")
    parser.add_argument("--bound", action="store_true", help="end with an error where a panel is too late")
    args = parser.parse_args()
    bound = BUSY if args.busy else IDLE
    over = []
    with sync_playwright() as playwright, training(1) if args.busy else nullcontext():
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for data in args.data:
            found = []
            for each in (each for _ in range(args.rounds) for each in visited(browser, data, args.tabs)):
                found.append(each)
                print(
                    f"{each.tab} {each.name}: {each.seconds:.2f} s, server {each.server:.2f} s",
                    file=sys.stderr,
                    flush=True,
                )
            print(f"\n{data}, {args.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            over += told(found, bound)
        browser.close()
    print(f"\nover {bound:g} s: {'; '.join(over) or 'none'}")
    if over and args.bound:
        sys.exit(1)


if __name__ == "__main__":
    main()
