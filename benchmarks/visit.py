"""What a server holds after everything was opened, and how long others wait meanwhile.

    python -m benchmarks.visit [--data faces fashion emoji] [--tabs ...]

The app is started, and a browser opens every tab of every image set, Expert on, and scrolls through each until nothing
is under way. Meanwhile another visitor's hand asks for a picture at a place of the plane every tenth of a second, as a
page asks that cannot decode by itself. Printed are the longest such waits, with the tab that was being opened, and
after each tab the server's resident memory: all of it, and what is its own and not a file's.

Asked: at most 900 MB after all tabs and sets, nobody waits above .3 s.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from benchmarks.page import FLAGS, percentile
from benchmarks.panels import TABS, opened, scrolled
from benchmarks.processes import cpu_seconds, serving
from benchmarks.visitors import VAE, question
from explorer.data import image_set_names
from scripts import chromium

EVERY, PATIENCE = 0.1, 60.0
ASKED_MB, ASKED_SECONDS = 900.0, 0.3


@dataclass
class Hand:
    """Asks for pictures, one after the other, and notes how long each took and what was being opened."""

    url: str
    opening: str = "nothing"
    waits: list[tuple[float, str]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def drag(self) -> None:
        """Until `end`."""
        some = random.Random(0)
        with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
            while not self._ended.wait(EVERY):
                request = question("decode", run=VAE, z=[some.gauss(0, 1), some.gauss(0, 1)])
                began = time.perf_counter()
                client.post(request.path, json=request.asked).raise_for_status()
                self.waits.append((time.perf_counter() - began, self.opening))

    def end(self) -> None:
        """Let go."""
        self._ended.set()


def megabytes(pid: int) -> tuple[float, float]:
    """Resident memory of a process in MB: all, and what belongs to no file."""
    lines = (line.partition(":") for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    size = {name: int(value.split()[0]) / 1e3 for name, _, value in lines if name in ("VmRSS", "RssAnon")}
    return size["VmRSS"], size["RssAnon"]


def opened_all(browser: Browser, hand: Hand, pid: int, data: str, tabs: list[str]) -> None:
    """Every tab of one set, by a fresh visitor each."""
    for tab in tabs:
        hand.opening = f"{data} {tab}"
        page = opened(browser, hand.url, data, tab)
        scrolled(page, pid, tab)
        page.context.close()
        held, own = megabytes(pid)
        spent = cpu_seconds(pid)
        print(f"{data} {tab}: {held:.0f} MB resident, {own:.0f} of no file, {spent:.0f} s of a core", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", default=list(image_set_names()))
    parser.add_argument("--tabs", nargs="+", default=list(TABS), choices=TABS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["EXPLORER_HOME"] = folder
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        with serving("app.py", "--port", "{port}") as (url, pid):
            hand = Hand(url)
            dragging = threading.Thread(target=hand.drag)
            print(f"answers: {megabytes(pid)[0]:.0f} MB resident, {megabytes(pid)[1]:.0f} of no file")
            dragging.start()
            for data in args.data:
                opened_all(browser, hand, pid, data, args.tabs)
            hand.end()
            dragging.join()
        browser.close()
    seconds = [wait for wait, _ in hand.waits]
    print(f"hand, {len(seconds)} pictures: p50 {percentile(seconds, 50):.3f} s, p99 {percentile(seconds, 99):.3f} s")
    for wait, opening in sorted(hand.waits, reverse=True)[:8]:
        print(f"  {wait:.2f} s while {opening} was opened")
    print(f"asked: at most {ASKED_MB:.0f} MB, nobody waits above {ASKED_SECONDS:g} s")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
