// How codes move, in float64: explorer.models.codebook_updates, torch's SGD and Adam, and Lloyd's algorithm.
//
// A rule moves the codes of a learner in place, given what its mini-batch brings: {hits, sums}. `place` puts rows
// somewhere and makes the rule's own memory agree, so that the next step does not undo it.

import { emaStep, gradientStep } from "../codebook/arithmetic.js";

export const EPSILON = 1e-5; // of the EMA's Laplace smoothing
const [BETA1, BETA2, TINY] = [0.9, 0.999, 1e-8]; // torch.optim.Adam's own

export const GRADIENT = ["sgd", "adam"];
export const EMA = ["hold", "ones", "sonnet", "snippet"];
export const RULES = [...GRADIENT, ...EMA, "kmeans"];

/** A rule by its name. @param random a Stream, for the sums of `snippet` */
export function ruleOf(name, size, codes, random) {
  if (name === "sgd") return new SGD();
  if (name === "adam") return new Adam(size);
  if (name === "kmeans") return new Lloyd();
  return new EMAverage(name, codes, random);
}

/** e ← e − rate · 2 (n e − Σz) / (N D): rows without hits have a gradient of exactly zero. */
class SGD {
  step(codes, batch, { rate }) {
    codes.set(gradientStep({ codebook: codes, ...batch }, { lr: rate }).codebook);
  }

  place() {}
  moved() {}
  grow() {}
}

/** The same gradient through Adam's moments, which outlive the last hit: a code without hits coasts on them. */
class Adam {
  constructor(size) {
    this.steps = 0;
    this.first = new Float64Array(2 * size);
    this.second = new Float64Array(2 * size);
  }

  step(codes, batch, { rate }) {
    const { gradient } = gradientStep({ codebook: codes, ...batch }, { lr: 0 });
    this.steps += 1;
    const size = rate / (1 - BETA1 ** this.steps);
    const scale = Math.sqrt(1 - BETA2 ** this.steps);
    for (let i = 0; i < codes.length; i++) {
      this.first[i] += (gradient[i] - this.first[i]) * (1 - BETA1);
      this.second[i] = BETA2 * this.second[i] + (1 - BETA2) * gradient[i] * gradient[i];
      codes[i] -= (size * this.first[i]) / (Math.sqrt(this.second[i]) / scale + TINY);
    }
  }

  place(codes, row) {
    this.first.fill(0, 2 * row, 2 * row + 2);
    this.second.fill(0, 2 * row, 2 * row + 2);
  }

  moved() {} // a hand moves the code and not its moments

  grow(size) {
    this.first = longer(this.first, 2 * size);
    this.second = longer(this.second, 2 * size);
  }
}

/** N ← γN + (1−γ)n, m ← γm + (1−γ)Σz, e = m / Ñ, from one of four starts. */
class EMAverage {
  constructor(start, codes, random) {
    this.start = start;
    this.steps = 0;
    const size = codes.length / 2;
    const held = start === "hold" || start === "ones";
    this.count = new Float64Array(size).fill(held ? 1 : 0);
    this.total = held ? codes.slice() : new Float64Array(2 * size);
    if (start === "snippet") this.total = this.total.map(() => random.normal());
  }

  step(codes, batch, { decay }) {
    this.steps += 1;
    const rule = { decay, epsilon: EPSILON, start: this.start, step: this.steps };
    const { count, smoothed, total, codebook } = emaStep({ count: this.count, total: this.total, ...batch }, rule);
    this.count = this.start === "snippet" ? smoothed : count;
    this.total = total;
    this.divisor = smoothed;
    codes.set(codebook);
  }

  /** N = 1 and m = e; where averages began at zero, the shares of them that are there by now. */
  place(codes, row, decay) {
    const weight = this.start === "sonnet" ? 1 - decay ** this.steps : 1;
    this.count[row] = weight;
    for (const d of [0, 1]) this.total[2 * row + d] = codes[2 * row + d] * weight;
    if (this.divisor) this.divisor[row] = weight;
  }

  /** A hand moves the code and not its weight. */
  moved(codes, row) {
    const weight = this.divisor?.[row] ?? this.count[row];
    for (const d of [0, 1]) this.total[2 * row + d] = codes[2 * row + d] * weight;
  }

  grow(size, codes, decay) {
    const before = this.count.length;
    this.count = longer(this.count, size);
    this.total = longer(this.total, 2 * size);
    this.divisor = this.divisor && longer(this.divisor, size);
    for (let row = before; row < size; row++) this.place(codes, row, decay);
  }
}

/** Every code to the mean of the points it won, of the whole cloud; one that wins none stays (Lloyd). */
class Lloyd {
  step(codes, { hits, sums }) {
    for (let i = 0; i < codes.length; i++) if (hits[i >> 1]) codes[i] = sums[i] / hits[i >> 1];
  }

  place() {}
  moved() {}
  grow() {}
}

export function longer(array, length) {
  const grown = new array.constructor(length);
  grown.set(array);
  return grown;
}
