// Rows of nine pictures from one image to another: who they are of, what decodes, what the classifier makes of it.

import { latest } from "../core/ask.js";
import { bytesOf, h, paintPixels, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { Pair } from "./pair.js";
import { drawPaths, forgetPaths } from "./paths.js";

const KINDS = ["ae", "vae", "vqvae", "fade"];
const FIGURES = ["ratio", "largest", "middle"];
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Rows {
  constructor() {
    this.near = false; // whether a reader is near the rows
    this.drawn = false; // whether their ways are drawn on the planes
    this.ask = latest("between");
    this.asked = ""; // the question whose answer is shown or under way
    this.answer = null;
    this.drawing = 0;
    this.painted = 0; // rows painted, for the tests
    this.step = null; // the picture that is pointed at
    this.held = null; // the one that was clicked
    this.pair = new Pair();
    this.head = h("div", { class: "ex-btw-head" });
    this.grid = h("div", { class: "ex-btw-grid", onkeydown: (event) => this.onKey(event), onpointerleave: () => this.point(null) });
    this.grid.addEventListener("focusout", (event) => this.grid.contains(event.relatedTarget) || this.point(null));
    this.say = h("p", { class: "ex-btw-answer", "aria-live": "polite" });
    this.halves = h("ul", { class: "ex-btw-halves" });
    this.eye = h("p", { class: "ex-caption" });
    this.element = h("section", { class: "ex-btw-rows" }, this.head, this.pair.element, this.grid, this.say, this.halves, this.eye);
    this.element.explorer = this; // the debug hook of the tests
  }

  get scene() {
    return store.scene.between;
  }

  /** The runs on the page: the latents of an answer fit no other decoder. */
  get runs() {
    return JSON.stringify(Object.values(this.scene?.sides ?? {}).map((name) => store.side(name).run));
  }

  update(change) {
    if (change.scene) {
      const { words } = this.scene;
      refill(this.head, [words.title, words.lead], () => [h("h2", {}, words.title), h("p", { class: "ex-caption" }, words.lead)]);
      this.pair.update();
      this.look();
    } else if (change.weights) this.paint();
    else if (change.theme) this.mark();
  }

  /** The section is in sight, or out of it, or about something else. */
  look() {
    const told = store.scene.guide?.open?.name === "between"; // the guide goes to rows that are there
    if (this.near || told || this.scene.chosen) this.question(); // a pair that was chosen shows on the planes at once
    else if (this.answer && this.answer.lang !== store.scene.view.lang) this.forget();
    this.mark();
  }

  async question() {
    const { images, sides } = this.scene;
    const runs = Object.fromEntries(Object.entries(sides).map(([kind, name]) => [kind, store.side(name).run]));
    const params = { data: store.scene.view.data, image: images[0].id, image_b: images[1].id, ...runs };
    const { lang } = store.scene.view;
    const asked = JSON.stringify([params, lang]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.element.classList.add("ex-btw-waiting");
    if (!this.answer) this.say.textContent = this.scene.words.loading;
    try {
      const answer = await this.ask(params);
      if (!answer || this.asked !== asked) return;
      this.answer = { ...answer, runs: this.runs, lang };
      if (lang === store.scene.view.lang) this.fill();
      else this.forget(); // it changed while the rows were out of sight
    } catch (error) {
      if (this.asked !== asked) return;
      this.forget(error.message);
      this.mark();
    } finally {
      if (this.asked === asked || !this.asked) this.element.classList.remove("ex-btw-waiting");
    }
  }

  /** Never another pair's rows, nor another language's sentences. */
  forget(instead = "") {
    this.asked = "";
    this.answer = null;
    this.grid.replaceChildren();
    delete this.grid.dataset.signature;
    this.say.textContent = instead;
    delete this.say.dataset.signature;
    this.halves.hidden = true;
    this.eye.textContent = "";
  }

  fill() {
    const { answer } = this;
    this.held = this.step = null;
    refill(this.grid, [this.asked], () => [this.titles(), ...KINDS.filter((kind) => answer.rows[kind]).map((kind) => this.row(kind))]);
    refill(this.say, [answer.question, answer.answer], () => [h("b", {}, answer.question), ` ${answer.answer}`]);
    refill(this.halves, answer.halves, () => answer.halves.map((sentence) => h("li", {}, sentence)));
    this.halves.hidden = !answer.halves.length;
    this.eye.textContent = answer.eye;
    this.mark();
    this.paint();
  }

  titles() {
    const { words } = this.scene;
    const titles = FIGURES.map((key) =>
      h("div", { class: "ex-btw-title" }, words[key], tip(words[key], words[`${key}.tip`])));
    return h("div", { class: "ex-btw-titles" }, h("span"), h("span"), ...titles);
  }

  row(kind) {
    const { words, sides } = this.scene;
    const side = kind === "fade" ? { title: words.fade, label: words["fade.name"] } : store.side(sides[kind]);
    const { figures, classes, confidence, steps: total } = this.answer.rows[kind];
    const picture = (step) => {
      const cls = store.scene.classes[classes[step]];
      const seen = step in confidence; // not where the set has no classifier
      const said = { model: side.title, step: step + 1, total, cls, confidence: Math.round(100 * confidence[step]) };
      const label = store.t(seen ? "client.between.picture" : "client.between.unseen", said);
      return h("button", {
        type: "button", class: "ex-btw-picture", "data-step": step, "aria-label": label, title: label, tabindex: -1,
        onpointerenter: (event) => event.pointerType === "mouse" && this.point(step),
        onfocus: () => this.point(step),
        onclick: () => this.hold(step),
      }, h("canvas", { width: 1, height: 1 }),
      seen ? h("span", { class: "ex-btw-sure", style: `--sure: ${confidence[step]}; background: var(--ex-class-${classes[step] % 10})` }) : null);
    };
    return h("div", { class: "ex-btw-row", "data-kind": kind },
      h("div", { class: "ex-btw-model" }, kind === "fade" ? null : kindGlyph(kind), h("b", {}, side.title), h("span", {}, side.label)),
      h("div", { class: "ex-btw-pictures", role: "group", "aria-label": side.title }, ...Array.from({ length: total }, (_, step) => picture(step))),
      ...FIGURES.map((key) => h("div", { class: "ex-btw-figure", "data-figure": key, "data-label": words[key] }, figures[key])));
  }

  /** One row in each frame, so that decoding never holds up the page; a newer call ends an older one. */
  async paint() {
    this.drawing += 1;
    this.painted = 0;
    const mine = this.drawing;
    if (this.answer?.runs !== this.runs) return; // rows of other runs are on their way
    const codebook = this.scene.sides.vqvae ? await store.codebook(this.scene.sides.vqvae).catch(() => null) : null;
    for (const row of this.grid.querySelectorAll(".ex-btw-row")) {
      if (mine !== this.drawing || this.answer?.runs !== this.runs) return;
      if (this.paintRow(row, codebook)) this.painted += 1;
      await new Promise(requestAnimationFrame);
    }
  }

  paintRow(row, codebook) {
    const { kind } = row.dataset;
    const { latents, pixels } = this.answer.rows[kind];
    const { width, height, channels } = Object.values(store.scene.sides).find((side) => side.panel)?.panel.original ?? {};
    if (!width) return false;
    const canvases = [...row.querySelectorAll("canvas")];
    const size = width * height * channels;
    const ready = pixels && bytesOf(pixels);
    return canvases.map((canvas, step) => {
      if (ready) {
        paintPixels(canvas, ready.subarray(step * size, (step + 1) * size), width, height, channels);
        return true;
      }
      const latent = kind === "vqvae" ? codebook && { indices: latents[step], codebook } : latents[step];
      const image = latent && store.decode(this.scene.sides[kind], latent);
      if (image) paintPixels(canvas, image, width, height, channels, 255);
      return !!image;
    }).every(Boolean);
  }

  point(step) {
    if (this.step === step) return;
    this.step = step;
    this.mark();
  }

  hold(step) {
    this.held = this.held === step ? null : step;
    this.mark();
  }

  /** Lights one picture of each row, and shows where they lie. */
  mark() {
    const step = this.step ?? this.held;
    for (const button of this.grid.querySelectorAll(".ex-btw-picture")) {
      const mine = Number(button.dataset.step);
      button.classList.toggle("ex-btw-lit", mine === step);
      button.setAttribute("aria-pressed", String(mine === this.held));
    }
    const focusable = this.grid.querySelector(".ex-btw-picture:focus") ?? this.grid.querySelector(`[data-step="${step ?? 0}"]`);
    for (const button of this.grid.querySelectorAll("[tabindex='0']")) button.tabIndex = -1;
    if (focusable) focusable.tabIndex = 0;
    if (this.answer && (this.drawn || this.scene.chosen)) drawPaths(this.answer.rows, this.scene.sides, step, this.scene.chosen);
    else forgetPaths();
  }

  onKey(event) {
    const at = event.target.closest(".ex-btw-picture");
    const move = STEPS[event.key];
    if (!at || !(move || event.key === "Escape")) return;
    event.preventDefault();
    if (!move) {
      this.held = null;
      this.mark();
      return;
    }
    const rows = [...this.grid.querySelectorAll(".ex-btw-row")];
    const row = rows[rows.indexOf(at.closest(".ex-btw-row")) + move[0]];
    row?.querySelector(`[data-step="${Number(at.dataset.step) + move[1]}"]`)?.focus({ preventScroll: true });
  }
}
