// One grid as the prior writes it: the codes, who wrote each of them, and the distribution each was drawn from.
//
// An answer holds everything from one cell to the last, so that stepping and playing need no network. A code that is
// changed by hand makes all later cells the prior's again, from the same noise.

import { latest } from "../core/ask.js";
import { bytesOf } from "../core/dom.js";
import { store } from "../core/store.js";

export class Writing {
  /** @param on {changed(), failed(sentence)} */
  constructor(side, on) {
    this.side = side;
    this.on = on;
    this.ask = latest("write");
    this.settings = { temperature: 1, top_k: 0, label: null };
    this.clear();
  }

  clear() {
    this.codes = [];
    this.by = []; // "prior", "hand" or "image" for each cell
    this.weights = []; // Float32Array (K) for each cell, null for those that were given
    this.at = 0; // the cell that is looked at: it and all before it are written
    this.waiting = false;
  }

  get size() {
    return this.codes.length;
  }

  /** Begins again. @param origin {seed, sample}; @param given codes that stand from the first cell on */
  start(origin, given = [], at = null) {
    this.origin = origin;
    this.given = given;
    return this.write(given, given.map(() => "image"), at ?? given.length);
  }

  /** Another code in the cell that is looked at; the prior goes on from there. */
  override(code) {
    const { at } = this;
    if (!this.size || code === this.codes[at]) return null;
    const codes = [...this.codes.slice(0, at), code];
    const kept = this.weights.slice(0, at + 1);
    // seen at once: the answer changes only the cells after it
    this.codes[at] = code;
    this.by[at] = "hand";
    this.weights.fill(null, at + 1);
    this.waiting = true;
    this.on.changed();
    return this.write(codes, [...this.by.slice(0, at), "hand"], null, kept);
  }

  /** Looks at another cell; one whose distribution is unknown (it was given) is asked for. */
  go(at) {
    if (!this.size) return null;
    this.at = Math.max(0, Math.min(this.size - 1, at));
    this.on.changed();
    return this.weights[this.at] || this.waiting ? null : this.look();
  }

  /** The distribution of a given cell, without changing what stands there. */
  async look() {
    const { at } = this;
    const answer = await this.answer(this.codes.slice(0, at));
    if (!answer || this.at !== at) return;
    this.weights[at] = weightsOf(answer)[0];
    this.on.changed();
  }

  /** What to write with; returns whether that has changed. */
  take(settings) {
    const changed = JSON.stringify(this.settings) !== JSON.stringify(settings);
    this.settings = settings;
    return changed;
  }

  /** With another temperature or top-k: what was given stays, the prior writes the rest anew. */
  again() {
    const last = Math.max(-1, this.by.findLastIndex((who) => who !== "prior"));
    return this.write(this.codes.slice(0, last + 1), this.by.slice(0, last + 1), null);
  }

  async write(given, by, at, kept = []) {
    this.waiting = true;
    const answer = await this.answer(given);
    if (!answer) return;
    const { codes, first } = answer;
    this.waiting = false;
    this.codes = codes;
    this.by = codes.map((_, j) => by[j] ?? "prior");
    this.weights = [...Array.from({ length: first }, (_, j) => kept[j] ?? null), ...weightsOf(answer)];
    this.at = Math.max(0, Math.min(codes.length - 1, at ?? this.at)); // it may have moved on meanwhile
    this.on.changed();
    if (!this.weights[this.at]) await this.look();
  }

  async answer(given) {
    const { run } = store.side(this.side);
    try {
      const answer = await this.ask({ run, ...this.origin, written: given.length, codes: given, ...this.settings });
      return answer && store.side(this.side).run === run ? answer : null;
    } catch (error) {
      this.waiting = false;
      this.on.failed(error.message);
      return null;
    }
  }
}

/** One Float32Array of probabilities for each cell that the prior wrote. */
function weightsOf({ weights, scale, codes, first }) {
  const values = new Uint16Array(bytesOf(weights).buffer);
  const cells = codes.length - first;
  const count = cells ? values.length / cells : 0;
  return Array.from({ length: cells }, (_, j) => Float32Array.from(values.subarray(j * count, (j + 1) * count), (value) => value / scale));
}
