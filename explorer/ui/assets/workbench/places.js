// A colour for each place of the code plane: hue is the direction from the middle of the codes in use, strength the
// distance. Lightness is the same everywhere, so that dark text reads on all of them, and in both themes.

const LIGHTNESS = 0.76;
const CHROMA = 0.17;
const NEAR = 0.7; // below 1 it draws apart what lies close to the middle
const WIDEST = 0.95; // share of the codes in use within full strength

export class Places {
  /** @param codebook as the store gives it; {places: (2K), hits: (K)} */
  constructor({ places, hits, size }) {
    this.plane = size > 1;
    this.places = places;
    const used = [...hits.keys()].filter((k) => hits[k]);
    const shown = used.length ? used : [...hits.keys()];
    this.centre = [0, 1].map((axis) => mean(shown.map((k) => places[2 * k + axis])));
    const reach = shown.map((k) => this.polar(places[2 * k], places[2 * k + 1])[0]).sort((a, b) => a - b);
    this.reach = reach[Math.floor(WIDEST * (reach.length - 1))] || 1;
    this.colours = new Array(hits.length);
  }

  /** The same scale for codes that were moved. */
  follow({ places }) {
    this.places = places;
    this.colours.fill(undefined);
  }

  polar(x, y) {
    const [dx, dy] = [x - this.centre[0], y - this.centre[1]];
    return [Math.hypot(dx, dy), Math.atan2(dy, dx)];
  }

  /** The colour of a point of the plane. */
  at(x, y) {
    const [distance, angle] = this.polar(x, y);
    const chroma = CHROMA * Math.min(1, distance / this.reach) ** NEAR;
    return `oklab(${LIGHTNESS} ${(chroma * Math.cos(angle)).toFixed(4)} ${(chroma * Math.sin(angle)).toFixed(4)})`;
  }

  /** The colour of a code. A code of a single number has no plane: neighbours in number are then far apart in hue. */
  of(code) {
    return (this.colours[code] ??= this.plane
      ? this.at(this.places[2 * code], this.places[2 * code + 1])
      : `oklch(${LIGHTNESS} 0.1 ${((code * 222.5) % 360).toFixed(1)})`);
  }

  /** Codes by hue, the strong ones of a hue after its pale ones. */
  order(codes) {
    if (!this.plane) return [...codes];
    const key = new Map(codes.map((k) => [k, this.polar(this.places[2 * k], this.places[2 * k + 1])]));
    const sector = (k) => Math.round((key.get(k)[1] / Math.PI) * 12);
    return [...codes].sort((a, b) => sector(a) - sector(b) || key.get(a)[0] - key.get(b)[0]);
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
