// The decoder of any run, interpreted from its program: the twin of explorer/models/trunk.py. Its encoder is one more
// program (encoder.js).
//
// A program is a list of ops with shapes; its numbers stand in one array in the order of the ops, weights before
// biases, as explorer/ui/computed/program.py lays them out. Activations are channels-last.
//
// All convolutions are one kernel here: for every output pixel a list of (input pixel, tap) pairs, found once. Eight
// output channels at a time stay in registers, and zeros are skipped: after a ReLU about half of the inputs are zero.

const F16_STEP = 2 ** -24; // the smallest half above zero

/** Float32Array of the halves in `buffer`, little endian. (Float16Array is too young to rely on.) */
export function halvesToFloats(buffer) {
  const halves = new Uint16Array(buffer);
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const exponent = (half >> 10) & 31;
    const mantissa = half & 1023;
    let value;
    if (exponent === 0) value = mantissa * F16_STEP;
    else if (exponent === 31) value = mantissa ? NaN : Infinity;
    else value = (1 + mantissa / 1024) * 2 ** (exponent - 15);
    floats[i] = half & 0x8000 ? -value : value;
  }
  return floats;
}

/**
 * A function from a latent to an image.
 *
 * @param program {input: [n] or [c, h, w], output: [C, H, W], ops: [...], numbers}
 * @param numbers Float32Array of weights and biases
 * @returns latent (array of floats; a grid channels-last, h*w*c) -> Float32Array of H*W*C values, channels-last and
 *   unclipped. The array is the decoder's own: the next call overwrites it.
 */
export const makeDecoder = (program, numbers) => makeNetwork(program, numbers, "decoder");

/** The same of any program of `ops`; `name` is what it is called where it gets what is not its own. */
export function makeNetwork(program, numbers, name, ops = OPS) {
  if (numbers.length !== program.numbers) {
    throw new Error(`${name} expects ${program.numbers} numbers, got ${numbers.length}`);
  }
  let at = 0;
  const take = (count) => numbers.subarray(at, (at += count));
  const steps = program.ops.map((op) => ops[op.op](op, take));
  const inputs = program.input.reduce((a, b) => a * b, 1);
  return (given) => {
    if (given.length !== inputs) throw new Error(`${name} expects ${inputs} numbers, got ${given.length}`);
    let x = given;
    for (const step of steps) x = step(x);
    return x;
  };
}

export const OPS = {
  linear(op, take) {
    return convolution(op.in, op.out, onePixel(), take);
  },
  conv1(op, take) {
    return convolution(op.in, op.out, conv1Taps(op.height, op.width), take);
  },
  conv4(op, take) {
    return convolution(op.in, op.out, conv4Taps(op.height, op.width), take);
  },
  conv3(op, take) {
    return convolution(op.in, op.out, conv3Taps(op.height, op.width), take);
  },
  convT4(op, take) {
    return convolution(op.in, op.out, convT4Taps(op.height, op.width), take);
  },
  mix(op, take) {
    // a + conv3(relu(a))
    const size = op.height * op.width * op.in;
    const rectified = new Float32Array(size);
    const convolve = convolution(op.in, op.in, conv3Taps(op.height, op.width), take);
    return (a) => {
      const out = convolve(relu(a, rectified));
      for (let i = 0; i < size; i++) out[i] += a[i];
      return out;
    };
  },
  relu(op) {
    const out = new Float32Array(op.size);
    return (x) => relu(x, out);
  },
  reshape(op) {
    // (c, h, w) as PyTorch unflattens it -> (h, w, c)
    const [c, h, w] = op.shape;
    const out = new Float32Array(c * h * w);
    return (x) => {
      for (let k = 0; k < c; k++) for (let p = 0; p < h * w; p++) out[p * c + k] = x[k * h * w + p];
      return out;
    };
  },
  flatten(op) {
    // (h, w, c) -> (c, h, w) as PyTorch flattens it
    const [c, h, w] = op.shape;
    const out = new Float32Array(c * h * w);
    return (x) => {
      for (let k = 0; k < c; k++) for (let p = 0; p < h * w; p++) out[k * h * w + p] = x[p * c + k];
      return out;
    };
  },
};

function relu(x, out) {
  for (let i = 0; i < x.length; i++) out[i] = x[i] > 0 ? x[i] : 0;
  return out;
}

// --- which inputs an output pixel sees: flat (input pixel, tap) pairs; those of pixel p are start[p] .. start[p + 1]

function onePixel() {
  return { pixels: 1, count: 1, pairs: Int32Array.of(0, 0), start: Int32Array.of(0, 2) };
}

/** Kernel 1. */
function conv1Taps(height, width) {
  return collectTaps(height, width, height, width, 1, (o) => o);
}

/** Kernel 4, stride 2, padding 1, to `height` x `width`. */
function conv4Taps(height, width) {
  return collectTaps(2 * height, 2 * width, height, width, 4, (o, k) => 2 * o + k - 1);
}

