// The VQ-VAE's own bound, a row for each prior of its ladder.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { indexed } from "../core/symbols.js";
import { heading, mounted, scene, sentence, word } from "./panel.js";

const COLUMNS = ["prior", "cost", "image", "of_set"];

export function mount(element) {
  return mounted(element, ".ex-elbo-codes", (root) => new CodesPanel(root));
}

class CodesPanel {
  constructor(root) {
    this.head = h("div", { class: "ex-elbo-head" });
    this.body = h("div", {});
    root.replaceChildren(this.head, this.body);
  }

  update(change) {
    if (!change.scene) return;
    const { codes, no_codes: missing } = scene();
    const { lang } = store.view;
    refill(this.head, [codes?.run, missing, lang], () =>
      codes ? heading("elbo.codes.title", "elbo.codes.what", { kind: "vqvae", label: codes.label, run: codes.run })
        : [...heading("elbo.codes.title", "elbo.codes.what"), sentence(missing)]);
    refill(this.body, [codes, lang], () => (codes ? table(codes) : []));
  }
}

/** On a phone every row is a card, so each cell says what it is. */
function table({ likelihood, rows, note }) {
  const titles = Object.fromEntries(COLUMNS.map((column) => [column, word(`elbo.codes.${column}`)]));
  const cells = ({ cost, image, set }) => [["cost", cost], ["image", image], ["of_set", set]];
  return [
    h("p", {}, ...indexed(word("elbo.codes.likelihood", { nats: likelihood }))),
    h("table", { class: "ex-elbo-table" },
      h("thead", {}, h("tr", {}, ...COLUMNS.map((column) => h("th", { scope: "col" }, titles[column])))),
      h("tbody", {}, ...rows.map((row) => h("tr", {},
        h("th", { scope: "row" }, row.prior),
        ...cells(row).map(([column, value]) => h("td", { "data-label": titles[column] }, value)))))),
    h("p", { class: "ex-elbo-note" }, note),
  ];
}
