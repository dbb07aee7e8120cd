// Which code is nearest to each of many points of the plane: exact, of equals the lowest index (explorer.models.nearest).
//
// Codes are walked outwards from where a point would stand among them, sorted by their first coordinate: once that
// coordinate alone is farther off than the best code so far, no other can be nearer.

export class Nearest {
  /** @param codes Float64Array (2K), which may move and grow between searches */
  sort(codes) {
    const size = codes.length / 2;
    if (this.order?.length !== size) {
      this.order = Uint32Array.from({ length: size }, (_, k) => k);
      this.x = new Float64Array(size);
      this.y = new Float64Array(size);
    }
    const { order } = this;
    for (let i = 1; i < size; i++) { // nearly in order from the step before: few codes change places
      const code = order[i];
      const x = codes[2 * code];
      let j = i - 1;
      for (; j >= 0 && codes[2 * order[j]] > x; j--) order[j + 1] = order[j];
      order[j + 1] = code;
    }
    for (let i = 0; i < size; i++) {
      this.x[i] = codes[2 * order[i]];
      this.y[i] = codes[2 * order[i] + 1];
    }
    return this;
  }

  /**
   * Writes the index of the nearest code of points `from` to `to` into `chosen`, and returns the sum of their squared
   * distances.
   *
   * @param points flat [x, y, …]
   */
  search(points, chosen, from = 0, to = chosen.length) {
    const { order, x, y } = this;
    const size = order.length;
    let total = 0;
    for (let i = from; i < to; i++) {
      const [px, py] = [points[2 * i], points[2 * i + 1]];
      let right = this.first(px);
      let left = right - 1;
      let best = -1;
      let least = Infinity;
      for (;;) {
        const dr = right < size ? x[right] - px : Infinity;
        const dl = left >= 0 ? px - x[left] : Infinity;
        const near = dr < dl;
        const dx = near ? dr : dl;
        if (dx === Infinity || dx * dx > least) break;
        const at = near ? right++ : left--;
        const dy = y[at] - py;
        const distance = dx * dx + dy * dy;
        if (distance < least || (distance === least && order[at] < best)) [least, best] = [distance, order[at]];
      }
      chosen[i] = best;
      total += least;
    }
    return total;
  }

  /** Place of the first code that is not left of x. */
  first(px) {
    let [low, high] = [0, this.x.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.x[middle] < px) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
