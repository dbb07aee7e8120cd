// One codebook of the sandbox on canvas, three layers deep: the cloud, which stands still; the trails, to which every
// frame adds; and the codes.

import { h } from "../core/dom.js";
import { Frame } from "../plane/frame.js";
import { drawGrid } from "../plane/layers.js";
import { drawPile } from "../plane/pile.js";
import { size } from "../core/shown.js";
import { colour, symbolColour } from "../core/theme.js";
import { ruleColour } from "./colours.js";
import { PlaneHand } from "./hand.js";
import { SIDES } from "./world.js";

const AROUND = 1.12; // of the cloud's radius is in sight
const FADE_FRAMES = 12;
const FADE = 0.05;
const FAR = 4; // radii of the cloud: what is farther off is told and not shown
const TURN = 2 * Math.PI;

export class SandboxPlane {
  /** @param engine of engine.js; @param words(key, params) */
  constructor(engine, side, words) {
    Object.assign(this, { engine, side, words });
    const layer = (name) => h("canvas", { class: `ex-sb-${name}`, "aria-hidden": "true" });
    this.layers = { cloud: layer("cloud"), trails: layer("trails") };
    this.canvas = h("canvas", { class: "ex-plane-moving ex-sb-codes", tabindex: "0", role: "application" });
    this.element = h("div", { class: "ex-plane ex-sb-plane" }, this.layers.cloud, this.layers.trails, this.canvas);
    this.canvas.explorer = this; // for the tests
    this.frame = null;
    this.drawings = 0;
    this.hand = new PlaneHand(this);
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  get learner() {
    return this.engine.world?.[this.side];
  }

  /** Another start: the trails of the last one are gone. */
  begin() {
    this.half = 0;
    this.before = null;
    this.resize(true);
  }

  /** Half the plane's width: the cloud, and as far as codes of either side have gone that are still worth seeing. */
  wanted() {
    const { radius, centre } = this.engine.world;
    let reach = radius;
    for (const side of SIDES) {
      const { codes } = this.engine.world[side];
      for (let i = 0; i < codes.length; i += 2) {
        const away = Math.max(Math.abs(codes[i] - centre[0]), Math.abs(codes[i + 1] - centre[1]));
        if (away > reach && away < FAR * radius) reach = away;
      }
    }
    return AROUND * (reach > 1.15 * radius ? reach : radius);
  }

  resize(force = false) {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.engine.world || !width) return;
    const ratio = devicePixelRatio || 1;
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
    const half = this.hand.holding ? this.half : this.wanted();
    const same = this.canvas.width === pixels[0] && this.canvas.height === pixels[1] && Math.abs(half - this.half) < 0.02 * half;
    if (!force && same) return;
    this.half = half;
    for (const canvas of [this.layers.cloud, this.layers.trails, this.canvas]) {
      [canvas.width, canvas.height] = pixels;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.frame = new Frame(this.engine.world.centre, half, width, height);
    this.before = null;
    this.drawCloud();
    this.draw();
  }

  drawCloud() {
    const context = this.layers.cloud.getContext("2d");
    drawGrid(context, this.frame);
    context.fillStyle = symbolColour("ze");
    context.globalAlpha = 0.55;
    const { cloud } = this.engine.world;
    const dot = 1.5 * size();
    for (let i = 0; i < cloud.length; i += 2) {
      context.fillRect(this.frame.x(cloud[i]) - dot / 2, this.frame.y(cloud[i + 1]) - dot / 2, dot, dot);
    }
    context.globalAlpha = 1;
  }

  /** A frame. */
  draw() {
    if (!this.frame || !this.learner) return;
    this.drawTrails();
    this.drawCodes();
    this.drawings += 1;
  }

  drawTrails() {
    const { codes } = this.learner;
    const context = this.layers.trails.getContext("2d");
    if (this.drawings % FADE_FRAMES === 0) {
      context.globalCompositeOperation = "destination-out";
      context.globalAlpha = FADE;
      context.fillRect(0, 0, this.frame.width, this.frame.height);
      context.globalCompositeOperation = "source-over";
      context.globalAlpha = 1;
    }
    if (this.before?.length === codes.length) this.addTrails(context, codes);
    else this.before = new Float64Array(codes.length);
    this.before.set(codes);
  }

  addTrails(context, codes) {
    const { before, frame } = this;
    const far = 2 * FAR * this.engine.world.radius;
    context.strokeStyle = ruleColour(this.learner.name);
    context.lineWidth = 1;
    context.globalAlpha = 0.5;
    context.beginPath();
    for (let i = 0; i < codes.length; i += 2) {
      if (before[i] === codes[i] && before[i + 1] === codes[i + 1]) continue;
      if (!(Math.abs(codes[i]) + Math.abs(before[i]) + Math.abs(codes[i + 1]) + Math.abs(before[i + 1]) < far)) continue;
      context.moveTo(frame.x(before[i]), frame.y(before[i + 1]));
      context.lineTo(frame.x(codes[i]), frame.y(codes[i + 1]));
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** Chosen codes full, the others hollow: as on every plane. */
  drawCodes() {
    const context = this.canvas.getContext("2d");
    const { frame } = this;
    context.clearRect(0, 0, frame.width, frame.height);
    const ink = ruleColour(this.learner.name);
    const radius = (this.learner.size > 200 ? 2.6 : 3.4) * size();
    this.trace(context, radius, false);
    context.fillStyle = colour("--ex-plane");
    context.strokeStyle = ink;
    context.lineWidth = 1.3;
    context.fill();
    context.stroke();
    this.trace(context, radius, true);
    context.fillStyle = ink;
    context.strokeStyle = colour("--ex-plane");
    context.lineWidth = 0.8;
    context.fill();
    context.stroke();
    this.pile = drawPile(context, frame, { places: this.learner.codes, hits: this.engine.world.gauges[this.side].hits, ink });
    this.hand.draw(context, radius);
  }

  trace(context, radius, chosen) {
    const { codes, size: count } = this.learner;
    const { hits } = this.engine.world.gauges[this.side];
    const { frame } = this;
    context.beginPath();
    for (let k = 0; k < count; k++) {
      if (Boolean(hits[k]) !== chosen) continue;
      const [x, y] = [frame.x(codes[2 * k]), frame.y(codes[2 * k + 1])];
      if (!(x > -9 && y > -9 && x < frame.width + 9 && y < frame.height + 9)) continue;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, TURN);
    }
  }
}
