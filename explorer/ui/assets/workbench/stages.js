// Picture → encoder features → codes → quantised → picture: the same cells in each, lit together.

import { bytesOf, h, paintPixels } from "../core/dom.js";
import { store } from "../core/store.js";
import { formula } from "../core/symbols.js";
import { cellsBetween } from "./bench.js";
import { Cells } from "./cells.js";
import { decodeAnywhere, decodeNow, shapeOf } from "./decode.js";
import { number, t } from "./words.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEPT = 1000; // timings

export class Stages {
  constructor(board) {
    this.board = board;
    this.original = new Cells("original");
    this.features = new Cells("features");
    this.codes = new Cells("codes", { tabindex: "0", role: "application" });
    this.quantized = new Cells("quantized");
    this.decoded = new Cells("decoded");
    this.all = [this.original, this.features, this.codes, this.quantized, this.decoded];
    this.arrows = [arrow(), arrow(), arrow(), arrow()];
    this.readout = h("p", { class: "ex-bench-readout", "aria-live": "polite" });
    this.key = h("p", { class: "ex-bench-key" });
    this.flow = h("div", { class: "ex-bench-flow" },
      ...this.all.flatMap((cells, k) => (k ? [this.arrows[k - 1], cells.element] : [cells.element])));
    this.element = h("div", {}, this.flow, this.readout, this.key);
    for (const cells of this.all) this.listen(cells);
    this.codes.marks.addEventListener("keydown", (event) => this.onKey(event));
    this.codes.marks.addEventListener("blur", () => this.board.hover(null));
    this.painting = null; // {cells, last} while a stroke is under way
  }

  /** A new scene: names, sizes, and the pictures that do not change under the hand. */
  update() {
    const { plane, panel } = this.board.side;
    for (const cells of this.all) cells.grid = plane.grid;
    this.original.name(formula("x"), t("workbench.stage.original"));
    this.features.name(sub("z", "e", "ze"), t("workbench.stage.features"));
    this.codes.name("k", t("workbench.stage.codes"));
    this.quantized.name(sub("z", "q", "e"), t("workbench.stage.quantized"));
    this.decoded.name(formula("x̂"), t("workbench.stage.decoded"));
    this.codes.marks.setAttribute("aria-label", t("workbench.grid.label", { rows: plane.grid, columns: plane.grid }));
    const steps = [t("workbench.arrow.encoder"), t("workbench.arrow.nearest"), t("workbench.arrow.lookup"), t("workbench.arrow.decoder")];
    const symbols = ["E(x)", "argminₖ\n‖zₑ − eₖ‖", "eₖ", "D(z_q)"];
    this.arrows.forEach((element, k) => element.replaceChildren(h("b", {}, steps[k]), h("i", {}, ...formula(symbols[k]))));
    const { pixels, width, height, channels } = panel.original;
    paintPixels(this.original.canvas, bytesOf(pixels), width, height, channels);
    this.key.textContent = keySentence(plane);
  }

  draw() {
    const { places, side, bench } = this.board;
    const { vectors } = side.plane.selected;
    this.features.drawCells(Array.from(bench.base, (code, cell) => (vectors[cell] ? places.at(...vectors[cell]) : places.of(code))));
    this.drawGrid();
    this.mark();
  }

  /** What a painted cell changes: codes, quantised vectors, and the decoded picture. */
  drawGrid() {
    const { bench, places } = this.board;
    const colours = Array.from(bench.codes, (code) => places.of(code));
    this.codes.drawCells(colours, Array.from(bench.codes, String));
    this.quantized.drawCells(colours);
    this.drawDecoded();
  }

  drawDecoded() {
    const { bench, codebook } = this.board;
    const state = store.decoderState("right");
    this.decoded.note.textContent = state === "failed" ? store.t("client.weights_failed") : "";
    if (state === "none") this.drawFromServer();
    else this.paint(decodeNow("right", { indices: bench.codes, codebook }));
  }

