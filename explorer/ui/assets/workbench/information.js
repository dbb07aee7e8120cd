// What a code says about the class, place by place: bits over the null, the null beside it on the same scale, and what
// that means for the guess that a VQ-VAE takes features apart from the picture.

import { ask } from "../core/ask.js";
import { h } from "../core/dom.js";
import { tip, titled } from "../core/tip.js";
import { inSight } from "../core/when_seen.js";
import { store } from "../core/store.js";
import { colour } from "../core/theme.js";
import { Cells } from "./cells.js";
import { number, t } from "./words.js";

const ALONE = 0.5; // a code without its place that says less than this share of the best place is a stroke, not a part

export class Information {
  constructor(board) {
    this.board = board;
    this.seen = false;
    this.found = null;
    this.run = "";
    this.title = h("h3");
    this.intro = h("p", { class: "ex-bench-intro" });
    this.bits = new Cells("bits");
    this.null = new Cells("null");
    this.readout = h("p", { class: "ex-bench-readout" });
    this.scale = h("p", { class: "ex-bench-scale" });
    this.verdict = h("p", { class: "ex-bench-verdict" });
    this.null.element.dataset.expert = "";
    this.element = h("div", { class: "ex-bench-card" }, (this.top = h("header")), this.intro,
      h("div", { class: "ex-bench-information" }, this.bits.element, this.null.element,
        h("div", {}, this.scale, this.readout, this.verdict)));
    for (const cells of [this.bits, this.null]) board.join(cells);
    inSight(this.element, () => {
      this.seen = true;
      this.load();
    });
  }

  update() {
    this.title.textContent = t("workbench.information.title");
    this.top.replaceChildren(titled(this.title, tip(t("workbench.information.title"), t("workbench.information.tip"))));
    this.intro.textContent = t("workbench.information.intro");
    this.bits.name("", t("workbench.information.bits"));
    this.null.name("", t("workbench.information.null"));
    for (const cells of [this.bits, this.null]) cells.grid = this.board.side.plane.grid;
    if (this.seen) this.load();
  }

  async load() {
    const { run } = this.board.side;
    if (this.run === run) {
      this.draw();
      return;
    }
    this.run = run;
    this.found = null;
    this.draw();
    this.readout.textContent = t("workbench.waiting");
    try {
      const answer = await ask("information", { run });
      if (this.run !== run) return;
      this.found = answer;
      this.draw();
    } catch (error) {
      this.run = ""; // the next look tries again
      this.readout.textContent = error.message;
    }
  }

  draw() {
    if (!this.seen || !this.board.bench) return;
    const { found } = this;
    this.verdict.textContent = this.scale.textContent = "";
    const cells = this.board.bench.codes.length;
    const over = found ? found.bits.map((bits, cell) => Math.max(0, bits - found.null[cell])) : new Array(cells).fill(0);
    const top = Math.max(...over, ...(found?.null ?? [0]), 1e-9);
    const heat = (bits) => `color-mix(in oklab, ${colour("--ex-vqvae")} ${Math.round((100 * bits) / top)}%, ${colour("--ex-plane")})`;
    this.bits.drawCells(over.map(heat));
    this.null.drawCells((found?.null ?? new Array(cells).fill(0)).map(heat));
    if (found) this.conclude(over, top);
    this.mark();
  }

  conclude(over, top) {
    const { found } = this;
    const mean = over.reduce((sum, bits) => sum + bits, 0) / over.length;
    const anywhere = Math.max(0, found.anywhere - found.anywhere_null);
    const best = Math.max(...over);
    this.scale.replaceChildren(h("span", {}, "0"), h("span", { class: "ex-bench-ramp" }), h("span", {}, t("workbench.information.scale", { top: number(top) })));
    const params = {
      best: number(best), mean: number(mean), anywhere: number(anywhere), all: number(found.class_bits), n: found.n.toLocaleString(),
      null: number(found.null.reduce((sum, bits) => sum + bits, 0) / over.length), times: found.permutations,
    };
    const verdict = anywhere < ALONE * best ? "workbench.information.place" : "workbench.information.alone";
    this.verdict.replaceChildren(h("span", {}, t("workbench.information.found", params)), " ", h("b", {}, t(verdict, params)));
  }

  mark() {
    if (!this.seen || !this.board.bench) return;
    const { cell } = store.hover;
    const { chosen } = this.board;
    for (const cells of [this.bits, this.null]) cells.mark({ lit: cell, chosen, lines: true });
    if (this.found) this.readout.textContent = this.read(cell ?? chosen);
  }

  read(cell) {
    const { found, board } = this;
    const { grid } = board.bench;
    return t("workbench.information.read", {
      row: Math.floor(cell / grid) + 1, column: (cell % grid) + 1, bits: number(Math.max(0, found.bits[cell] - found.null[cell])),
      all: number(found.class_bits), null: number(found.null[cell]), spread: number(found.null_spread[cell], 3),
    });
  }
}
