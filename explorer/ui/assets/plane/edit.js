// A code under the hand: which of the drawn points fall to it, and which cells it touches, without asking all points
// about all codes again.

import { nearestCode } from "../core/codebooks.js";
import { recut, voronoi } from "./voronoi.js";

const REACH = 10; // cells are cut once, for a box this many times the half-width of home around it: they outlive a zoom

/** Cells and point counts of a codebook, following the codes that move. */
export class Territory {
  /** @param xy Float32Array (2N) of the drawn points; @param places Float32Array (2K); @param home {centre, half} */
  constructor(xy, places, { centre: [x, y], half }) {
    this.xy = xy;
    this.places = places.slice(); // as it was cut last
    this.box = [x - REACH * half, y - REACH * half, x + REACH * half, y + REACH * half];
    this.cells = voronoi(places, this.box);
    this.owners = null; // the code of each point, found when the first code moves
  }

  /** Takes the codes where they are now. */
  follow(places) {
    const moved = [];
    for (let k = 0; k < places.length / 2; k++) {
      if (places[2 * k] !== this.places[2 * k] || places[2 * k + 1] !== this.places[2 * k + 1]) moved.push(k);
    }
    if (moved.length) this.countPoints();
    for (const code of moved) {
      const from = [this.places[2 * code], this.places[2 * code + 1]];
      this.places[2 * code] = places[2 * code];
      this.places[2 * code + 1] = places[2 * code + 1];
      recut(this.cells, this.places, this.box, code, from);
      this.handOver(code);
    }
  }

  /** Hits over the whole split, after a move estimated from the drawn points that changed hands, each worth `each`. */
  estimate(hits, each) {
    if (!this.owners) return hits;
    return hits.map((hit, k) => Math.max(0, Math.round(hit + (this.counts[k] - this.before[k]) * each)));
  }

  /** Of the drawn points, how many fall to each code: now, and before any code moved. */
  countPoints() {
    if (this.owners) return;
    const count = this.xy.length / 2;
    this.owners = new Int32Array(count);
    this.distances = new Float64Array(count);
    this.counts = new Int32Array(this.places.length / 2);
    for (let i = 0; i < count; i++) this.settle(i);
    this.before = this.counts.slice();
  }

  /** Finds the code of one point anew. */
  settle(i) {
    const code = nearestCode(this.places, [this.xy[2 * i], this.xy[2 * i + 1]]);
    this.owners[i] = code;
    this.distances[i] = this.distance(i, code);
    this.counts[code] += 1;
  }

  /** A code has moved: its own points may leave it, others may come. */
  handOver(code) {
    for (let i = 0; i < this.owners.length; i++) {
      const distance = this.distance(i, code);
      const owner = this.owners[i];
      if (owner === code) {
        if (distance <= this.distances[i]) {
          this.distances[i] = distance;
          continue;
        }
        this.counts[code] -= 1;
        this.settle(i);
      } else if (distance < this.distances[i] || (distance === this.distances[i] && code < owner)) {
        this.counts[owner] -= 1;
        this.counts[code] += 1;
        this.owners[i] = code;
        this.distances[i] = distance;
      }
    }
  }

  distance(i, code) {
    return (this.places[2 * code] - this.xy[2 * i]) ** 2 + (this.places[2 * code + 1] - this.xy[2 * i + 1]) ** 2;
  }
}
