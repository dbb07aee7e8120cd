// The study's remedies, the one that brought most codes back first, and the lines that make each of them.

import { h, refill, save, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { collapse } from "./answer.js";

const COLUMNS = ["name", "what", "cost", "dead", "psnr", "n"];
const LIBRARIES = ["package", "torch", "vector_quantize_pytorch", "flags"];

export async function mount(element) {
  await styleSheet("collapse/collapse.css");
  const panel = new Remedies(element.querySelector("[data-part]"));
  collapse.subscribe(() => panel.update());
}

class Remedies {
  constructor(root) {
    this.library = LIBRARIES[0];
    this.remedy = null; // chosen by the reader; null takes the first that the report names
    this.head = h("div");
    this.table = h("div", { class: "ex-col-remedies" });
    this.code = h("div", { class: "ex-col-code" });
    root.replaceChildren(this.head, this.table, this.code);
    root.explorer = this; // for the tests
  }

  update() {
    const rows = collapse.answer?.remedies;
    if (!rows) return;
    const { lang } = store.view;
    refill(this.head, [lang], () => [
      h("h2", {}, collapse.word("codebook.remedy.title")),
      h("p", { class: "ex-col-note" }, collapse.word("codebook.remedy.lead")),
    ]);
    refill(this.table, [lang, rows], () => [table(rows, (remedy) => this.choose(remedy))]);
    this.draw();
  }

  choose(remedy) {
    this.remedy = remedy;
    this.draw();
    this.code.scrollIntoView({ block: "nearest" });
    this.code.querySelector("h3").focus();
  }

  draw() {
    const { remedies } = collapse.answer;
    const named = (collapse.book.tries ?? []).map(([key]) => key);
    const first = named.find((key) => remedies.some(({ remedy }) => remedy === key));
    const row = remedies.find(({ remedy }) => remedy === (this.remedy ?? first)) ?? remedies[0];
    const [codes, dim] = collapse.answer.size;
    refill(this.code, [store.view.lang, row, this.library, codes, dim], () => [
      h("h3", { tabindex: -1 }, collapse.word("collapse.code.of", { name: row.name })),
      h("p", { class: "ex-col-note" }, codes && dim ? collapse.word("collapse.code.lead", { codes, dim }) : collapse.word("collapse.code.lead.plain")),
      h("div", { class: "ex-col-choice", role: "group", "aria-label": collapse.word("collapse.code") }, ...LIBRARIES.map((library) => h("button", {
        type: "button", "data-library": library, "aria-pressed": String(library === this.library), onclick: () => this.choosing(library),
      }, collapse.word(`collapse.code.library.${library}`)))),
      ...pasted(row.code[this.library], collapse.word("collapse.code.none"), `${row.remedy}.${this.library === "flags" ? "sh" : "py"}`),
    ]);
  }

  choosing(library) {
    this.library = library;
    this.draw();
    this.code.querySelector(`[data-library="${library}"]`).focus();
  }
}

/** On a phone every row is a card, so each cell says what it is. */
function table(rows, choose) {
  const word = (column) => collapse.word(`codebook.remedy.${column}`);
  const name = (row) => h("th", { scope: "row" }, row.name, h("code", {}, row.flags),
    h("button", { type: "button", class: "ex-col-jump", "aria-label": collapse.word("collapse.code.of", { name: row.name }), onclick: () => choose(row.remedy) }, collapse.word("collapse.code")));
  const cell = (row, column) => h("td", { "data-column": column, "data-label": word(column) }, row[column], column === "dead" ? h("small", {}, row.without) : null);
  return h("table", {},
    h("thead", {}, h("tr", {}, ...COLUMNS.map((column) => h("th", { scope: "col" }, word(column))))),
    h("tbody", {}, ...rows.map((row) => h("tr", { "data-remedy": row.remedy },
      ...COLUMNS.map((column) => (column === "name" ? name(row) : cell(row, column)))))));
}

/** Lines with a button that copies them, or a sentence where there are none. */
export function pasted(lines, none, file) {
  if (!lines) return [h("p", {}, none)];
  const copy = h("button", {
    type: "button",
    class: "ex-col-button",
    onclick: async () => {
      await navigator.clipboard?.writeText(lines).catch(() => save(file, new Blob([lines])));
      copy.textContent = collapse.word("collapse.copied");
    },
  }, collapse.word("collapse.copy"));
  return [h("div", { class: "ex-col-lines" }, h("pre", { tabindex: 0 }, h("code", {}, lines)), copy)];
}