  paint(image) {
    const { width, height, channels } = shapeOf("right");
    const { canvas } = this.decoded;
    if (image) paintPixels(canvas, image, width, height, channels, 255);
    else canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height); // never the last run's picture
  }

  /** Too large a decoder for a browser: the newest grid wins. */
  async drawFromServer() {
    const asked = this.board.bench.codes.join();
    try {
      const image = await decodeAnywhere("right", { indices: this.board.bench.codes });
      if (asked === this.board.bench.codes.join()) this.paint(image);
    } catch (error) {
      this.decoded.note.textContent = error.message;
    }
  }

  /** The same place in all of them. */
  mark() {
    const { bench, chosen } = this.board;
    if (!bench) return;
    const { cell, code } = store.hover;
    const alike = code === null ? [] : indicesOf(bench.codes, code);
    const edited = [...bench.codes.keys()].filter((k) => bench.codes[k] !== bench.base[k]);
    const rect = this.board.source.ghost();
    const common = { lit: cell, chosen, alike };
    for (const cells of [this.original, this.features]) cells.mark({ ...common, lines: cells === this.original });
    for (const cells of [this.codes, this.quantized]) cells.mark({ ...common, edited, rect });
    this.decoded.mark({ ...common, rect, lines: true });
    this.readout.textContent = this.read(cell ?? chosen);
  }

  /** What stands at a cell, in one line. */
  read(cell) {
    const { bench, codebook, side } = this.board;
    const [code, own] = [bench.codes[cell], bench.base[cell]];
    const params = { row: Math.floor(cell / bench.grid) + 1, column: (cell % bench.grid) + 1, code, own, hits: codebook.hits[code].toLocaleString() };
    const place = t("workbench.read.cell", params);
    const what = t(codebook.hits[code] ? "workbench.read.code" : "workbench.read.dead", params);
    const painted = code === own ? "" : t("workbench.read.painted", params);
    return [place, this.readVectors(cell, code, side.plane), what, painted].filter(Boolean).join(" · ");
  }

  readVectors(cell, code, plane) {
    const z = plane.selected.vectors[cell];
    if (!z || plane.projected) return "";
    const { vectors } = this.board.codebook;
    const e = [vectors[2 * code], vectors[2 * code + 1]];
    const pair = ([x, y]) => `(${number(x)}, ${number(y)})`;
    return t("workbench.read.vectors", { z: pair(z), e: pair(e), distance: number(Math.hypot(z[0] - e[0], z[1] - e[1])) });
  }

  // --- the hand

  listen(cells) {
    const { marks } = cells;
    const still = cells === this.original || cells === this.features; // there is nothing to paint on them
    marks.addEventListener("pointermove", (event) => {
      if (this.painting) this.go(cells, event);
      else if (event.pointerType === "mouse" && this.board.bench) this.board.hover(cells.cellOf(event));
    });
    marks.addEventListener("pointerleave", () => this.painting || this.board.hover(null));
    marks.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && this.board.bench && this.board.tool === "paint" && !still) this.begin(cells, event);
    });
    marks.addEventListener("click", (event) => {
      // a finger that scrolls ends in no click
      if (!this.board.bench || (this.board.tool === "paint" && !still)) return;
      const cell = cells.cellOf(event);
      if (!still) this.board.apply([cell]);
      this.board.choose(cell);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      marks.addEventListener(name, (event) => {
        this.finish();
        if (event.pointerType !== "mouse") this.board.hover(null);
      });
    }
  }

  begin(cells, event) {
    const started = performance.now();
    const cell = cells.cellOf(event);
    const { board } = this;
    cells.marks.setPointerCapture(event.pointerId);
    this.painting = { cells, last: cell };
    board.chosen = cell;
    board.bench.begin();
    board.apply([cell]);
    this.time(started);
  }

  go(cells, event) {
    const started = performance.now();
    const cell = cells.cellOf(event);
    if (this.painting.last === cell || !this.board.bench) return;
    this.board.apply(cellsBetween(this.painting.last, cell, this.board.bench.grid), false);
    this.painting.last = this.board.chosen = cell;
    this.time(started);
  }

  finish() {
    if (!this.painting) return;
    this.painting = null;
    if (!this.board.bench) return;
    this.board.bench.end();
    this.board.choose(this.board.chosen);
    this.board.tools.show();
  }

  time(started) {
    const { timings } = this.board;
    timings.push(performance.now() - started);
    if (timings.length > KEPT) timings.shift();
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.board.bench) return;
    const { board } = this;
    if (event.key in STEPS) {
      this.walk(STEPS[event.key]);
      if (event.shiftKey && board.tool === "paint") this.stroke(board.chosen);
    } else if (event.key === "Enter" || event.key === " ") this.stroke(board.chosen);
    else if (event.key.toLowerCase() === "p") board.pick(board.bench.codes[board.chosen], true);
    else if (event.key === "Escape") board.hover(null);
    else return;
    event.preventDefault();
  }

  walk([dx, dy]) {
    const { board } = this;
    const { grid } = board.bench;
    const within = (value) => Math.min(grid - 1, Math.max(0, value));
    const cell = within(Math.floor(board.chosen / grid) + dy) * grid + within((board.chosen % grid) + dx);
    board.choose(cell);
    board.hover(cell);
  }

  /** The tool on one cell, as one step. */
  stroke(cell) {
    const { bench, tool } = this.board;
    if (tool === "paint") bench.begin();
    this.board.apply([cell]);
    if (tool === "paint") bench.end();
    this.board.hover(cell);
  }
}

function keySentence({ codes: [, size], projected, projection }) {
  if (size === 1) return t("workbench.key.number");
  return t(projected ? "workbench.key.projected" : "workbench.key.plane", { size, method: projection?.method.toUpperCase() });
}

const sub = (letter, index, symbol) => [h("span", { class: `ex-sym-${symbol}` }, letter, h("sub", {}, index))];

const arrow = () => h("div", { class: "ex-bench-arrow" });

function indicesOf(codes, code) {
  const cells = [];
  codes.forEach((value, cell) => value === code && cells.push(cell));
  return cells;
}
