// Known features: which cell or number of each latent knows the chosen one, and what every run keeps of all of them.

import { latest } from "../core/ask.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { Side } from "./side.js";
import { table } from "./table.js";

const SIDES = ["left", "right"];
const FIRST = "glasses"; // what the part opens on, where a set has it

export async function mount(element) {
  await styleSheet("panel/box.css", "features/features.css");
  const root = element.querySelector(".ex-features");
  const part = new Features(root);
  root.explorer = part; // for the tests
  new IntersectionObserver(([entry]) => entry.isIntersecting && part.near()).observe(root);
  store.subscribe((change) => {
    if (change.scene) part.ask();
    if (change.theme) part.show();
  });
  if (store.scene) part.ask();
}

class Features {
  constructor(root) {
    this.root = root;
    this.asked = "";
    this.chosen = "";
    this.question = latest("features");
    this.head = h("div", {});
    this.sides = Object.fromEntries(SIDES.map((side) => [side, new Side(side, (feature) => this.choose(feature))]));
    this.table = h("div", {});
    root.replaceChildren(this.head, h("div", { class: "ex-features-sides" }, ...SIDES.map((side) => this.sides[side].element)), this.table);
  }

  near() {
    this.seen = true;
    this.ask();
  }

  async ask() {
    const { data, lang, tab } = store.view;
    if (tab !== "latent") return;
    const known = store.scene.legend?.factors.length > 1;
    this.root.classList.toggle("ex-features-none", !known);
    if (!known || !this.seen) return;
    const runs = Object.fromEntries(SIDES.map((side) => [side, store.side(side)?.run]).filter(([, run]) => run));
    const key = JSON.stringify([data, lang, runs]);
    if (key !== this.asked) {
      this.asked = key;
      try {
        const answer = await this.question({ data, ...runs });
        if (!answer || this.asked !== key) return;
        this.found = answer;
      } catch (error) {
        this.asked = "";
        this.head.textContent = error.message;
        delete this.head.dataset.signature;
        return;
      }
    }
    this.show();
  }

  /** Shows another feature: the one that points are coloured by comes along. */
  choose(feature) {
    this.chosen = feature;
    this.show();
  }

  show() {
    const { features, words } = this.found ?? { features: [] };
    if (!features.length) return;
    const names = features.map(([id]) => id);
    if (!names.includes(this.chosen)) this.chosen = store.view.factor || (names.includes(FIRST) ? FIRST : names[0]);
    refill(this.head, [words, features, this.chosen], () => [
      h("h2", {}, words.title), h("p", {}, words.lead),
      h("label", {}, words.feature,
        h("select", { onchange: (event) => this.choose(event.target.value) },
          ...features.map(([id, name]) => h("option", { value: id, selected: id === this.chosen }, name)))),
    ]);
    const place = names.indexOf(this.chosen);
    for (const side of SIDES) this.sides[side].show(this.found, place);
    refill(this.table, [this.found.table, words, place], () => table(this.found, place));
  }
}
