// Leads to a part of the page. Parts are filled when they come into sight, and push away what stands below: the part is
// brought to the top, and its heading gets the keyboard, until the page has come to rest or the reader takes over.

const LOOK_MS = 100; // between two looks
const SETTLE_MS = 1500; // so long after anything last moved
const PATIENCE_MS = 20_000; // and no longer in all, however slow the machine
const MARGIN = 8; // pixels above the part
const HEADINGS = "h2, h3, h4, summary, legend";

let way = null; // the one that is under way

for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  addEventListener(event, () => (way = null), { passive: true, capture: true });
}

/** Shows the reader a part that is on the open tab. */
export function arriveAt(part) {
  const now = performance.now();
  for (let each = part; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  way = { part, place: "", until: now + SETTLE_MS, latest: now + PATIENCE_MS };
  look(way);
}

function look(mine) {
  if (way !== mine || !mine.part.isConnected) return;
  scrollBy({ top: mine.part.getBoundingClientRect().top - MARGIN, behavior: "instant" });
  hold(headingOf(mine.part) ?? mine.part);
  const now = performance.now();
  const place = `${Math.round(mine.part.getBoundingClientRect().top)} ${document.documentElement.scrollHeight}`;
  if (place !== mine.place || !mine.part.childElementCount) mine.until = now + SETTLE_MS;
  mine.place = place;
  if (now < Math.min(mine.until, mine.latest)) setTimeout(() => look(mine), LOOK_MS);
}

/** The first that says something; a part that is not filled yet has none, and some never do. */
const headingOf = (part) => [...part.querySelectorAll(HEADINGS)].find((each) => each.checkVisibility() && each.textContent.trim());

function hold(element) {
  if (document.activeElement === element) return;
  if (element.tabIndex < 0) element.tabIndex = -1; // no stop of the Tab key
  element.focus({ preventScroll: true });
}
