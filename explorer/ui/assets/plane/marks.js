// What moves on a plane: the selected image, the pin, what the pointer is over.

import { size } from "../core/shown.js";
import { colour, kindColour, symbolColour } from "../core/theme.js";
import { codeRadius, trace } from "./layers.js";

/** A dot with a halo, so that it is seen on any ground. */
function beacon(context, x, y, fill, plainRadius) {
  const radius = plainRadius * size();
  context.beginPath();
  context.arc(x, y, radius + 2, 0, 2 * Math.PI);
  context.fillStyle = colour("--ex-plane");
  context.fill();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}

function ringMark(context, x, y, radius, stroke, plainWidth = 2) {
  const width = plainWidth * size();
  for (const [style, line] of [[colour("--ex-plane"), width + 2.5], [stroke, width]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = style;
    context.lineWidth = line;
    context.stroke();
  }
}

/** The selected image: its posterior at 2 σ, to scale, within a ring that can be found. */
export function drawSelectedPoint(context, frame, kind, selected) {
  if (selected.sigma.length) ellipse(context, frame, kind, selected, 2);
  const [x, y] = [frame.x(selected.mean[0]), frame.y(selected.mean[1])];
  beacon(context, x, y, kindColour(kind), 2.5);
  ringMark(context, x, y, 9 * size(), colour("--body-text-color"));
}

/** A posterior at 1 and 2 σ, to scale, around a small mark for its mean. */
export function drawPosterior(context, frame, kind, selected) {
  for (const sigmas of [2, 1]) ellipse(context, frame, kind, selected, sigmas);
  beacon(context, frame.x(selected.mean[0]), frame.y(selected.mean[1]), kindColour(kind), 2.5);
}

function ellipse(context, frame, kind, { mean, sigma }, sigmas) {
  const radii = sigma.map((value) => sigmas * value * frame.scale);
  context.beginPath();
  context.ellipse(frame.x(mean[0]), frame.y(mean[1]), radii[0], radii[1], 0, 0, 2 * Math.PI);
  context.fillStyle = context.strokeStyle = kindColour(kind);
  context.globalAlpha = sigmas === 1 ? 0.3 : 0.2;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1.25;
  context.stroke();
}

/** Draws from a posterior, the last one largest. */
export function drawDraws(context, frame, kind, points) {
  points.forEach(([x, y], i) => {
    context.globalAlpha = i === points.length - 1 ? 1 : 0.5;
    beacon(context, frame.x(x), frame.y(y), kindColour(kind), i === points.length - 1 ? 3 : 1.5);
  });
  context.globalAlpha = 1;
}

/** Where the codes that the reader has moved came from. */
export function drawMoves(context, frame, { places, moved }) {
  context.strokeStyle = colour("--body-text-color");
  context.lineWidth = 1.25;
  context.setLineDash([3, 3]);
  for (const [code, [x, y]] of moved) {
    context.beginPath();
    context.moveTo(frame.x(x), frame.y(y));
    context.lineTo(frame.x(places[2 * code]), frame.y(places[2 * code + 1]));
    context.stroke();
    context.beginPath();
    context.arc(frame.x(x), frame.y(y), 3, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
}

/** The selected image's z_e, each joined to the e_k it falls to. */
export function drawSelectedVectors(context, frame, { vectors, indices }, codebook, cell) {
  context.strokeStyle = colour("--body-text-color");
  context.lineWidth = 1;
  context.globalAlpha = 0.75;
  context.beginPath();
  vectors.forEach(([x, y], p) => {
    context.moveTo(frame.x(x), frame.y(y));
    context.lineTo(frame.x(codebook.places[2 * indices[p]]), frame.y(codebook.places[2 * indices[p] + 1]));
  });
  context.stroke();
  context.globalAlpha = 1;
  vectors.forEach(([x, y]) => diamond(context, frame.x(x), frame.y(y), 3 * size()));
  const most = Math.max(1, ...codebook.hits);
  for (const k of new Set(indices)) {
    const [x, y] = [frame.x(codebook.places[2 * k]), frame.y(codebook.places[2 * k + 1])];
    context.beginPath();
    context.arc(x, y, codeRadius(codebook.hits[k], most) + 1.5, 0, 2 * Math.PI);
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = 1.5;
    context.stroke();
  }
  if (cell !== null && vectors[cell]) ringMark(context, frame.x(vectors[cell][0]), frame.y(vectors[cell][1]), 7 * size(), kindColour("vqvae"));
}

function diamond(context, x, y, r) {
  context.beginPath();
  context.moveTo(x, y - r - 1);
  context.lineTo(x + r + 1, y);
  context.lineTo(x, y + r + 1);
  context.lineTo(x - r - 1, y);
  context.closePath();
  context.fillStyle = colour("--ex-plane");
  context.fill();
  context.beginPath();
  context.moveTo(x, y - r);
  context.lineTo(x + r, y);
  context.lineTo(x, y + r);
  context.lineTo(x - r, y);
  context.closePath();
  context.fillStyle = symbolColour("ze");
  context.fill();
}

/** A code and its cell; `pinned` ones keep a heavier line. */
export function drawCode(context, frame, cells, codebook, code, pinned) {
  context.beginPath();
  trace(context, frame, cells[code] ?? []); // a projection has no cells
  context.fillStyle = kindColour("vqvae");
  context.globalAlpha = pinned ? 0.3 : 0.2;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = kindColour("vqvae");
  context.lineWidth = pinned ? 2 : 1.25;
  context.stroke();
  const [x, y] = [frame.x(codebook.places[2 * code]), frame.y(codebook.places[2 * code + 1])];
  ringMark(context, x, y, codeRadius(codebook.hits[code], Math.max(1, ...codebook.hits)) + 3, kindColour("vqvae"));
}

/** A point of the latent: a cross hair while it is only under the pointer, a pin once it is held. */
export function drawPoint(context, frame, kind, [px, py], pinned) {
  const [x, y] = [frame.x(px), frame.y(py)];
  if (!pinned) {
    ringMark(context, x, y, 6 * size(), kindColour(kind));
    return;
  }
  beacon(context, x, y, kindColour(kind), 5);
  context.beginPath();
  context.arc(x, y, 1.8, 0, 2 * Math.PI);
  context.fillStyle = colour("--ex-plane");
  context.fill();
}
