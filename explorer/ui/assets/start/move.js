// Screen 1: a point under the hand on the VAE's plane, and the picture that it decodes to.

import { h, paintPixels, pictureCanvas, refill, say } from "../core/dom.js";
import { swatch } from "../page/legend.js";
import { fit, Frame } from "../plane/frame.js";
import { drawGrid, drawPoints } from "../plane/layers.js";
import { shapeOf } from "../generate/gallery.js";
import { speak } from "../core/speak.js";
import { store } from "../core/store.js";
import { colour, kindColour } from "../core/theme.js";
import { word } from "./words.js";

const SIDE = "left";
const STEP = 0.04; // of half the plane, for one key
const TURN = 2 * Math.PI;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function dot(index) {
  const canvas = swatch(index);
  canvas.style.cssText = "position: static; width: 12px; height: 12px"; // not a layer of the plane
  return canvas;
}

export class Move {
  constructor() {
    this.cloud = h("canvas", { "aria-hidden": "true" });
    this.hand = h("canvas", { class: "ex-plane-moving", tabindex: "0", role: "application" });
    this.legend = h("p", { class: "ex-start-legend" });
    this.plane = h("div", { class: "ex-plane" }, this.cloud, this.hand);
    this.picture = pictureCanvas({ width: 1, height: 1 });
    this.element = h("div", { class: "ex-start-move" }, this.plane,
      h("div", { class: "ex-start-shown" }, h("div", { class: "ex-start-picture" }, this.picture), this.legend));
    this.element.explorer = this; // for the tests
    this.z = null;
    const move = (event) => this.frame && this.put(this.pointed(event));
    this.hand.addEventListener("pointerdown", (event) => {
      this.hand.setPointerCapture(event.pointerId);
      move(event);
    });
    this.hand.addEventListener("pointermove", (event) => (event.pointerType === "mouse" || event.buttons) && move(event));
    this.hand.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.resize()).observe(this.plane);
  }

  close() {}

  async update(change) {
    const side = store.side(SIDE);
    if (!side?.plane) return;
    if (change.weights || change.scene) this.decode();
    if (change.theme) this.resize();
    if (!change.scene) return;
    this.hand.setAttribute("aria-label", word("start.move.plane"));
    say(this.picture, word("start.move.picture"));
    const [title, ...values] = store.scene.start.legend;
    refill(this.legend, store.scene.start.legend, () => [
      title ? h("b", {}, title) : "", ...values.map((value, i) => h("span", {}, dot(i), value)),
    ]);
    this.legend.hidden = !values.length;
    if (this.run === side.run) return;
    this.run = side.run;
    this.z = side.plane.selected.mean;
    const points = await store.points(SIDE).catch(console.warn);
    if (!points || this.run !== store.side(SIDE)?.run) return;
    this.points = points;
    this.extent = fit(points.xy, { symmetric: side.plane.mode === "gaussian" });
    this.resize();
    this.decode();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.plane;
    if (!this.points || !width) return;
    const ratio = devicePixelRatio || 1;
    for (const canvas of [this.cloud, this.hand]) {
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.frame = new Frame(this.extent.centre, this.extent.half, width, height);
    const context = this.cloud.getContext("2d");
    drawGrid(context, this.frame);
    drawPoints(context, this.frame, this.points, null);
    this.drawHand();
  }

  pointed(event) {
    const box = this.hand.getBoundingClientRect();
    return this.frame.point(event.clientX - box.left, event.clientY - box.top);
  }

  put(z) {
    const { centre, half } = this.frame;
    this.z = z.map((value, d) => Math.min(centre[d] + half, Math.max(centre[d] - half, value)));
    this.drawHand();
    this.decode();
  }

  key(event) {
    const step = KEYS[event.key];
    if (!step || !this.frame || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.put(this.z.map((value, d) => value + step[d] * STEP * this.frame.half));
    const [x, y] = this.z.map((value) => value.toFixed(2).replace("-", "−"));
    speak(store.t("client.point", { x, y }));
  }

  decode() {
    const shape = shapeOf(SIDE);
    const values = this.z && shape && store.decode(SIDE, this.z);
    if (values) paintPixels(this.picture, values, ...shape, 255);
    this.decoded = Boolean(values);
  }

  drawHand() {
    const context = this.hand.getContext("2d");
    context.clearRect(0, 0, this.frame.width, this.frame.height);
    const [x, y] = [this.frame.x(this.z[0]), this.frame.y(this.z[1])];
    for (const [style, width] of [[colour("--ex-plane"), 7], [kindColour("vae"), 4]]) {
      context.beginPath();
      context.arc(x, y, 11, 0, TURN);
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    }
  }
}
