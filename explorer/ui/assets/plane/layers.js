// What stands still on a plane: grid, rings, points, cells, codes. Each draws into a context scaled to CSS pixels.

import { classShape, fillDot } from "../core/glyphs.js";
import { size } from "../core/shown.js";
import { store } from "../core/store.js";
import { canvasFont, classColour, colour, kindColour, kindInk } from "../core/theme.js";
import { niceStep } from "./frame.js";

export const RINGS = [1, 2, 3]; // σ of N(0, I)

export function drawGrid(context, frame) {
  const [left, bottom, right, top] = frame.box;
  const step = niceStep(right - left);
  context.lineWidth = 1;
  context.font = canvasFont(10);
  context.textBaseline = "bottom";
  for (let k = Math.ceil(left / step); k * step < right; k++) {
    const x = Math.round(frame.x(k * step)) + 0.5;
    line(context, x, 0, x, frame.height, k === 0);
  }
  for (let k = Math.ceil(bottom / step); k * step < top; k++) {
    const y = Math.round(frame.y(k * step)) + 0.5;
    line(context, 0, y, frame.width, y, k === 0);
  }
  // after all lines: one that runs through a label would hide its minus sign
  for (let k = Math.ceil(left / step); k * step < right; k++) {
    const x = Math.round(frame.x(k * step)) + 0.5;
    context.textAlign = "center";
    if (x > 18 && x < frame.width - 18) label(context, k * step, step, x, frame.height - 3);
  }
  for (let k = Math.ceil(bottom / step); k * step < top; k++) {
    const y = Math.round(frame.y(k * step)) + 0.5;
    context.textAlign = "left";
    if (y > 18 && y < frame.height - 18) label(context, k * step, step, 4, y - 1);
  }
}

