// The VQ-VAE's side: three priors over the same codes, from the same noise, and what each of them costs in bits.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { panelName } from "../panel/name.js";
import { Detail } from "./detail.js";
import { Draws } from "./draws.js";
import { Gallery } from "./gallery.js";
import { progress } from "./progress.js";
import { PriorTraining } from "./training.js";
import { heading } from "./vectors.js";
import { filled, tip } from "./words.js";

export class Ladder {
  /** @param tab {seed, count}: what all galleries of the tab share */
  constructor(name, tab) {
    this.name = name;
    this.tab = tab;
    this.rungs = new Map(); // prior -> Rung
    this.held = null; // {prior, k} of the sample that is looked at
    this.onHold = () => {}; // called with (prior, k) when the reader chooses one
    this.detail = new Detail(name);
    this.head = h("header", { class: "ex-side-head" });
    this.list = h("ol", { class: "ex-gen-ladder" });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.element = h("section", { class: "ex-side ex-gen-side", "data-kind": "vqvae" }, this.head, this.message, this.list, this.detail.element);
  }

  get scene() {
    return store.scene.generate.ladder;
  }

  update(change) {
    if (change.scene) this.show(store.side(this.name));
    else if (change.weights) {
      for (const rung of this.rungs.values()) rung.gallery.paint();
      this.showHeld();
    }
  }

  show(side) {
    this.element.setAttribute("aria-label", panelName("right", side));
    refill(this.head, [side.title, side.label, side.run, side.chips], () => heading(side));
    this.message.textContent = side.empty;
    this.message.hidden = !side.empty;
    this.detail.element.hidden = !this.scene;
    if (!this.scene) {
      this.rungs.clear();
      this.list.replaceChildren();
      return;
    }
    const { rungs } = this.scene;
    if (this.run !== side.run || rungs.some(({ prior }) => !this.rungs.has(prior))) this.build(rungs, side.run);
    for (const rung of rungs) this.rungs.get(rung.prior).show(rung);
    const best = rungs.filter(({ missing }) => !missing).at(-1);
    this.held ??= { prior: best.prior, k: 0 };
  }

  build(rungs, run) {
    this.run = run;
    this.held = null;
    for (const rung of this.rungs.values()) rung.stop();
    this.rungs = new Map(rungs.map(({ prior }) => [prior, new Rung(this, prior)]));
    this.list.replaceChildren(...[...this.rungs.values()].map(({ element }) => element));
  }

  hold(prior, k) {
    this.held = { prior, k };
    this.showHeld();
    this.onHold(prior, k);
  }

  /** The sample that is looked at, large, with its neighbours; again for a new seed. */
  showHeld() {
    const rung = this.held && this.rungs.get(this.held.prior);
    for (const [prior, { gallery }] of this.rungs) gallery.mark({ chosen: prior === this.held?.prior ? this.held.k : null });
    const latent = rung?.samples[this.held.k];
    if (!latent) return;
    const key = JSON.stringify([this.run, latent.indices, store.view.lang, store.decoderState(this.name)]);
    if (this.shown === key) return;
    this.shown = key;
    this.detail.show(latent, rung.name(this.held.k), rung.scene.title);
  }

  preview(prior, k) {
    const source = k === null ? this.held : { prior, k };
    const rung = source && this.rungs.get(source.prior);
    const latent = rung?.samples[source.k];
    if (latent) this.detail.preview(latent, rung.name(source.k), rung.scene.title);
  }
}

/** One prior: its name, its bits, its samples. */
class Rung {
  constructor(ladder, prior) {
    this.ladder = ladder;
    this.prior = prior;
    this.samples = [];
    this.gallery = new Gallery(ladder.name, {
      light: (k) => {
        this.gallery.mark({ lit: k });
        ladder.preview(prior, k);
      },
      choose: (k) => ladder.hold(prior, k),
    });
    this.draws = new Draws((done, total) => this.onProgress(done, total));
    this.progress = progress(() => this.stop());
    this.head = h("div", { class: "ex-gen-rung-head" });
    this.note = h("p", { class: "ex-gen-note", role: "status", hidden: true });
    this.training = new PriorTraining();
    this.element = h("li", { class: "ex-gen-rung", "data-prior": prior },
      this.head, this.gallery.element, this.note, this.progress.element, this.training.element);
  }

  get words() {
    return store.scene.generate.words;
  }

  name(k) {
    return filled(this.words.sample, { k: k + 1 });
  }

  show(scene) {
    this.scene = scene;
    refill(this.head, scene, () => [
      h("h3", {}, scene.title),
      scene.bits && h("span", { class: "ex-gen-bits" }, h("b", {}, scene.bits), ` ${this.words.bits}`, tip(this.words.bits, scene.bits_tip)),
      h("p", {}, scene.why),
    ].filter(Boolean));
    this.say(scene.missing);
    this.training.show(scene.train);
    if (!scene.missing) this.draw();
  }

  async draw() {
    const { seed } = store.scene.view;
    const { count } = this.ladder.tab;
    const key = JSON.stringify([this.ladder.run, this.scene.stamp, seed, count, store.view.lang]);
    if (this.drawn === key) return;
    this.drawn = key;
    try {
      const samples = await this.draws.draw(this.ladder.name, this.prior, seed, count);
      if (!samples || this.drawn !== key) return;
      this.samples = samples;
      this.gallery.fill(samples, this.scene.title, (k) => this.name(k));
      this.ladder.showHeld();
    } catch (error) {
      this.drawn = null;
      this.say(error.message);
    }
  }

  stop() {
    this.draws.stop();
    this.progress.hide();
    this.drawn = null; // asked for again by the next change
  }

  onProgress(done, total) {
    if (done < total) this.progress.show(done / total, this.words.drawing);
    else this.progress.hide();
  }

  say(sentence) {
    this.note.textContent = sentence;
    this.note.hidden = !sentence;
  }
}
