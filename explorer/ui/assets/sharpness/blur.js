// Equivalent blur of one picture: the twin of explorer/metrics/blur.py. Blurs mirror at the edges, so in the basis of
// cosines they only weigh. Pictures are square, their values channels-last.

const [WIDEST, STEP] = [6, 0.02]; // pixels
const FLAT = (0.1 / 255) ** 2; // variance of luminance
const LUMINANCE = [0.2125, 0.7154, 0.0721]; // Rec. 709

/** σ in pixels of the Gaussian under which `original` resembles `other` most; NaN where either is flat. */
export function equivalentBlur(original, other, size, channels) {
  const [x, y] = [original, other].map((values) => spectrum(luminance(values, channels), size));
  x[0] = y[0] = 0; // the means
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const own = sum(x.map((value) => value ** 2));
  const others = sum(y.map((value) => value ** 2));
  if (own < FLAT * x.length || others < FLAT * x.length) return NaN;
  const correlations = Array.from({ length: Math.round(WIDEST / STEP) + 1 }, (_, k) => correlation(x, y, others, size, k * STEP));
  return refined(correlations);
}

/** The values of a picture under a Gaussian of `sigma` pixels. */
export function blurred(values, size, channels, sigma) {
  const [out, weights] = [new Float64Array(values.length), weightsOf(size, sigma)];
  for (let c = 0; c < channels; c++) {
    const plane = Float64Array.from({ length: size * size }, (_, p) => values[p * channels + c]);
    const back = picture(spectrum(plane, size).map((value, k) => value * weights[k]), size);
    back.forEach((value, p) => (out[p * channels + c] = value));
  }
  return out;
}

function luminance(values, channels) {
  if (channels === 1) return Float64Array.from(values);
  return Float64Array.from({ length: values.length / channels }, (_, p) =>
    LUMINANCE.reduce((sum, weight, c) => sum + weight * values[p * channels + c], 0));
}

function correlation(x, y, others, size, sigma) {
  const weights = weightsOf(size, sigma);
  let [shared, own] = [0, 0];
  for (let k = 0; k < x.length; k++) {
    shared += x[k] * y[k] * weights[k];
    own += (x[k] * weights[k]) ** 2;
  }
  return shared / Math.sqrt(own * others);
}

/** The best of all candidates, moved by a parabola through it and the two beside it. */
function refined(correlations) {
  const best = correlations.indexOf(Math.max(...correlations));
  if (best === 0 || best === correlations.length - 1) return best * STEP;
  const [left, centre, right] = correlations.slice(best - 1, best + 2);
  const shift = (0.5 * (left - right)) / (left - 2 * centre + right);
  return (best + Math.min(0.5, Math.max(-0.5, shift))) * STEP;
}

/** What a Gaussian makes of each product of cosines. */
function weightsOf(size, sigma) {
  const along = Float64Array.from({ length: size }, (_, k) => Math.exp(-0.5 * (sigma * Math.PI * k / size) ** 2));
  return Float64Array.from({ length: size * size }, (_, k) => along[Math.floor(k / size)] * along[k % size]);
}

const spectrum = (values, size) => twice(values, size, cosines(size));
const picture = (values, size) => twice(values, size, transposed(cosines(size), size));

/** M V Mᵀ. */
function twice(values, size, matrix) {
  const half = product(matrix, values, size);
  return product(half, transposed(matrix, size), size);
}

function product(a, b, size) {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let k = 0; k < size; k++) {
    for (let j = 0; j < size; j++) out[i * size + j] += a[i * size + k] * b[k * size + j];
  }
  return out;
}

const transposed = (matrix, size) => matrix.map((_, k) => matrix[(k % size) * size + Math.floor(k / size)]);

/** Orthonormal DCT-II. */
function cosines(size) {
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [k, n] = [Math.floor(at / size), at % size];
    return Math.cos((Math.PI * (n + 0.5) * k) / size) * Math.sqrt((k ? 2 : 1) / size);
  });
}
