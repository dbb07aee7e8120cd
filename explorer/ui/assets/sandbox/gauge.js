// What the whole cloud says of a codebook: which codes nobody chooses, how evenly the others are chosen, how far off.
//
// Thousands of points take longer than a frame has, so that they are read in slices against the codes as they were when
// the reading began.

import { Nearest } from "./nearest.js";

const STARVED = 0.1; // of even use

export class Gauge {
  constructor(cloud) {
    this.cloud = cloud;
    this.chosen = new Uint16Array(cloud.length / 2);
    this.nearest = new Nearest();
    this.at = null; // points that are read; null between two readings
  }

  /**
   * @returns {dead, used, starved, perplexity, distortion}: codes without a point of the cloud, with one, with fewer than
   * a tenth of an even share; exp of the entropy of the shares; mean of ‖z − e‖² over points and coordinates
   */
  read(codes) {
    this.at = null;
    this.advance(codes, this.chosen.length);
    return this.value;
  }

  /** Reads some more points; true when a reading is complete. */
  advance(codes, points) {
    if (this.at === null) {
      this.nearest.sort(codes);
      [this.at, this.squares, this.size] = [0, 0, codes.length / 2];
    }
    const to = Math.min(this.chosen.length, this.at + points);
    this.squares += this.nearest.search(this.cloud, this.chosen, this.at, to);
    this.at = to < this.chosen.length ? to : null;
    if (this.at !== null) return false;
    this.value = this.summed();
    return true;
  }

  summed() {
    const { size, chosen: { length: count } } = this;
    this.hits = new Float64Array(size);
    for (const code of this.chosen) this.hits[code] += 1;
    let [dead, starved, entropy] = [0, 0, 0];
    for (const hits of this.hits) {
      if (!hits) dead += 1;
      else {
        if (hits < (STARVED * count) / size) starved += 1;
        entropy -= (hits / count) * Math.log(hits / count);
      }
    }
    return { dead, used: size - dead, starved, perplexity: Math.exp(entropy), distortion: this.squares / (2 * count) };
  }
}
