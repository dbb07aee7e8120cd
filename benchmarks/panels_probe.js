// Watches the panels of a page from inside: put into it before anything else by benchmarks/panels.py.
//
// "In sight" is when the browser says so; "filled" is the last change of a panel's elements or the last answer after that,
// once nothing has been under way, and nothing has changed, for a while. Pictures that a canvas draws again are no change.

window.panels = {
  /** Panel -> {seen, changed}, milliseconds of the page's own clock. */
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
    const times = { seen: null, changed: 0 };
    panels.known.set(each, times);
    new IntersectionObserver((entries, watching) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watching.disconnect();
      times.seen = performance.now();
    }).observe(each);
    new MutationObserver(() => (times.changed = performance.now()))
      .observe(each, { subtree: true, childList: true, characterData: true, attributeFilter: ["src", "hidden"] });
  },

  /** Milliseconds from sight to filled, requests and bytes meanwhile; null as long as it is not at rest for `quiet` ms. */
  filled(each, quiet, most) {
    const { seen, changed } = panels.known.get(each);
    const now = performance.now();
    if (seen === null) return null;
    const last = Math.max(seen, panels.answered, now - seen > most ? 0 : changed);
    if (panels.underWay || now - last < quiet) return null;
    const meanwhile = panels.requests.filter(({ end }) => end >= seen);
    return { ms: last - seen, requests: meanwhile.length, bytes: meanwhile.reduce((sum, { bytes }) => sum + bytes, 0) };
  },
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
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) panels.requests.push({ end: entry.responseEnd, bytes: entry.transferSize });
}).observe({ type: "resource", buffered: true });
