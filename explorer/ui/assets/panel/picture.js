// One picture of a panel: all of them have one size and one look.

import { h } from "../core/dom.js";
import { widthOf } from "../core/width.js";

/** {figure, frame, canvas, overlay, label, note}: a canvas of the picture's own pixels, and one for marks above it. */
export function picture(name) {
  const canvas = h("canvas", { role: "img", "aria-hidden": "true" });
  const overlay = h("canvas", { class: "ex-overlay", "aria-hidden": "true" });
  const label = h("span", { class: "ex-picture-label" });
  const note = h("span", { class: "ex-picture-note" });
  const frame = h("div", { class: "ex-frame" }, canvas, overlay);
  const figure = h("figure", { "data-picture": name }, frame, h("figcaption", {}, label, note));
  return { figure, frame, canvas, overlay, label, note };
}

/** A context in CSS pixels over a canvas that fills its frame, with the frame's size; null while it is not laid out. */
export function fitted(canvas) {
  const size = widthOf(canvas);
  if (!size) return null;
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.height = Math.round(size * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(canvas.width / size, 0, 0, canvas.height / size, 0, 0);
  return { context, size };
}
