// The tab Start: five screens, one verb each, and the way from each to the part of the page that has more of it.

import { arriveAt } from "../core/arrive.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";

const BELOW = 10; // pixels that stay free under the screen

/** Each comes when it is opened. */
const SCREENS = [
  () => import("./move.js").then(({ Move }) => new Move()),
  () => import("./apart.js").then(({ Apart }) => new Apart()),
  () => pair("die"),
  () => pair("back"),
  () => import("./drawing.js").then(({ Drawing }) => new Drawing()),
];

async function pair(name) {
  const [{ Pair }] = await Promise.all([import("./pair.js"), styleSheet("sandbox/sandbox.css")]);
  return new Pair(name);
}

const LEAST = 380; // of a screen's height: a window lower than that scrolls

export async function mount(element) {
  await styleSheet("start/start.css");
  new StartPage(element.querySelector(".ex-start"));
}

class StartPage {
  constructor(root) {
    this.root = root;
    this.dots = h("nav", { class: "ex-start-dots" });
    this.title = h("h2");
    this.say = h("p", { class: "ex-start-say", role: "status" });
    this.stage = h("div", { class: "ex-start-stage" });
    this.foot = h("footer");
    this.screens = []; // those that have been opened
    this.at = 0;
    root.replaceChildren(this.dots, h("div", { class: "ex-start-words" }, this.title, this.say), this.stage, this.foot);
    root.explorer = this; // for the tests
    store.subscribe((change) => this.update(change));
    addEventListener("resize", () => this.fit());
    new ResizeObserver(() => this.fit()).observe(document.querySelector(".ex-bar")); // what stands above has come or gone
    this.update({ scene: true });
  }

  get scene() {
    return store.scene?.start;
  }

  get screen() {
    return this.screens[this.at - 1];
  }

  update(change) {
    if (!this.scene) {
      this.screen?.close();
      return;
    }
    if (change.scene) this.show(store.scene.view.screen);
    this.screen?.update(change);
    this.fit();
  }

  /** Screens come at once; the link follows. */
  go(number) {
    this.show(number);
    store.commit({ screen: number });
  }

  show(number) {
    if (this.at !== number) {
      this.screen?.close();
      this.at = number;
      this.place(number);
    }
    const { screens, words } = this.scene;
    const { title, say } = screens[number - 1];
    this.root.setAttribute("aria-label", words["start.label"]);
    this.title.textContent = title;
    if (this.say.textContent !== say) this.say.textContent = say;
    const held = this.root.contains(document.activeElement) ? document.activeElement.dataset.go : null;
    const filled = [
      refill(this.dots, [number, screens, words], () => screens.map((screen, i) => this.dot(screen.title, i + 1))),
      refill(this.foot, [number, screens, words], () => this.ways(words)),
    ];
    if (held && filled.includes(true)) (this.root.querySelector(`[data-go="${held}"]:enabled`) ?? this.title).focus({ preventScroll: true });
  }

  async place(number) {
    this.stage.replaceChildren();
    this.screens[number - 1] ??= await SCREENS[number - 1]();
    if (this.at !== number || !this.scene) return;
    this.stage.replaceChildren(this.screen.element);
    this.screen.update({ scene: true });
  }

  dot(title, number) {
    return h("button", { type: "button", "data-go": number, "aria-current": this.at === number ? "step" : null, onclick: () => this.go(number) },
      h("b", {}, number), h("span", {}, title));
  }

  ways(words) {
    const way = (go, label, onclick, disabled = false) => h("button", { type: "button", "data-go": go, disabled, onclick }, label);
    const last = this.at === SCREENS.length;
    return [
      way("back", words["start.back"], () => this.go(this.at - 1), this.at === 1),
      way("more", words["start.more"], () => this.more()),
      way("next", words[last ? "start.first" : "start.next"], () => this.go(last ? 1 : this.at + 1)),
    ];
  }

  /** To the part of the page that has more of this. */
  more() {
    const { place, part } = this.scene.screens[this.at - 1];
    store.commit(place);
    if (part) lead(part, performance.now());
  }

  /** As high as the window leaves room for. */
  fit() {
    const top = this.root.getBoundingClientRect().top + scrollY;
    const guide = document.querySelector(".ex-guide-open"); // on a phone it lies along the window's lower edge
    const covered = guide && getComputedStyle(guide).position === "fixed" ? guide.offsetHeight : 0;
    const height = Math.max(LEAST, innerHeight - top - covered - BELOW);
    if (this.root.offsetParent && this.height !== height) this.root.style.height = `${(this.height = height)}px`;
  }
}

const PATIENCE_MS = 15_000;

/** Leads to a part of another tab as soon as it is there. */
function lead(selector, since) {
  const part = document.querySelector(selector);
  if (part?.offsetHeight && part.firstElementChild?.childElementCount) arriveAt(part);
  else if (performance.now() - since < PATIENCE_MS) requestAnimationFrame(() => lead(selector, since));
}
