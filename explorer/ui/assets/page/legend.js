// Classes, or the values of a feature that is known of every picture, with their colours and shapes. Pointing at one lights
// it on every plane; a click keeps it lit.

import { h, refill } from "../core/dom.js";
import { classShape, fillDot } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { UNSEEN, classColour } from "../core/theme.js";

const SWATCH = 14; // CSS pixels

export function mount(element) {
  const root = element.querySelector(".ex-legend");
  let kept = null;
  let shown = null;
  const light = (cls) => store.preview({ cls });
  const update = (change) => {
    if (change.hover && shown === store.hover.cls) return; // the pointer is over something else
    shown = store.hover.cls;
    if (change.theme) delete root.dataset.signature;
    if (change.scene) kept = null;
    const { legend } = store.scene;
    refill(root, legend, () => [
      legend.factors.length > 1 ? chooser(legend) : h("span", { class: "ex-legend-title" }, legend.title),
      ...legend.names.map((name, index) =>
        h("button", {
          type: "button", class: "ex-class",
          onpointerenter: (event) => event.pointerType === "mouse" && light(index),
          onpointerleave: () => light(kept),
          onfocus: () => light(index),
          onblur: () => light(kept),
          onclick: () => light((kept = kept === index ? null : index)),
        }, swatch(index), name)),
      legend.hidden && h("span", { class: "ex-legend-note" }, swatch(UNSEEN), legend.hidden),
    ]);
    [...root.querySelectorAll(".ex-class")].forEach((button, index) => {
      button.setAttribute("aria-pressed", String(kept === index));
      button.classList.toggle("ex-dim", store.hover.cls !== null && store.hover.cls !== index);
    });
  };
  store.subscribe(update);
  if (store.scene) update({ scene: true });
}

/** Chooses the feature that points are coloured by. */
function chooser({ title, chosen, factors }) {
  return h("label", { class: "ex-legend-title" }, title,
    h("select", { "aria-label": title, onchange: (event) => store.commit({ factor: event.target.value }) },
      ...factors.map(({ id, label }) => h("option", { value: id, selected: id === chosen }, label))));
}

/** A class's dot, in its colour and shape. */
export function swatch(index) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const ratio = Math.max(2, devicePixelRatio || 1);
  canvas.width = canvas.height = SWATCH * ratio;
  const context = canvas.getContext("2d");
  context.fillStyle = classColour(index);
  fillDot(context, classShape(index), canvas.width / 2, canvas.width / 2, canvas.width * 0.62);
  return canvas;
}
