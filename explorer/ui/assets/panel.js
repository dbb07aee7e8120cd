// The pictures beside a plane, of one size and one look: original, reconstruction, and what the pointer decodes (or the
// grid of codes), and the numbers of the selected image.

import { bytesOf, h, paintPixels, refill } from "./dom.js";
import { store } from "./store.js";
import { colour, kindColour } from "./theme.js";

const CELL = 16; // canvas pixels of one cell of the code grid

export class PanelView {
  constructor(name) {
    this.name = name;
    this.pictures = { original: picture(), reconstruction: picture(), third: picture() };
    this.facts = h("dl", { class: "ex-facts" });
    this.element = h("div", { class: "ex-panel" },
      h("div", { class: "ex-pictures" }, ...Object.values(this.pictures).map(({ figure }) => figure)));
    this.decodes = 0; // for the tests: how often the pointer was answered
    this.pictures.third.canvas.explorer = this;
    const third = this.pictures.third.canvas;
    third.addEventListener("pointermove", (event) => this.overCell(event));
    third.addEventListener("pointerleave", () => store.preview({ cell: null, code: null }));
  }

  get side() {
    return store.side(this.name);
  }

  update() {
    const panel = this.side?.panel;
    this.element.hidden = this.facts.hidden = !panel;
    if (!panel) return;
    for (const key of ["original", "reconstruction"]) {
      const { label, pixels, width, height, channels } = panel[key];
      this.pictures[key].label.textContent = label;
      paintPixels(this.pictures[key].canvas, bytesOf(pixels), width, height, channels);
      this.pictures[key].canvas.setAttribute("aria-label", label);
    }
    this.pictures.third.label.textContent = panel.third;
    this.pictures.third.canvas.setAttribute("aria-label", panel.third);
    refill(this.facts, panel.facts, () => panel.facts.map(fact));
    this.drawThird();
  }

  drawThird() {
    if (!this.side?.panel) return;
    if (this.side.kind === "vqvae") this.drawCodes();
    else this.drawPointer();
  }

  /** Decodes what is under the pointer, else the pin, else zero: the centre of a prior. */
  drawPointer() {
    const { panel, decoder } = this.side;
    const { z } = store.pins(this.name);
    const hovered = store.hover.z?.side === this.name ? store.hover.z.point : null;
    const latent = hovered ?? z ?? new Array(decoder ? product(decoder.program.input) : 0).fill(0);
    const image = decoder && store.decode(this.name, latent);
    const { width, height, channels } = panel.original;
    const { canvas } = this.pictures.third;
    if (image) {
      paintPixels(canvas, image, width, height, channels, 255);
      this.decodes += 1;
    } else canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height); // never the last run's picture
    this.pictures.third.note.textContent = this.notePointer(hovered, z);
  }

  notePointer(hovered, z) {
    const { kind, plane } = this.side;
    if (store.decoderState(this.name) === "failed") return store.t("live.weights_failed");
    if (!hovered && !z) return store.t(kind === "ae" ? "live.centre_ae" : "live.centre");
    if (plane.mode === "none") return "";
    const [x, y] = (hovered ?? z).map((value) => value.toFixed(2).replace("-", "−"));
    return store.t(hovered ? "live.point" : "live.pinned", { x, y });
  }

  /** The grid of codes of the selected image, a shade for each code; the lit one in orange. */
  drawCodes() {
    const { indices } = this.side.plane.selected;
    const { grid } = this.side.plane;
    const { canvas } = this.pictures.third;
    const context = canvas.getContext("2d");
    canvas.width = canvas.height = grid * CELL;
    const lit = store.hover.code ?? store.pins(this.name).code;
    indices.forEach((index, cell) => {
      const [x, y] = [(cell % grid) * CELL, Math.floor(cell / grid) * CELL];
      context.fillStyle = index === lit ? kindColour("vqvae") : shade(index);
      context.globalAlpha = lit === null || index === lit ? 1 : 0.45;
      context.fillRect(x, y, CELL - 1, CELL - 1);
    });
    context.globalAlpha = 1;
    this.drawLitCells(indices, grid, lit);
    this.noteCodes(indices, lit);
  }

  /** The same cells outlined on the reconstruction: a code is a patch. */
  drawLitCells(indices, grid, lit) {
    const { overlay } = this.pictures.reconstruction;
    const size = Math.round(overlay.clientWidth * (devicePixelRatio || 1));
    overlay.width = overlay.height = size;
    if (lit === null || !size) return;
    const context = overlay.getContext("2d");
    context.strokeStyle = kindColour("vqvae");
    context.lineWidth = 2 * (devicePixelRatio || 1);
    const step = size / grid;
    indices.forEach((index, cell) => {
      if (index === lit) context.strokeRect((cell % grid) * step + 1, Math.floor(cell / grid) * step + 1, step - 2, step - 2);
    });
  }

  async noteCodes(indices, lit) {
    const { note } = this.pictures.third;
    const { plane } = this.side;
    if (lit === null) {
      note.textContent = store.t("live.grid", { distinct: new Set(indices).size, total: indices.length });
      return;
    }
    const here = indices.filter((index) => index === lit).length;
    if (here) {
      note.textContent = store.t("live.code_here", { code: lit, cells: here, total: indices.length });
      return;
    }
    const { hits } = await store.codebook(this.name);
    if ((store.hover.code ?? store.pins(this.name).code) !== lit) return; // the pointer has moved on
    const params = { code: lit, hits: hits[lit].toLocaleString(), total: plane.total.toLocaleString() };
    note.textContent = store.t(hits[lit] ? "live.code" : "live.code_dead", params);
  }

  overCell(event) {
    const { plane, kind } = this.side;
    if (kind !== "vqvae") return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = (value, size) => Math.min(plane.grid - 1, Math.max(0, Math.floor((value / size) * plane.grid)));
    const cell = at(event.clientY - box.top, box.height) * plane.grid + at(event.clientX - box.left, box.width);
    store.preview({ cell, code: plane.selected.indices[cell] });
  }
}

const product = (numbers) => numbers.reduce((a, b) => a * b, 1);

function picture() {
  const canvas = h("canvas", { role: "img" });
  const overlay = h("canvas", { class: "ex-overlay", "aria-hidden": "true" });
  const label = h("span", { class: "ex-picture-label" });
  const note = h("span", { class: "ex-picture-note" });
  const figure = h("figure", {}, h("div", { class: "ex-frame" }, canvas, overlay), h("figcaption", {}, label, note));
  return { canvas, overlay, label, note, figure };
}

function fact({ label, value, tip }) {
  return h("div", { class: "ex-fact" },
    h("dt", {}, label, h("button", { type: "button", class: "ex-tip", "aria-label": `${label}: ${tip}`, "data-tip": tip }, "?")),
    h("dd", {}, value));
}

/** A grey of its own for each code: neighbours in number are far apart in shade. */
function shade(index) {
  const share = (index * 0.61803398875) % 1;
  return `color-mix(in oklab, ${colour("--ex-shade-low")} ${Math.round(100 * share)}%, ${colour("--ex-shade-high")})`;
}