/** Kernel 3, stride 1, padding 1. */
function conv3Taps(height, width) {
  return collectTaps(height, width, height, width, 3, (o, k) => o + k - 1);
}

/** Kernel 4, stride 2, padding 1, transposed: output o hears input i through tap k when o = 2i + k - 1. */
function convT4Taps(height, width) {
  const source = (o, k) => ((o + 1 - k) % 2 === 0 ? (o + 1 - k) / 2 : -1);
  return collectTaps(height, width, 2 * height, 2 * width, 4, source);
}

function collectTaps(height, width, outHeight, outWidth, kernel, source) {
  const pairs = [];
  const start = [0];
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let ky = 0; ky < kernel; ky++) {
        const y = source(oy, ky);
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < kernel; kx++) {
          const x = source(ox, kx);
          if (x >= 0 && x < width) pairs.push(y * width + x, ky * kernel + kx);
        }
      }
      start.push(pairs.length);
    }
  }
  return { pixels: height * width, count: kernel * kernel, pairs: Int32Array.from(pairs), start: Int32Array.from(start) };
}

// --- the kernel

function convolution(ci, co, taps, take) {
  const weight = take(taps.count * ci * co); // [tap][in][out]
  const bias = take(co);
  const out = new Float32Array((taps.start.length - 1) * co);
  const wide = co - (co % 8);
  // the channels that do not fill a group of eight (grey: 1, colour: 3) are dot products over the channels in
  const narrow = wide < co ? narrowWeights(weight, taps.count, ci, co, wide) : null;
  const nonZero = { value: new Float32Array(taps.pixels * ci), channel: new Int32Array(taps.pixels * ci), start: new Int32Array(taps.pixels + 1) };
  return (x) => {
    listNonZero(x, ci, nonZero);
    for (let c = 0; c < wide; c += 8) eightChannels(nonZero, weight, bias, out, taps, ci, co, c);
    if (narrow) lastChannels(nonZero, narrow, bias, out, taps, ci, co, wide);
    return out;
  };
}

function listNonZero(x, ci, { value, channel, start }) {
  let n = 0;
  for (let p = 0; p + 1 < start.length; p++) {
    start[p] = n;
    for (let i = 0; i < ci; i++) {
      const v = x[p * ci + i];
      if (v !== 0) {
        value[n] = v;
        channel[n++] = i;
      }
    }
  }
  start[start.length - 1] = n;
}

function eightChannels({ value, channel, start: nonZero }, weight, bias, out, { pairs, start }, ci, co, c) {
  for (let p = 0; p + 1 < start.length; p++) {
    let s0 = bias[c], s1 = bias[c + 1], s2 = bias[c + 2], s3 = bias[c + 3];
    let s4 = bias[c + 4], s5 = bias[c + 5], s6 = bias[c + 6], s7 = bias[c + 7];
    for (let q = start[p]; q < start[p + 1]; q += 2) {
      const end = nonZero[pairs[q] + 1];
      const tap = pairs[q + 1] * ci * co + c;
      for (let j = nonZero[pairs[q]]; j < end; j++) {
        const v = value[j];
        const w = tap + channel[j] * co;
        s0 += v * weight[w];
        s1 += v * weight[w + 1];
        s2 += v * weight[w + 2];
        s3 += v * weight[w + 3];
        s4 += v * weight[w + 4];
        s5 += v * weight[w + 5];
        s6 += v * weight[w + 6];
        s7 += v * weight[w + 7];
      }
    }
    const o = p * co + c;
    out[o] = s0;
    out[o + 1] = s1;
    out[o + 2] = s2;
    out[o + 3] = s3;
    out[o + 4] = s4;
    out[o + 5] = s5;
    out[o + 6] = s6;
    out[o + 7] = s7;
  }
}

/** The last channels' weights as [out][tap][in]. */
function narrowWeights(weight, count, ci, co, first) {
  const rows = new Float32Array((co - first) * count * ci);
  let at = 0;
  for (let c = first; c < co; c++) for (let k = 0; k < count * ci; k++) rows[at++] = weight[k * co + c];
  return rows;
}

function lastChannels({ value, channel, start: nonZero }, rows, bias, out, { pairs, start, count }, ci, co, first) {
  for (let c = first; c < co; c++) {
    const row = (c - first) * count * ci;
    for (let p = 0; p + 1 < start.length; p++) {
      let sum = bias[c];
      for (let q = start[p]; q < start[p + 1]; q += 2) {
        const end = nonZero[pairs[q] + 1];
        const tap = row + pairs[q + 1] * ci;
        for (let j = nonZero[pairs[q]]; j < end; j++) sum += value[j] * rows[tap + channel[j]];
      }
      out[p * co + c] = sum;
    }
  }
}
