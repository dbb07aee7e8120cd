// Where latent units fall on the canvas: equal axes, y upwards, one scale for both.

export class Frame {
  /** @param centre [x, y] in latent units; @param half units from the centre to the nearer edge */
  constructor(centre, half, width, height) {
    this.centre = centre;
    this.half = half;
    this.width = width; // CSS pixels, as everything here
    this.height = height;
    this.scale = Math.min(width, height) / (2 * half); // pixels per unit
  }

  x(value) {
    return this.width / 2 + (value - this.centre[0]) * this.scale;
  }

  y(value) {
    return this.height / 2 - (value - this.centre[1]) * this.scale;
  }

  /** Latent point under a pixel. */
  point(px, py) {
    return [this.centre[0] + (px - this.width / 2) / this.scale, this.centre[1] - (py - this.height / 2) / this.scale];
  }

  /** [left, bottom, right, top] in latent units. */
  get box() {
    const [left, top] = this.point(0, 0);
    const [right, bottom] = this.point(this.width, this.height);
    return [left, bottom, right, top];
  }
}

/** Centre and half-width that hold nearly all points, and everything in `must` ([x, y] pairs). */
export function fit(xy, { must = [], symmetric = false, share = 0.005 }) {
  const xs = sorted(xy, 0);
  const ys = sorted(xy, 1);
  const cut = (values, part) => values[Math.min(values.length - 1, Math.max(0, Math.round(part * (values.length - 1))))];
  let [x0, x1] = [cut(xs, share), cut(xs, 1 - share)];
  let [y0, y1] = [cut(ys, share), cut(ys, 1 - share)];
  for (const [x, y] of must) {
    [x0, x1] = [Math.min(x0, x), Math.max(x1, x)];
    [y0, y1] = [Math.min(y0, y), Math.max(y1, y)];
  }
  if (symmetric) return { centre: [0, 0], half: 1.06 * Math.max(Math.abs(x0), x1, Math.abs(y0), y1) };
  return { centre: [(x0 + x1) / 2, (y0 + y1) / 2], half: 0.55 * Math.max(x1 - x0, y1 - y0, 1e-6) };
}

function sorted(xy, offset) {
  const values = new Float32Array(xy.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = xy[2 * i + offset];
  return values.sort();
}

/** A round step that gives about `count` ticks over `span`. */
export function niceStep(span, count = 6) {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= raw);
}