function line(context, x0, y0, x1, y1, axis) {
  context.strokeStyle = colour(axis ? "--ex-axis" : "--ex-grid");
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

function label(context, value, step, x, y) {
  context.fillStyle = colour("--body-text-color-subdued");
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  haloText(context, value.toFixed(digits).replace("-", "−"), x, y);
}

/** N(0, I) at 1, 2, 3 σ: they hold 39, 86 and 99 % of the prior. */
export function drawRings(context, frame) {
  context.strokeStyle = kindColour("vae");
  context.fillStyle = kindInk("vae");
  context.font = canvasFont(10, 600);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 1.25;
  for (const sigma of RINGS) {
    const radius = sigma * frame.scale;
    context.beginPath();
    context.arc(frame.x(0), frame.y(0), radius, 0, 2 * Math.PI);
    context.stroke();
    const [x, y] = [frame.x(0) + radius * Math.SQRT1_2, frame.y(0) - radius * Math.SQRT1_2];
    if (x < frame.width - 8 && y > 12) haloText(context, `${sigma}σ`, x + 8, y - 1);
  }
}

/** Text that stays legible over points. */
export function haloText(context, text, x, y) {
  context.save();
  context.strokeStyle = colour("--ex-plane");
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeText(text, x, y);
  context.restore();
  context.fillText(text, x, y);
}

/**
 * All points in one pass of fillRect, in their own random order, so that no class covers the others.
 *
 * @param lit the class to bring forward, drawn last and larger; null for none
 * @returns how many lie inside the frame
 */
export function drawPoints(context, frame, { xy, labels }, lit) {
  const many = labels.length > 7000;
  const side = (many ? 1.7 : 2.5) * size();
  context.globalAlpha = lit === null ? (many ? 0.55 : 0.75) : 0.12;
  let drawn = paintDots(context, frame, xy, labels, side, !many, (label) => label !== lit);
  context.globalAlpha = 0.95;
  if (lit !== null) drawn += paintDots(context, frame, xy, labels, side + 1, true, (label) => label === lit);
  context.globalAlpha = 1;
  return drawn;
}

/** Says how many points the frame leaves out, or how many of them a picture stands for. */
export function drawNote(context, frame, sentence) {
  context.font = canvasFont(11);
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillStyle = colour("--body-text-color-subdued");
  haloText(context, sentence, frame.width - 8, 8);
}

function paintDots(context, frame, xy, labels, side, shaped, wanted) {
  let current = -1;
  let shape = null;
  let drawn = 0;
  for (let i = 0; i < labels.length; i++) {
    if (!wanted(labels[i])) continue;
    const x = frame.x(xy[2 * i]);
    const y = frame.y(xy[2 * i + 1]);
    if (!(x >= 0 && y >= 0 && x <= frame.width && y <= frame.height)) continue;
    drawn += 1;
    if (labels[i] !== current) {
      current = labels[i];
      shape = classShape(shaped ? current : 0);
      context.fillStyle = classColour(current);
    }
    fillDot(context, shape, x, y, side);
  }
  return drawn;
}

export function drawCells(context, frame, cells) {
  context.strokeStyle = colour("--ex-cell");
  context.lineWidth = 0.75;
  context.beginPath();
  for (const polygon of cells) trace(context, frame, polygon);
  context.stroke();
}

export function trace(context, frame, polygon) {
  for (let i = 0; i < polygon.length; i += 2) {
    const method = i === 0 ? "moveTo" : "lineTo";
    context[method](frame.x(polygon[i]), frame.y(polygon[i + 1]));
  }
  if (polygon.length) context.closePath();
}

/** Radius of a code by its share of the hits: area, not radius, says how often it is used. */
export function codeRadius(hits, most) {
  return size() * (hits === 0 ? 2.6 : 2 + 4.5 * Math.sqrt(hits / most));
}

/** Codes by use, dead ones hollow; returns how many lie outside the frame. */
export function drawCodes(context, frame, { places, hits, fill = kindColour("vqvae"), ink = kindInk("vqvae") }) {
  const most = Math.max(1, ...hits);
  const outside = { count: 0, x: 0, y: 0 };
  for (let k = 0; k < hits.length; k++) {
    const [x, y] = [frame.x(places[2 * k]), frame.y(places[2 * k + 1])];
    if (!(x >= 0 && y >= 0 && x <= frame.width && y <= frame.height)) {
      leave(outside, x - frame.width / 2, y - frame.height / 2);
      continue;
    }
    context.beginPath();
    context.arc(x, y, codeRadius(hits[k], most), 0, 2 * Math.PI);
    context.fillStyle = hits[k] ? fill : colour("--ex-plane");
    context.strokeStyle = hits[k] ? colour("--ex-plane") : fill;
    context.lineWidth = 1.25;
    context.fill();
    context.stroke();
  }
  if (outside.count) drawOutside(context, frame, outside, { fill, ink });
  return outside.count;
}

function leave(outside, dx, dy) {
  const length = Math.hypot(dx, dy) || 1;
  outside.count += 1;
  if (Number.isFinite(length)) {
    outside.x += dx / length;
    outside.y += dy / length;
  }
}

const BELOW_BUTTONS = 58; // pixels
const ABOVE_NUMBERS = 26; // those of the axis along the lower edge

/** An arrow at the edge towards where most of them are, with their number. */
function drawOutside(context, frame, { count, x, y }, { fill, ink }) {
  const angle = Math.atan2(y, x);
  const reach = Math.min(frame.width / 2 / Math.abs(Math.cos(angle)), frame.height / 2 / Math.abs(Math.sin(angle))) - 14;
  const cx = frame.width / 2 + reach * Math.cos(angle);
  const cy = Math.min(frame.height - ABOVE_NUMBERS, Math.max(BELOW_BUTTONS, frame.height / 2 + reach * Math.sin(angle)));
  context.fillStyle = ink;
  context.font = canvasFont(11, 600);
  context.textBaseline = "middle";
  context.textAlign = cx > frame.width / 2 ? "right" : "left";
  haloText(context, store.t("client.outside", { count }), cx + (cx > frame.width / 2 ? -14 : 14), cy);
  context.save();
  context.translate(cx, cy);
  context.rotate(angle);
  context.fillStyle = fill;
  context.beginPath();
  context.moveTo(9, 0);
  context.lineTo(-5, -7);
  context.lineTo(-5, 7);
  context.closePath();
  context.fill();
  context.restore();
}
