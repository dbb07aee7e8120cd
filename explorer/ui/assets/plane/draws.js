// z = μ + σ·ε with ε from a generator of its own: the same image draws the same ε again, whatever else was drawn.

const KEPT = 200;

/** Draws from the posterior of one image through one run. */
export class Draws {
  constructor() {
    this.key = "";
    this.points = [];
  }

  /** What has been drawn for an image through a side's run: [[x, y], ...]; another image begins anew. */
  of({ run }, image) {
    const key = `${run} ${image}`;
    if (key !== this.key) {
      Object.assign(this, { key, points: [], count: 0, next: gaussians(image) });
    }
    return this.points;
  }

  /** One more draw. */
  add(side, image, { mean, sigma }) {
    const points = this.of(side, image);
    const point = mean.map((mu, j) => mu + sigma[j] * this.next());
    points.push(point);
    if (points.length > KEPT) points.shift();
    this.count += 1;
    return point;
  }
}

/** Standard normal numbers (Box and Muller 1958) over uniform ones of mulberry32. */
export function gaussians(seed) {
  let state = (seed + 1) * 0x9e3779b9;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  let spare = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
