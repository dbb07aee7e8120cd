// The update code by code: each column is lit together with the line that computes it.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { coloured } from "../core/symbols.js";
import { lengths } from "./arithmetic.js";
import { written } from "./follow.js";
import { columnsOf } from "./lines.js";
import { twins } from "./twins.js";

const OF_EACH = 3; // codes that were hit most, in the middle, least, and not at all

export class StepTable {
  constructor() {
    this.all = false;
    this.columns = [];
    this.head = h("div", { class: "ex-cb-head" });
    this.table = h("table", {});
    this.scroll = h("div", { class: "ex-cb-scroll", tabindex: 0, role: "region" }, this.table);
    this.element = h("div", { class: "ex-cb-table" }, this.head, this.scroll);
    const codeOf = (event) => event.target.closest("[data-code]")?.dataset.code;
    this.table.addEventListener("pointerover", (event) => codeOf(event) && store.preview({ code: Number(codeOf(event)) }));
    this.table.addEventListener("pointerleave", () => store.preview({ code: null }));
  }

  show(shown) {
    this.shown = shown;
    this.draw();
  }

  draw() {
    if (!this.shown) return;
    const { batch, start, dim } = this.shown;
    const rows = this.all ? [...batch.hits.keys()] : this.chosen();
    const columns = columnsOf(start);
    const label = twins.word("codebook.step.table");
    this.scroll.setAttribute("aria-label", label);
    const followed = !this.all && rows[0] === store.view.code;
    refill(this.head, [rows.length, store.view.lang, dim, followed], () => [
      h("p", { class: "ex-cb-note" }, twins.word("codebook.say.rows", { shown: rows.length, total: batch.hits.length }),
        followed ? twins.word("codebook.say.rows.followed") : "",
        dim > 2 ? ` · ${twins.word("codebook.step.length")}` : ""),
      h("span", { class: "ex-cb-chips" }, h("button", { type: "button", onclick: () => this.toggle() },
        twins.word(this.all ? "codebook.step.some" : "codebook.step.all"))),
    ]);
    const cells = this.cells(columns);
    this.table.replaceChildren(
      h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col", "data-column": name }, ...coloured(twins.word(`codebook.column.${name}`)))))),
      h("tbody", {}, ...rows.map((k) => this.row(k, columns, cells))));
    this.light(this.columns);
    this.mark();
  }

  row(k, columns, cells) {
    const follow = () => twins.follow(store.view.code === k ? null : k);
    return h("tr", { "data-code": k, class: this.shown.batch.hits[k] ? null : "ex-cb-unhit" }, ...columns.map((name) =>
      name === "code"
        ? h("th", { scope: "row", "data-column": name }, h("button", { type: "button", onclick: follow }, k))
        : h("td", { "data-column": name }, cells[name](k))));
  }

  toggle() {
    this.all = !this.all;
    this.draw();
    this.head.querySelector("button").focus({ preventScroll: true });
  }

  cells() {
    const { batch, result, dim } = this.shown;
    const number = (values) => (k) => written(values[k]);
    const vector = (matrix) => {
      const sizes = dim > 2 ? lengths(matrix, dim) : null;
      return (k) => (sizes ? `‖${written(sizes[k])}‖` : `(${[...matrix.subarray(k * dim, (k + 1) * dim)].map(written).join(", ")})`);
    };
    return {
      hits: (k) => String(batch.hits[k]),
      sums: vector(batch.sums),
      count_before: number(batch.count),
      count: number(result.count ?? batch.count),
      smoothed: number(result.smoothed ?? batch.count),
      total: vector(result.total ?? batch.total),
      before: vector(batch.codebook),
      codebook: vector(result.codebook),
      rate: number(result.rate ?? batch.count),
      gradient: vector(result.gradient ?? batch.sums),
      change: vector(result.codebook.map((e, i) => e - batch.codebook[i])),
    };
  }

  /** The followed code, and a few of every kind. */
  chosen() {
    const { hits } = this.shown.batch;
    const ranked = [...hits.keys()].sort((a, b) => hits[b] - hits[a] || a - b);
    const hit = ranked.filter((k) => hits[k]);
    const middle = Math.max(0, Math.floor(hit.length / 2) - 1);
    const { code } = store.view;
    const few = [...hit.slice(0, OF_EACH), ...hit.slice(middle, middle + OF_EACH), ...hit.slice(-OF_EACH), ...ranked.slice(hit.length, hit.length + OF_EACH)];
    return [...new Set(code !== null && code < hits.length ? [code, ...few] : few)];
  }

  /** Lights the columns of a line. */
  light(columns) {
    this.columns = columns;
    for (const cell of this.table.querySelectorAll("[data-column]")) {
      cell.classList.toggle("ex-cb-lit", columns.includes(cell.dataset.column));
    }
  }

  /** The row under the pointer, and the followed one. */
  mark() {
    for (const row of this.table.querySelectorAll("tr[data-code]")) {
      const code = Number(row.dataset.code);
      row.classList.toggle("ex-cb-picked", code === store.view.code);
      row.classList.toggle("ex-cb-pointed", code === store.hover.code);
    }
  }
}
