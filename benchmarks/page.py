"""How fast the page answers the hand, how soon, at what weight, and what an idle crowd costs the server.

    python -m benchmarks.page                 # everything, about four minutes
    python -m benchmarks.page --only hand     # hand, delayed, busy, decoders, first, weight, idle
    python -m benchmarks.page --events 100

Starts the app and a headless Chromium on this machine: both share its cores, unlike a visitor and a server. Times are
milliseconds, p50 / p95.
"""

from __future__ import annotations

import argparse
import base64
import os
import statistics
import sys
import time
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.processes import ROOT, cpu_seconds, serving, training
from explorer.models import AE, ImageShape
from explorer.ui.computed.program import decoder_numbers, decoder_program
from explorer.ui.http.routes import asset_address
from scripts import chromium

PROBE = (ROOT / "benchmarks" / "page_probe.js").read_text(encoding="utf-8")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
FRAME_MS = 1000 / 60
DELAY_MS = 120
EMPTY_PAGE = """
import gradio, sys
with gradio.Blocks() as page:
    pass
page.launch(server_port=int(sys.argv[1]), footer_links=[], run_history=False)
"""

ALIVE = """() => ["left", "right"].every((side) =>
  document.querySelector(`#ex-${side} .ex-plane-moving`)?.explorer.drawnPoints > 0
  && document.querySelector(`#ex-${side} .ex-plane-moving`).explorer.frame
  && window.explorer.store.decoderState(side) === "ready")"""

BOARD = "document.querySelector('.ex-bench').explorer"
STARTED = "document.querySelector('.ex-start-move')?.explorer.decoded"
STROKE = 12  # events

#: Where a hand takes hold, in page pixels.
HANDLES = {
    "left": "(view) => view.plane.selected.mean",
    "right": """(view) => {
      const code = view.plane.selected.indices[0];
      return [view.codebook.places[2 * code], view.codebook.places[2 * code + 1]];
    }""",
}


