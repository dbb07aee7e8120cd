// Screen 5: what a VAE draws, and what codes draw from three priors, from the same noise.

import { h, refill } from "../core/dom.js";
import { Draws } from "../generate/draws.js";
import { Gallery } from "../generate/gallery.js";
import { store } from "../core/store.js";
import { word } from "./words.js";

const COUNT = 16;
const SEEDS = 1_000_000;
const KINDS = [["left", "normal"], ["right", "uniform"], ["right", "frequencies"], ["right", "learned"]];
const NOTHING = { light: () => {}, choose: () => {} };

export class Drawing {
  constructor() {
    this.again = h("button", { type: "button", onclick: () => store.commit({ seed: (store.view.seed + 1) % SEEDS }) });
    this.galleries = KINDS.map(([side, prior]) => ({
      side, prior, gallery: new Gallery(side, NOTHING), draws: new Draws(() => {}), caption: h("figcaption"), note: h("p", { role: "status" }),
    }));
    this.element = h("div", { class: "ex-start-drawing" },
      h("div", { class: "ex-start-controls" }, this.again),
      h("div", { class: "ex-start-galleries" }, ...this.galleries.map(({ gallery, caption, note, side }) =>
        h("figure", { "data-kind": side === "left" ? "vae" : "vqvae" }, caption, gallery.element, note))));
    this.element.explorer = this; // for the tests
  }

  close() {
    for (const { draws } of this.galleries) draws.stop();
    this.drawn = null;
  }

  update(change) {
    if (change.weights) for (const { gallery } of this.galleries) gallery.paint();
    if (!change.scene) return;
    refill(this.again, [word("start.again")], () => [word("start.again")]);
    for (const { prior, caption } of this.galleries) caption.textContent = word(`start.prior.${prior}`);
    const { seed, lang } = store.scene.view;
    const key = JSON.stringify([store.side("left").run, store.side("right").run, seed, lang]);
    if (this.drawn === key) return;
    this.drawn = key;
    for (const one of this.galleries) this.draw(one, key, seed);
  }

  async draw({ side, prior, gallery, draws, note }, key, seed) {
    note.textContent = "";
    if (!store.scene.start.priors.includes(prior)) {
      note.textContent = word("start.prior.missing");
      gallery.clear();
      return;
    }
    try {
      const samples = await draws.draw(side, prior, seed, COUNT);
      if (samples && this.drawn === key) gallery.fill(samples, word(`start.prior.${prior}`), (k) => `${k + 1}`);
    } catch (error) {
      if (this.drawn === key) note.textContent = error.message;
      this.drawn = null; // asked for again by the next change
    }
  }
}
