"""How long the tab Codebook takes to draw a frame: two films of K = 512 codes and 5,000 encoder outputs each.

    python app.py --port 7900 &
    python -m benchmarks.film http://127.0.0.1:7900/

Both shipped films are replaced by random ones of that size (used and dead codes, drifting), and every frame is scrubbed
through in a real browser: milliseconds of one film's drawing (cells, outputs, tails, codes), and the longest time that
the page went without painting.
"""

from __future__ import annotations

import json
import sys

from playwright.sync_api import sync_playwright

from scripts import chromium

CODES, OUTPUTS, FRAMES, ROUNDS = 512, 5000, 48, 2

SCRUB = """async ([codes, outputs, frames, rounds]) => {
  const url = performance.getEntriesByType("resource").find((e) => e.name.endsWith("/codebook/twins.js")).name;
  const { twins } = await import(url);
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const steps = Array.from({ length: frames }, (_, t) => t * 100);
  const film = () => {
    const places = new Float32Array(frames * codes * 2);
    for (let i = 0; i < 2 * codes; i++) places[i] = normal();
    for (let i = 2 * codes; i < places.length; i++) places[i] = places[i - 2 * codes] + 0.04 * normal();
    return {
      places, norms: new Float32Array(frames * codes),
      images: new Uint32Array(outputs), cells: new Uint16Array(outputs),
      drawn: Float32Array.from({ length: frames * outputs * 2 }, normal), restarted: new Uint8Array(frames * codes),
      codes: Uint16Array.from({ length: frames * outputs }, () => Math.floor(Math.random() * codes)),
    };
  };
  const life = () => {
    const drawn = () => (Math.random() < 0.3 ? 0 : Math.ceil(Math.random() * 300));
    const hits = Uint32Array.from({ length: frames * codes }, drawn);
    return {
      hits, states: Uint8Array.from(hits, (n) => (n ? 0 : 2)), vectors: new Uint32Array(frames).fill(60000),
      windows: new Uint32Array(frames).fill(1), distinct: new Uint32Array(frames), perplexity: new Float32Array(frames),
    };
  };
  const made = Object.fromEntries(["left", "right"].map((name) => [name, { film: film(), life: life() }]));
  for (const side of Object.values(twins.scene.sides)) {
    Object.assign(side, { codes: [codes, 2], steps, drawn: outputs, projected: false, batches: [], photos: [] });
  }
  twins.film = (name) => made[name].film;
  twins.life = (name) => made[name].life;
  const views = [...document.querySelectorAll(".ex-cb-film .ex-plane-moving")].map((canvas) => canvas.explorer);
  for (const view of views) {
    view.fitTo(frames - 1);
    view.resize(true);
    view.milliseconds.length = 0;
  }
  const gaps = [];
  let last = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const step of steps) {
      twins.go(step);
      await new Promise(requestAnimationFrame);
      gaps.push(performance.now() - last);
      last = performance.now();
    }
  }
  return { draw: views.flatMap((view) => view.milliseconds), gaps };
}"""

READY = """() => {
  const films = [...document.querySelectorAll(".ex-cb-film .ex-plane-moving")];
  return films.length === 2 && films.every((canvas) => canvas.explorer.drawn >= 0);
}"""


def main(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(300_000)
        page.goto(url + "?tab=codebook")
        page.wait_for_function(READY)
        page.wait_for_function("document.querySelectorAll('.ex-cb-curves .js-plotly-plot').length === 2")
        measured = page.evaluate(SCRUB, [CODES, OUTPUTS, FRAMES, ROUNDS])
        browser.close()
    print(json.dumps({name: summary(values) for name, values in measured.items()}, indent=1))


def summary(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and longest of milliseconds."""
    ranked = sorted(values)
    at = {
        "n": len(ranked),
        "median": ranked[len(ranked) // 2],
        "p95": ranked[int(0.95 * len(ranked))],
        "longest": ranked[-1],
    }
    return {name: round(value, 1) for name, value in at.items()}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860/")
