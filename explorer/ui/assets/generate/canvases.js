// The two pictures of "code by code": the grid of codes with who wrote each, and the picture so far.

import { h } from "../core/dom.js";
import { colour, kindColour } from "../core/theme.js";

const CELL = 28; // canvas pixels of one cell

/** The grid of codes as buttons over a canvas: each cell can be looked at. @param onPick(cell) */
export class CodeGrid {
  constructor(onPick) {
    this.onPick = onPick;
    this.element = h("div", { class: "ex-gen-grid", role: "grid" });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.side = 0;
  }

  show({ codes, by, at }, side, words, name) {
    this.element.setAttribute("aria-label", words["walk.grid"]);
    if (this.side !== side) this.build(side);
    [...this.element.querySelectorAll("button")].forEach((cell, j) => {
      cell.dataset.by = j <= at ? by[j] : "";
      cell.textContent = j <= at ? `${codes[j]}` : "";
      cell.classList.toggle("ex-gen-at", j === at);
      cell.tabIndex = j === at ? 0 : -1;
      cell.setAttribute("aria-label", name(j));
      cell.setAttribute("aria-current", String(j === at));
    });
  }

  build(side) {
    this.side = side;
    this.element.style.setProperty("--ex-cells", side);
    const cells = Array.from({ length: side * side }, (_, j) =>
      h("button", { type: "button", role: "gridcell", onclick: () => this.onPick(j) }));
    const rows = Array.from({ length: side }, (_, row) => h("div", { role: "row" }, ...cells.slice(row * side, (row + 1) * side)));
    this.element.replaceChildren(...rows);
  }

  onKey(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.side, ArrowDown: this.side }[event.key];
    const cells = [...this.element.querySelectorAll("button")];
    const target = cells[cells.indexOf(event.target) + (step ?? NaN)];
    if (!target) return;
    event.preventDefault();
    target.focus();
    this.onPick(cells.indexOf(target));
  }
}

/** Veils the cells that are not written and outlines the one that is looked at. */
export function drawVeil(canvas, at, side) {
  canvas.width = canvas.height = side * CELL;
  const context = canvas.getContext("2d");
  context.fillStyle = colour("--background-fill-secondary");
  context.globalAlpha = 0.82;
  for (let j = at + 1; j < side * side; j++) context.fillRect((j % side) * CELL, Math.floor(j / side) * CELL, CELL, CELL);
  context.globalAlpha = 1;
  context.strokeStyle = kindColour("vqvae");
  context.lineWidth = 4;
  context.strokeRect((at % side) * CELL + 2, Math.floor(at / side) * CELL + 2, CELL - 4, CELL - 4);
}
