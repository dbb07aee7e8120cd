// A plane that moves: points, codes and cells of a run that trains. It follows what is there until the reader zooms or
// pans; from then on the reader's view stays, whatever comes.

import { nearestCode } from "../core/codebooks.js";
import { h } from "../core/dom.js";
import { drawCells, drawCodes, drawGrid, drawPoints, drawRings } from "../plane/layers.js";
import { fit, Frame } from "../plane/frame.js";
import { voronoi } from "../plane/voronoi.js";
import { colour } from "../core/theme.js";
import { word } from "./words.js";

const ZOOM = 1.4;
const DRIFT = 0.2; // of the half-width: what is fitted may differ this much before the view follows
const FAR = 4; // half-widths of all points
const MOST_CELLS = 600;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class LivePlane {
  /** @param onHover called when `hover` has changed */
  constructor(description, onHover) {
    this.description = description;
    this.onHover = onHover;
    this.data = null;
    this.view = null; // {centre, half}
    this.own = false; // whether the reader chose it
    this.hover = null; // [x, y] in latent units
    this.drawings = 0;
    this.canvas = h("canvas", { tabindex: "0", role: "application" });
    // beside the plane, not on it: codes and what is said of them may be anywhere
    this.tools = h("div", { class: "ex-train-zoom", role: "group" });
    this.element = h("div", { class: "ex-plane ex-train-plane" }, this.canvas);
    this.canvas.explorer = this;
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  words(label) {
    this.canvas.setAttribute("aria-label", word("train.plane.say", { label }));
    const tool = (text, key, onclick) =>
      h("button", { type: "button", title: word(key), "aria-label": word(key), onclick }, text);
    this.tools.replaceChildren(
      tool("+", "train.plane.in", () => this.zoom(ZOOM)),
      tool("−", "train.plane.out", () => this.zoom(1 / ZOOM)),
      tool("□", "train.plane.all", () => this.all()));
  }

  show(data) {
    this.data = data;
    if (!this.own) this.settle();
    this.draw();
  }

  /** Follows what is there, but not every breath of it. */
  settle() {
    const { xy, codes, hits } = this.data;
    const near = fit(xy, {});
    const must = []; // used codes, but none that was thrown far out: it would shrink all others to a dot
    for (let k = 0; codes && k < hits.length; k++) {
      const code = [codes[2 * k], codes[2 * k + 1]];
      if (hits[k] && Math.hypot(code[0] - near.centre[0], code[1] - near.centre[1]) < FAR * near.half) must.push(code);
    }
    const wanted = fit(xy, { must, symmetric: this.description.kind === "vae" });
    if (this.description.kind === "vae") wanted.half = Math.max(wanted.half, 3.2);
    const old = this.view;
    const moved = old && Math.hypot(old.centre[0] - wanted.centre[0], old.centre[1] - wanted.centre[1]);
    const same = old && Math.abs(Math.log(old.half / wanted.half)) < DRIFT && moved < DRIFT * old.half;
    if (!same && Number.isFinite(wanted.half)) this.view = { centre: wanted.centre, half: wanted.half * 1.08 };
  }

  all() {
    this.own = false;
    if (this.data) this.settle();
    this.draw();
  }

  zoom(factor, about = this.view?.centre) {
    if (!this.view) return;
    const { centre, half } = this.view;
    this.own = true;
    this.view = { centre: centre.map((c, axis) => about[axis] + (c - about[axis]) / factor), half: half / factor };
    this.draw();
  }

  pan(dx, dy) {
    const { centre, half } = this.view;
    this.own = true;
    this.view = { centre: [centre[0] - dx / this.frame.scale, centre[1] + dy / this.frame.scale], half };
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.data || !this.view || !width) return;
    const ratio = devicePixelRatio || 1;
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.frame = new Frame(this.view.centre, this.view.half, width, height);
    context.fillStyle = colour("--ex-plane");
    context.fillRect(0, 0, width, height);
    drawGrid(context, this.frame);
    const { xy, labels, codes, hits } = this.data;
    if (codes && this.description.size === 2 && hits.length <= MOST_CELLS) drawCells(context, this.frame, voronoi(codes, this.frame.box));
    drawPoints(context, this.frame, { xy, labels }, null);
    if (this.description.kind === "vae" && this.description.vector && this.description.size === 2) drawRings(context, this.frame);
    if (codes) drawCodes(context, this.frame, { places: codes, hits });
    this.mark(context);
    this.drawings += 1;
  }

  mark(context) {
    const code = this.hover && this.data.codes ? this.code() : null;
    const at = code === null ? this.hover : [this.data.codes[2 * code], this.data.codes[2 * code + 1]];
    if (!at) return;
    context.beginPath();
    context.arc(this.frame.x(at[0]), this.frame.y(at[1]), 7, 0, 2 * Math.PI);
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = 2;
    context.stroke();
  }

  /** The code under the pointer, else the one that is used most; null without codes. */
  code() {
    const { codes, hits } = this.data ?? {};
    if (!codes) return null;
    if (this.hover) return nearestCode(codes, this.hover);
    return hits.indexOf(Math.max(...hits));
  }

  // --- the hand

  listen() {
    const { canvas } = this;
    let last = null;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return this.frame?.point(event.clientX - box.left, event.clientY - box.top) ?? null;
    };
    const point = (hover) => {
      this.hover = hover;
      this.draw();
      this.onHover();
    };
    canvas.addEventListener("pointerdown", (event) => {
      last = [event.clientX, event.clientY];
      if (event.pointerType !== "mouse") point(place(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") return;
      if (last && event.buttons & 1 && this.frame) {
        this.pan(event.clientX - last[0], event.clientY - last[1]);
        last = [event.clientX, event.clientY];
      } else point(place(event));
    });
    canvas.addEventListener("pointerup", () => (last = null));
    canvas.addEventListener("pointerleave", (event) => {
      last = null;
      if (event.pointerType === "mouse") point(null);
    });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey || !this.frame) return; // the page scrolls as ever
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 200), place(event));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    if (event.altKey || event.metaKey || event.ctrlKey || !this.view) return;
    const arrow = ARROWS[event.key];
    const act = { "+": () => this.zoom(ZOOM), "=": () => this.zoom(ZOOM), "-": () => this.zoom(1 / ZOOM), 0: () => this.all() }[event.key]
      ?? (arrow && (() => this.pan(-30 * arrow[0], 30 * arrow[1])));
    if (!act) return;
    event.preventDefault();
    act();
  }
}
