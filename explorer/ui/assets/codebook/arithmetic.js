// One update of a codebook in float64: the browser's twin of explorer/metrics/ema_step.py, so that sliders answer at once.
//
// Matrices are flat, row by row: K rows of D numbers.

const COUNT_FLOOR = 1e-12; // under `hold`, counts of codes without hits fall no lower

/**
 * @param state {codebook, count, total, hits, sums}: before the update, and what the mini-batch brings
 * @param rule {decay, epsilon, start, step}
 * @returns {count, smoothed, total, codebook, rate}
 */
export function emaStep({ count, total, hits, sums }, { decay, epsilon, start, step }) {
  const size = count.length;
  const dim = total.length / size;
  const kept = count.map((n, k) => (start === "hold" && !hits[k] ? Math.max(n * decay, COUNT_FLOOR) / n : decay));
  const newCount = count.map((n, k) => kept[k] * n + (1 - decay) * hits[k]);
  const newTotal = total.map((m, i) => kept[Math.floor(i / dim)] * m + (1 - decay) * sums[i]);
  const weight = start === "sonnet" ? 1 - decay ** step : 1;
  const smooth = laplace(newCount.map((n) => n / weight), epsilon).map((n) => n * weight);
  const smoothed = start === "hold" ? smooth.map((n, k) => (hits[k] ? n : newCount[k])) : smooth;
  return {
    count: newCount,
    smoothed,
    total: newTotal,
    codebook: newTotal.map((m, i) => m / smoothed[Math.floor(i / dim)]),
    rate: newCount.map((n, k) => (hits[k] ? ((1 - decay) * hits[k]) / n : 0)),
  };
}

function laplace(count, epsilon) {
  const sum = count.reduce((a, b) => a + b, 0);
  return count.map((n) => ((n + epsilon) / (sum + count.length * epsilon)) * sum);
}

/** The gradient of the codebook loss, `2 (n e − Σz) / (N D)`, rows without hits exactly zero; and a step of SGD along it. */
export function gradientStep({ codebook, hits, sums }, { lr }) {
  const dim = codebook.length / hits.length;
  const elements = Math.max(1, hits.reduce((a, b) => a + b, 0)) * dim;
  const gradient = codebook.map((e, i) => {
    const n = hits[Math.floor(i / dim)];
    return n ? (2 * (n * e - sums[i])) / elements : 0;
  });
  return { gradient, codebook: codebook.map((e, i) => e - lr * gradient[i]) };
}

/** The mini-batch of a frame, in the order of explorer.ui.media.codebook; all numbers as float64. */
export function readBatch(take, [size, dim], bytes) {
  const fixed = 8 * (size * dim + 3 * dim) + 4 * (2 * size * dim + 2 * size);
  const vectors = (bytes - fixed) / 10; // two float32 and a uint16 each
  const doubles = (count) => Float64Array.from(take(Float32Array, count));
  const sums = take(Float64Array, size * dim);
  const axes = take(Float64Array, 2 * dim);
  const mean = take(Float64Array, dim);
  const [codebook, count, total] = [doubles(size * dim), doubles(size), doubles(size * dim)];
  const places = take(Float32Array, 2 * vectors);
  const hits = Float64Array.from(take(Uint32Array, size));
  return { sums, axes, mean, codebook, count, total, places, hits, chosen: take(Uint16Array, vectors), vectors };
}

/** Vectors (K rows of D) on the plane: flat [x, y, x, y, …]. */
export function placed(matrix, { axes, mean }) {
  const dim = mean.length;
  const places = new Float64Array((2 * matrix.length) / dim);
  for (let k = 0; k < matrix.length / dim; k++) {
    for (let d = 0; d < dim; d++) {
      const value = matrix[k * dim + d] - mean[d];
      places[2 * k] += value * axes[d];
      places[2 * k + 1] += value * axes[dim + d];
    }
  }
  return places;
}

export const lengths = (matrix, dim) =>
  Float64Array.from({ length: matrix.length / dim }, (_, k) => Math.hypot(...matrix.subarray(k * dim, (k + 1) * dim)));
