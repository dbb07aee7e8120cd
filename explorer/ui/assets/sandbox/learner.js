// One codebook that learns from mini-batches of the plane while nothing else moves.

import { Gauge } from "./gauge.js";
import { Nearest } from "./nearest.js";
import { distinct, Restart } from "./restart.js";
import { longer, ruleOf } from "./rules.js";

export class Learner {
  /**
   * @param how {rule, restart}: of rules.js; whether dead codes are restarted
   * @param codes Float64Array (2K) to begin from; it is copied
   * @param streams {sums, restarts}: of random.js
   */
  constructor({ rule, restart }, codes, streams) {
    this.name = rule;
    this.codes = codes.slice();
    this.rule = ruleOf(rule, this.size, this.codes, streams.sums);
    this.policy = restart ? new Restart(this.size) : null;
    this.streams = streams;
    this.nearest = new Nearest();
    this.hits = new Float64Array(this.size);
    this.sums = new Float64Array(2 * this.size);
    this.lastHit = this.codes.slice(); // where the last step that chose it put each code
    this.restarted = 0;
    this.killed = new Map(); // row -> where it was put; rows that were chosen or restarted since are gone from it
    this.killedInAll = 0;
    this.held = null; // {row, place}: a hand has it
  }

  get size() {
    return this.codes.length / 2;
  }

  /** @param points flat mini-batch; @param settings {decay, rate}; @param draws(rows) replaces the restarts' own draws */
  step(points, settings, draws = null) {
    const count = points.length / 2;
    if (this.chosen?.length !== count) this.chosen = new Uint16Array(count);
    this.nearest.sort(this.codes).search(points, this.chosen);
    this.gather(points);
    const due = this.policy?.due(this.hits, count) ?? [];
    if (due.length && this.name !== "kmeans") this.moveAndRestart(points, settings, due, draws);
    else this.rule.step(this.codes, this, settings);
    this.noteHits();
    this.hold();
  }

  /** A slice of the pass over the whole cloud that one step of Lloyd's algorithm is. */
  readCloud(cloud, points) {
    this.pass ??= new Gauge(cloud);
    if (this.pass.size !== this.size) this.pass.at = null; // codes were added meanwhile
    if (!this.pass.advance(this.codes, points)) return;
    this.chosen = this.pass.chosen;
    this.gather(cloud);
    this.rule.step(this.codes, this);
    this.noteHits();
    this.hold();
  }

  gather(points) {
    this.hits.fill(0);
    this.sums.fill(0);
    this.chosen.forEach((code, i) => {
      this.hits[code] += 1;
      this.sums[2 * code] += points[2 * i];
      this.sums[2 * code + 1] += points[2 * i + 1];
    });
  }

  noteHits() {
    for (let k = 0; k < this.hits.length; k++) {
      if (!this.hits[k]) continue;
      this.lastHit[2 * k] = this.codes[2 * k];
      this.lastHit[2 * k + 1] = this.codes[2 * k + 1];
      this.killed.delete(k);
    }
  }

  /** As explorer.models does: an EMA moves first; a gradient rule moves afterwards, and leaves the placed rows alone. */
  moveAndRestart(points, settings, due, draws) {
    const places = draws?.(due) ?? distinct(points, due.length, this.streams.restarts);
    this.rule.step(this.codes, this, settings);
    places.forEach((place, i) => {
      this.codes.set(place, 2 * due[i]);
      this.rule.place(this.codes, due[i], settings.decay);
      this.lastHit.set(place, 2 * due[i]);
      this.policy.note(due[i]);
      this.killed.delete(due[i]);
    });
    this.restarted += places.length;
  }

  /** Puts codes where no point chooses them: optimizer moments zeroed, N = 1, m = e. @param places flat */
  kill(rows, places, { decay }) {
    this.pass = null;
    this.killed.clear();
    this.killedInAll = rows.length;
    rows.forEach((row, i) => {
      const place = [places[2 * i], places[2 * i + 1]];
      this.codes.set(place, 2 * row);
      this.rule.place(this.codes, row, decay);
      this.lastHit.set(place, 2 * row);
      this.killed.set(row, place);
    });
  }

  /** A hand moves a code: its weight and its moments stay. It has it until it is called with null. */
  take(row, place) {
    this.held = place && { row, place };
    if (!place) this.pass = null;
    else this.killed.delete(row);
    this.hold();
  }

  hold() {
    if (!this.held) return;
    this.codes.set(this.held.place, 2 * this.held.row);
    this.rule.moved(this.codes, this.held.row);
  }

  /** More codes, at flat `places`. */
  add(places, { decay }) {
    const before = this.size;
    const size = before + places.length / 2;
    for (const name of ["codes", "sums", "lastHit"]) this[name] = longer(this[name], 2 * size);
    this.hits = longer(this.hits, size);
    this.codes.set(places, 2 * before);
    this.lastHit.set(places, 2 * before);
    this.rule.grow(size, this.codes, decay);
    this.policy?.grow(size);
  }
}
