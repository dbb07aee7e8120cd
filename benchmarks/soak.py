"""Whether memory stays flat while two visitors train and browse: the server's, and that of each trainer.

    python -m benchmarks.soak [--minutes 30] [--every 10]

Starts the app, with folders of its own for trainings and sets, and a headless Chromium with two visitors. One watches
a pair that never ends, the other trains short runs, one after the other, looks at each in other tabs and deletes it;
both walk through all tabs and images, and intervene. Resident memory is sampled as the system counts it. The verdict is
of a line through the samples after a third of the time: "flat" if it rises by less than 3 % of its mean until the end.
A few minutes are all warm-up: caches are bounded, but have to fill first (docs/scaling.md has half an hour).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.page import FLAGS
from benchmarks.processes import serving
from explorer.ui.http.routes import asset_address
from explorer.ui.view import TABS
from scripts import chromium

WARM, RISE = 1 / 3, 0.03
TINY = {"batch_size": 32, "width": 8}
ENDLESS = [{"model": "vae", "steps": 1_000_000} | TINY, {"model": "vqvae", "steps": 1_000_000} | TINY]
SHORT = [{"model": "vqvae", "num_embeddings": 64, "steps": 100} | TINY]
ASK = "async ([address, name, asked]) => (await import(new URL(address, document.baseURI))).ask(name, asked)"


@dataclass
class Memory:
    """Samples of one process: seconds and megabytes."""

    name: str
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def lasted(self, minutes: float) -> bool:
        """Whether it was there for most of the time, so that a line can be laid through its samples."""
        return np.ptp(self.seconds) > 60 * minutes * (1 - WARM)

    def verdict(self, minutes: float) -> str:
        """What a line through the samples says, those of the first third left out."""
        seconds, megabytes = np.array(self.seconds), np.array(self.megabytes)
        settled = seconds > 60 * minutes * WARM
        slope = np.polyfit(seconds[settled], megabytes[settled], 1)[0]
        mean, rise = megabytes[settled].mean(), slope * np.ptp(seconds[settled])
        said = "flat" if rise < RISE * mean else "GROWS"
        tenths = " ".join(f"{part.mean():.0f}" for part in np.array_split(megabytes, 10))
        return f"{self.name}: {said}, {mean:.0f} MB on average, {3600 * slope:+.1f} MB an hour; by tenths {tenths} MB"


class Sampler:
    """Looks at the server and at every trainer of a home."""

    def __init__(self, server: int, home: Path) -> None:
        self.server, self.home = server, home
        self.began = time.monotonic()
        self.known: dict[int, Memory] = {}

    def look(self) -> None:
        """One sample of each process that is there."""
        found = {self.server: "server"} | {pid: f"trainer {pid}" for pid in self.trainers()}
        for pid, name in found.items():
            with suppress(OSError, IndexError):
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                memory = self.known.setdefault(pid, Memory(name))
                memory.seconds.append(time.monotonic() - self.began)
                memory.megabytes.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)

    @contextmanager
    def sampling(self, every: float) -> Iterator[None]:
        """Inside the block a thread looks every so many seconds."""
        over = threading.Event()

        def sample() -> None:
            while not over.wait(every):
                self.look()

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        yield
        over.set()
        thread.join()

    def trainers(self) -> Iterator[int]:
        """Process ids."""
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                words = entry.read_bytes().split(b"\0")
                if b"background" in words and any(word.startswith(str(self.home).encode()) for word in words):
                    yield int(entry.parent.name)


class Visitor:
    """Someone with a browser window, who trains `configs`."""

    def __init__(self, browser: Browser, url: str, configs: list[dict[str, Any]]) -> None:
        self.page: Page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        self.page.set_default_timeout(120_000)
        self.configs = configs
        self.rounds = self.trained = 0
        self.page.goto(f"{url}?tab=train")
        self.page.wait_for_function("window.explorer?.store.scene?.train")

    def ask(self, name: str, **asked: Any) -> Any:
        """A question of the page's own."""
        return self.page.evaluate(ASK, [asset_address("core/ask.js"), name, asked])

    def go(self, **patch: Any) -> None:
        """Commits to the View, and waits for the scene."""
        self.page.evaluate("(patch) => window.explorer.store.commit(patch)", patch)
        self.page.wait_for_timeout(1500)

    def turn(self) -> None:
        """Starts what is to be trained, changes something, looks around."""
        self.rounds += 1
        self.go(tab="train")
        found = self.ask("train_jobs")
        lively = [job for job in found["jobs"] if job["phase"] in ("queued", "training", "measuring")]
        for job in found["jobs"] if not lively else ():
            self.ask("train_command", job=job["job"], do="discard")
        for run in found["runs"] if not lively else ():
            self.go(right=run["id"], tab=TABS[self.rounds % (len(TABS) - 1)])
            self.ask("train_delete", run=run["id"])
            self.go(right="", tab="train")
        if not lively:
            self.page.evaluate("(configs) => document.querySelector('.ex-train').explorer.start(configs)", self.configs)
            self.trained += 1
        elif lively[0]["phase"] == "training":
            self.ask(
                "train_command", job=lively[0]["job"], do="intervene", what="lr", value=10 ** -(3 + self.rounds % 2)
            )
        self.page.wait_for_timeout(3000)  # watched
        for tab in TABS[:-1]:
            self.go(tab=tab, image=(37 * self.rounds) % 1000)
        self.go(tab="train")


@contextmanager
def app() -> Iterator[tuple[str, int, Path]]:
    """The app with folders of its own; two trainings at a time."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        own = {"EXPLORER_HOME": str(home), "EXPLORER_CACHE": str(Path(folder) / "cache"), "EXPLORER_TRAININGS": "2"}
        os.environ.update(own)
        with serving("app.py", "--port", "{port}") as (url, pid):
            yield url, pid, home


def main() -> None:
    """Visit, sample, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--every", type=float, default=10, help="seconds between two samples")
    chosen = parser.parse_args()
    with app() as (url, pid, home), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        visitors = [Visitor(browser, url, configs) for configs in (ENDLESS, SHORT)]
        sampler = Sampler(pid, home)
        with sampler.sampling(chosen.every):
            while time.monotonic() - sampler.began < 60 * chosen.minutes:
                for visitor in visitors:
                    visitor.turn()
        for visitor in visitors:  # trainers would outlive the app, as they are meant to
            for job in visitor.ask("train_jobs")["jobs"]:
                visitor.ask("train_command", job=job["job"], do="discard")
        for _ in range(60):
            time.sleep(bool(list(sampler.trainers())))
        browser.close()
    rounds = ", ".join(f"{visitor.rounds} rounds, {visitor.trained} trainings" for visitor in visitors)
    print(f"{chosen.minutes:g} minutes; {rounds}")
    long = [memory for memory in sampler.known.values() if memory.lasted(chosen.minutes)]
    for memory in long:
        print(memory.verdict(chosen.minutes))
    if short := [max(memory.megabytes) for memory in sampler.known.values() if memory not in long]:
        print(f"{len(short)} short trainings: {min(short):.0f} to {max(short):.0f} MB at most")


if __name__ == "__main__":
    main()
