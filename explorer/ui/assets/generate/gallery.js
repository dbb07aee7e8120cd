// A gallery of drawn samples: one canvas for each, decoded here a few at a time, and one of them lit or chosen.

import { bytesOf, h, paintPixels } from "../core/dom.js";
import { ask } from "../core/ask.js";
import { store } from "../core/store.js";
import { asked } from "./draws.js";

const BUDGET_MS = 9; // decoding in one frame, so that the page stays under the hand
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export class Gallery {
  /**
   * @param side whose decoder is used
   * @param on {light(k or null), choose(k)}: the pointer is over sample k; it was chosen
   */
  constructor(side, on) {
    this.side = side;
    this.on = on;
    this.samples = []; // latents as `store.decode` takes them
    this.painted = 0; // for the tests
    this.run = 0;
    this.lit = this.chosen = null;
    this.element = h("div", { class: "ex-gen-gallery" });
    this.element.explorer = this;
    this.element.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Shows other samples; `name(k)` says what sample k is. */
  fill(samples, label, name) {
    this.samples = samples;
    this.element.setAttribute("role", "listbox"); // before there is anything to choose from it is none, and has no name
    this.element.setAttribute("aria-label", label);
    const cells = [...this.element.children];
    while (cells.length > samples.length) cells.pop().remove();
    while (cells.length < samples.length) {
      cells.push(this.cell(cells.length));
      this.element.append(cells.at(-1));
    }
    cells.forEach((cell, k) => cell.setAttribute("aria-label", name(k)));
    if (this.chosen >= samples.length) this.chosen = null;
    this.mark();
    this.paint();
  }

  cell(k) {
    const light = () => this.on.light(k);
    return h("button", {
      type: "button", role: "option", class: "ex-gen-sample", "data-sample": k,
      onpointerenter: (event) => event.pointerType === "mouse" && light(),
      onpointerleave: () => this.on.light(null),
      onfocus: light,
      onblur: () => this.on.light(null),
      onclick: () => this.on.choose(k),
    }, h("canvas", { width: 1, height: 1, "aria-hidden": "true" }));
  }

  mark({ lit = this.lit, chosen = this.chosen } = {}) {
    Object.assign(this, { lit, chosen });
    [...this.element.children].forEach((cell, k) => {
      cell.classList.toggle("ex-gen-lit", k === lit);
      cell.setAttribute("aria-selected", String(k === chosen));
      cell.tabIndex = k === (chosen ?? 0) ? 0 : -1;
    });
  }

  /** Decodes all samples; a newer call ends an older one. Nothing is painted while the weights are on the way. */
  async paint() {
    const mine = (this.run += 1);
    this.painted = 0;
    const { samples, side } = this;
    const shape = shapeOf(side);
    const state = store.decoderState(side);
    if (!shape || state === "loading" || state === "failed") return;
    let until = performance.now() + BUDGET_MS;
    for (const [k, latent] of samples.entries()) {
      const values = await pictureOf(side, latent);
      if (mine !== this.run) return;
      paintPixels(this.element.children[k].firstChild, values, ...shape, 255);
      this.painted = k + 1;
      if (performance.now() < until) continue;
      await new Promise(requestAnimationFrame);
      if (mine !== this.run || !store.side(side)) return; // another tab's scene may have no such side
      until = performance.now() + BUDGET_MS;
    }
  }

  /** Other weights or no samples at all: the pictures of the last ones must not stand for these. */
  clear() {
    this.run += 1;
    this.painted = 0;
    this.element.replaceChildren();
    this.samples = [];
    Object.assign(this, { lit: null, chosen: null });
  }

  onKey(event) {
    const cells = [...this.element.children];
    const at = cells.indexOf(event.target.closest(".ex-gen-sample"));
    const columns = cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length;
    const step = { ...STEPS, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const target = event.key === "Home" ? 0 : event.key === "End" ? cells.length - 1 : at + (step ?? NaN);
    if (!cells[target]) return;
    event.preventDefault();
    cells[target].focus({ preventScroll: true });
  }
}

/** [width, height, channels] of a side's pictures. */
export function shapeOf(side) {
  const { width, height, channels } = store.side(side)?.panel?.original ?? {};
  return width ? [width, height, channels] : null;
}

/**
 * Values in [0, 1] of one latent, decoded here; by the server where the decoder is too large for the browser. They are
 * the caller's own: the decoder writes into one array again and again, and others decode while somebody waits for this.
 */
export async function pictureOf(side, latent) {
  const values = store.decode(side, latent);
  if (values) return values.slice();
  const { run } = store.side(side);
  return Float32Array.from(bytesOf((await ask("decode", { run, ...asked(latent) })).pixels), (value) => value / 255);
}
