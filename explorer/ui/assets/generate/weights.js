// The distribution over the next code on the codebook's plane: a disc's area is the code's probability.

import { h, say } from "../core/dom.js";
import { fit, Frame } from "../plane/frame.js";
import { drawGrid } from "../plane/layers.js";
import { nearestCode } from "../core/codebooks.js";
import { canvasFont, colour, kindColour } from "../core/theme.js";

const LARGEST = 26; // radius in pixels of a code that is certain

export class Weights {
  /** @param on {pick(code), over(code or null)} */
  constructor(on) {
    this.canvas = h("canvas", { role: "img", "aria-hidden": "true" });
    this.element = h("div", { class: "ex-gen-weights" }, this.canvas);
    this.codebook = this.weights = null;
    this.chosen = this.lit = null;
    this.canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.over(event, on));
    this.canvas.addEventListener("pointerleave", () => this.light(null, on));
    this.canvas.addEventListener("click", (event) => {
      const code = this.codeAt(event);
      if (code !== null) on.pick(code);
    });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(codebook, weights, chosen, label) {
    Object.assign(this, { codebook, weights, chosen });
    say(this.canvas, label);
    this.draw();
  }

  over(event, on) {
    this.light(this.codeAt(event), on);
  }

  light(code, on) {
    if (code === this.lit) return;
    this.lit = code;
    on.over(code);
    this.draw();
  }

  codeAt(event) {
    if (!this.frame || !this.weights) return null;
    const box = this.canvas.getBoundingClientRect();
    return nearestCode(this.codebook.places, this.frame.point(event.clientX - box.left, event.clientY - box.top));
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.codebook || !width) return;
    const ratio = devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.frame = this.framed(width, height);
    drawGrid(context, this.frame);
    this.drawCodes(context);
    for (const code of new Set([this.chosen, this.lit])) if (code !== null) this.drawRing(context, code);
  }

  /** The codes that are used, and those that are likely now: a dead one far off would shrink all others. */
  framed(width, height) {
    const { places, hits } = this.codebook;
    const used = [...hits.keys()].filter((k) => hits[k] || this.weights?.[k] > 0.01);
    const xy = Float32Array.from((used.length ? used : [...hits.keys()]).flatMap((k) => [places[2 * k], places[2 * k + 1]]));
    const { centre, half } = fit(xy, {});
    return new Frame(centre, 1.06 * half, width, height);
  }

  drawCodes(context) {
    const { places, hits } = this.codebook;
    const fill = kindColour("vqvae");
    context.lineWidth = 1;
    for (let k = 0; k < hits.length; k++) {
      const [x, y] = [this.frame.x(places[2 * k]), this.frame.y(places[2 * k + 1])];
      const share = this.weights?.[k] ?? 0;
      context.fillStyle = colour("--ex-axis");
      context.fillRect(x - 1.25, y - 1.25, 2.5, 2.5);
      if (share <= 0) continue;
      context.beginPath();
      context.arc(x, y, LARGEST * Math.sqrt(share), 0, 2 * Math.PI);
      context.fillStyle = context.strokeStyle = fill;
      context.globalAlpha = 0.55;
      context.fill();
      context.globalAlpha = 1;
      if (share > 0.002) context.stroke();
    }
  }

  drawRing(context, code) {
    const { places } = this.codebook;
    const [x, y] = [this.frame.x(places[2 * code]), this.frame.y(places[2 * code + 1])];
    const radius = Math.max(5, LARGEST * Math.sqrt(this.weights?.[code] ?? 0)) + 3;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = code === this.chosen ? 2.25 : 1.25;
    context.stroke();
    context.font = canvasFont(11, 600);
    context.fillStyle = colour("--body-text-color");
    context.textAlign = x > this.frame.width - 40 ? "right" : "left";
    context.textBaseline = "middle";
    context.fillText(`${code}`, x + (x > this.frame.width - 40 ? -radius - 4 : radius + 4), y);
  }
}
