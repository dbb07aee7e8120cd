// What every run keeps of every feature, guessing and originals beside it.

import { h } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";

const percent = (share) => (share === null ? "–" : `${Math.round(100 * share)}`);

/** Elements of the table; the row of the chosen feature is marked. */
export function table({ table: { columns, original, chance, kept }, features, words }, place) {
  const title = h("h3", {}, words.keeps);
  if (!columns.length) return [title, h("p", {}, words.none)];
  const head = h("tr", {}, h("th", { scope: "col" }, words.feature), h("th", { scope: "col" }, words.chance),
    ...columns.map(({ kind, label, bits, shown }) =>
      h("th", { scope: "col" }, kindGlyph(kind), h("span", { class: shown ? "ex-features-shown" : "" }, ` ${label}`), h("small", {}, bits))),
    h("th", { scope: "col" }, words.original));
  const rows = features.map(([, name], row) =>
    h("tr", { class: row === place ? "ex-features-chosen" : "" }, h("th", { scope: "row" }, name), h("td", {}, percent(chance[row])),
      ...columns.map((_, column) => cell(kept[row][column], chance[row], original[row])),
      h("td", {}, percent(original[row]))));
  const body = h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
  return [title, h("p", { class: "ex-caption" }, `${words["keeps.lead"]} (%)`), h("div", { class: "ex-features-scroll", tabindex: 0 }, body)];
}

/** A share, with a bar from guessing to the originals. */
function cell(share, low, high) {
  const part = Math.max(0, Math.min(1, (share - low) / Math.max(1e-9, high - low)));
  return h("td", {}, percent(share), h("span", { class: "ex-features-bar" }, h("i", { style: `width: ${100 * part}%` })));
}
