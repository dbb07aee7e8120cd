// A latent of vectors: its plane with the prior and the map of holes, samples from the prior, one of them looked at.

import { h, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { panelName } from "../panel/name.js";
import { Detail } from "./detail.js";
import { Draws } from "./draws.js";
import { Gallery } from "./gallery.js";
import { holesScale } from "./holes.js";
import { SamplePlane } from "./plane.js";
import { progress } from "./progress.js";
import { PriorTraining } from "./training.js";
import { filled, tip } from "./words.js";

export class Vectors {
  /**
   * @param name of the side
   * @param key of the scene of this part
   * @param tab {count}: what all galleries of the tab share
   */
  constructor(name, key, tab) {
    this.name = name;
    this.key = key;
    this.tab = tab;
    this.onLight = () => {}; // called with k or null
    this.place = null; // the point that is held where the View holds none for this side
    this.prior = null;
    this.withHoles = true;
    this.samples = [];
    this.plane = new SamplePlane(name, { choose: (k) => this.choose(k), pick: (z) => this.pick(z) });
    this.gallery = new Gallery(name, { light: (k) => this.light(k), choose: (k) => this.choose(k) });
    this.detail = new Detail(name);
    this.progress = progress(() => this.stop());
    this.draws = new Draws((done, total) => this.onProgress(done, total));
    this.head = h("header", { class: "ex-side-head" });
    this.controls = h("div", { class: "ex-gen-controls" });
    this.below = h("div", { class: "ex-gen-below" });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.body = h("div", { class: "ex-gen-vectors" }, this.plane.element, this.detail.element);
    this.training = new PriorTraining();
    this.element = h("section", { class: "ex-side ex-gen-side", "data-kind": name === "ae" ? "ae" : "vae" },
      this.head, this.controls, this.training.element, this.body, this.below, this.message, this.gallery.element, this.progress.element);
  }

  get scene() {
    return store.scene.generate?.[this.key]; // none once another tab is open
  }

  get words() {
    return store.scene.generate?.words ?? {};
  }

  update(change) {
    const side = store.side(this.name);
    if (change.scene) this.show(side);
    else if (change.theme) this.redraw();
    else if (change.weights) this.onWeights();
    else if (change.hover) this.onHover();
  }

  /** A new scene: other runs, another seed, another language, or only another pin. */
  show(side) {
    if (this.run !== side.run) Object.assign(this, { run: side.run, place: null });
    const chips = this.name === "ae" ? [] : side.chips; // the AE is nobody's stand-in here: it is there to be compared
    this.element.setAttribute("aria-label", panelName(this.name, side));
    refill(this.head, [side.title, side.label, side.run, chips], () => heading({ ...side, chips }));
    const missing = this.scene ? this.scene.missing : side.empty;
    this.body.hidden = this.gallery.element.hidden = this.controls.hidden = this.below.hidden = Boolean(missing);
    this.say(missing);
    this.training.show(this.scene?.train ?? "");
    if (missing) return;
    const { priors, holes, disc, no_plane: noPlane } = this.scene;
    const { prior } = store.scene.view;
    const wanted = priors.some(({ id }) => id === prior) ? prior : priors[0].id;
    if (wanted !== this.prior) this.gallery.chosen = null;
    this.prior = wanted;
    const held = this.controls.contains(document.activeElement);
    if (refill(this.controls, [priors, wanted], () => this.priorChoice()) && held) this.controls.querySelector("[aria-pressed=true]")?.focus();
    refill(this.below, [holes, this.withHoles, noPlane], () => this.belowPlane());
    this.body.classList.toggle("ex-gen-no-plane", Boolean(noPlane));
    this.plane.element.hidden = Boolean(noPlane);
    if (!noPlane) {
      this.plane.show({ disc });
      this.plane.update();
    }
    this.fetchHoles();
    this.draw();
    this.showChosen();
  }

  redraw() {
    this.plane.resize(true);
    this.below.dataset.signature = "";
    if (this.scene) refill(this.below, [this.scene.holes, this.withHoles, this.scene.no_plane], () => this.belowPlane());
  }

  onWeights() {
    this.gallery.paint();
    this.showChosen();
  }

  priorChoice() {
    const { priors } = this.scene;
    if (priors.length < 2) return h("p", { class: "ex-gen-note" }, priors[0].tip);
    return h("div", { class: "ex-gen-choice", role: "group", "aria-label": this.words.prior },
      h("span", { class: "ex-gen-choice-label" }, this.words.prior),
      ...priors.map(({ id, label, tip: sentence }) => [
        h("button", {
          type: "button", "aria-pressed": String(id === this.prior), title: sentence,
          onclick: () => store.commit({ prior: id }),
        }, label),
      ]).flat());
  }

  belowPlane() {
    const { holes, no_plane: noPlane } = this.scene;
    if (noPlane) return [h("p", { class: "ex-chip" }, noPlane)];
    if (!holes) return [];
    const choice = (wanted, label) =>
      h("button", { type: "button", "aria-pressed": String(this.withHoles === wanted), onclick: () => this.colourBy(wanted) }, label);
    return [
      h("div", { class: "ex-gen-choice", role: "group", "aria-label": this.words["holes.colours"] },
        h("span", { class: "ex-gen-choice-label" }, this.words["holes.colours"]),
        choice(true, this.words.holes), choice(false, this.words["holes.classes"])),
      this.withHoles ? holesScale(this.words) : "",
      holes.mass
        ? h("p", { class: "ex-gen-mass" }, h("b", {}, holes.mass), ` ${this.words["holes.mass"]}`, tip(this.words["holes.mass"], holes.tip))
        : h("p", { class: "ex-gen-note" }, holes.tip),
      h("p", { class: "ex-caption" }, holes.caption),
    ];
  }

  colourBy(holes) {
    this.withHoles = holes;
    refill(this.below, [this.scene.holes, holes, this.scene.no_plane], () => this.belowPlane());
    this.below.querySelector("[aria-pressed=true]").focus();
    this.fetchHoles();
  }

  async fetchHoles() {
    const { holes } = this.scene;
    if (!holes || !this.withHoles) {
      this.plane.show({ holes: null });
      return;
    }
    const buffer = await store.bytes(holes.address).catch(() => null);
    if (!buffer || this.scene?.holes?.address !== holes.address || !this.withHoles) return;
    this.plane.show({ holes: { ...holes, ratio: new Float32Array(buffer) } });
  }

  async draw() {
    const { seed } = store.scene.view;
    const { count } = this.tab;
    const key = JSON.stringify([this.scene.stamp, this.prior, seed, count, store.view.lang]);
    if (this.drawn === key) return;
    this.drawn = key;
    try {
      const samples = await this.draws.draw(this.name, this.prior, seed, count);
      if (!this.scene) this.drawn = null; // drawn when the reader comes back
      else if (samples && this.drawn === key) this.fill(samples);
    } catch (error) {
      this.drawn = null;
      this.say(error.message);
    }
  }

  fill(samples) {
    this.samples = samples;
    this.gallery.fill(samples, this.words["samples.vectors"], (k) => filled(this.words.sample, { k: k + 1 }));
    if (!this.scene.no_plane) this.plane.show({ samples });
    this.showChosen();
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
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }

  // --- what is looked at

  /** A point of the plane is held: in the View, and so in the link, where it is the left run's. */
  pick(point) {
    if (this.name === "left") store.commit({ z: point ?? [] });
    else {
      this.place = point;
      this.showChosen();
    }
  }

  get picked() {
    return this.name === "left" ? store.pins(this.name).z : this.place;
  }

  choose(k) {
    this.gallery.mark({ chosen: k });
    if (this.picked) this.pick(null);
    else this.showChosen();
  }

  /** What is held: a pinned place, else the chosen sample, else the first. */
  held() {
    const z = this.picked;
    if (z) return { latent: z, title: this.words.pinned, note: coordinates(z), sample: null };
    const k = this.gallery.chosen ?? 0;
    const latent = this.samples[k];
    return latent && { latent, title: filled(this.words.sample, { k: k + 1 }), note: coordinates(latent), sample: k };
  }

  showChosen() {
    const held = this.samples.length ? this.held() : null;
    if (!held) return;
    this.plane.show({ chosen: held.sample, picked: this.picked });
    this.gallery.mark({ chosen: held.sample });
    const key = JSON.stringify([store.side(this.name).run, held.latent, store.view.lang, store.decoderState(this.name)]);
    if (this.shown === key) return;
    this.shown = key;
    this.detail.show(held.latent, held.title, held.note);
  }

  light(k) {
    this.onLight(k);
    this.lightHere(k);
  }

  lightHere(k) {
    this.plane.show({ lit: k });
    this.gallery.mark({ lit: k });
    if (k === null) this.back();
    else this.detail.preview(this.samples[k], filled(this.words.sample, { k: k + 1 }), coordinates(this.samples[k]));
  }

  onHover() {
    const { z } = store.hover;
    const point = z?.side === this.name ? z.point : null;
    if (!point) {
      if (this.hovering) this.light(null);
      this.hovering = false;
      return;
    }
    this.hovering = true;
    const k = this.plane.sampleAt(point);
    if (k !== null) this.light(k);
    else {
      this.gallery.mark({ lit: null });
      this.plane.show({ lit: null });
      this.detail.preview(point, this.words.pointer, coordinates(point));
    }
  }

  back() {
    const held = this.samples.length ? this.held() : null;
    if (held) this.detail.preview(held.latent, held.title, held.note);
  }
}

export function heading({ title, label, run, kind, chips }) {
  return [
    h("h2", {}, kindGlyph(kind), title, " ", h("span", { class: "ex-run-label" }, label)),
    h("code", { class: "ex-run" }, run),
    ...chips.map((sentence) => h("p", { class: "ex-chip" }, sentence)),
  ];
}

/** A point as it is written; a latent of many numbers is not. */
export function coordinates(z) {
  if (z.length !== 2) return "";
  const [x, y] = z.map((value) => value.toFixed(2).replace("-", "−"));
  return `z = (${x}, ${y})`;
}
