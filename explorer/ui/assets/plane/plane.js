// A latent plane: two canvases, one for what stands still and one for what moves, and the hand above them.

import { h } from "../dom.js";
import { store } from "../store.js";
import { fit, Frame } from "./frame.js";
import { drawCells, drawCodes, drawGrid, drawMissing, drawPoints, drawRings, RINGS } from "./layers.js";
import { drawCode, drawPoint, drawSelectedPoint, drawSelectedVectors } from "./marks.js";
import { nearestCode, voronoi } from "./voronoi.js";

const TAP_PIXELS = 6; // a finger that moved farther was scrolling
const PIN_PIXELS = 9;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class PlaneView {
  constructor(name) {
    this.name = name; // side
    this.still = h("canvas", { class: "ex-plane-still", "aria-hidden": "true" });
    this.moving = h("canvas", { class: "ex-plane-moving", tabindex: "0", role: "application" });
    this.message = h("p", { class: "ex-plane-message" });
    this.element = h("div", { class: "ex-plane" }, this.still, this.moving, this.message);
    this.moving.explorer = this; // the debug hook of the tests
    this.loaded = ""; // address of the points that are shown
    this.points = null;
    this.codebook = null;
    this.cells = [];
    this.frame = null;
    this.lit = null;
    this.outside = 0;
    this.drawnPoints = 0;
    this.pending = 0;
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  get side() {
    return store.side(this.name);
  }

  get plane() {
    return this.side?.plane;
  }

  /** Whether a point of the plane stands for a latent: a shadow of one cannot be decoded. A code can be picked anywhere. */
  get answers() {
    return this.points && !(this.plane.projected && this.plane.mode !== "codes");
  }

  /** A new scene: other points are fetched, a new selection is only drawn. */
  update() {
    const { plane } = this;
    this.element.classList.toggle("ex-plane-empty", !plane || plane.mode === "none");
    if (!plane || plane.mode === "none") {
      this.forget();
      this.say(plane?.empty ?? this.side?.empty ?? "");
      return;
    }
    this.moving.setAttribute("aria-label", store.t(plane.mode === "codes" ? "live.plane_codes" : "live.plane_point"));
    if (this.loaded !== plane.points) this.fetch(plane);
    else this.drawMoving();
  }

  /** Nothing of the last run is drawn upon again. */
  forget() {
    this.loaded = "";
    this.points = this.codebook = this.frame = null;
  }

  async fetch(plane) {
    const address = plane.points;
    this.forget();
    this.loaded = address;
    this.element.classList.add("ex-plane-loading"); // the last run fades, but leaves no hole for a moment
    try {
      const [points, codebook] = await Promise.all([
        store.points(this.name),
        plane.mode === "codes" ? store.codebook(this.name) : null,
      ]);
      if (this.loaded !== address) return; // another run was chosen meanwhile
      Object.assign(this, { points, codebook });
      this.say("");
      this.resize(true);
    } catch (error) {
      console.warn(error);
      if (this.loaded !== address) return;
      this.forget(); // a failed load shows a sentence, never another run's points
      this.say(store.t("live.points_failed"));
    } finally {
      if (this.loaded === address || !this.loaded) this.element.classList.remove("ex-plane-loading");
    }
  }

  say(sentence) {
    this.message.textContent = sentence;
    if (sentence) this.clear();
  }

  clear() {
    for (const canvas of [this.still, this.moving]) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  }

  resize(force = false) {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.points || !width) return;
    const ratio = devicePixelRatio || 1;
    if (!force && this.frame?.width === width && this.still.width === Math.round(width * ratio)) return;
    for (const canvas of [this.still, this.moving]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    const { centre, half } = this.extent();
    this.frame = new Frame(centre, half, width, height);
    this.cells = this.codebook && !this.plane.projected ? voronoi(this.codebook.places, this.frame.box) : [];
    this.drawStill();
    this.drawMoving();
  }

  extent() {
    const reach = RINGS.at(-1);
    if (this.plane.mode === "gaussian" && !this.plane.projected) {
      return fit(this.points.xy, { must: [[-reach, -reach], [reach, reach]], symmetric: true });
    }
    return fit(this.points.xy, { must: this.usedCodes() });
  }

  usedCodes() {
    if (!this.codebook) return [];
    const { places, hits } = this.codebook;
    return [...hits.keys()].filter((k) => hits[k]).map((k) => [places[2 * k], places[2 * k + 1]]);
  }

  /** Brings a class forward, or none. */
  light(cls) {
    if (this.lit === cls || !this.frame || !this.points) return;
    this.drawStill();
  }

  drawStill() {
    this.lit = store.hover.cls;
    const context = this.still.getContext("2d");
    context.clearRect(0, 0, this.frame.width, this.frame.height);
    drawGrid(context, this.frame);
    if (this.codebook) drawCells(context, this.frame, this.cells);
    this.drawnPoints = drawPoints(context, this.frame, this.points, store.hover.cls);
    if (this.plane.mode === "gaussian" && !this.plane.projected) drawRings(context, this.frame);
    this.outside = this.codebook ? drawCodes(context, this.frame, this.codebook) : 0;
    drawMissing(context, this.frame, this.points.labels.length - this.drawnPoints);
  }

  drawMoving() {
    if (!this.frame || !this.points || this.loaded !== this.plane?.points) return;
    const context = this.moving.getContext("2d");
    const { selected, mode } = this.plane;
    const { kind } = this.side;
    const { z, code } = store.pins(this.name);
    context.clearRect(0, 0, this.frame.width, this.frame.height);
    this.drawOwn(context, { selected, mode, kind, z, code });
    for (const draw of store.overlays[this.name]?.values() ?? []) draw(context, this.frame);
  }

  drawOwn(context, { selected, mode, kind, z, code }) {
    if (mode === "codes") {
      drawSelectedVectors(context, this.frame, selected, this.codebook, store.hover.cell);
      if (code !== null) drawCode(context, this.frame, this.cells, this.codebook, code, true);
      if (store.hover.code !== null && store.hover.code !== code) {
        drawCode(context, this.frame, this.cells, this.codebook, store.hover.code, false);
      }
      return;
    }
    drawSelectedPoint(context, this.frame, kind, selected);
    if (z && this.answers) drawPoint(context, this.frame, kind, z, true);
    const hovered = store.hover.z?.side === this.name ? store.hover.z.point : null;
    if (hovered) drawPoint(context, this.frame, kind, hovered, false);
  }

  // --- the hand

  listen() {
    const { moving } = this;
    let down = null;
    moving.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" || down) this.over(this.pointOf(event), event.pointerType === "mouse");
    });
    moving.addEventListener("pointerleave", () => this.release());
    moving.addEventListener("pointerdown", (event) => (down = [event.clientX, event.clientY]));
    moving.addEventListener("pointercancel", () => {
      down = null;
      this.release();
    });
    moving.addEventListener("pointerup", (event) => {
      const still = down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) < TAP_PIXELS;
      down = null;
      if (still) this.pin(this.pointOf(event));
    });
    moving.addEventListener("keydown", (event) => this.onKey(event));
    moving.addEventListener("blur", () => this.release());
  }

  pointOf(event) {
    const box = this.moving.getBoundingClientRect();
    return this.frame?.point(event.clientX - box.left, event.clientY - box.top);
  }

  /** At most one preview for each frame that is drawn: a mouse may report far more often. */
  over(point) {
    if (!point || !this.answers) return;
    this.latest = point;
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      if (!this.latest) return;
      if (this.plane.mode === "codes") store.preview({ code: nearestCode(this.codebook.places, this.latest) });
      else store.preview({ z: { side: this.name, point: this.latest } });
    });
  }

  release() {
    this.latest = null;
    if (this.plane?.mode === "codes") store.preview({ code: null });
    else if (store.hover.z?.side === this.name) store.preview({ z: null });
  }

  /** A tap holds what is under it; a second one on the same code or pin lets go. */
  pin(point) {
    if (!point || !this.answers) return;
    const pins = store.pins(this.name);
    if (this.plane.mode === "codes") {
      const code = nearestCode(this.codebook.places, point);
      store.commit({ code: pins.code === code ? null : code });
      return;
    }
    const again = pins.z && Math.hypot(pins.z[0] - point[0], pins.z[1] - point[1]) * this.frame.scale < PIN_PIXELS;
    store.commit({ z: again ? [] : point.map((value) => Number(value.toFixed(3))) });
  }

  onKey(event) {
    if (!this.answers || !(event.key in KEYS || event.key === "Enter" || event.key === "Escape")) return;
    event.preventDefault();
    if (event.key === "Escape") {
      this.release();
      store.commit(this.plane.mode === "codes" ? { code: null } : { z: [] });
    } else if (event.key === "Enter") this.pin(this.cursor());
    else this.step(KEYS[event.key], event.shiftKey ? 10 : 1);
  }

  /** Where the keyboard is: what is previewed, else pinned, else selected. */
  cursor() {
    if (this.plane.mode === "codes") {
      const code = store.hover.code ?? store.pins(this.name).code ?? this.plane.selected.indices[0];
      return [this.codebook.places[2 * code], this.codebook.places[2 * code + 1]];
    }
    if (store.hover.z?.side === this.name) return store.hover.z.point;
    return store.pins(this.name).z ?? this.plane.selected.mean;
  }

  step([dx, dy], factor) {
    const [x, y] = this.cursor();
    if (this.plane.mode !== "codes") {
      const unit = (this.frame.half / 50) * factor;
      store.preview({ z: { side: this.name, point: [x + dx * unit, y + dy * unit] } });
      return;
    }
    const next = codeTowards(this.codebook.places, [x, y], [dx, dy]);
    if (next !== null) store.preview({ code: next });
  }
}

/** The nearest code in a direction: within 45° of it. */
function codeTowards(vectors, [x, y], [dx, dy]) {
  let best = null;
  let least = Infinity;
  for (let k = 0; k < vectors.length / 2; k++) {
    const [ux, uy] = [vectors[2 * k] - x, vectors[2 * k + 1] - y];
    const along = ux * dx + uy * dy;
    const across = Math.abs(ux * dy) + Math.abs(uy * dx);
    if (along > 1e-9 && across <= along && ux * ux + uy * uy < least) [least, best] = [ux * ux + uy * uy, k];
  }
  return best;
}
