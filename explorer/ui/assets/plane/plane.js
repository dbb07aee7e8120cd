// A latent plane: three canvases, one above the other, for what stands still, for codes and their cells, and for what
// moves. `meaning.js` says what the hand means on it, `camera.js` which part is seen.

import { usedPlaces } from "../core/codebooks.js";
import { h } from "../core/dom.js";
import { store } from "../core/store.js";
import { Camera } from "./camera.js";
import { countInside, DotLayer } from "./dots.js";
import { Draws } from "./draws.js";
import { Territory } from "./edit.js";
import { fit } from "./frame.js";
import { Hand } from "./hand.js";
import { drawCells, drawCodes, drawGrid, drawNote, drawPoints, drawRings, RINGS } from "./layers.js";
import { Manifold } from "./manifold.js";
import { CodeMeaning, PointMeaning } from "./meaning.js";
import { drawThumbs, sheetFailed, thumbSheet, wantedSheet } from "./thumbs.js";
import { described, told } from "./description.js";

export class PlaneView {
  constructor(name) {
    this.name = name; // side
    this.still = h("canvas", { class: "ex-plane-still", "aria-hidden": "true" });
    this.coded = h("canvas", { class: "ex-plane-codes", "aria-hidden": "true" });
    this.moving = h("canvas", { class: "ex-plane-moving", tabindex: "0", role: "application" });
    this.message = h("p", { class: "ex-plane-message" });
    this.element = h("div", { class: "ex-plane" }, this.still, this.coded, this.moving, this.message);
    this.moving.explorer = this; // the debug hook of the tests
    this.loaded = ""; // address of the points that are shown
    this.camera = new Camera(name, () => this.look());
    this.meanings = { point: new PointMeaning(this), codes: new CodeMeaning(this) };
    this.manifold = new Manifold((z) => store.decode(name, z), () => this.look());
    this.draws = new Draws();
    this.dots = new DotLayer(() => this.look());
    this.onSettle = null; // called when another run's points and codes have come
    this.onLook = null; // called after everything was drawn
    this.lit = null;
    this.outside = 0;
    this.drawnPoints = 0;
    this.forget();
    this.hand = new Hand(this);
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  get side() {
    return store.side(this.name);
  }

  get plane() {
    return this.side?.plane;
  }

  get meaning() {
    return this.meanings[this.plane.mode === "codes" ? "codes" : "point"];
  }

  /** Whether a point of the plane stands for a latent: a place on a UMAP cannot be decoded. A code can be picked anywhere. */
  get answers() {
    return this.points && (!this.plane.projected || this.plane.projection.lift || this.plane.mode === "codes");
  }

  get toScale() {
    return this.plane.mode === "gaussian" && !this.plane.projected;
  }

  get cells() {
    return this.territory?.cells ?? [];
  }

  /** Hits of each code over the whole test split, as far as they are known after a move. */
  get hits() {
    const { hits } = store.codes(this.name);
    return this.territory?.estimate(hits, this.plane.total / this.plane.count) ?? hits;
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
    this.moving.setAttribute("aria-label", store.t(plane.mode === "codes" ? "client.plane_codes" : "client.plane_point"));
    this.describe();
    if (this.loaded !== plane.points) this.fetch(plane);
    else this.drawMoving();
  }

  describe() {
    if (this.plane && this.plane.mode !== "none") this.moving.setAttribute("aria-description", described(this));
  }

  /** Nothing of the last run is drawn upon again. */
  forget() {
    this.loaded = "";
    this.points = this.codebook = this.territory = this.frame = this.camera.home = null;
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
      this.settle(points, codebook);
    } catch (error) {
      console.warn(error);
      if (this.loaded !== address) return;
      this.forget(); // a failed load shows a sentence, never another run's points
      this.say(store.t("client.points_failed"));
    } finally {
      if (this.loaded === address || !this.loaded) this.element.classList.remove("ex-plane-loading");
    }
  }

  settle(points, codebook) {
    Object.assign(this, { points, codebook });
    this.camera.settle(this.extent());
    if (codebook && !this.plane.projected) {
      this.territory = new Territory(points.xy, codebook.places, this.camera.home);
      this.territory.follow(store.codes(this.name).places); // the reader may have moved some before
    }
    this.say("");
    this.describe();
    this.resize(true);
    this.onSettle?.();
  }

  say(sentence) {
    this.message.textContent = sentence;
    if (sentence) this.clear();
  }

