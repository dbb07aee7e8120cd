// Code by code: one image appears as the prior writes its codes, and the reader may take the pen.

import { bytesOf, h, paintPixels, refill, say } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { Bars, percent } from "./bars.js";
import { CodeGrid, drawVeil } from "./canvases.js";
import { pictureOf, shapeOf } from "./gallery.js";
import { Pen } from "./pen.js";
import { Weights } from "./weights.js";
import { filled } from "./words.js";
import { Writing } from "./writing.js";

const PATCH = 3; // a bar's picture shows the cell and one cell around it

export class Walk {
  constructor(name) {
    this.name = name;
    this.writing = new Writing(name, { changed: () => this.draw(), failed: (sentence) => this.say(sentence) });
    this.pen = new Pen(this);
    this.bars = new Bars((code) => this.override(code));
    this.weights = new Weights({ pick: (code) => this.override(code), over: (code) => this.noteWeights(code) });
    this.grid = new CodeGrid((cell) => this.go(cell));
    this.picture = h("canvas", { role: "img", "aria-hidden": "true", width: 1, height: 1 });
    this.veil = h("canvas", { class: "ex-gen-veil", "aria-hidden": "true" });
    this.original = h("canvas", { role: "img", "aria-hidden": "true", width: 1, height: 1 });
    this.originalFigure = h("figure", { hidden: true }, this.original, h("figcaption", {}));
    this.head = h("header", { class: "ex-gen-walk-head" });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.captions = Object.fromEntries(["picture", "grid", "bars", "weights"].map((key) => [key, h("figcaption", {})]));
    this.number = h("form", { class: "ex-gen-number", onsubmit: (event) => this.byNumber(event) });
    this.body = h("div", { class: "ex-gen-walk-body" },
      h("figure", { class: "ex-gen-so-far" }, h("div", { class: "ex-gen-stack" }, this.picture, this.veil), this.captions.picture, this.originalFigure),
      h("figure", {}, this.grid.element, this.captions.grid),
      h("figure", { class: "ex-gen-next" }, this.captions.bars, this.bars.element, this.number),
      h("figure", {}, this.weights.element, this.captions.weights));
    this.element = h("section", { class: "ex-side ex-gen-walk", "data-kind": "vqvae", "data-part": "walk" }, this.head, this.message, this.pen.element, this.body);
    this.element.explorer = this;
    this.drawn = 0; // pictures so far, for the tests
    this.started = "";
    this.sample = 0;
  }

  get scene() {
    return store.scene.generate?.walk; // none once another tab is open
  }

  get words() {
    return store.scene.generate?.words ?? {};
  }

  update(change) {
    if (change.scene) this.show();
    else if (change.weights || change.theme) this.draw();
  }

  show() {
    const { scene } = this;
    const missing = scene ? scene.missing : store.side(this.name).empty;
    refill(this.head, this.words, () => [h("h2", {}, kindGlyph("vqvae"), this.words["walk.title"]), h("p", {}, this.words["walk.what"])]);
    this.pen.element.hidden = this.body.hidden = Boolean(missing);
    this.say(missing);
    if (missing) {
      this.pen.pause();
      this.writing.clear();
      this.started = "";
      return;
    }
    const changed = this.writing.take(this.settings);
    this.pen.show(scene);
    refill(this.number, [this.words, scene.codes], () => this.numberField(scene.codes));
    if (!this.begin() && changed) this.writing.again();
  }

  /** Temperature, top-k and class of the View, as far as this prior knows them. */
  get settings() {
    const { temperature, top_k: topK, label } = store.scene.view;
    const { codes, classes } = this.scene;
    return { temperature, top_k: Math.min(topK, codes), label: label !== null && label < classes.length ? label : null };
  }

  /** The sample of the learned prior's gallery that is written here. */
  write(sample) {
    this.sample = sample;
    if (this.scene && !this.scene.missing) this.begin();
  }

  /** Begins, if something it is made from has changed: run, prior, seed, sample, or the image whose top half stands. */
  begin(again = false) {
    const { seed, image } = store.scene.view;
    const given = this.pen.fromImage ? this.topHalf() : [];
    const key = JSON.stringify([store.side(this.name).run, this.scene.stamp, seed, this.sample, this.pen.fromImage && image]);
    if (this.started === key && !again) {
      this.draw();
      return false;
    }
    this.started = key;
    this.pen.pause();
    this.say("");
    const half = Math.floor((this.scene.grid * this.scene.grid) / 2);
    this.writing.start({ seed, sample: this.sample }, given, given.length || (again ? 0 : half));
    return true;
  }

  /** Codes of the upper rows of the selected image. */
  topHalf() {
    const { grid, rows } = this.scene;
    return store.side(this.name).plane.selected.indices.slice(0, grid * rows);
  }

  go(cell) {
    this.pen.pause();
    this.writing.go(cell);
  }

  override(code) {
    this.pen.pause();
    this.writing.override(code);
  }

