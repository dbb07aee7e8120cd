// A picture that is made of cells: a canvas, the marks above it, and which cell the hand is on.

import { h, say } from "../core/dom.js";
import { cellAt } from "../panel/codegrid.js";
import { colour, kindColour } from "../core/theme.js";
import { widthOf } from "../core/width.js";

const TEXT_FROM = 21; // CSS pixels of a cell: below that a number does not fit into it

export class Cells {
  /** @param settings attributes of the upper canvas, which the hand touches */
  constructor(name, settings = {}) {
    this.canvas = h("canvas", { role: "img", "aria-hidden": "true" });
    this.marks = h("canvas", { class: "ex-bench-marks", ...settings });
    this.label = h("span", { class: "ex-bench-label" });
    this.note = h("span", { class: "ex-bench-note" });
    this.element = h("figure", { class: `ex-bench-cells ex-bench-${name}`, "data-cells": name },
      h("figcaption", {}, this.label),
      h("div", { class: "ex-frame" }, this.canvas, this.marks),
      this.note);
    this.grid = 1;
    this.shown = "";
  }

  name(symbol, words) {
    this.label.replaceChildren(...(symbol ? [h("i", {}, ...symbol)] : []), ` ${words}`);
    say(this.canvas, words);
  }

  /** The cell under a pointer, also of one that has left the picture while it was held. */
  cellOf(event) {
    return cellAt(event, this.grid);
  }

  /** Fills each cell with a colour of `colours`, with a text of `texts` where it fits. */
  drawCells(colours, texts = null) {
    const { context, side, ratio } = scaled(this.canvas);
    const step = side / this.grid;
    colours.forEach((fill, cell) => {
      context.fillStyle = fill;
      const [x, y] = [(cell % this.grid) * step, Math.floor(cell / this.grid) * step];
      context.fillRect(Math.round(x), Math.round(y), Math.ceil(step), Math.ceil(step));
    });
    if (texts && step / ratio >= TEXT_FROM) this.drawTexts(context, texts, step, ratio);
  }

  drawTexts(context, texts, step, ratio) {
    const longest = Math.max(...texts.map((text) => text.length));
    context.font = `${Math.round(Math.min(12 * ratio, (step * 1.5) / Math.max(2, longest)))}px ${colour("--font")}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = "#1b2230"; // every colour of a place is light
    texts.forEach((text, cell) => {
      context.fillText(text, (cell % this.grid + 0.5) * step, (Math.floor(cell / this.grid) + 0.5) * step);
    });
  }

  /**
   * Marks above the picture; drawn anew only if they differ.
   *
   * @param lit cell under the hand; @param alike cells of the same code; @param chosen the cell that stays;
   *   @param edited cells that were painted; @param rect {x, y, w, h} a region; @param box [x0, y0, x1, y1] in pixels of
   *   a picture of `of` pixels
   */
  mark({ lit = null, alike = [], chosen = null, edited = [], rect = null, box = null, of = 1, lines = false }) {
    const { side } = scaled(this.marks, true);
    const signature = JSON.stringify([side, this.grid, lit, alike, chosen, edited, rect, box, lines, colour("--ex-vqvae")]);
    if (signature === this.shown || !side) return;
    this.shown = signature;
    const { context, ratio } = scaled(this.marks);
    const step = side / this.grid;
    const outline = (cell, width, stroke) => this.outline(context, [(cell % this.grid) * step, Math.floor(cell / this.grid) * step, step, step], width * ratio, stroke);
    if (lines) this.drawLines(context, side, step);
    for (const cell of edited) corner(context, (cell % this.grid) * step, Math.floor(cell / this.grid) * step, step);
    for (const cell of alike) outline(cell, 1.25, kindColour("vqvae"));
    if (box) this.drawBox(context, box.map((value) => (value / of) * side), ratio);
    if (rect) this.outline(context, [rect.x * step, rect.y * step, rect.w * step, rect.h * step], 2.5 * ratio, kindColour("vqvae"));
    if (chosen !== null) outline(chosen, 2, colour("--body-text-color"));
    if (lit !== null) outline(lit, 3, kindColour("vqvae"));
  }

  drawLines(context, side, step) {
    context.strokeStyle = "rgb(128 128 128 / 28%)";
    context.lineWidth = 1;
    context.beginPath();
    for (let k = 1; k < this.grid; k++) {
      const at = Math.round(k * step) + 0.5;
      context.moveTo(at, 0);
      context.lineTo(at, side);
      context.moveTo(0, at);
      context.lineTo(side, at);
    }
    context.stroke();
  }

  /** A line with a halo: the pictures below may have any colour. */
  outline(context, [x, y, w, h], width, stroke) {
    for (const [style, line] of [[colour("--ex-plane"), width + 2], [stroke, width]]) {
      context.strokeStyle = style;
      context.lineWidth = line;
      context.strokeRect(x + width / 2, y + width / 2, w - width, h - width);
    }
  }

  drawBox(context, [x0, y0, x1, y1], ratio) {
    context.save();
    context.setLineDash([5 * ratio, 4 * ratio]);
    context.lineWidth = 2 * ratio;
    context.strokeStyle = "#ffffff";
    context.strokeRect(x0 + ratio, y0 + ratio, x1 - x0 - 2 * ratio, y1 - y0 - 2 * ratio);
    context.restore();
  }
}

/** A painted cell has a dark corner. */
function corner(context, x, y, step) {
  context.fillStyle = colour("--body-text-color");
  context.beginPath();
  context.moveTo(x + step, y);
  context.lineTo(x + step, y + 0.3 * step);
  context.lineTo(x + 0.7 * step, y);
  context.fill();
}

/** A canvas as large as it is on screen, cleared unless `measure`. */
function scaled(canvas, measure = false) {
  const ratio = devicePixelRatio || 1;
  const side = Math.round(widthOf(canvas) * ratio);
  if (measure) return { side, ratio };
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, side, side);
  return { context, side, ratio };
}
