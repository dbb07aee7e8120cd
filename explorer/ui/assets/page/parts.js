// A tab's first line: a link to each of its parts, in their order. What a class link hides, what waits for the expert
// switch, and what these runs do not have is left out.

import { arriveAt } from "../core/arrive.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";

const LOOK_MS = 150; // at most this often: a film writes many times a second

export function mount(element, { props }) {
  new PartsLine(element.querySelector(".ex-parts"), props);
}

class PartsLine {
  constructor(root, { tab, said, names }) {
    Object.assign(this, { root, tab, said, names });
    this.panel = root.closest("[role=tabpanel]");
    this.waiting = 0;
    this.seen = new ResizeObserver(() => this.soon()); // a part is shown or taken away
    new MutationObserver(() => this.soon()).observe(this.panel, { childList: true, subtree: true });
    store.subscribe((change) => (change.scene || change.view) && this.update());
    this.update();
  }

  soon() {
    this.waiting ||= setTimeout(() => {
      this.waiting = 0;
      this.update();
    }, LOOK_MS);
  }

  update() {
    if (store.view?.tab !== this.tab || !store.scene) return;
    const all = [...this.panel.querySelectorAll("[data-part], [data-top]")].filter((part) => nameOf(part) in this.names);
    for (const part of all) this.seen.observe(part);
    const parts = all.filter((part) => this.shows(part));
    const column = store.scene.view.lang === "zh" ? 1 : 0;
    this.root.setAttribute("aria-label", this.said[column]);
    this.root.hidden = parts.length < 2;
    refill(this.root, [parts.map(nameOf), column], () => parts.map((part) => this.link(part, column)));
  }

  /** Whether it is on the page once its tab is open: what is closed above it opens on the way. */
  shows(part) {
    for (let each = part; each !== this.panel; each = each.parentElement) {
      if (getComputedStyle(each).display === "none") return false;
    }
    return true;
  }

  link(part, column) {
    const name = nameOf(part);
    part.id ||= `ex-part-${this.tab}-${name}`;
    const follow = (event) => {
      event.preventDefault(); // the address keeps the View, and what stands behind it
      arriveAt(document.getElementById(part.id));
    };
    return h("a", { href: `#${part.id}`, onclick: follow }, this.names[name][column]);
  }
}

const nameOf = ({ dataset }) => dataset.part ?? "top";