  byNumber(event) {
    event.preventDefault();
    const field = this.number.querySelector("input");
    const code = Number(field.value);
    if (field.value !== "" && Number.isInteger(code) && code >= 0 && code < this.scene.codes) this.override(code);
    field.value = "";
  }

  numberField(count) {
    return [
      h("label", { for: "ex-gen-code" }, this.words["walk.number"]),
      h("input", { id: "ex-gen-code", type: "number", min: 0, max: count - 1, step: 1, inputmode: "numeric" }),
      h("button", { type: "submit", class: "ex-gen-button" }, this.words["walk.put"]),
    ];
  }

  // --- drawing

  async draw() {
    const { writing, scene, words } = this;
    if (!scene || scene.missing || !writing.size) return;
    const { at, codes, by } = writing;
    const weights = writing.weights[at];
    this.pen.mark();
    this.element.classList.toggle("ex-gen-thinking", writing.waiting);
    this.grid.show(writing, scene.grid, words, (cell) => this.nameOf(cell));
    this.bars.show(weights, codes[at], words);
    const place = { cell: at + 1, total: codes.length };
    this.captions.picture.textContent = filled(words[at + 1 < codes.length ? "walk.so_far" : "walk.whole"], place);
    this.captions.grid.textContent = words["walk.who"];
    this.captions.bars.textContent = filled(words[`walk.bars.${by[at]}`], { ...place, code: codes[at] });
    this.noteWeights(this.weights.lit);
    const codebook = await store.codebook(this.name).catch(() => null);
    if (!codebook || writing.at !== at || !this.scene) return;
    this.weights.show(codebook, weights, codes[at], this.captions.weights.textContent);
    await this.drawPicture(codebook);
    if (!this.pen.playing) this.drawPatches(codebook);
  }

  /** What is written so far; cells that are not yet hold the code that is used most. */
  partial(codebook, at, code = null) {
    const { codes } = this.writing;
    const fill = codebook.hits.indexOf(Math.max(...codebook.hits));
    const indices = codes.map((written, j) => (j <= at ? written : fill));
    if (code !== null) indices[at] = code;
    return { indices, codebook };
  }

  async drawPicture(codebook) {
    const { at } = this.writing;
    const shape = shapeOf(this.name);
    const state = store.decoderState(this.name);
    if (!shape || state === "loading" || state === "failed") return;
    const values = await pictureOf(this.name, this.partial(codebook, at));
    if (at !== this.writing.at || !this.scene) return; // another tab was opened meanwhile
    paintPixels(this.picture, values, ...shape, 255);
    say(this.picture, this.captions.picture.textContent);
    drawVeil(this.veil, at, this.scene.grid);
    this.drawOriginal(shape);
    this.drawn += 1;
  }

  drawOriginal([width, height, channels]) {
    this.originalFigure.hidden = !this.pen.fromImage;
    if (!this.pen.fromImage) return;
    const { pixels, label } = store.side(this.name).panel.original;
    paintPixels(this.original, bytesOf(pixels), width, height, channels);
    say(this.original, label);
    this.originalFigure.lastChild.textContent = label;
  }

  /** Beside each bar: what its code would draw in this cell. */
  async drawPatches(codebook) {
    const { at } = this.writing;
    const shape = shapeOf(this.name);
    if (!shape || store.decoderState(this.name) !== "ready") return;
    for (const { code, canvas } of this.bars.pictures()) {
      const values = store.decode(this.name, this.partial(codebook, at, code));
      if (values) paintPatch(canvas, values, shape, at, this.scene.grid);
      await new Promise(requestAnimationFrame);
      if (at !== this.writing.at || !this.scene) return;
    }
  }

  noteWeights(code) {
    const { words, writing, scene } = this;
    const weights = writing.weights[writing.at];
    const lit = code !== null && weights;
    this.captions.weights.textContent = lit
      ? filled(words["walk.bar"], { code, share: percent(weights[code]) })
      : words[scene.projected ? "walk.plane.projected" : "walk.plane"];
  }

  nameOf(cell) {
    const { codes, by, at } = this.writing;
    const params = { row: Math.floor(cell / this.scene.grid) + 1, column: (cell % this.scene.grid) + 1, code: codes[cell] };
    return filled(this.words[cell <= at ? `walk.cell.${by[cell]}` : "walk.cell.empty"], params);
  }

  say(sentence) {
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }
}

/** The cell and its neighbours, cut out of a picture; what lies outside of it stays empty. */
function paintPatch(canvas, values, [width, height, channels], at, grid) {
  const cell = width / grid;
  const size = PATCH * cell;
  const [left, top] = [((at % grid) - 1) * cell, (Math.floor(at / grid) - 1) * cell];
  const patch = new Float32Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [px, py] = [left + x, top + y];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      for (let c = 0; c < channels; c++) patch[(y * size + x) * channels + c] = values[(py * width + px) * channels + c];
    }
  }
  paintPixels(canvas, patch, size, size, channels, 255);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, -left, size);
  context.clearRect(0, 0, size, -top);
  context.clearRect(width - left, 0, size, size);
  context.clearRect(0, height - top, size, size);
}