  clear() {
    for (const canvas of [this.still, this.coded, this.moving]) {
      canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  resize(force = false) {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.points || !width) return;
    const ratio = devicePixelRatio || 1;
    if (!force && this.frame?.width === width && this.still.width === Math.round(width * ratio)) return;
    for (const canvas of [this.still, this.coded, this.moving]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.frame = this.camera.frame(width, height);
    this.drawAll(); // at once: a canvas of another size is empty
  }

  extent() {
    const reach = RINGS.at(-1);
    if (this.toScale) return fit(this.points.xy, { must: [[-reach, -reach], [reach, reach]], symmetric: true });
    return fit(this.points.xy, { must: this.codebook ? usedPlaces(this.codebook) : [] });
  }

  // --- drawing

  /** The camera has moved: everything is drawn, at most once for each frame of the screen. */
  look() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.points || !width) return;
    this.frame = this.camera.frame(width, height);
    this.looking ||= requestAnimationFrame(() => {
      this.looking = 0;
      this.drawAll();
    });
  }

  drawAll() {
    if (!this.frame || !this.points) return;
    this.drawStill();
    this.drawCoded();
    this.drawMoving();
    this.onLook?.();
  }

  /** Brings a class forward, or none. */
  light(cls) {
    if (this.lit === cls || !this.frame || !this.points) return;
    this.drawStill();
  }

  /** Everything, bottom first: on a canvas, or on what writes a file. */
  paint(context) {
    this.drawStill(context);
    this.drawCoded(context);
    this.drawMoving(context);
  }

  get told() {
    return told(this.side);
  }

  drawStill(context = this.blank(this.still)) {
    this.lit = store.hover.cls;
    this.drawManifold(context);
    drawGrid(context, this.frame);
    this.drawnPoints = this.drawImages(context);
    if (this.toScale) drawRings(context, this.frame);
  }

  /** Thumbnails where the reader wants them and they are there, else dots; returns how many images are drawn. */
  drawImages(context) {
    const { frame, points, plane, lit } = this;
    const sheet = wantedSheet(plane);
    const image = sheet && thumbSheet(sheet, this.side.panel.original.channels, points.labels, () => this.look());
    const count = image ? drawThumbs(context, frame, points, sheet, image, this.camera.zoom, lit) : countInside(frame, points);
    if (!image && context.vector) drawPoints(context, frame, points, lit);
    else if (!image) this.dots.draw(context, frame, points, lit, [frame.width, devicePixelRatio, document.body.className]);
    const left = points.labels.length - count;
    if (image) drawNote(context, frame, store.t("client.thumbs_shown", { count, total: points.labels.length.toLocaleString() }));
    else if (sheet && sheetFailed(sheet)) drawNote(context, frame, store.t("client.thumbs_failed"));
    else if (left) drawNote(context, frame, store.t("client.points_outside", { count: left.toLocaleString() }));
    return count;
  }

  drawManifold(context) {
    const { side, camera, plane } = this;
    if (!store.options.manifold || plane.mode === "codes" || plane.projected || !side.decoder) return;
    const { weights: address } = side.decoder;
    this.manifold.draw(context, this.frame, { address, shape: side.panel.original, home: camera.home, zoom: camera.zoom });
  }

  /** Cells and codes: they alone change while a code is dragged. */
  drawCoded(context = this.blank(this.coded)) {
    if (!this.codebook) return;
    drawCells(context, this.frame, this.cells);
    this.outside = drawCodes(context, this.frame, { places: store.codes(this.name).places, hits: this.hits });
  }

  /** Codes have moved. */
  follow() {
    if (!this.territory || !this.frame) return;
    this.territory.follow(store.codes(this.name).places);
    this.drawCoded();
    this.drawMoving();
  }

  drawMoving(context = null) {
    if (!this.frame || !this.points || this.loaded !== this.plane?.points) return;
    context ??= this.blank(this.moving);
    this.meaning.draw(context, this.frame);
    for (const draw of store.overlays[this.name]?.values() ?? []) draw(context, this.frame);
  }

  blank(canvas) {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, this.frame.width, this.frame.height);
    return context;
  }

  // --- the hand

  /** What can be taken hold of at a place on the canvas: whatever comes out is given back to `drag` and `drop`. */
  handleAt(at, reach, touch) {
    return this.answers ? this.meaning.handleAt(at, reach, touch) : null;
  }

  over(point) {
    if (this.answers) this.meaning.over(point);
  }

  drag(handle, point) {
    this.meaning.drag(handle, point);
  }

  drop(handle) {
    this.meaning.drop(handle);
  }

  release() {
    if (this.plane) this.meaning.release();
  }

  pin(point) {
    if (this.answers) this.meaning.pin(point);
  }

  unpin() {
    this.meaning.release();
    this.meaning.unpin();
  }

  cursor() {
    return this.meaning.cursor();
  }

  step(direction, shift) {
    this.meaning.step(direction, shift);
  }

  /** What keys zoom about: where the keyboard is if that is in sight, else the middle. */
  focus() {
    const [left, bottom, right, top] = this.frame.box;
    const [x, y] = this.answers ? this.cursor() : [NaN, NaN];
    return x >= left && x <= right && y >= bottom && y <= top ? [x, y] : this.frame.centre;
  }
}
