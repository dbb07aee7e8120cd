// Watches the panels of a page from inside: put into it before anything else by benchmarks/panels.py.
//
// "In sight" is when the browser says so; "filled" is the last change of a panel's own elements or pictures, once nothing
// has been under way in the whole page, and nothing has changed in the panel, for a while. A picture that is drawn when no
// answer has just come is no change: a film plays, and a canvas is drawn again when its size changes.

window.panels = {
  /** Panel -> {sights: [[from, until]], changed}, milliseconds of the page's own clock. */
  known: new Map(),
  underWay: 0,
  answered: 0,
  requests: [],

  /** The panels of the open tab: those that have a name, and sections that stand alone. */
  find() {
    const root = [...document.querySelectorAll('[role="tabpanel"]')].find((each) => each.offsetParent);
    if (!root) return [];
    const all = [...root.querySelectorAll("[data-part], section, .ex-side")].filter((each) => each.offsetParent !== null);
    const named = all.filter((each) => !all.some((other) => other !== each && each.contains(other) && other.dataset.part));
    return named.filter((each) => !named.some((other) => other !== each && other.contains(each)));
  },

  name: (each) => each.dataset.part || each.closest('[id^="ex-"]')?.id.replace(/^ex-/, "") || each.className.split(" ")[0],

  watch(each) {
    if (panels.known.has(each)) return;
    const times = { sights: [], changed: 0 };
    panels.known.set(each, times);
    new IntersectionObserver((entries) => {
      for (const { isIntersecting, time } of entries) {
        const last = times.sights.at(-1);
        if (!isIntersecting) {
          if (last) last[1] = Math.min(last[1], time);
        } else if (last && time - last[1] < panels.GLANCE) last[1] = Infinity;
        else times.sights.push([time, Infinity]);
      }
    }).observe(each);
    new MutationObserver(() => (times.changed = performance.now()))
      .observe(each, { subtree: true, childList: true, characterData: true, attributeFilter: ["src", "hidden"] });
  },

  /** Milliseconds from sight to filled, requests and bytes meanwhile; null as long as it is not at rest for `quiet` ms. */
  filled(each, quiet, most) {
    const { sights, changed } = panels.known.get(each);
    const now = performance.now();
    if (!sights.length) return null;
    const turn = sights.at(-1)[0];
    const moving = now - turn > most;
    if (panels.underWay || now - Math.max(turn, panels.answered, moving ? 0 : changed) < quiet) return null;
    // Filled by a change in sight; what was whole before it came into sight never waited.
    const last = moving ? panels.answered : changed;
    const [from] = sights.findLast(([since, until]) => since <= last && last <= until + panels.GLANCE) ?? [last];
    const meanwhile = panels.requests.filter(({ end }) => end >= Math.min(from, turn) && end <= Math.max(last, turn) + panels.DRAWN);
    return { ms: last - from, requests: meanwhile.length, bytes: meanwhile.reduce((sum, { bytes }) => sum + bytes, 0) };
  },

  /** A picture that an answer brought: of the panel that it is drawn in. */
  drawn(canvas) {
    if (performance.now() - panels.answered > panels.DRAWN) return;
    for (const [each, times] of panels.known) if (each.contains(canvas)) times.changed = performance.now();
  },

  /** Out of sight for less than this: what stands above it grew, and nobody looked away. */
  GLANCE: 500,
  /** Within this after an answer a picture is drawn from it. */
  DRAWN: 200,
};

const plain = window.fetch;
window.fetch = async (...asked) => {
  panels.underWay += 1;
  try {
    return await plain(...asked);
  } finally {
    panels.underWay -= 1;
    panels.answered = performance.now();
  }
};
for (const name of ["putImageData", "drawImage", "fillRect", "stroke", "fill"]) {
  const draw = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) {
    panels.drawn(this.canvas);
    return draw.apply(this, given);
  };
}
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) panels.requests.push({ end: entry.responseEnd, bytes: entry.transferSize });
}).observe({ type: "resource", buffered: true });
// Panels come into sight while the page is still being made.
setInterval(() => document.body && panels.find().forEach(panels.watch), 30);
