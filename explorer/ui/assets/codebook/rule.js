// The rule in the open: which codes are called dead, over which window, below which threshold.

import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import "../core/tip.js";
import { twins } from "./twins.js";

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const root = element.querySelector(".ex-cb-rule");
  const update = () => {
    if (!twins.scene) return;
    const { rules, windows } = twins.scene;
    const { rule, windows: window, starved, lang } = store.view;
    const rebuilt = refill(root, [rules, windows, lang], () => controls(rules, windows));
    const [ruleBox, windowBox] = root.querySelectorAll("select");
    const slider = root.querySelector("input");
    ruleBox.value = rule;
    windowBox.value = String(window);
    if (rebuilt || document.activeElement !== slider) slider.value = starved;
    root.querySelector("output").textContent = twins.word("codebook.say.percent", { value: slider.value });
  };
  twins.subscribe((change) => change.scene && update());
  update();
}

function controls(rules, windows) {
  const field = (id, label, control, ...more) => h("div", { class: "ex-field" }, h("label", { for: id }, label), control, ...more);
  const select = (id, options, onchange) =>
    h("select", { id, onchange }, ...options.map(([value, label]) => h("option", { value }, label)));
  const output = h("output", { for: "ex-cb-starved" });
  const slider = h("input", {
    id: "ex-cb-starved", type: "range", min: 1, max: 100, step: 1,
    oninput: (event) => (output.textContent = twins.word("codebook.say.percent", { value: event.target.value })),
    onchange: (event) => store.commit({ starved: Number(event.target.value) }),
  });
  const about = twins.word("codebook.rule.tip");
  return [
    field("ex-cb-which", twins.word("codebook.rule"), select("ex-cb-which", rules, (event) => store.commit({ rule: event.target.value }))),
    field("ex-cb-window", twins.word("codebook.window"),
      select("ex-cb-window", windows, (event) => store.commit({ windows: Number(event.target.value) }))),
    field("ex-cb-starved", twins.word("codebook.threshold"), h("span", { class: "ex-cb-slider" }, slider, output)),
    h("button", { type: "button", class: "ex-tip", "aria-label": about, "data-tip": about }, "?"),
  ];
}
