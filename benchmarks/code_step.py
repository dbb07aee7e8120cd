"""How long one step of "code by code" takes in the browser, from the press on +1 until the picture so far is drawn.

    python -m benchmarks.code_step

Starts the app and a headless Chromium on this machine. Every step of one grid, for both image sets; milliseconds.
"""

from __future__ import annotations

import os
import sys

from playwright.sync_api import sync_playwright

from benchmarks.page import FLAGS, spread
from benchmarks.processes import serving
from explorer.ui.computed.catalog import image_sets
from scripts import chromium

PAUSE_MS = 250

READY = """() => {
  const walk = document.querySelector(".ex-gen-walk")?.explorer;
  return walk?.drawn && walk.writing.size && !walk.writing.waiting && !document.querySelector(".ex-gen-old");
}"""

# A pause after each step, as a reader makes: the pictures beside the bars are drawn in it.
STEPS = """async (pause) => {
  const walk = document.querySelector(".ex-gen-walk").explorer;
  const task = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  const press = async (step) => {
    const { drawn } = walk;
    const began = performance.now();
    document.querySelector(`[data-step="${step}"]`).click();
    while (walk.drawn === drawn) await task();
    return performance.now() - began;
  };
  await press("first");
  const times = [];
  while (walk.writing.at < walk.writing.size - 1) {
    times.push(await press("step"));
    await new Promise((done) => setTimeout(done, pause));
  }
  return times;
}"""


def main() -> None:
    path = chromium.find()
    if path is None:
        sys.exit("no Chromium found: run `make test` once, or set CHROMIUM to its path")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with serving("app.py", "--port", "{port}") as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for data in image_sets():
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(f"{url}?tab=generate&data={data}")
            page.wait_for_function(READY, timeout=120_000)
            times = page.evaluate(STEPS, PAUSE_MS)
            print(f"  {data:8} median / p95 {spread(times)}   n = {len(times)}")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
