// The quality table: each prior's samples against real ones, with intervals and with rows that say how to read it.

import { h, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { tip } from "./words.js";

export class QualityTable {
  constructor() {
    this.head = h("div", { class: "ex-gen-walk-head" });
    this.body = h("div", { class: "ex-gen-quality-body" });
    this.element = h("section", { class: "ex-side ex-gen-quality", "data-part": "quality" }, this.head, this.body);
  }

  update(change) {
    if (!change.scene) return;
    const { words, quality } = store.scene.generate;
    refill(this.head, words, () => [h("h2", {}, words["quality.title"]), h("p", {}, words["quality.what"])]);
    refill(this.body, quality, () => [
      quality.groups.length ? h("div", { class: "ex-gen-scroll", tabindex: "0", role: "region", "aria-label": words["quality.title"] }, table(quality, words)) : "",
      quality.caption && h("p", { class: "ex-caption" }, quality.caption),
      ...quality.missing.map((sentence) => h("p", { class: "ex-chip" }, sentence)),
    ].filter(Boolean));
  }
}

function table({ columns, classes, groups, most }, words) {
  const head = ({ label, better, tip: sentence, expert }) =>
    h("th", { scope: "col", "data-expert": expert, "aria-label": label }, h("span", {}, label, tip(label, sentence)), h("i", {}, better));
  return h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words["quality.samples"]), ...columns.map(head), head(classes))),
    ...groups.map((group) => h("tbody", { "data-kind": group.kind },
      h("tr", { class: "ex-gen-group" },
        h("th", { scope: "rowgroup", colspan: columns.length + 2 },
          group.kind ? kindGlyph(group.kind) : "", h("span", {}, group.title), group.run && h("code", { class: "ex-run" }, group.run))),
      ...group.rows.map((row) => line(row, columns, most)))));
}

function line({ label, tip: sentence, figures, classes }, columns, most) {
  return h("tr", {},
    h("th", { scope: "row", "aria-label": label }, label, sentence ? tip(label, sentence) : null),
    ...figures.map(({ value, interval }, k) => h("td", { "data-expert": columns[k].expert }, h("b", {}, value), h("span", {}, interval))),
    h("td", {}, histogram(classes, most)));
}

/** One bar for each class with its interval; the same scale in every row. */
function histogram(classes, most) {
  const height = (share) => `${(100 * share) / most}%`;
  const sentence = classes.map((bar) => bar.tip).join("; ");
  return h("div", { class: "ex-gen-histogram", role: "img", "aria-label": sentence },
    ...classes.map(({ share, low, high, tip: title }) => h("i", { title, style: `--share: ${height(share)}; --low: ${height(low)}; --range: ${height(high - low)}` })));
}
