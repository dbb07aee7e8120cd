// The row of tools under a plane: how it is drawn, what can be done with it, and which part is seen.

import { h } from "../core/dom.js";
import { lineGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { nameButtons, saveButtons, savePicture, saveShapes, saveTable } from "./save.js";

const PATHS = {
  thumbs: "M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z",
  manifold: "M1.5 11.5c3-5 4.5 1 7-3s3.5-3.5 6-4.5M1.5 14.5h13M1.5 7.5c2-3 4 0 6-2.5s3-3 7-3.5",
  resample: "M13 8a5 5 0 1 1-1.6-3.7M13.5 2v3h-3",
  putBack: "M6 3 2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H6",
  out: "M3.5 8h9",
  in: "M3.5 8h9M8 3.5v9",
  home: "M2.5 6v-3.5h3.5M10 2.5h3.5v3.5M13.5 10v3.5h-3.5M6 13.5h-3.5v-3.5",
  linked: "M6.5 9.5 9.5 6.5M7 4.5 8.6 2.9a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5 7.4 13.1a3.2 3.2 0 0 1-4.5-4.5L4.5 7",
};
const ZOOM = 1.6;

export class Tools {
  /** @param view the PlaneView they belong to; @param acts {resample} */
  constructor(view, { resample }) {
    this.view = view;
    const toggle = (name) => button(name, true, () => store.choose({ [name]: !store.options[name] }));
    this.buttons = {
      thumbs: toggle("thumbs"),
      manifold: toggle("manifold"),
      resample: button("resample", true, resample),
      putBack: button("putBack", true, () => store.putBack(view.name)),
      out: button("out", false, () => this.zoom(1 / ZOOM)),
      in: button("in", false, () => this.zoom(ZOOM)),
      home: button("home", false, () => view.camera.goHome()),
      linked: button("linked", false, () => this.link()),
    };
    const saving = (act) => () => view.points && act(view);
    const saves = saveButtons("ex-tool", { PNG: saving(savePicture), SVG: saving(saveShapes), CSV: saving(saveTable) });
    const group = (...names) => h("div", { class: "ex-tool-group" }, ...names.map((name) => this.buttons[name]));
    this.element = h("div", { class: "ex-tools-plane", role: "toolbar" },
      group("thumbs", "manifold", "resample", "putBack"), h("div", { class: "ex-tool-group" }, ...saves),
      group("out", "in", "home", "linked"));
  }

  zoom(factor) {
    if (this.view.frame) this.view.camera.zoomAt(this.view.focus(), factor);
  }

  link() {
    store.choose({ linked: !store.options.linked });
    if (store.options.linked) this.view.camera.lead();
  }

  update() {
    const { view } = this;
    const { plane, decoder } = view.side;
    this.element.hidden = !plane || plane.mode === "none";
    if (this.element.hidden) return;
    const own = !plane.projected && plane.mode !== "codes";
    const moved = store.codes(view.name)?.moved.size ?? 0;
    const shown = {
      thumbs: !!plane.thumbs, manifold: own && !!decoder, resample: own && plane.mode === "gaussian", putBack: moved > 0,
    };
    for (const [name, element] of Object.entries(this.buttons)) {
      element.hidden = shown[name] === false;
      caption(element, store.t(`client.tool.${name}`, { count: moved }), `client.tool.${name}.tip`);
      if (name in store.options) element.setAttribute("aria-pressed", String(store.options[name]));
    }
    nameButtons(this.element, view.side.run);
    this.look();
  }

  /** The camera has moved. */
  look() {
    this.buttons.home.disabled = this.view.camera.atHome;
  }
}

function button(name, labelled, onclick) {
  const text = labelled ? h("span", {}) : null;
  return h("button", { type: "button", class: "ex-tool", "data-tool": name, onclick }, lineGlyph(PATHS[name]), text);
}

/** With a label of its own a button explains itself when it is pointed at; an icon says what it is. */
function caption(element, label, tip) {
  const text = element.querySelector("span");
  if (text) text.textContent = label;
  else element.setAttribute("aria-label", label);
  element.title = text ? store.t(tip) : label;
}
