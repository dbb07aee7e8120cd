"""How long a page stands still while plotly.js is run, as the package brings it and as it is served.

    python -m benchmarks.charts [--rounds 7]

In turns in one browser, each in a fresh context; the script is there already, and the longest task of the page's thread
counts. Also how long a first chart takes after that.
"""

from __future__ import annotations

import argparse
import statistics
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Route, sync_playwright

from benchmarks.page import FLAGS
from explorer.plots.library import lighter
from scripts import chromium

PAGE = "<!doctype html><div id=chart style='width: 900px; height: 400px'></div>"
RUN = """async () => {
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: "longtask" });
  const loaded = (element) => new Promise((done) => { element.onload = done; document.head.append(element); });
  const make = (tag, values) => Object.assign(document.createElement(tag), values);
  await loaded(make("link", { rel: "preload", as: "script", href: "plotly.js" }));
  await loaded(make("script", { src: "plotly.js" }));
  await new Promise((done) => setTimeout(done, 200));
  const begun = performance.now();
  await Plotly.newPlot("chart", [{ x: [1, 2, 3], y: [1, 2, 4] }]);
  return [Math.max(0, ...tasks), performance.now() - begun];
}"""


def run(browser: Browser, script: str) -> tuple[float, float]:
    """Milliseconds that the page stood still, and that its first chart took then."""
    with browser.new_context() as context:
        page = context.new_page()

        def answer(route: Route) -> None:
            wanted = route.request.url.endswith("plotly.js")
            body, kind = (script, "text/javascript") if wanted else (PAGE, "text/html")
            route.fulfill(body=body, content_type=kind, headers={"Cache-Control": "max-age=3600"})

        page.route("**/*", answer)
        page.goto("http://127.0.0.1:9/")
        still, chart = page.evaluate(RUN)
    return still, chart


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    whole = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    scripts = {"as it comes": whole, "as it is served": lighter(whole)}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in scripts}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for _ in range(args.rounds):
            for name, script in scripts.items():
                found[name].append(run(browser, script))
        browser.close()
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}
    for name, (still, chart) in medians.items():
        print(f"{name}: the page stands still for {still:.0f} ms, its first chart takes {chart:.0f} ms")
    first, second = medians.values()
    print(f"{first[0] / max(second[0], 1):.1f} times as long")


if __name__ == "__main__":
    main()
