// Ten thousand dots at sixty frames a second: they are drawn once, on a layer that is larger than what is seen, and the
// layer is moved under a hand that pans. Under a hand that zooms it is stretched, and drawn anew when the hand rests.

import { Frame } from "./frame.js";
import { drawPoints } from "./layers.js";

const GROWN = 1.6; // the layer's width in widths of the plane
const STRETCHED = 1.8; // at most, before it is drawn anew under the hand
const REST_MS = 120;

export class DotLayer {
  /** @param onRest called when the layer was only stretched and the hand has come to rest */
  constructor(onRest) {
    this.onRest = onRest;
    this.canvas = document.createElement("canvas");
    this.frame = null; // of the layer
    this.key = null; // what is drawn on it
    this.timer = 0;
  }

  /** Whether what is shown is only stretched: sharper dots are on their way. */
  get resting() {
    return !this.timer;
  }

  /** Draws all points; `key` holds what they depend on beside the frame. */
  draw(context, frame, points, lit, key) {
    if (!this.fits(frame, [points, lit, ...key])) this.render(frame, points, lit, [points, lit, ...key]);
    const stretch = frame.scale / this.frame.scale;
    const [width, height] = [this.frame.width * stretch, this.frame.height * stretch];
    const [x, y] = [frame.x(this.frame.centre[0]) - width / 2, frame.y(this.frame.centre[1]) - height / 2];
    context.imageSmoothingEnabled = stretch !== 1;
    if (stretch === 1) context.drawImage(this.canvas, snap(x), snap(y), width, height);
    else context.drawImage(this.canvas, x, y, width, height);
    context.imageSmoothingEnabled = true;
  }

  fits(frame, key) {
    if (!this.frame || this.key.length !== key.length || this.key.some((value, i) => value !== key[i])) return false;
    if (!covers(this.frame, frame)) return false;
    const stretch = frame.scale / this.frame.scale;
    if (stretch === 1) return true;
    if (this.rested || stretch > STRETCHED || stretch < 1 / STRETCHED) return false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.rested = true;
      this.onRest();
    }, REST_MS);
    return true;
  }

  render({ centre, half, width, height }, points, lit, key) {
    clearTimeout(this.timer);
    Object.assign(this, { timer: 0, rested: false, key });
    this.frame = new Frame(centre, half * GROWN, width * GROWN, height * GROWN);
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(this.frame.width * ratio);
    this.canvas.height = Math.round(this.frame.height * ratio);
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawPoints(context, this.frame, points, lit);
  }
}

/** How many points lie inside a frame. */
export function countInside(frame, { xy, labels }) {
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    const x = frame.x(xy[2 * i]);
    const y = frame.y(xy[2 * i + 1]);
    if (x >= 0 && y >= 0 && x <= frame.width && y <= frame.height) count += 1;
  }
  return count;
}

function covers(outer, inner) {
  const [a, b] = [outer.box, inner.box];
  return a[0] <= b[0] && a[1] <= b[1] && a[2] >= b[2] && a[3] >= b[3];
}

/** To whole pixels of the device: a dot keeps its edges. */
function snap(value) {
  const ratio = devicePixelRatio || 1;
  return Math.round(value * ratio) / ratio;
}
