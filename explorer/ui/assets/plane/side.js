// One side of the tab Latent: which run, its plane with its tools, its pictures.

import { h, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { panelName } from "../panel/name.js";
import { PanelView } from "../panel/panel.js";
import { PatchesView } from "./patches.js";
import { PlaneView } from "./plane.js";
import { ProjectionSwitch } from "./projection.js";
import { Tools } from "./tools.js";
import { store } from "../core/store.js";
import { tip, titled } from "../core/tip.js";

export function mount(element, { props }) {
  const name = props.side;
  const root = element.querySelector(".ex-side");
  const plane = new PlaneView(name);
  const panel = new PanelView(name, plane);
  const tools = new Tools(plane, { resample: () => resample(plane) });
  const patches = new PatchesView(name);
  const head = h("header", { class: "ex-side-head" });
  const caption = h("p", { class: "ex-caption" });
  const stage = h("div", { class: "ex-stage" }, plane.element, tools.element, panel.facts, caption);
  root.replaceChildren(head, h("div", { class: "ex-side-body" }, stage, panel.element), patches.element);
  plane.onSettle = () => panel.draw();
  plane.onLook = () => {
    panel.magnify();
    tools.look();
  };
  const projection = new ProjectionSwitch(name);
  caption.before(projection.element);

  const update = (change) => {
    const side = store.side(name);
    if (!side) return;
    if (change.scene) {
      root.dataset.kind = side.kind;
      root.setAttribute("aria-label", panelName(name, side));
      refill(head, [side.title, side.label, side.run, side.kind, side.chips], () => heading(side));
      caption.textContent = side.plane?.caption ?? "";
      projection.update();
      plane.update();
      tools.update();
      panel.update();
      patches.update();
      seen = transient(side);
    } else if (change.theme) {
      plane.resize(true);
      panel.draw();
    } else if (change.weights) {
      plane.look();
      panel.draw();
    } else if (change.reset) {
      plane.camera.goHome();
    } else if (change.options) {
      plane.look();
      tools.update();
    } else if (change.codebook) {
      if (change.codebook === name) follow();
    } else if (change.overlay) {
      if (change.overlay === name) plane.drawMoving();
    } else {
      const now = transient(side);
      if (now === seen) return;
      seen = now;
      plane.light(store.hover.cls);
      plane.drawMoving();
      panel.draw();
      patches.update();
    }
  };
  /** A code has moved under the hand. */
  const follow = () => {
    plane.follow();
    panel.draw();
    tools.update();
  };
  /** What of the pointer and the pins this side shows: a pointer over the other side costs this one nothing. */
  const transient = (side) => {
    const { z, code, cell, cls } = store.hover;
    const own = side.kind === "vqvae" ? [code, cell] : z?.side === name ? z.point : null;
    return JSON.stringify([own, cls, side.plane && store.pins(name)]);
  };
  let seen = "";
  store.subscribe(update);
  if (store.scene) update({ scene: true });
}

/** One draw from the selected image's posterior, shown as if the pointer were there. */
function resample(plane) {
  const point = plane.draws.add(plane.side, store.view.image, plane.plane.selected);
  store.preview({ z: { side: plane.name, point, draw: plane.draws.count } });
}

function heading({ title, label, run, kind, chips }) {
  return [
    titled(h("h2", {}, kindGlyph(kind), title, " ", h("span", { class: "ex-run-label" }, label)), tip(label, store.t("client.label.tip"))),
    h("code", { class: "ex-run" }, run),
    ...chips.map((sentence) => h("p", { class: "ex-chip" }, sentence)),
  ];
}
