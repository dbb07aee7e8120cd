// Copying: another image's codes, a rectangle of them, and where they go. The swap everybody should try starts here.

import { load } from "../core/bytes.js";
import { h, paintPixels, refill } from "../core/dom.js";
import { sheet } from "../core/sheet.js";
import { store } from "../core/store.js";
import { Cells } from "./cells.js";
import { shapeOf } from "./decode.js";
import { t } from "./words.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Source {
  constructor(board) {
    this.board = board;
    this.cells = new Cells("from", { tabindex: "0", role: "application" });
    this.list = h("div", { class: "ex-bench-sources", role: "group" });
    this.go = h("button", { type: "button", class: "ex-bench-go", onclick: () => this.pasteHere() });
    this.swap = h("button", { type: "button", class: "ex-bench-go", onclick: () => this.startSwap() });
    this.said = h("p", { class: "ex-bench-hint" });
    this.element = h("div", { class: "ex-bench-source", hidden: true },
      this.cells.element, h("div", { class: "ex-bench-source-side" }, this.said, this.list, this.go));
    this.images = []; // [{id, name, indices, draw}]
    this.selected = null; // id of the image copied from
    this.rect = null;
    this.wanted = null; // the swap that was asked for, until its scene is there
    this.listen();
  }

  get image() {
    return this.images.find(({ id }) => id === this.selected) ?? this.images[0];
  }

  /** A new scene: the strip's images and the second one can be copied from. */
  async update() {
    const { scene, side } = this.board;
    this.cells.grid = side.plane.grid;
    this.swap.hidden = !scene.swap;
    if (scene.swap) this.swap.textContent = t(scene.swap.word);
    this.go.textContent = t("workbench.paste");
    this.said.textContent = t("workbench.source.hint");
    this.show();
    const { strip } = store.scene;
    const key = scene.strip + strip.sheet + (scene.other?.picture ?? "");
    if (this.key !== key) this.images = []; // never another run's codes
    this.key = key;
    this.go.disabled = !this.images.length;
    try {
      const [codes, pictures, other] = await Promise.all([load(scene.strip, 4 * strip.images.length * side.plane.grid ** 2), sheet(strip.sheet, strip.images.length), scene.other && sheet(scene.other.picture, 1)]);
      if (this.key !== key) return;
      this.images = imagesOf(new Uint32Array(codes), pictures, strip, scene.other, other);
    } catch (error) {
      console.warn(error);
      this.said.textContent = store.t("client.points_failed");
      return;
    }
    if (!this.images.some(({ id }) => id === this.selected)) this.selected = scene.other?.id ?? this.images.find(({ id }) => id !== store.view.image)?.id;
    this.go.disabled = false;
    if (!this.rect || this.rect.of !== this.cells.grid) this.setRect({ x: 0, y: 0, w: this.cells.grid >> 1, h: this.cells.grid >> 1 });
    this.arrive();
    this.fill();
  }

  show() {
    this.element.hidden = this.board.tool !== "copy";
    if (!this.element.hidden) this.draw();
  }

  fill() {
    refill(this.list, [this.key, this.selected], () => this.images.map(({ id, name, draw }) => {
      const canvas = h("canvas", { "aria-hidden": "true" });
      draw(canvas);
      return h("button", {
        type: "button", "data-image": id, "aria-pressed": String(id === this.selected), title: name, "aria-label": t("workbench.other", { name }),
        onclick: () => this.from(id),
      }, canvas);
    }));
    this.draw();
  }

  from(id) {
    this.selected = id;
    this.fill();
    this.list.querySelector(`[data-image="${id}"]`)?.focus({ preventScroll: true });
    this.board.stages.mark();
  }

  draw() {
    if (this.element.hidden || !this.image) return;
    this.cells.name("", t("workbench.other", { name: this.image.name }));
    this.cells.marks.setAttribute("aria-label", t("workbench.source.label"));
    this.image.draw(this.cells.canvas);
    this.cells.mark({ rect: this.rect, lines: true });
  }

  /** Where a copy would land, for the stages. */
  ghost() {
    const { tool } = this.board;
    if (tool !== "copy" || !this.rect) return null;
    return store.hover.cell === null ? this.rect : { ...this.rect, ...this.corner(store.hover.cell) };
  }

  /** The copy's corner when its middle is on a cell, kept within the grid. */
  corner(cell) {
    const { grid } = this.cells;
    const { w, h: height } = this.rect;
    const within = (value, size) => Math.min(grid - size, Math.max(0, value));
    return { x: within((cell % grid) - Math.floor((w - 1) / 2), w), y: within(Math.floor(cell / grid) - Math.floor((height - 1) / 2), height) };
  }

  pasteAt(cell) {
    const { x, y } = this.corner(cell);
    this.paste(x, y);
  }

  /** To the same place it came from. */
  pasteHere() {
    this.paste(this.rect.x, this.rect.y);
  }

  paste(x, y) {
    if (this.image) this.board.edit((bench) => bench.paste(this.image.indices, this.rect, x, y));
  }

  // --- the swap

  startSwap() {
    const { data, image, image_b: other, rect } = this.board.scene.swap;
    this.wanted = { data, image, other, rect };
    if (store.view.data !== data) store.commit({ data });
    store.commit({ image, image_b: other });
    this.arrive();
  }

  /** Both faces are on the bench: the cells are marked, one tap copies them. */
  arrive() {
    const { wanted } = this;
    const { view, workbench } = store.scene;
    if (!wanted || view.data !== wanted.data || view.image !== wanted.image || workbench.other?.id !== wanted.other) return;
    if (!this.images.some(({ id }) => id === wanted.other)) return;
    this.wanted = null;
    this.selected = wanted.other;
    const { grid } = this.cells;
    this.board.use("copy");
    this.fill();
    const [x, y, w, height] = wanted.rect.map((share) => Math.round(share * grid));
    this.setRect({ x, y, w, h: height });
  }

  // --- the hand: a rectangle is dragged, or grown with Shift and the arrows

  listen() {
    const { marks } = this.cells;
    let from = null;
    const take = (to) => {
      const { grid } = this.cells;
      const [xs, ys] = [[from % grid, to % grid], [Math.floor(from / grid), Math.floor(to / grid)]];
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      this.setRect({ x, y, w: Math.max(...xs) - x + 1, h: Math.max(...ys) - y + 1 });
    };
    marks.addEventListener("pointerdown", (event) => {
      marks.setPointerCapture(event.pointerId);
      from = this.cells.cellOf(event);
      take(from);
    });
    marks.addEventListener("pointermove", (event) => from !== null && take(this.cells.cellOf(event)));
    for (const name of ["pointerup", "pointercancel"]) marks.addEventListener(name, () => (from = null));
    marks.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    const step = STEPS[event.key];
    if (step && !event.ctrlKey && !event.metaKey) {
      const { x, y, w, h: height } = this.rect;
      const within = (value, low, high) => Math.min(high, Math.max(low, value));
      const { grid } = this.cells;
      if (event.shiftKey) this.setRect({ x, y, w: within(w + step[0], 1, grid - x), h: within(height + step[1], 1, grid - y) });
      else this.setRect({ ...this.rect, x: within(x + step[0], 0, grid - w), y: within(y + step[1], 0, grid - height) });
    } else if (event.key === "Enter" || event.key === " ") this.pasteHere();
    else return;
    event.preventDefault();
  }

  setRect({ x, y, w, h: height }) {
    this.rect = { x, y, w, h: height, of: this.cells.grid };
    this.draw();
    this.board.stages.mark();
  }
}

/** The strip's images, and the second one in front if it is not of them. */
function imagesOf(codes, pictures, strip, other, otherPicture) {
  const cells = codes.length / strip.images.length;
  const drawn = (picture, place) => (canvas) => {
    const { width, height, channels } = shapeOf("right");
    paintPixels(canvas, picture(place, channels), width, height, channels, 255);
  };
  const images = strip.images.map(({ id, name }, place) =>
    ({ id, name, indices: codes.subarray(place * cells, (place + 1) * cells), draw: drawn(pictures, place) }));
  if (other && !images.some(({ id }) => id === other.id)) images.unshift({ ...other, draw: drawn(otherPicture, 0) });
  return images;
}
