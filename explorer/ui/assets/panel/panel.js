// The pictures beside a plane, of one size and one look: original, reconstruction, the latent seen closely (a posterior,
// a grid of codes), and what the pointer decodes now; and the numbers of the selected image.

import { bytesOf, h, paintPixels, refill, say } from "../core/dom.js";
import { cellAt, cellsOf, drawCodeGrid, litCode, outlineCells } from "./codegrid.js";
import { Magnifier } from "./magnifier.js";
import { picture } from "./picture.js";
import { PointerPicture } from "./pointer.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";

const FINGER = matchMedia("(pointer: coarse)");

export class PanelView {
  /** @param view the PlaneView beside it */
  constructor(name, view) {
    this.name = name;
    this.view = view;
    this.pictures = Object.fromEntries(["original", "reconstruction", "close", "codes", "pointer"].map((key) => [key, picture(key)]));
    this.facts = h("dl", { class: "ex-facts" });
    this.element = h("div", { class: "ex-panel" },
      h("div", { class: "ex-pictures" }, ...Object.values(this.pictures).map(({ figure }) => figure)));
    this.magnifier = new Magnifier(this.pictures.close);
    this.pointer = new PointerPicture(name, this.pictures.pointer, () => this.note());
    this.pictures.pointer.canvas.explorer = this.pointer;
    const { canvas } = this.pictures.codes;
    canvas.addEventListener("pointermove", (event) => this.overCell(event));
    canvas.addEventListener("pointerleave", () => store.preview({ cell: null, code: null }));
  }

  get side() {
    return store.side(this.name);
  }

  get coded() {
    return this.side.kind === "vqvae";
  }

  update() {
    const panel = this.side?.panel;
    this.element.hidden = this.facts.hidden = !panel;
    if (!panel) return;
    for (const key of ["original", "reconstruction"]) {
      const { pixels, width, height, channels } = panel[key];
      paintPixels(this.pictures[key].canvas, bytesOf(pixels), width, height, channels);
    }
    const labels = { original: panel.original.label, reconstruction: panel.reconstruction.label, ...panel.labels };
    for (const [key, { figure, label, canvas }] of Object.entries(this.pictures)) {
      figure.hidden = !labels[key];
      label.textContent = labels[key] ?? "";
    }
    refill(this.facts, panel.facts, () => panel.facts.map(fact));
    this.magnify();
    this.draw();
  }

  /** The plane's frame has changed, or what stands still in it. */
  magnify() {
    if (this.side?.panel?.labels.close) this.magnifier.draw(this.view);
  }

  /** What follows the hand. */
  draw() {
    if (!this.side?.panel) return;
    this.pointer.draw();
    if (this.coded) {
      const lit = litCode(this.name);
      drawCodeGrid(this.pictures.codes.canvas, this.name);
      outlineCells(this.pictures.reconstruction.overlay, this.side.plane.grid, lit === null ? [] : cellsOf(this.name, lit));
    } else {
      outlineCells(this.pictures.reconstruction.overlay, 1, []);
      this.magnifier.drawMoving(this.view);
    }
    this.note();
  }

  note() {
    if (!this.side?.panel) return;
    this.pictures.pointer.note.textContent = this.trouble() || (this.coded ? this.noteCode() : this.notePoint());
    if (this.coded) this.pictures.codes.note.textContent = this.noteGrid();
    this.describe();
  }

  /** Each picture in words: what it is, of what, and the numbers beside it. */
  describe() {
    const { facts } = this.side.panel;
    const more = {
      original: store.scene.strip.selected.name,
      reconstruction: facts.map(({ label, value }) => `${label} ${value}`).join(", "),
    };
    for (const [key, { label, note, canvas }] of Object.entries(this.pictures)) {
      const words = [label.textContent, more[key] ?? note.textContent].filter(Boolean).join(store.colon);
      if (canvas.getAttribute("aria-label") !== words) say(canvas, words);
    }
  }

  trouble() {
    if (store.decoderState(this.name) === "failed") return store.t("client.weights_failed");
    return this.side.decoder ? "" : this.pointer.failed;
  }

  notePoint() {
    const { kind, plane } = this.side;
    const hovered = store.hover.z?.side === this.name ? store.hover.z : null;
    const { z } = store.pins(this.name);
    if (!hovered && !z) return store.t(kind === "ae" ? "client.centre_ae" : "client.centre");
    if (plane.mode === "none") return "";
    const [x, y] = (hovered?.point ?? z).map((value) => value.toFixed(2).replace("-", "−"));
    if (plane.projection) return store.t(hovered ? "client.lifted" : "client.lifted_pinned", { x, y });
    if (hovered?.draw) return store.t("client.draw", { draw: hovered.draw, x, y });
    return store.t(hovered ? "client.point" : "client.pinned", { x, y });
  }

  noteCode() {
    const { plane } = this.side;
    const lit = litCode(this.name);
    const codebook = store.codes(this.name);
    if (lit === null || !codebook) return store.t(codebook?.moved.size ? "client.moved" : FINGER.matches ? "client.point_at_code.touch" : "client.point_at_code");
    const { territory } = this.view;
    if (codebook.moved.has(lit) && territory?.owners) {
      return store.t("client.code_moved", {
        code: lit, now: territory.counts[lit], before: territory.before[lit], drawn: plane.count.toLocaleString(),
      });
    }
    const hits = codebook.hits[lit];
    const params = { code: lit, hits: hits.toLocaleString(), total: plane.total.toLocaleString() };
    return store.t(hits ? "client.code" : "client.code_dead", params);
  }

  noteGrid() {
    const indices = store.indices(this.name);
    const lit = litCode(this.name);
    if (lit !== null) return store.t("client.code_here", { cells: cellsOf(this.name, lit).length, total: indices.length });
    return store.t("client.grid", { distinct: new Set(indices).size, total: indices.length });
  }

  overCell(event) {
    const cell = cellAt(event, this.side.plane.grid);
    store.preview({ cell, code: store.indices(this.name)[cell] });
  }
}

function fact({ label, value, tip: sentence }) {
  return h("div", { class: "ex-fact" },
    h("dt", {}, label, tip(label, sentence)),
    h("dd", {}, value));
}
