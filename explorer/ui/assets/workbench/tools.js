// Tools, steps, and the palette.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { t } from "./words.js";

const TOOLS = ["pick", "paint", "fill", "copy"];
const NAMES = { pick: "workbench.tool.pick", paint: "workbench.tool.paint", fill: "workbench.tool.fill", copy: "workbench.tool.copy" };
const HINTS = { pick: "workbench.hint.pick", paint: "workbench.hint.paint", fill: "workbench.hint.fill", copy: "workbench.hint.copy" };
const KEYS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Tools {
  constructor(board) {
    this.board = board;
    this.sort = "use";
    this.tools = h("div", { class: "ex-bench-group", role: "group" });
    this.steps = h("div", { class: "ex-bench-group", role: "group" });
    this.hint = h("p", { class: "ex-bench-hint" });
    this.hand = h("p", { class: "ex-bench-hand" });
    this.sorts = h("div", { class: "ex-bench-group", role: "group" });
    this.palette = h("div", { class: "ex-bench-palette", role: "listbox", onkeydown: (event) => this.onKey(event) });
    this.palette.addEventListener("pointerover", (event) => this.over(event));
    this.palette.addEventListener("pointerleave", () => store.preview({ code: null }));
    this.palette.addEventListener("click", (event) => {
      const swatch = event.target.closest("[data-code]");
      if (swatch) this.board.pick(Number(swatch.dataset.code), true);
    });
    this.row = h("div", { class: "ex-bench-row" }, this.tools, this.steps);
    this.element = h("div", { class: "ex-bench-tools" }, this.row, this.hint,
      h("div", { class: "ex-bench-colours" }, h("div", { class: "ex-bench-row" }, this.hand, this.sorts), this.palette));
  }

  update() {
    const { lang } = store.view;
    this.tools.setAttribute("aria-label", t("workbench.tools"));
    this.steps.setAttribute("aria-label", t("workbench.steps"));
    this.palette.setAttribute("aria-label", t("workbench.palette"));
    refill(this.tools, lang, () => TOOLS.map((tool) =>
      h("button", { type: "button", "data-tool": tool, onclick: () => this.board.use(tool) }, t(NAMES[tool]))));
    refill(this.steps, lang, () => this.buttons());
    refill(this.sorts, lang, () => [
      h("span", { class: "ex-bench-muted" }, t("workbench.sort")),
      h("button", { type: "button", "data-sort": "use", onclick: () => this.sortBy("use") }, t("workbench.sort.use")),
      h("button", { type: "button", "data-sort": "colour", onclick: () => this.sortBy("colour") }, t("workbench.sort.colour")),
    ]);
    this.fillPalette();
  }

  buttons() {
    const { board } = this;
    const drawn = () => {
      const { hits } = board.codebook;
      return [...hits.keys()].filter((k) => hits[k] || !hits.some(Boolean));
    };
    const button = (name, label, edit) => h("button", { type: "button", "data-step": name, title: label, onclick: () => board.edit(edit) }, label);
    return [
      button("undo", t("workbench.undo"), (bench) => bench.undo()),
      button("redo", t("workbench.redo"), (bench) => bench.redo()),
      button("clear", t("workbench.clear"), (bench) => bench.clear()),
      button("all", t("workbench.all"), (bench) => bench.fillAll(board.brush)),
      button("random", t("workbench.random"), (bench) => bench.random(drawn())),
      button("permute", t("workbench.permute"), (bench) => bench.permute()),
    ];
  }

  sortBy(order) {
    this.sort = order;
    this.fillPalette();
    this.show();
  }

  /** All codes as swatches: one stop for the Tab key, arrows within. */
  fillPalette() {
    const { codebook, places } = this.board;
    const { hits } = codebook;
    const byUse = [...hits.keys()].sort((a, b) => hits[b] - hits[a] || a - b);
    const order = this.sort === "use" ? byUse : places.order(byUse);
    const moves = order.map((code) => places.of(code)); // a code that was dragged has another colour
    refill(this.palette, [this.board.side.run, this.sort, store.view.lang, moves], () => order.map((code) => {
      const label = t(hits[code] ? "workbench.swatch" : "workbench.swatch.dead", { code, hits: hits[code].toLocaleString() });
      return h("button", {
        type: "button", role: "option", tabindex: "-1", "data-code": code, "aria-label": label, title: label,
        class: hits[code] ? "" : "ex-bench-dead", style: `--ex-swatch: ${places.of(code)}`,
      });
    }));
  }

  /** What is in the hand, and what can be undone. */
  show() {
    const { board } = this;
    const { bench, brush, places, codebook } = board;
    if (!bench) return;
    for (const button of this.tools.children) button.setAttribute("aria-pressed", String(button.dataset.tool === board.tool));
    for (const button of this.sorts.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.sort === this.sort));
    const possible = { undo: bench.past.length, redo: bench.future.length, clear: bench.edited };
    for (const button of this.steps.children) button.disabled = possible[button.dataset.step] === 0;
    this.hint.textContent = t(HINTS[board.tool]);
    const hits = codebook.hits[brush].toLocaleString();
    refill(this.hand, [brush, hits, store.view.lang, places.of(brush)], () => [
      h("span", { class: "ex-bench-brush", style: `--ex-swatch: ${places.of(brush)}` }),
      t(codebook.hits[brush] ? "workbench.hand" : "workbench.hand.dead", { code: brush, hits }),
    ]);
    this.markPalette(brush);
  }

  markPalette(brush) {
    const old = this.palette.querySelector("[aria-selected=true]");
    const now = this.palette.querySelector(`[data-code="${brush}"]`);
    if (old === now) return;
    if (old) Object.assign(old, { tabIndex: -1 }).removeAttribute("aria-selected");
    if (!now) return;
    now.setAttribute("aria-selected", "true");
    now.tabIndex = 0;
    const top = now.offsetTop - this.palette.offsetTop;
    if (top < this.palette.scrollTop || top + now.offsetHeight > this.palette.scrollTop + this.palette.clientHeight) {
      this.palette.scrollTop = top - this.palette.clientHeight / 2;
    }
  }

  over(event) {
    const swatch = event.target.closest("[data-code]");
    if (swatch && event.pointerType === "mouse") store.preview({ code: Number(swatch.dataset.code), cell: null });
  }

  onKey(event) {
    const swatches = [...this.palette.children];
    const at = swatches.indexOf(event.target);
    const next = swatches[at + (KEYS[event.key] ?? NaN)];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: false });
    store.preview({ code: Number(next.dataset.code), cell: null });
  }
}
