// A ring around what a step speaks of. Parts are mounted late and redrawn, so it is looked for until it is there, and
// again when it is replaced; until the reader takes over it is also kept in sight.

const RING = "ex-guide-ring";
const LOOK_MS = 120; // at most this often
const SETTLE_MS = 2500; // so long after a tab last grew
const PATIENCE_MS = 20000; // and no longer in all, however slow the machine
const EMPTY = 20; // pixels: a part is no higher before it is filled
const MARGIN = 64; // pixels above what is brought into sight
const NEAR = 16; // pixels: what does not fit stands this near to the top
const STUCK = ".ex-panel, .ex-rec-labels, #ex-cb-scrubber"; // parts that stay in sight by themselves in a narrow window

export class Ring {
  constructor() {
    this.selector = "";
    this.answers = "";
    this.element = null;
    this.until = 0; // brought into sight until then
    this.latest = 0; // and not after this, whatever still grows
    this.waiting = 0;
    this.watch = new MutationObserver(() => this.grew());
    addEventListener("resize", () => this.keep());
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(event, () => (this.until = 0), { passive: true, capture: true });
    }
  }

  /**
   * @param selector of what gets the ring; an empty one takes it away
   * @param answers selector of what answers the hand there
   * @param bring whether to bring both into sight
   */
  point(selector, answers = "", bring = false) {
    Object.assign(this, { selector, answers });
    if (bring) this.keep();
    this.watch.disconnect();
    if (selector) this.watch.observe(document.querySelector("#ex-tabs"), { childList: true, subtree: true });
    this.look();
  }

  /** From now on it is kept in sight, until the reader takes over or the page has come to rest. */
  keep() {
    const now = performance.now();
    Object.assign(this, { until: now + SETTLE_MS, latest: now + PATIENCE_MS });
    this.soon();
  }

  grew() {
    const now = performance.now();
    if (now < this.until) this.until = Math.min(now + SETTLE_MS, this.latest);
    this.soon();
  }

  soon() {
    this.waiting ||= setTimeout(() => {
      this.waiting = 0;
      this.look();
    }, LOOK_MS);
  }

  look() {
    const found = this.selector ? document.querySelector(this.selector) : null;
    const seen = found?.offsetParent && found.offsetHeight > EMPTY ? found : null; // a closed tab keeps its parts, hidden
    if (seen !== this.element) {
      this.element?.classList.remove(RING);
      seen?.classList.add(RING);
      this.element = seen;
    } else seen?.classList.add(RING); // its own part may have written its classes anew
    if (performance.now() > this.until) return;
    if (seen) this.bring(seen);
    this.soon();
  }

  bring(element) {
    const [ceiling, floor] = this.room(element);
    const { top, bottom } = this.reach(element);
    const spare = floor - ceiling - (bottom - top);
    if (top >= ceiling && (bottom <= floor || (spare < 0 && top <= ceiling + NEAR))) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: top - ceiling - Math.min(MARGIN, Math.max(4, spare)), behavior: calm ? "auto" : "smooth" });
  }

  /** What has to be seen at once: the ring, and what answers there unless it stays in sight by itself. */
  reach(element) {
    const answer = this.answers ? document.querySelector(this.answers) : null;
    const apart = answer?.offsetParent && !stuck(answer);
    const boxes = [element, ...(apart ? [answer] : [])].map((part) => part.getBoundingClientRect());
    return { top: Math.min(...boxes.map(({ top }) => top)), bottom: Math.max(...boxes.map(({ bottom }) => bottom)) };
  }

  /** The window without a sheet over its lower part, and without what stays in sight above and below the ring. */
  room(element) {
    const sheet = document.querySelector(".ex-guide-panel")?.getBoundingClientRect();
    const floor = sheet && sheet.left < 1 ? sheet.top : innerHeight;
    const below = this.answers ? stuck(document.querySelector(this.answers)) : undefined;
    const beside = [...(element.closest(".ex-side, .ex-rec-grid")?.querySelectorAll(STUCK) ?? [])].find(stuck);
    return [beside && !beside.contains(element) ? beside.offsetHeight : 0, floor - (below?.id === "ex-cb-scrubber" ? below.offsetHeight : 0)];
  }
}

/** The part around an element that stays in sight by itself; undefined if none does. */
function stuck(element) {
  const part = element?.closest(STUCK);
  return part && getComputedStyle(part).position === "sticky" ? part : undefined;
}
