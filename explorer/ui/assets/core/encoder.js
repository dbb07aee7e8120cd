// The encoder of a run where the reader is, so that a picture of their own never leaves the browser: the twin of `encode`
// in explorer/models. Its numbers travel as the decoder's do (explorer/ui/computed/encoder_program.py).

import { makeNetwork, OPS } from "./decoder.js";
import { PROJECTIONS } from "./projections.js";

const ENCODES = { ...OPS, ...PROJECTIONS };

/**
 * A function from an image to what the run decodes, without a draw: a VAE's posterior mean, codes of a codebook.
 *
 * @param program {input: [C, H, W], output: [n] or [c, h, w], ops: [...], numbers}
 * @param numbers Float32Array of weights and biases
 * @param codebook null, or {vectors: Float32Array (K*D), size: D}
 * @returns image (values in [0, 1], channels-last) -> Float32Array, a grid channels-last; of codes {indices, codebook},
 *   as `store.decode` takes both
 */
export function makeEncoder(program, numbers, codebook = null) {
  const network = makeNetwork(program, numbers, "encoder", ENCODES);
  return (image) => {
    const output = network(image);
    return codebook ? { indices: nearestCodes(output, codebook), codebook } : output.slice();
  };
}

/** The nearest of K codes to each of the vectors that stand in `output` one after the other; of equals the first. */
export function nearestCodes(output, { vectors, size }) {
  const indices = new Uint32Array(output.length / size);
  for (let p = 0; p < indices.length; p++) {
    let least = Infinity;
    for (let k = 0; k * size < vectors.length; k++) {
      let distance = 0;
      for (let d = 0; d < size && distance < least; d++) distance += (vectors[k * size + d] - output[p * size + d]) ** 2;
      if (distance < least) [least, indices[p]] = [distance, k];
    }
  }
  return indices;
}
