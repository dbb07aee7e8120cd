// A ring around what a step speaks of. Parts are mounted late and redrawn, so it is looked for until it is there, and
// again when it is replaced; until the reader takes over it is also kept in sight.

const RING = "ex-guide-ring";
const LOOK_MS = 120; // at most this often
const SETTLE_MS = 2500; // a tab that is opened for the first time grows for about so long
const EMPTY = 20; // pixels: a part is no higher before it is filled
const MARGIN = 64; // pixels above what is brought into sight

export class Ring {
  constructor() {
    this.selector = "";
    this.element = null;
    this.until = 0; // brought into sight until then
    this.waiting = 0;
    this.watch = new MutationObserver(() => this.soon());
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(event, () => (this.until = 0), { passive: true, capture: true });
    }
  }

  /** @param bring whether to bring it into sight; an empty selector takes the ring away */
  point(selector, bring = false) {
    this.selector = selector;
    if (bring) this.until = performance.now() + SETTLE_MS;
    this.watch.disconnect();
    if (selector) this.watch.observe(document.querySelector("#ex-tabs"), { childList: true, subtree: true });
    this.look();
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
    const { top, bottom } = element.getBoundingClientRect();
    const sheet = document.querySelector(".ex-guide-panel")?.getBoundingClientRect();
    const floor = sheet && sheet.left < 1 ? sheet.top : innerHeight; // a sheet lies over the page's lower part
    const fits = bottom - top < floor - MARGIN;
    if (top >= 0 && (bottom <= floor || (!fits && top <= MARGIN * 2))) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({ top: top - Math.min(MARGIN, Math.max(8, floor - (bottom - top))), behavior: calm ? "auto" : "smooth" });
  }
}
