// The selected image's posterior, enlarged so that its ellipse can be seen: σ is often a fiftieth of the plane's rings.

import { Frame } from "../plane/frame.js";
import { drawPoints } from "../plane/layers.js";
import { drawDraws, drawPoint, drawPosterior } from "../plane/marks.js";
import { store } from "../core/store.js";
import { fitted } from "./picture.js";

const SHARE = 0.38; // of the frame that the 2 σ ellipse may reach from the centre

/** The round factor by which the plane's own scale is enlarged: 1, 2 or 5 times a power of ten, never below 1. */
export function magnification(sigma, scale, size) {
  const room = (SHARE * size) / (2 * Math.max(...sigma) * scale);
  const power = 10 ** Math.floor(Math.log10(room));
  return Math.max(1, power * [5, 2, 1].find((factor) => factor * power <= room));
}

export class Magnifier {
  constructor(picture) {
    this.picture = picture;
    this.frame = null; // where latent units fall: the debug hook of the tests
    this.factor = 1;
    picture.canvas.explorer = this;
  }

  /** Everything; `view` is the PlaneView whose frame is enlarged. */
  draw(view) {
    const { picture } = this;
    const selected = view.plane?.selected;
    const shown = view.frame && view.points && view.toScale && selected.sigma.length;
    picture.figure.hidden = !shown;
    if (!shown) return;
    const fit = fitted(picture.canvas);
    if (!fit) return;
    this.factor = magnification(selected.sigma, view.frame.scale, fit.size);
    this.frame = new Frame(selected.mean, fit.size / (2 * view.frame.scale * this.factor), fit.size, fit.size);
    drawPoints(fit.context, this.frame, view.points, store.hover.cls);
    drawPosterior(fit.context, this.frame, view.side.kind, selected);
    picture.note.textContent = store.t("client.magnified", { factor: this.factor });
    this.drawMoving(view);
  }

  /** What the hand does, where it falls into the frame. */
  drawMoving(view) {
    if (this.picture.figure.hidden || !this.frame) return;
    const fit = fitted(this.picture.overlay);
    if (!fit) return;
    const { kind } = view.side;
    drawDraws(fit.context, this.frame, kind, view.draws.of(view.side, store.view.image));
    const { pinned, hovered } = view.meaning;
    if (pinned) drawPoint(fit.context, this.frame, kind, pinned, true);
    if (hovered) drawPoint(fit.context, this.frame, kind, hovered, false);
  }
}
