// Two ways to waste a latent: one row an idea, what it did to dead codes beside what it did to silent units.

import { latest } from "../core/ask.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { inSight } from "../core/when_seen.js";
import { twins } from "./twins.js";

const HALVES = { codes: "vqvae", units: "vae" };

export async function mount(element) {
  await styleSheet("codebook/codebook.css", "codebook/units.css");
  const root = element.querySelector("[data-part]");
  const question = latest("waste");
  let [asked, seen] = ["", false];
  const ask = async () => {
    const lang = store.view?.lang; // a part may be there before the first scene
    if (!seen || !lang || !twins.scene || asked === lang) return;
    asked = lang;
    try {
      const answer = await question({});
      if (answer) refill(root, answer, () => table(answer));
    } catch (error) {
      asked = "";
      root.textContent = error.message;
    }
  };
  store.subscribe((change) => change.scene && ask());
  inSight(root, () => {
    seen = true;
    ask();
  });
}

function table({ title, lead, columns, rows }) {
  const cell = (half, label, { name, count, psnr, behind, trained }) => h("td", { "data-half": half, "data-label": label, class: trained ? null : "ex-waste-open" },
    h("b", {}, name), h("span", {}, count), psnr && h("small", {}, psnr), behind && h("small", {}, behind));
  return [
    h("h2", {}, title),
    h("p", {}, lead),
    h("table", { class: "ex-waste" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, columns[0]),
        ...Object.values(HALVES).map((kind, place) => h("th", { scope: "col" }, kindGlyph(kind), columns[place + 1])))),
      h("tbody", {}, ...rows.map((row) => h("tr", { class: row.fault ? "ex-waste-fault" : null }, h("th", { scope: "row" }, row.idea),
        ...Object.keys(HALVES).map((half, place) => cell(half, columns[place + 1], row[half])))))),
  ];
}
