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

const FAR = 1.6; // an extent this much wider than that of nearly all points is outliers

/**
 * Centre and half-width of what is shown: all points, unless a few lie so far off that the rest would shrink; and
 * everything in `must` ([x, y] pairs).
 */
export function fit(xy, { must = [], symmetric = false }) {
  const columns = [0, 1].map((offset) => xy.filter((_, i) => i % 2 === offset).sort());
  const spans = columns.map((sorted, axis) => {
    const [low, high] = [sorted[0], sorted.at(-1)];
    const cut = Math.round(0.003 * (sorted.length - 1));
    const [near, far] = [sorted[cut], sorted[sorted.length - 1 - cut]];
    const [from, to] = high - low > FAR * (far - near) ? [near, far] : [low, high];
    const others = must.map((point) => point[axis]);
    return [Math.min(from, ...others), Math.max(to, ...others)];
  });
  if (symmetric) return { centre: [0, 0], half: 1.05 * Math.max(...spans.flat().map(Math.abs)) };
  return {
    centre: spans.map(([from, to]) => (from + to) / 2),
    half: 0.54 * Math.max(...spans.map(([from, to]) => to - from), 1e-6),
  };
}

/** A round step that gives about `count` ticks over `span`. */
export function niceStep(span, count = 6) {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= raw);
}
