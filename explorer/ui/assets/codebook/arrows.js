// One update in the plane: where each code is, who chose it, and where it goes.

import { nearestCode } from "../core/codebooks.js";
import { h } from "../core/dom.js";
import { fit, Frame } from "../plane/frame.js";
import { codeRadius, drawGrid } from "../plane/layers.js";
import { store } from "../core/store.js";
import { colour, symbolColour } from "../core/theme.js";
import { twins } from "./twins.js";

const LONGEST = 0.06; // of the plane's width: what a typical long arrow is magnified to at most
const FAR = 1e5;
const FAINT = 0.16;

export class ArrowPlane {
  constructor() {
    this.canvas = h("canvas", { class: "ex-plane-moving", role: "img", "aria-hidden": "true" });
    this.element = h("div", { class: "ex-plane ex-cb-arrows" }, this.canvas);
    this.layer = null;
    new ResizeObserver(() => this.draw()).observe(this.element);
    this.canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && store.preview({ code: this.at(event) }));
    this.canvas.addEventListener("pointerleave", () => store.preview({ code: null }));
    this.canvas.addEventListener("click", (event) => {
      const code = this.at(event);
      if (code !== null) twins.follow(store.view.code === code ? null : code);
    });
  }

  /** @param shown {batch, before, after, means: flat places, hits} */
  show(shown) {
    this.shown = shown;
    const { batch, before, hits } = shown;
    const used = [...hits.keys()].filter((k) => hits[k]).map((k) => [before[2 * k], before[2 * k + 1]]);
    this.extent = fit(batch.places, { must: used });
    this.times = magnification(shown, this.extent.half);
    this.draw();
  }

  light(layer) {
    if (layer === this.layer) return;
    this.layer = layer;
    this.draw();
  }

  at(event) {
    if (!this.frame) return null;
    const box = this.canvas.getBoundingClientRect();
    return nearestCode(this.shown.before, this.frame.point(event.clientX - box.left, event.clientY - box.top));
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.shown || !width) return;
    const ratio = devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.frame = new Frame(this.extent.centre, this.extent.half, width, height);
    drawGrid(context, this.frame);
    this.drawVectors(context);
    const lit = (layer) => (this.layer === null || this.layer === layer ? 1 : FAINT);
    if (this.layer === "spokes") this.drawSpokes(context);
    this.lines(context, this.shown.means, 0.9, symbolColour("ze"), this.layer === "means" ? 1 : 0.4 * lit("means"));
    this.drawCodes(context);
    this.drawArrows(context, lit("arrows"));
    for (const code of new Set([store.view.code, store.hover.code])) if (code !== null) this.ring(context, code);
  }

  drawVectors(context) {
    const { places } = this.shown.batch;
    context.fillStyle = symbolColour("ze");
    for (let i = 0; i < places.length; i += 2) {
      context.fillRect(this.frame.x(places[i]) - 0.8, this.frame.y(places[i + 1]) - 0.8, 1.6, 1.6);
    }
  }

  /** Each vector joined to the code it chose. */
  drawSpokes(context) {
    const { batch: { places, chosen }, before } = this.shown;
    context.strokeStyle = symbolColour("ze");
    context.globalAlpha = 0.45;
    context.lineWidth = 0.7;
    context.beginPath();
    chosen.forEach((k, i) => {
      context.moveTo(this.frame.x(places[2 * i]), this.frame.y(places[2 * i + 1]));
      context.lineTo(this.x(before[2 * k]), this.y(before[2 * k + 1]));
    });
    context.stroke();
    context.globalAlpha = 1;
  }

  /** From every code that was hit to its place in `to`. */
  lines(context, to, width, style, alpha) {
    const { before, hits } = this.shown;
    context.strokeStyle = style;
    context.globalAlpha = alpha;
    context.lineWidth = width;
    context.beginPath();
    hits.forEach((n, k) => {
      if (!n) return;
      context.moveTo(this.x(before[2 * k]), this.y(before[2 * k + 1]));
      context.lineTo(this.x(to[2 * k]), this.y(to[2 * k + 1]));
    });
    context.stroke();
    context.globalAlpha = 1;
  }

  drawCodes(context) {
    const { before, hits, counts } = this.shown;
    const weights = this.layer === "counts" && counts ? counts : hits;
    const own = symbolColour(this.layer === "counts" ? "n" : "e"); // discs as large as n, or places of e
    const most = Math.max(1e-9, ...weights);
    context.lineWidth = 1.2;
    hits.forEach((n, k) => {
      const [x, y] = [this.x(before[2 * k]), this.y(before[2 * k + 1])];
      if (!(x >= 0 && y >= 0 && x <= this.frame.width && y <= this.frame.height)) return;
      context.beginPath();
      context.arc(x, y, this.layer === "counts" ? codeRadius(weights[k], most) : n ? 3 : 2.6, 0, 2 * Math.PI);
      context.fillStyle = n ? own : colour("--ex-plane");
      context.strokeStyle = n ? colour("--ex-plane") : own;
      context.fill();
      context.stroke();
    });
  }

  drawArrows(context, alpha) {
    const { before, after } = this.shown;
    context.strokeStyle = context.fillStyle = colour("--ex-sym-e"); // an ink: it starts on a dot of e
    context.globalAlpha = alpha;
    context.lineWidth = 1.6;
    for (let k = 0; k < before.length / 2; k++) {
      const [x0, y0] = [before[2 * k], before[2 * k + 1]];
      const [dx, dy] = [(after[2 * k] - x0) * this.times, (after[2 * k + 1] - y0) * this.times];
      arrow(context, this.x(x0), this.y(y0), this.x(x0 + dx), this.y(y0 + dy), this.frame);
    }
    context.globalAlpha = 1;
  }

  ring(context, code) {
    const { before } = this.shown;
    if (2 * code >= before.length) return;
    context.beginPath();
    context.arc(this.x(before[2 * code]), this.y(before[2 * code + 1]), 8, 0, 2 * Math.PI);
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = 2;
    context.stroke();
  }

  x(value) {
    return Math.min(FAR, Math.max(-FAR, this.frame.x(value)));
  }

  y(value) {
    return Math.min(FAR, Math.max(-FAR, this.frame.y(value)));
  }
}

function arrow(context, x0, y0, x1, y1, { width, height }) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const outside = x0 < 0 || y0 < 0 || x0 > width || y0 > height; // magnified, it would cross the plane from nowhere
  if (length < 1 || outside) return;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const head = Math.min(6, length);
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1 - ux * head * 0.6, y1 - uy * head * 0.6);
  context.stroke();
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x1 - ux * head - uy * head * 0.45, y1 - uy * head + ux * head * 0.45);
  context.lineTo(x1 - ux * head + uy * head * 0.45, y1 - uy * head - ux * head * 0.45);
  context.fill();
}

/** The largest of 1, 2, 5, 10, 20, 50, … that keeps nine of ten arrows of hit codes short. */
function magnification({ before, after, hits }, half) {
  const moves = [...hits.keys()].filter((k) => hits[k])
    .map((k) => Math.hypot(after[2 * k] - before[2 * k], after[2 * k + 1] - before[2 * k + 1])).sort((a, b) => a - b);
  const typical = moves[Math.floor(0.9 * (moves.length - 1))] ?? 0;
  const most = typical > 0 ? Math.max(1, (LONGEST * 2 * half) / typical) : 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
}
