// One side of the tab Latent: which run, its plane, its pictures.

import { h, refill } from "./dom.js";
import { kindGlyph } from "./glyphs.js";
import { PanelView } from "./panel.js";
import { PlaneView } from "./plane/plane.js";
import { store } from "./store.js";
import "./tip.js";

export function mount(element, { props }) {
  const name = props.side;
  const root = element.querySelector(".ex-side");
  const plane = new PlaneView(name);
  const panel = new PanelView(name);
  const head = h("header", { class: "ex-side-head" });
  const caption = h("p", { class: "ex-caption" });
  root.replaceChildren(head, h("div", { class: "ex-side-body" }, plane.element, panel.element), panel.facts, caption);

  const update = (change) => {
    const side = store.side(name);
    if (!side) return;
    if (change.scene) {
      root.dataset.kind = side.kind;
      refill(head, [side.title, side.label, side.run, side.kind, side.chips], () => heading(side));
      caption.textContent = side.plane?.caption ?? "";
      plane.update();
      panel.update();
    }
    if (change.weights) panel.drawThird();
    if (change.hover || change.view) {
      if (lit !== store.hover.cls) plane.points && plane.frame && plane.drawStill();
      lit = store.hover.cls;
      plane.drawMoving();
      panel.drawThird();
    }
    if (change.theme) {
      plane.resize(true);
      panel.drawThird();
    }
  };
  let lit = store.hover.cls;
  store.subscribe(update);
  if (store.scene) update({ scene: true });
}

function heading({ title, label, run, kind, chips }) {
  return [
    h("h2", {}, kindGlyph(kind), title, h("span", { class: "ex-run-label" }, label)),
    h("code", { class: "ex-run" }, run),
    ...chips.map((sentence) => h("p", { class: "ex-chip" }, sentence)),
  ];
}
