// Where a quantizer puts an encoder's outputs before it compares them with its codes, one op each; see `project` in
// explorer/models/distances.py, bsq.py and fsq.py. Vectors of `op.in` numbers stand one after the other.

export const PROJECTIONS = {
  /** Onto the unit sphere; what is shorter than 1e-12 is divided by that. */
  unit({ in: size }) {
    return (x) => {
      const out = new Float32Array(x.length);
      for (let at = 0; at < x.length; at += size) {
        const vector = x.subarray(at, at + size);
        const length = Math.max(1e-12, Math.hypot(...vector));
        for (let d = 0; d < size; d++) out[at + d] = vector[d] / length;
      }
      return out;
    };
  },

  /** Each number by tanh, between the first and the last of its levels. */
  bound({ in: size, shift, scale, offset }) {
    return (x) => Float32Array.from(x, (value, i) => {
      const d = i % size;
      return Math.tanh(value + shift[d]) * scale[d] - offset[d];
    });
  },
};
