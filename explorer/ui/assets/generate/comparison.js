// An AE beside the VAE, drawn from the same numbers: what a latent without a prior does when it has to generate.

import { h, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { Draws } from "./draws.js";
import { Gallery } from "./gallery.js";
import { Vectors } from "./vectors.js";
import { filled } from "./words.js";

export class Comparison {
  /** @param tab {count}: what all galleries of the tab share */
  constructor(tab) {
    this.tab = tab;
    this.ae = new Vectors("ae", "ae", tab);
    this.twin = new Gallery("left", { light: (k) => this.light(k), choose: (k) => this.ae.choose(k) });
    this.ae.onLight = (k) => this.twin.mark({ lit: k });
    this.draws = new Draws(() => {});
    this.head = h("div", { class: "ex-gen-walk-head" });
    this.facts = h("div", { class: "ex-gen-facts" });
    this.titles = { vae: h("h3", { "data-kind": "vae" }), ae: h("h3", { "data-kind": "ae" }) };
    const { ae } = this;
    const pictures = h("div", { class: "ex-gen-pairs" },
      this.head, this.facts, this.titles.vae, this.twin.element, this.titles.ae, ae.gallery.element, ae.progress.element);
    ae.element.classList.add("ex-gen-comparison");
    ae.element.dataset.part = "comparison";
    ae.element.replaceChildren(ae.head, h("div", { class: "ex-gen-sides" }, pictures,
      h("div", { class: "ex-gen-pairs" }, ae.controls, ae.body, ae.below, ae.message)));
    this.element = ae.element;
  }

  update(change) {
    this.ae.update(change);
    if (change.scene) this.show();
    else if (change.weights) this.twin.paint();
  }

  show() {
    const { words, facts, ae } = store.scene.generate;
    refill(this.head, words, () => [h("h2", {}, words["ae.title"]), h("p", {}, words["ae.what"])]);
    refill(this.facts, facts, () => facts.map(({ kind, sentence }) => h("p", { "data-kind": kind }, kindGlyph(kind), h("span", {}, sentence))));
    refill(this.titles.vae, words, () => [kindGlyph("vae"), words["ae.twin"]]);
    refill(this.titles.ae, words, () => [kindGlyph("ae"), words["ae.own"]]);
    this.titles.vae.hidden = this.twin.element.hidden = !store.side("left").run;
    this.titles.ae.hidden = !ae || Boolean(ae.missing);
    if (store.side("left").run) this.draw();
  }

  async draw() {
    const { seed } = store.scene.view;
    const { words } = store.scene.generate;
    const samples = await this.draws.draw("left", "normal", seed, this.tab.count).catch(() => null); // the left card says why
    if (samples) this.twin.fill(samples, words["ae.twin"], (k) => filled(words.sample, { k: k + 1 }));
  }

  light(k) {
    this.twin.mark({ lit: k });
    this.ae.lightHere(k);
  }
}
