// The rows drawn on the planes: where each of their pictures lies.

import { store } from "../core/store.js";
import { colour, kindColour } from "../core/theme.js";

const KEY = "between";

/**
 * @param rows the answer's, by kind
 * @param sides kind -> side
 * @param step the picture that is lit, or null
 * @param always whether the many ways of a VQ-VAE's cells are drawn even while none is lit
 */
export function drawPaths(rows, sides, step, always) {
  for (const [kind, name] of Object.entries(sides)) {
    const places = rows[kind]?.places ?? [];
    if (!places.length) store.overlay(name, KEY, null);
    else if (kind !== "vqvae") store.overlay(name, KEY, (context, frame) => drawLine(context, frame, kind, places, step));
    else store.overlay(name, KEY, step === null && !always ? null : (context, frame) => drawWays(context, frame, places, step));
  }
}

export function forgetPaths() {
  for (const name of Object.keys(store.overlays)) store.overlay(name, KEY, null);
}

/** A straight way with a dot for each picture; the second image has a square end. */
function drawLine(context, frame, kind, places, step) {
  const at = places.map(([x, y]) => [frame.x(x), frame.y(y)]);
  for (const [style, width] of [[colour("--ex-plane"), 5], [kindColour(kind), 1.75]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    at.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  }
  at.forEach(([x, y], k) => dot(context, x, y, k === step ? 6 : 2.5, kindColour(kind)));
  square(context, ...at.at(-1), 9, colour("--body-text-color"));
}

/** A way for each cell of the grid, from the one image's encoder output to the other's. */
function drawWays(context, frame, [from, to], step) {
  context.strokeStyle = colour("--body-text-color");
  context.lineWidth = 1;
  context.globalAlpha = step === null ? 0.3 : 0.55;
  context.beginPath();
  from.forEach(([x, y], p) => {
    context.moveTo(frame.x(x), frame.y(y));
    context.lineTo(frame.x(to[p][0]), frame.y(to[p][1]));
  });
  context.stroke();
  context.globalAlpha = 1;
  to.forEach(([x, y]) => square(context, frame.x(x), frame.y(y), 2.5, colour("--body-text-color"), 1));
  if (step === null) return;
  const share = step / 8;
  from.forEach(([x, y], p) => {
    const [u, v] = [x + share * (to[p][0] - x), y + share * (to[p][1] - y)];
    dot(context, frame.x(u), frame.y(v), 4, colour("--body-text-color"));
    dot(context, frame.x(u), frame.y(v), 2.5, kindColour("vqvae"), 0);
  });
}

function dot(context, x, y, radius, fill, halo = 1.5) {
  for (const [style, reach] of [[colour("--ex-plane"), radius + halo], [fill, radius]]) {
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.fillStyle = style;
    context.fill();
  }
}

function square(context, x, y, half, stroke, width = 2) {
  for (const [style, line] of [[colour("--ex-plane"), width + 2], [stroke, width]]) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.strokeRect(x - half, y - half, 2 * half, 2 * half);
  }
}
