// The atlas: each code among its usual neighbours, beside the mean of the patches that used it; a click takes the code.

import { load } from "../core/bytes.js";
import { h, paintPixels, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { tip, titled } from "../core/tip.js";
import { inSight } from "../core/when_seen.js";
import { once } from "../core/sheet.js";
import { decodeAnywhere, shapeOf } from "./decode.js";
import { t } from "./words.js";

const FIRST = 24; // cards shown at once
const MORE = 72;
const PER_FRAME = 6; // decoded between two frames, so that the page never stands still
const WINDOW = 3; // cells along a side of what is shown

export class Atlas {
  constructor(board) {
    this.board = board;
    this.seen = false;
    this.count = FIRST;
    this.drawing = 0;
    this.data = null; // {grids: (K*P), patches: (K*n*n*C)}
    this.title = h("h3");
    this.intro = h("p", { class: "ex-bench-intro" });
    this.cards = h("div", { class: "ex-bench-atlas" });
    this.more = h("button", { type: "button", class: "ex-bench-go", hidden: true, onclick: () => this.showMore() });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.element = h("div", { class: "ex-bench-card" }, (this.top = h("header")), this.intro, this.message, this.cards, this.more);
    this.cards.addEventListener("click", (event) => {
      const card = event.target.closest("[data-code]");
      if (card) board.pick(Number(card.dataset.code), true);
    });
    this.cards.addEventListener("pointerover", (event) => {
      const card = event.target.closest("[data-code]");
      if (card && event.pointerType === "mouse") store.preview({ code: Number(card.dataset.code), cell: null });
    });
    this.cards.addEventListener("pointerleave", () => store.preview({ code: null }));
    inSight(this.element, () => {
      this.seen = true;
      this.load();
    });
  }

  /** Codes by use, the dead ones last. */
  get order() {
    const { hits } = this.board.codebook;
    return [...hits.keys()].sort((a, b) => hits[b] - hits[a] || a - b);
  }

  update() {
    const { side, codebook } = this.board;
    const dead = codebook.hits.filter((count) => !count).length;
    this.title.textContent = t("workbench.atlas.title");
    this.top.replaceChildren(titled(this.title, tip(t("workbench.atlas.title"), t("workbench.atlas.tip"))));
    this.intro.textContent = t("workbench.atlas.intro", { used: codebook.hits.length - dead, total: codebook.hits.length, n: side.plane.total.toLocaleString() });
    if (this.run !== side.run) {
      this.run = side.run;
      this.count = FIRST;
      this.data = null;
    }
    if (this.seen) this.load();
  }

  say(sentence) {
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }

  async load() {
    const { scene, bench, codebook } = this.board;
    if (!bench) return;
    const address = scene.atlas;
    if (!address) {
      this.say(t("workbench.atlas.too_large"));
      return;
    }
    try {
      const [cells, count] = [bench.codes.length, codebook.hits.length];
      const { width, channels } = shapeOf("right");
      const patch = ((WINDOW * width) / bench.grid) ** 2 * channels;
      const buffer = await once(address, () => load(address, count * (2 * cells + patch)));
      if (this.board.scene?.atlas !== address) return; // another run was chosen meanwhile
      this.data = { grids: new Uint16Array(buffer, 0, count * cells), patches: new Uint8Array(buffer, 2 * count * cells) };
      this.say("");
      this.fill();
    } catch (error) {
      console.warn(error);
      this.say(store.t("client.points_failed"));
    }
  }

  showMore() {
    const first = this.count;
    this.count += MORE;
    this.fill();
    this.cards.children[first]?.focus({ preventScroll: true });
  }

  fill() {
    const { codebook, places, side } = this.board;
    const shown = this.order.slice(0, this.count);
    const total = codebook.hits.length;
    this.more.hidden = this.count >= total;
    this.more.textContent = t("workbench.atlas.more", { more: Math.min(MORE, total - this.count), total });
    refill(this.cards, [side.run, shown.length, store.view.lang], () => shown.map((code) => card(code, codebook.hits[code], side.plane.total, places.of(code))));
    this.draw();
  }

  /** Decodes what is shown, a few cards between two frames; a newer call ends an older one. */
  async draw() {
    if (!this.data || !this.board.bench || !this.cards.children.length) return;
    const mine = (this.drawing += 1);
    const { data, board } = this;
    const { codebook } = board;
    const shape = shapeOf("right");
    let drawn = 0;
    for (const element of [...this.cards.children]) {
      try {
        const done = await drawCard(element, data, codebook, board.bench.grid, shape);
        if (!done || mine !== this.drawing) return;
      } catch (error) {
        this.say(error.message);
        return;
      }
      drawn += 1;
      if (drawn % PER_FRAME === 0) await new Promise(requestAnimationFrame);
      if (mine !== this.drawing) return;
    }
    this.cards.dataset.drawn = drawn;
  }
}

function card(code, hits, total, colour) {
  const label = t(hits ? "workbench.atlas.card" : "workbench.atlas.card.dead", { code, hits: hits.toLocaleString(), total: total.toLocaleString() });
  return h("button", { type: "button", "data-code": code, "aria-label": label, title: label, class: hits ? "" : "ex-bench-unused" },
    h("span", { class: "ex-bench-atlas-name" }, h("span", { class: "ex-bench-dot", style: `--ex-swatch: ${colour}` }), String(code)),
    h("span", { class: "ex-bench-pair" },
      h("canvas", { "data-shows": "alone" }), hits ? h("canvas", { "data-shows": "mean" }) : h("span", { class: "ex-bench-cross" }, t("workbench.atlas.dead"))),
    h("span", { class: "ex-bench-muted" }, hits ? hits.toLocaleString() : "0"));
}

/** Returns whether there was a decoder to draw with. */
async function drawCard(element, { grids, patches }, codebook, grid, { width, channels }) {
  const code = Number(element.dataset.code);
  const indices = Uint32Array.from(grids.subarray(code * grid * grid, (code + 1) * grid * grid));
  const image = await decodeAnywhere("right", { indices, codebook });
  if (!image) return false;
  const side = (WINDOW * width) / grid;
  const corner = (Math.floor(grid / 2) - 1) * (width / grid);
  paintPixels(element.querySelector("[data-shows=alone]"), crop(image, width, channels, corner, side), side, side, channels, 255);
  const mean = element.querySelector("[data-shows=mean]");
  const size = side * side * channels;
  if (mean) paintPixels(mean, patches.subarray(code * size, (code + 1) * size), side, side, channels);
  return true;
}

function crop(image, width, channels, corner, side) {
  const part = new Float32Array(side * side * channels);
  for (let y = 0; y < side; y++) {
    const from = ((corner + y) * width + corner) * channels;
    part.set(image.subarray(from, from + side * channels), y * side * channels);
  }
  return part;
}
