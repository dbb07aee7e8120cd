// Restart of dead codes (Jukebox; Dhariwal 2020) as explorer.models.dead_codes has it.

import { longer } from "./rules.js";

const VECTORS_PER_CODE = 100;
const LEAST_STEPS = 20;

/** Steps after its last hit at which a code is due: its window, and its grace. */
export const windowSteps = (size, batch) => Math.max(LEAST_STEPS, Math.ceil((VECTORS_PER_CODE * size) / batch));

export class Restart {
  constructor(size) {
    this.vectors = new Float64Array(size);
    this.steps = new Float64Array(size);
  }

  /** Notes a mini-batch's hits; the rows that are to be restarted now. */
  due(hits, batch) {
    const rows = [];
    for (let k = 0; k < hits.length; k++) {
      this.vectors[k] = hits[k] ? 0 : this.vectors[k] + batch;
      this.steps[k] = hits[k] ? 0 : this.steps[k] + 1;
      if (this.vectors[k] >= VECTORS_PER_CODE * hits.length && this.steps[k] >= LEAST_STEPS) rows.push(k);
    }
    return rows;
  }

  note(row) {
    this.vectors[row] = this.steps[row] = 0;
  }

  grow(size) {
    this.vectors = longer(this.vectors, size);
    this.steps = longer(this.steps, size);
  }
}

/** Up to `wanted` different points of a mini-batch, as flat rows: of equal codes only the first could ever be chosen. */
export function distinct(points, wanted, stream) {
  const found = new Map();
  for (const i of stream.some(points.length / 2, points.length / 2)) {
    if (found.size === wanted) break;
    const place = [points[2 * i], points[2 * i + 1]];
    const key = place.join();
    if (!found.has(key)) found.set(key, place);
  }
  return [...found.values()];
}
