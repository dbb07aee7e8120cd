// Cases: pairs of trainings that differ in one setting, each with its outcome; one click loads both and their films.

import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { SIDES, twins } from "./twins.js";

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const root = element.querySelector(".ex-cb-cases");
  const update = () => {
    if (!twins.scene) return;
    const { cases, records, record } = twins.scene;
    const chips = [...SIDES.flatMap((name) => twins.side(name).chips), ...twins.scene.chips];
    const filled = refill(root, [cases, chips, records, record, store.view.lang], () => [
      cases.length ? offered(cases) : null,
      records.length ? recorded(records, record) : null,
      ...chips.map((sentence) => h("p", { class: "ex-chip" }, sentence)),
    ].filter(Boolean));
    if (filled) for (const row of root.querySelectorAll(".ex-cb-row")) reveal(row);
  };
  twins.subscribe((change) => change.scene && update());
  update();
}

function offered(cases) {
  const name = twins.word("codebook.cases");
  return h("div", { class: "ex-cb-offered", role: "group", "aria-label": name },
    h("b", {}, name), tip(name, twins.word("codebook.cases.tip")),
    h("div", { class: "ex-cb-row" }, ...cases.map(({ left, right, label, shown }) => h("button", {
      type: "button", class: "ex-cb-case", "aria-pressed": String(shown), "data-left": left, "data-right": right,
      onclick: () => store.commit({ left, right, record: "", step: null, code: null }),
    }, label))));
}

/** On a phone a row is scrolled sideways: what is shown stays in sight. */
function reveal(row) {
  const pressed = row.querySelector("[aria-pressed=true]");
  if (pressed) row.scrollLeft = pressed.offsetLeft - row.offsetLeft - (row.clientWidth - pressed.offsetWidth) / 2;
}

/** Records of trainings, one of which may stand on the left. */
function recorded(records, shown) {
  const name = twins.word("codebook.record.of");
  const choose = (record) => h("button", {
    type: "button", class: "ex-cb-case", "aria-pressed": String(record === shown), "data-record": record,
    onclick: () => store.commit({ record, step: null, code: null }),
  }, record ? records.find(([each]) => each === record)[1] : twins.word("codebook.record.none"));
  return h("div", { class: "ex-cb-offered", role: "group", "aria-label": name },
    h("b", {}, name), tip(name, twins.word("codebook.record.of.tip")),
    h("div", { class: "ex-cb-row" }, ...["", ...records.map(([each]) => each)].map(choose)));
}
