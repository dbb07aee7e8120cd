// The map of holes: for each cell of the prior's plane, how much of q(z) lies there for what the prior promises there.

import { h } from "../core/dom.js";
import { colour } from "../core/theme.js";

const EVEN = 1; // |log10| of the ratio at which the scale ends: ten times too little, ten times too much

/**
 * Draws the cells.
 *
 * @param map {left, bottom, cell, columns, rows, ratio: Float32Array (rows × columns, from the bottom), -1 where the prior
 *   has next to no mass}
 */
export function drawHoles(context, frame, { left, bottom, cell, columns, rows, ratio }) {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = ratio[row * columns + column];
      if (value < 0) continue;
      context.fillStyle = shade(value);
      // whole pixels, so that neighbours neither overlap nor leave a seam
      const [x0, x1] = [column, column + 1].map((edge) => Math.round(frame.x(left + edge * cell)));
      const [y0, y1] = [row + 1, row].map((edge) => Math.round(frame.y(bottom + edge * cell)));
      context.fillRect(x0, y0, x1 - x0, y1 - y0);
    }
  }
}

/** Amber where q is missing, nothing where it is as dense as the prior, blue where it is denser. */
function shade(ratio) {
  const share = Math.max(-1, Math.min(1, Math.log10(Math.max(ratio, 1e-9)) / EVEN));
  const name = share < 0 ? "--ex-gen-hole" : "--ex-vae";
  const strength = share < 0 ? -share : 0.75 * share;
  return `color-mix(in srgb, ${colour(name)} ${Math.round(78 * strength)}%, transparent)`;
}

/** The scale, from ten times too little to ten times too much. */
export function holesScale(words) {
  const stops = [0.1, 0.32, 1, 3.2, 10].map(shade).join(", ");
  return h("div", { class: "ex-gen-scale" },
    h("span", { class: "ex-gen-ramp", style: `background: linear-gradient(90deg, ${stops})` }),
    h("span", { class: "ex-gen-ends" }, h("span", {}, "≤ 1/10"), h("span", {}, words["holes.scale"]), h("span", {}, "≥ 10")));
}
