// Where codes begin: the codebook inits of explorer.models, in the plane (D = 2).

export const INITS = ["uniform", "reference", "normal", "data"];

const REFERENCE = Math.sqrt(3 / 2); // U(±√(3/D)), sonnet's: variance 1/D

/**
 * A codebook (2K) to begin with.
 *
 * @param stream of random.js
 * @param cloud flat points, for `data`
 */
export function begin(init, size, stream, cloud) {
  const codes = new Float64Array(2 * size);
  if (init === "data") {
    stream.some(size, cloud.length / 2).forEach((i, k) => codes.set([cloud[2 * i], cloud[2 * i + 1]], 2 * k));
    return codes;
  }
  const draw = {
    uniform: () => (2 * stream.uniform() - 1) / size,
    reference: () => (2 * stream.uniform() - 1) * REFERENCE,
    normal: () => stream.normal(),
  }[init];
  return codes.map(draw);
}
