// Screen 2: a picture taken apart into features and codes, and put together again with a code exchanged.

import { cellAt } from "../panel/codegrid.js";
import { bytesOf, h, paintPixels, pictureCanvas, say } from "../core/dom.js";
import { shapeOf } from "../generate/gallery.js";
import { store } from "../core/store.js";
import { colour, kindColour } from "../core/theme.js";
import { word } from "./words.js";

const SIDE = "right";
const CELL = 24; // canvas pixels
const FARTHEST = 6; // codes that an exchange goes round
const STAGES = ["picture", "features", "codes", "result"];

export class Apart {
  constructor() {
    this.figures = Object.fromEntries(STAGES.map((name) => [name, {
      canvas: pictureCanvas({ width: 1, height: 1 }), caption: h("figcaption"),
    }]));
    const { codes } = this.figures;
    Object.assign(codes.canvas, { tabIndex: 0 });
    codes.canvas.setAttribute("role", "application");
    codes.canvas.addEventListener("click", (event) => this.indices && this.exchange(cellAt(event, this.grid)));
    codes.canvas.addEventListener("keydown", (event) => this.key(event));
    this.mark = h("i", { "aria-hidden": "true", hidden: true });
    this.colours = h("p", { class: "ex-start-colours" });
    this.element = h("div", { class: "ex-start-apart" }, ...STAGES.map((name) =>
      h("figure", { "data-stage": name }, h("div", { class: "ex-start-picture" }, this.figures[name].canvas, name === "result" ? this.mark : ""), this.figures[name].caption)), this.colours);
    this.element.explorer = this; // for the tests
    this.cell = 0;
    this.turn = 0;
  }

  close() {}

  async update(change) {
    const side = store.side(SIDE);
    if (!side?.plane) return;
    if (change.scene) this.words(side);
    const key = `${side.run} ${store.view.image}`;
    if (this.shown !== key) {
      this.shown = key;
      this.indices = null;
      this.mark.hidden = true;
      const codebook = await store.codebook(SIDE).catch(console.warn);
      if (!codebook || this.shown !== key || !store.side(SIDE)?.plane) return;
      this.begin(store.side(SIDE), codebook);
    } else if (change.theme && this.indices) this.draw();
    else if (change.weights) this.decode();
  }

  words() {
    for (const [name, { canvas, caption }] of Object.entries(this.figures)) {
      caption.textContent = word(`start.apart.${name}`);
      say(canvas, word(name === "codes" ? "start.apart.say" : `start.apart.${name}`));
    }
    this.colours.textContent = word("start.apart.colours");
  }

  begin({ plane, panel }, codebook) {
    this.grid = plane.grid;
    this.codebook = codebook;
    this.indices = [...plane.selected.indices];
    this.vectors = plane.selected.vectors;
    const { width, height, channels, pixels } = panel.original;
    paintPixels(this.figures.picture.canvas, bytesOf(pixels), width, height, channels);
    this.cell = Math.floor(this.indices.length / 2);
    this.draw();
    this.decode();
  }

  /** The colour of a place in the plane: direction and distance from where the codes lie. */
  tint([x, y]) {
    const { places, hits } = this.codebook;
    this.middle ??= middleOf(places, hits);
    const [dx, dy] = [x - this.middle.x, y - this.middle.y];
    const away = Math.min(1, Math.hypot(dx, dy) / this.middle.reach);
    return `hsl(${(Math.atan2(dy, dx) * 180) / Math.PI + 180} ${20 + 65 * away}% ${68 - 26 * away}%)`;
  }

  draw() {
    this.middle = null;
    this.cells("features", (cell) => this.vectors[cell]);
    const { places } = this.codebook;
    const context = this.cells("codes", (cell) => [places[2 * this.indices[cell]], places[2 * this.indices[cell] + 1]]);
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = 3;
    const [x, y] = [(this.cell % this.grid) * CELL, Math.floor(this.cell / this.grid) * CELL];
    context.strokeRect(x + 1.5, y + 1.5, CELL - 4, CELL - 4);
  }

  cells(name, placeOf) {
    const { canvas } = this.figures[name];
    canvas.width = canvas.height = this.grid * CELL;
    const context = canvas.getContext("2d");
    for (let cell = 0; cell < this.indices.length; cell++) {
      context.fillStyle = this.tint(placeOf(cell));
      context.fillRect((cell % this.grid) * CELL, Math.floor(cell / this.grid) * CELL, CELL - 1, CELL - 1);
    }
    return context;
  }

  /** Another code in this cell: one of those in use that lie farthest from the one it had. */
  exchange(cell) {
    const { places, hits } = this.codebook;
    const from = store.side(SIDE).plane.selected.indices[cell];
    const away = (k) => (places[2 * k] - places[2 * from]) ** 2 + (places[2 * k + 1] - places[2 * from + 1]) ** 2;
    const far = [...hits.keys()].filter((k) => hits[k]).sort((a, b) => away(b) - away(a)).slice(0, FARTHEST);
    this.indices = [...store.side(SIDE).plane.selected.indices]; // one exchange at a time
    this.cell = cell;
    this.indices[cell] = far[this.turn++ % far.length];
    const share = 100 / this.grid;
    this.mark.style.cssText = `left: ${(cell % this.grid) * share}%; top: ${Math.floor(cell / this.grid) * share}%; width: ${share}%; border-color: ${kindColour("vqvae")}`;
    this.mark.hidden = false;
    this.draw();
    this.decode();
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.grid, ArrowDown: this.grid }[event.key];
    if (!this.indices || (!step && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (!step) this.exchange(this.cell);
    else if (this.indices[this.cell + step] !== undefined) {
      this.cell += step;
      this.draw();
    }
  }

  decode() {
    const shape = shapeOf(SIDE);
    const values = this.indices && shape && store.decode(SIDE, { indices: this.indices, codebook: this.codebook });
    if (values) paintPixels(this.figures.result.canvas, values, ...shape, 255);
    this.decoded = Boolean(values);
  }
}

function middleOf(places, hits) {
  const used = [...hits.keys()].filter((k) => hits[k]);
  const mean = (d) => used.reduce((sum, k) => sum + places[2 * k + d], 0) / Math.max(1, used.length);
  const [x, y] = [mean(0), mean(1)];
  return { x, y, reach: Math.max(1e-6, ...used.map((k) => 0.8 * Math.hypot(places[2 * k] - x, places[2 * k + 1] - y))) };
}
