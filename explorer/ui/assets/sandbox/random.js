// Random numbers from a seed: the same link shows the same start and the same mini-batches on every machine.

/** One stream; streams of one seed with different names have nothing to do with each other. */
export class Stream {
  constructor(seed, name) {
    let hash = 2166136261 ^ seed;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
    this.state = hash >>> 0;
    for (let i = 0; i < 8; i++) this.uniform(); // near seeds begin far apart
  }

  /** In [0, 1), 32 bits (mulberry32). */
  uniform() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** From N(0, 1), by Box and Muller. */
  normal() {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  below(count) {
    return Math.floor(this.uniform() * count);
  }

  /** `wanted` different numbers below `count`. */
  some(wanted, count) {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    const taken = Math.min(wanted, count);
    for (let i = 0; i < taken; i++) {
      const j = i + this.below(count - i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order.subarray(0, taken);
  }
}
