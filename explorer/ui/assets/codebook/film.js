// One codebook's film on canvas: codes, their cells and tails, the encoder outputs, frame after frame.
//
// What is in sight stays when the frame changes: a reader zooms, and scrubs. Two canvases, as on every plane: the frame,
// and above it what the pointer touches.

import { nearestCode } from "../core/codebooks.js";
import { h } from "../core/dom.js";
import { speak } from "../core/speak.js";
import { fit, Frame } from "../plane/frame.js";
import { drawCells, drawCodes, drawGrid, trace } from "../plane/layers.js";
import { drawPile } from "../plane/pile.js";
import { nameButtons, saveButtons, savePicture, saveShapes } from "../plane/save.js";
import { axes } from "../plane/description.js";
import { voronoi } from "../plane/voronoi.js";
import { store } from "../core/store.js";
import { colour, symbolColour } from "../core/theme.js";
import { STATES, twins } from "./twins.js";

const TAIL = 6; // frames
const TAP_PIXELS = 6;
const ZOOM = 1.5;
const FAR = 1e5; // pixels; a line to farther away is the same line
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class FilmView {
  constructor(name) {
    this.name = name;
    this.still = h("canvas", { class: "ex-plane-still", "aria-hidden": "true" });
    this.moving = h("canvas", { class: "ex-plane-moving", tabindex: "0", role: "application" });
    this.message = h("p", { class: "ex-plane-message" });
    this.tools = h("div", { class: "ex-cb-zoom", role: "group" });
    this.element = h("div", { class: "ex-plane ex-cb-film" }, this.still, this.moving, this.message, this.tools);
    this.moving.explorer = this; // for the tests
    this.view = null; // {centre, half} in latent units; null until the first film
    this.frame = null;
    this.outside = 0;
    this.drawn = -1; // index of the frame that is drawn
    this.milliseconds = [];
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  get side() {
    return twins.side(this.name);
  }

  get ready() {
    return Boolean(this.side?.film && twins.film(this.name) && twins.life(this.name));
  }

  /** A new scene or new data. Another film is another world: it is fitted anew. */
  update() {
    this.fillTools();
    if (!this.ready) {
      const waiting = twins.failed(this.name) ? twins.word("codebook.say.failed") : twins.word("codebook.loading");
      this.message.textContent = this.side?.film ? waiting : "";
      this.element.hidden = !this.side?.film;
      return;
    }
    this.element.hidden = false;
    this.message.textContent = "";
    const label = twins.word("codebook.say.plane", { side: twins.word(`codebook.side.${this.name}`) });
    this.moving.setAttribute("aria-label", label);
    this.describe();
    if (this.shown !== this.side.film) {
      this.shown = this.side.film;
      this.fitTo(this.side.steps.length - 1);
    }
    this.resize(true);
  }

  /** What is seen at this step, for who cannot see it. */
  describe() {
    if (!this.ready) return;
    const frame = twins.frame(this.name);
    const [total] = this.side.codes;
    const counted = twins.counted(this.name, frame) || twins.word("codebook.say.none");
    const params = { step: this.side.steps[frame], total, counted, ...twins.counts(this.name, frame) };
    this.moving.setAttribute("aria-description", twins.word("codebook.say.plane.now", params));
  }

  fillTools() {
    const signature = `${this.side?.run} ${twins.word("codebook.zoom.in")}`;
    if (this.tools.dataset.words === signature) return;
    this.tools.dataset.words = signature;
    const saving = (act) => () => this.ready && this.frame && act(this);
    const tool = (text, key, onclick) =>
      h("button", { type: "button", title: twins.word(key), "aria-label": twins.word(key), onclick }, text);
    this.tools.replaceChildren(
      tool("+", "codebook.zoom.in", () => this.zoom(ZOOM)),
      tool("−", "codebook.zoom.out", () => this.zoom(1 / ZOOM)),
      tool("○", "codebook.zoom.here", () => this.refit(twins.frame(this.name))),
      tool("□", "codebook.zoom.end", () => this.refit(this.side.steps.length - 1)),
      ...saveButtons("ex-cb-save", { PNG: saving(savePicture), SVG: saving(saveShapes) }));
    nameButtons(this.tools, this.side?.run ?? "");
  }

  // --- what is in sight

  /** Every drawn vector and used code of a frame. */
  fitTo(frame) {
    const { codes: [size], drawn } = this.side;
    const film = twins.film(this.name);
    const { hits } = twins.life(this.name);
    const used = [...Array(size).keys()].filter((k) => hits[frame * size + k] > 0);
    const must = used.map((k) => [...film.places.subarray(2 * (frame * size + k), 2 * (frame * size + k) + 2)]);
    this.view = fit(film.drawn.subarray(2 * frame * drawn, 2 * (frame + 1) * drawn), { must });
  }

  refit(frame) {
    if (!this.ready) return;
    this.fitTo(frame);
    this.resize(true);
  }

  zoom(factor, about = this.view?.centre) {
    if (!this.ready) return;
    const { centre, half } = this.view;
    this.view = { centre: centre.map((c, axis) => about[axis] + (c - about[axis]) / factor), half: half / factor };
    this.resize(true);
  }

  pan(dx, dy) {
    const { centre, half } = this.view;
    this.view = { centre: [centre[0] - dx / this.frame.scale, centre[1] + dy / this.frame.scale], half };
    this.resize(true);
  }

  resize(force = false) {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.ready || !width) return;
    const ratio = devicePixelRatio || 1;
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    if (!force && this.still.width === size[0] && this.still.height === size[1]) return;
    for (const canvas of [this.still, this.moving]) {
      [canvas.width, canvas.height] = size;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.frame = new Frame(this.view.centre, this.view.half, width, height);
    this.draw();
  }

  // --- drawing

  /** The frame where the scrubber is. */
  draw() {
    if (!this.ready || !this.frame) return;
    const began = performance.now();
    const context = this.still.getContext("2d");
    context.clearRect(0, 0, this.frame.width, this.frame.height);
    this.drawStill(context);
    this.drawMoving();
    this.milliseconds.push(performance.now() - began);
    if (this.milliseconds.length > 500) this.milliseconds.shift();
  }

  /** Everything, bottom first: on a canvas, or on what writes a file. */
  paint(context) {
    this.drawStill(context);
    this.drawMoving(context);
  }

  /** What a saved picture says below itself. */
  get told() {
    const { title, label, run, steps, projected, caption } = this.side;
    const step = twins.word("codebook.say.step", { step: steps[this.drawn], last: steps.at(-1) });
    return { title: `${title} · ${label} · ${run}`, lines: [step, axes(projected ? "pca" : "", "e"), caption], file: `film-${run}-${steps[this.drawn]}` };
  }

  drawStill(context) {
    const { codes: [size], drawn } = this.side;
    const film = twins.film(this.name);
    const t = (this.drawn = twins.frame(this.name));
    this.places = film.places.subarray(2 * t * size, 2 * (t + 1) * size);
    drawGrid(context, this.frame);
    this.cells = this.side.projected ? [] : voronoi(this.places, this.frame.box);
    drawCells(context, this.frame, this.cells);
    this.drawOutputs(context, film.drawn.subarray(2 * t * drawn, 2 * (t + 1) * drawn));
    this.drawTails(context, film.places, size, t);
    const codes = { places: this.places, hits: this.shownHits(size, t), fill: twins.colour(this.name), ink: twins.ink(this.name) };
    this.outside = drawCodes(context, this.frame, codes);
    this.pile = drawPile(context, this.frame, codes);
  }

  /** Hits as they are drawn: none for what the rule counts as dead. */
  shownHits(size, t) {
    const life = twins.life(this.name);
    const hits = life.hits.slice(t * size, (t + 1) * size);
    return hits.map((count, k) => (twins.isDead(life, size, t, k) ? 0 : count));
  }

  drawOutputs(context, xy) {
    context.fillStyle = symbolColour("ze");
    for (let i = 0; i < xy.length; i += 2) {
      const x = this.frame.x(xy[i]);
      const y = this.frame.y(xy[i + 1]);
      if (x >= 0 && y >= 0 && x <= this.frame.width && y <= this.frame.height) context.fillRect(x - 0.8, y - 0.8, 1.6, 1.6);
    }
  }

  /** Where codes were in the last frames, fading: one path for each age. */
  drawTails(context, places, size, t) {
    context.strokeStyle = twins.colour(this.name);
    context.lineWidth = 1.1;
    for (let age = Math.min(TAIL, t); age > 0; age--) {
      context.globalAlpha = 0.42 * (1 - (age - 1) / TAIL);
      context.beginPath();
      for (let k = 0; k < size; k++) this.segment(context, places, (t - age) * size + k, (t - age + 1) * size + k);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  segment(context, places, from, to) {
    const [x0, y0, x1, y1] = [places[2 * from], places[2 * from + 1], places[2 * to], places[2 * to + 1]];
    if (x0 === x1 && y0 === y1) return;
    const { width, height } = this.frame;
    const [a, b, c, d] = [this.frame.x(x0), this.frame.y(y0), this.frame.x(x1), this.frame.y(y1)].map(within);
    if ((a < 0 && c < 0) || (b < 0 && d < 0) || (a > width && c > width) || (b > height && d > height)) return;
    context.moveTo(a, b);
    context.lineTo(c, d);
  }

  drawMoving(context = null) {
    if (!this.ready || !this.frame || !this.places) return;
    if (!context) {
      context = this.moving.getContext("2d");
      context.clearRect(0, 0, this.frame.width, this.frame.height);
    }
    const [size] = this.side.codes;
    const { code: picked } = store.view;
    const { code: hovered } = store.hover;
    if (picked !== null && picked < size) this.drawPicked(context, picked, size);
    if (hovered !== null && hovered !== picked && hovered < size) this.drawCode(context, hovered, false);
    for (const draw of this.extras ?? []) draw(context, this.frame);
  }

  /** The followed code: its cell, its whole way so far, and the outputs that choose it. */
  drawPicked(context, code, size) {
    const film = twins.film(this.name);
    const { drawn } = this.side;
    const t = this.drawn;
    context.fillStyle = colour("--body-text-color");
    for (let i = 0; i < drawn; i++) {
      if (film.codes[t * drawn + i] !== code) continue;
      const at = 2 * (t * drawn + i);
      context.fillRect(this.frame.x(film.drawn[at]) - 1.4, this.frame.y(film.drawn[at + 1]) - 1.4, 2.8, 2.8);
    }
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = 1.5;
    context.beginPath();
    for (let f = 0; f < t; f++) this.segment(context, film.places, f * size + code, (f + 1) * size + code);
    context.stroke();
    this.drawCode(context, code, true);
  }

  drawCode(context, code, picked) {
    const cell = this.cells[code] ?? [];
    if (cell.length) {
      context.beginPath();
      trace(context, this.frame, cell);
      context.fillStyle = twins.colour(this.name);
      context.globalAlpha = picked ? 0.28 : 0.16;
      context.fill();
      context.globalAlpha = 1;
    }
    const [x, y] = [this.frame.x(this.places[2 * code]), this.frame.y(this.places[2 * code + 1])];
    for (const [style, width] of [[colour("--ex-plane"), 4], [picked ? colour("--body-text-color") : twins.colour(this.name), 2]]) {
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    }
  }

  // --- the hand

  listen() {
    const { moving } = this;
    let down = null;
    const at = (event) => [event.clientX, event.clientY];
    moving.addEventListener("pointerdown", (event) => {
      down = { from: at(event), last: at(event), moved: false };
    });
    moving.addEventListener("pointermove", (event) => {
      if (down && event.pointerType === "mouse" && event.buttons & 1) this.drag(down, at(event));
      else if (event.pointerType === "mouse") this.over(event);
    });
    moving.addEventListener("pointerup", (event) => {
      const still = down && !down.moved && Math.hypot(event.clientX - down.from[0], event.clientY - down.from[1]) < TAP_PIXELS;
      down = null;
      if (still) this.pick(this.codeAt(event));
    });
    for (const name of ["pointercancel", "pointerleave"]) {
      moving.addEventListener(name, () => {
        down = null;
        store.preview({ code: null });
      });
    }
    moving.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    moving.addEventListener("keydown", (event) => this.onKey(event));
    moving.addEventListener("blur", () => store.preview({ code: null }));
  }

  drag(down, [x, y]) {
    if (!this.ready) return;
    down.moved ||= Math.hypot(x - down.from[0], y - down.from[1]) >= TAP_PIXELS;
    if (!down.moved) return;
    this.pan(x - down.last[0], y - down.last[1]);
    down.last = [x, y];
  }

  codeAt(event) {
    if (!this.ready || !this.frame) return null;
    const box = this.moving.getBoundingClientRect();
    return nearestCode(this.places, this.frame.point(event.clientX - box.left, event.clientY - box.top));
  }

  over(event) {
    const code = this.codeAt(event);
    if (code !== null) store.preview({ code });
  }

  pick(code) {
    if (code !== null) twins.follow(store.view.code === code ? null : code);
  }

  /** The page scrolls as ever; with Ctrl (or two fingers on a touch pad) the plane zooms. */
  onWheel(event) {
    if (!event.ctrlKey || !this.ready) return;
    event.preventDefault();
    const box = this.moving.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY / 200), this.frame.point(event.clientX - box.left, event.clientY - box.top));
  }

  onKey(event) {
    if (!this.ready || event.altKey || event.metaKey || event.ctrlKey) return;
    const act = {
      "+": () => this.zoom(ZOOM), "=": () => this.zoom(ZOOM), "-": () => this.zoom(1 / ZOOM),
      ",": () => twins.advance(-1), ".": () => twins.advance(1),
      Enter: () => this.pick(this.cursor()), Escape: () => twins.follow(null),
    }[event.key] ?? (KEYS[event.key] && (() => this.step(KEYS[event.key])));
    if (!act) return;
    event.preventDefault();
    act();
    if (event.key === "," || event.key === ".") speak(this.moving.getAttribute("aria-description"));
    else if (KEYS[event.key] || event.key === "Enter" || event.key === "Escape") speak(this.spoken());
  }

  /** The code where the keyboard is: what chose it at this step, and whether it is followed. */
  spoken() {
    const code = this.cursor();
    const [size] = this.side.codes;
    const life = twins.life(this.name);
    const at = twins.frame(this.name) * size + code;
    const state = twins.word(`codebook.state.${STATES[life.states[at]]}`);
    const key = store.view.code === code ? "codebook.say.code.followed" : "codebook.say.code";
    return twins.word(key, { code, state, hits: life.hits[at].toLocaleString() });
  }

  cursor() {
    const [size] = this.side.codes;
    const code = store.hover.code ?? store.view.code ?? 0;
    return code < size ? code : 0;
  }

  /** The nearest code in a direction: within 45° of it. */
  step([dx, dy]) {
    const from = this.cursor();
    let best = null;
    let least = Infinity;
    for (let k = 0; k < this.places.length / 2; k++) {
      const [ux, uy] = [this.places[2 * k] - this.places[2 * from], this.places[2 * k + 1] - this.places[2 * from + 1]];
      const along = ux * dx + uy * dy;
      const across = Math.abs(ux * dy) + Math.abs(uy * dx);
      if (along > 1e-9 && across <= along && ux * ux + uy * uy < least) [least, best] = [ux * ux + uy * uy, k];
    }
    if (best !== null) store.preview({ code: best });
  }
}

const within = (pixels) => Math.min(FAR, Math.max(-FAR, pixels));
