// The tab Generate: samples of both models, code by code, an AE for comparison, and how good the samples are.

import { h, refill, styleSheet } from "../core/dom.js";
import { Comparison } from "./comparison.js";
import { QualityTable } from "./quality.js";
import { Ladder } from "./ladder.js";
import { Vectors } from "./vectors.js";
import { Walk } from "./walk.js";
import { store } from "../core/store.js";

const COUNTS = [16, 32, 64];
const SEEDS = 1_000_000;

export async function mount(element) {
  await styleSheet("generate/generate.css");
  const page = new GeneratePage(element.querySelector(".ex-gen"));
  store.subscribe((change) => page.update(change));
  page.update({ scene: true });
}

class GeneratePage {
  constructor(root) {
    this.root = root;
    this.head = h("div", { class: "ex-gen-head" });
    this.left = new Vectors("left", "vectors", this);
    this.right = new Ladder("right", this);
    this.walk = new Walk("right");
    this.right.onHold = (prior, k) => prior === "learned" && this.walk.write(k);
    this.comparison = new Comparison(this);
    this.quality = new QualityTable();
    this.parts = [this.left, this.right, this.walk, this.comparison, this.quality];
    root.replaceChildren(this.head,
      h("div", { class: "ex-gen-sides" }, this.left.element, this.right.element),
      this.walk.element,
      this.comparison.element,
      this.quality.element);
    root.explorer = this;
  }

  /** How many samples every gallery shows. */
  get count() {
    return store.scene.view.samples;
  }

  update(change) {
    const { generate } = store.scene ?? {};
    this.root.classList.toggle("ex-gen-waiting", !generate);
    if (!generate) return;
    if (change.scene) this.fillHead(generate.words);
    for (const part of this.parts) part.update(change);
  }

  /** Who has just chosen a number of samples by keys stays on it. */
  fillHead(words) {
    const held = document.activeElement?.closest(".ex-gen-choice") && this.head.contains(document.activeElement);
    const filled = refill(this.head, [words, store.scene.view.seed, this.count], () => this.controls(words));
    if (filled && held) this.head.querySelector("[aria-pressed=true]").focus();
  }

  controls(words) {
    const seed = h("input", {
      type: "number", id: "ex-gen-seed", min: 0, max: SEEDS - 1, step: 1, value: store.scene.view.seed, inputmode: "numeric",
      onchange: (event) => this.seedTo(event.target),
    });
    return [
      h("label", { for: "ex-gen-seed" }, words.seed),
      seed,
      h("button", { type: "button", class: "ex-gen-button", onclick: () => store.commit({ seed: (store.view.seed + 1) % SEEDS }) }, words.another),
      h("div", { class: "ex-gen-choice", role: "group", "aria-label": words.count },
        h("span", { class: "ex-gen-choice-label" }, words.count),
        ...COUNTS.map((count) =>
          h("button", { type: "button", "aria-pressed": String(count === this.count), onclick: () => store.commit({ samples: count }) }, `${count}`))),
      h("p", { class: "ex-gen-note" }, words["seed.note"]),
    ];
  }

  /** A field takes what a link takes; anything else goes back to what it was. */
  seedTo(field) {
    const seed = Number(field.value);
    if (field.value !== "" && Number.isInteger(seed) && seed >= 0 && seed < SEEDS) store.commit({ seed });
    else field.value = store.scene.view.seed;
  }
}