def opened(browser: Browser, url: str, delay: float = 0) -> Page:
    """A fresh visitor's page, alive; `delay` is added to every request from then on."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(180_000)  # a busy machine
    page.add_init_script(PROBE)
    page.goto(f"{url}?tab=latent")
    page.wait_for_function(ALIVE)
    if delay:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        conditions = {"offline": False, "latency": delay, "downloadThroughput": -1, "uploadThroughput": -1}
        session.send("Network.emulateNetworkConditions", conditions)
    return page


def walk(page: Page, start: tuple[float, float], events: int, radius: float = 60) -> None:
    """Moves the mouse along a rosette around `start`, one event each, every one at another place."""
    from math import cos, pi, sin

    for i in range(events):
        angle = 2 * pi * i / 47
        reach = radius * (0.35 + 0.65 * abs(sin(pi * i / 83)))
        page.mouse.move(start[0] + reach * cos(angle), start[1] + reach * sin(angle))


def place(page: Page, side: str) -> tuple[float, float]:
    """Page pixels of the handle of a side."""
    x, y = page.evaluate(
        f"""(side) => {{
          const canvas = document.querySelector(`#ex-${{side}} .ex-plane-moving`);
          const [x, y] = ({HANDLES[side]})(canvas.explorer);
          const box = canvas.getBoundingClientRect();
          return [box.left + canvas.explorer.frame.x(x), box.top + canvas.explorer.frame.y(y)];
        }}""",
        side,
    )
    return x, y


def drag(side: str) -> Callable[[Page, int], None]:
    """Takes hold of the selected image or of a code, and moves it about."""

    def act(page: Page, events: int) -> None:
        start = place(page, side)
        page.mouse.move(*start)
        page.mouse.down()
        page.evaluate("probe.begin()")
        walk(page, start, events)
        page.evaluate("probe.stop()")
        page.mouse.up()
        page.evaluate("window.explorer.store.putBack('right')")

    return act


def hover(page: Page, events: int) -> None:
    """Moves over the plane of 10,000 points without a button; an event that changes no code writes nothing."""
    page.evaluate("probe.begin()")
    walk(page, place(page, "right"), events, radius=110)
    page.evaluate("probe.stop()")


def paint(page: Page, events: int) -> None:
    """Paints a code over the grid in strokes of twelve events, each in another cell; the grid is cleared in between."""
    page.locator(".ex-bench").scroll_into_view_if_needed()
    page.wait_for_function(f"{BOARD}?.bench")
    page.locator(".ex-bench-palette [data-code]").nth(20).click()
    page.wait_for_function(f"{BOARD}.tool === 'paint'")
    page.locator(".ex-bench-flow").scroll_into_view_if_needed()
    page.evaluate(f"probe.follow({BOARD}.timings)")
    marks = page.locator(".ex-bench-codes .ex-bench-marks")
    box, grid = marks.bounding_box(), page.evaluate(f"{BOARD}.bench.grid")
    assert box is not None
    for begin in range(0, events, STROKE):
        for event in range(begin, min(events, begin + STROKE)):
            cell = 11 * event % grid**2
            x, y = (cell % grid + 0.5) / grid, (cell // grid + 0.5) / grid
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if event == begin:
                page.mouse.down()
        page.mouse.up()
        page.evaluate(f"{BOARD}.edit((bench) => bench.clear())")
    page.evaluate("scrollTo(0, 0)")


#: name -> (what the hand does, bound on p95 of "written").
HANDS: dict[str, tuple[Callable[[Page, int], None], float]] = {
    "VAE drag": (drag("left"), 12),
    "code drag": (drag("right"), 50),
    "hover, 10,000 points": (hover, 12),
    "painting": (paint, 12),
}


def measure_hands(page: Page, events: int) -> None:
    """Prints written and painted for every hand, and for the trivial canvas."""
    page.evaluate("probe.trivial()")
    walk(page, (140, 140), events)
    trivial = page.evaluate("probe.painted")
    print(f"  {'trivial fill':24} written {spread(page.evaluate('probe.written'))}   painted {spread(trivial)}")
    page.evaluate("document.querySelector('#probe-trivial').remove()")
    for name, (act, bound) in HANDS.items():
        act(page, events)
        page.wait_for_function("probe.painted.length >= probe.written.length")
        written, painted = page.evaluate("[probe.written, probe.painted]")
        late, count = percentile(painted, 95) - percentile(trivial, 95), len(written)
        print(
            f"  {name:24} written {spread(written)} {verdict(percentile(written, 95), bound)}"
            f"   painted {spread(painted)}, p95 {late:+.1f} over the fill {verdict(late, FRAME_MS)}   n = {count}"
        )


def measure_frames(page: Page) -> None:
    for side in ("left", "right"):
        times = page.evaluate(f"probe.frames('{side}', 180)")
        share = sum(t < 1.5 * FRAME_MS for t in times) / len(times)
        print(f"  {'panning, ' + side:24} {1000 / statistics.mean(times):.0f} frames/s, {share:.0%} of frames on time")


def hand(browser: Browser, url: str, events: int) -> None:
    page = opened(browser, url)
    measure_hands(page, events)
    page.close()
    page = opened(browser, url)
    page.wait_for_load_state("networkidle")  # what stands further down has come too
    page.wait_for_timeout(1000)
    measure_frames(page)


def delayed(browser: Browser, url: str, events: int) -> None:
    measure_hands(opened(browser, url, DELAY_MS), events)


def busy(browser: Browser, url: str, events: int) -> None:
    page = opened(browser, url)
    with training(os.cpu_count() or 1):
        measure_hands(page, events)


def decoders(browser: Browser, url: str, events: int) -> None:
    """Decoding and writing alone, for untrained models: the time does not depend on what was learnt."""
    page = opened(browser, url)
    for channels, size, bound in ((1, 28, 12), (3, 32, 12), (3, 64, 50)):
        model = AE(ImageShape(channels, size, size), 2)
        program, numbers = decoder_program(model), base64.b64encode(decoder_numbers(model)).decode()
        times = page.evaluate(
            "([decoder, dom, program, numbers, count]) => probe.decoding(decoder, dom, program, numbers, count)",
            [
                url + asset_address("core/decoder.js"),
                url + asset_address("core/dom.js"),
                program.to_json(),
                numbers,
                events,
            ],
        )
        name = f"{channels}×{size}×{size}"
        print(
            f"  {name:24} {spread(times)} {verdict(percentile(times, 95), bound)}   {program.work / 1e6:.1f} M products"
        )


def first(browser: Browser, url: str, events: int) -> None:  # noqa: ARG001
    """Both planes answer a drag, from a cold cache; the server has served the page before."""
    times = []
    for _ in range(7):
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.add_init_script(PROBE + "probe.watchFirstDrag();")
        page.goto(f"{url}?tab=latent")
        page.wait_for_function("probe.first")
        times.append(max(page.evaluate("[probe.first.left, probe.first.right]")))
        page.context.close()
    ordered = ", ".join(f"{time / 1000:.2f}" for time in times)
    print(f"  first working drag       {ordered} s {verdict(max(times) / 1000, 2)}")


def weight(browser: Browser, url: str, events: int) -> None:  # noqa: ARG001
    """Bytes over the wire of the page and of an empty Gradio page."""
    with serving("-c", EMPTY_PAGE, "{port}") as (empty_url, _):
        empty = weigh(browser, empty_url, "document.querySelector('.gradio-container')")
    own = weigh(browser, url, STARTED)
    print(f"  empty {empty / 1e6:.2f} MB, page {own / 1e6:.2f} MB, beyond {(own - empty) / 1e6:.2f} MB ", end="")
    print(verdict((own - empty) / 1e6, 1.5))


def weigh(browser: Browser, url: str, ready: str) -> float:
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url)
    page.wait_for_function(ready)
    page.wait_for_timeout(3000)
    page.context.close()
    return sum(sizes)


def idle(browser: Browser, url: str, events: int, pid: int = 0) -> None:  # noqa: ARG001
    """CPU of the server while 50 visitors have the page open and do nothing."""
    streams = []
    for visitor in range(50):
        urllib.request.urlopen(url, timeout=30).read()
        streams.append(urllib.request.urlopen(f"{url}gradio_api/heartbeat/visitor{visitor}", timeout=30))
    time.sleep(3)
    before, begin = cpu_seconds(pid), time.monotonic()
    time.sleep(20)
    share = (cpu_seconds(pid) - before) / (time.monotonic() - begin)
    print(f"  {len(streams)} sessions             {share:.1%} of one core over 20 s")
    for stream in streams:
        stream.close()


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def spread(values: list[float]) -> str:
    return f"{percentile(values, 50):5.1f} / {percentile(values, 95):5.1f}"


def verdict(value: float, bound: float) -> str:
    return f"({'≤' if value <= bound else 'MISSED: >'} {bound:.3g})"


PARTS: dict[str, Callable[..., None]] = {
    "hand": hand,
    "delayed": delayed,
    "busy": busy,
    "decoders": decoders,
    "first": first,
    "weight": weight,
    "idle": idle,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and weight of the page")
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    path = chromium.find()
    if path is None:
        sys.exit("no Chromium found: run `make test` once, or set CHROMIUM to its path")
    with serving("app.py", "--port", "{port}") as (url, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        opened(browser, url).context.close()  # encodes what the planes need, once
        for name in options.only:
            print(f"{name}: {(PARTS[name].__doc__ or '').strip().splitlines()[0] if PARTS[name].__doc__ else ''}")
            PARTS[name](browser, url, options.events, **({"pid": pid} if name == "idle" else {}))
        browser.close()


if __name__ == "__main__":
    main()
