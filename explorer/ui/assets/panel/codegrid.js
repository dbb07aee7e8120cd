// The selected image as a grid of codes, a shade for each code; the lit one in the codebook's colour.

import { store } from "../core/store.js";
import { colour, kindColour } from "../core/theme.js";
import { fitted } from "./picture.js";

const CELL = 16; // canvas pixels of one cell

/** The code that is pointed at, else the one that is pinned. */
export const litCode = (name) => store.hovered(name) ?? store.pins(name).code;

export function drawCodeGrid(canvas, name) {
  const { grid } = store.side(name).plane;
  const lit = litCode(name);
  const context = canvas.getContext("2d");
  canvas.width = canvas.height = grid * CELL;
  store.indices(name).forEach((index, cell) => {
    context.fillStyle = index === lit ? kindColour("vqvae") : shade(index);
    context.globalAlpha = lit === null || index === lit ? 1 : 0.45;
    context.fillRect((cell % grid) * CELL, Math.floor(cell / grid) * CELL, CELL - 1, CELL - 1);
  });
}

/** Outlines cells on a picture: a code is a patch. */
export function outlineCells(overlay, grid, cells, width = 2) {
  const fit = fitted(overlay);
  if (!fit) return;
  const step = fit.size / grid;
  fit.context.strokeStyle = kindColour("vqvae");
  fit.context.lineWidth = width;
  for (const cell of cells) {
    const [x, y] = [(cell % grid) * step, Math.floor(cell / grid) * step];
    fit.context.strokeRect(x + 1, y + 1, step - 2, step - 2);
  }
}

/** The cells of the selected image that fall to a code. */
export function cellsOf(name, code) {
  return store.indices(name).flatMap((index, cell) => (index === code ? [cell] : []));
}

/** The cell of a grid under a pointer. */
export function cellAt(event, grid) {
  const box = event.currentTarget.getBoundingClientRect();
  const at = (value, size) => Math.min(grid - 1, Math.max(0, Math.floor((value / size) * grid)));
  return at(event.clientY - box.top, box.height) * grid + at(event.clientX - box.left, box.width);
}

/** A grey of its own for each code: neighbours in number are far apart in shade. */
function shade(index) {
  const share = (index * 0.61803398875) % 1;
  return `color-mix(in oklab, ${colour("--ex-shade-low")} ${Math.round(100 * share)}%, ${colour("--ex-shade-high")})`;
}
