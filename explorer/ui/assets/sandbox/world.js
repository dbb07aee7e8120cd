// Two codebooks from one start on the same mini-batches: what the sandbox is, without a page.

import { Gauge } from "./gauge.js";
import { Learner } from "./learner.js";
import { Stream } from "./random.js";
import { GRADIENT } from "./rules.js";
import { begin } from "./starts.js";

export const SIDES = ["left", "right"];
export const MOST_POINTS = 5120; // ten for each of 512 codes: fewer say little about dead ones
export const MOST_CODES = 512;
const KILLED_AT = 3; // radii of the cloud
const SLICE = 640; // points of the cloud that a step may read

/** Of many points an even selection, as flat float64. */
export function cloudOf(xy) {
  const all = xy.length / 2;
  const count = Math.min(all, MOST_POINTS);
  const cloud = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * all) / count);
    cloud.set([xy[2 * from], xy[2 * from + 1]], 2 * i);
  }
  return cloud;
}

export class World {
  /** @param cloud flat points; @param settings {left, right: {rule, restart}, init, codes, decay, sgd, adam, batch, seed} */
  constructor(cloud, settings) {
    this.cloud = cloud;
    this.gauges = Object.fromEntries(SIDES.map((side) => [side, new Gauge(cloud)]));
    this.measure();
    this.restart(settings);
  }

  /** Centre and radius of the cloud: the mean, and how far its farthest point is from there. */
  measure() {
    const count = this.cloud.length / 2;
    this.centre = [0, 1].map((d) => this.cloud.reduce((sum, value, i) => (i % 2 === d ? sum + value : sum), 0) / count);
    this.radius = 0;
    for (let i = 0; i < count; i++) {
      const away = Math.hypot(this.cloud[2 * i] - this.centre[0], this.cloud[2 * i + 1] - this.centre[1]);
      this.radius = Math.max(this.radius, away);
    }
  }

  /** From the start. `snippet` brings its own: N(0, 1), whatever was chosen. */
  restart(settings = this.settings) {
    this.settings = settings;
    const stream = (name) => new Stream(settings.seed, name);
    this.streams = { batches: stream("batches"), hand: stream("hand") };
    const forced = SIDES.some((side) => settings[side].rule === "snippet");
    this.init = forced ? "normal" : settings.init;
    const codes = begin(this.init, settings.codes, stream("codebook"), this.cloud);
    for (const side of SIDES) {
      this[side] = new Learner(settings[side], codes, { sums: stream("sums"), restarts: stream("restarts") });
    }
    this.steps = 0;
    this.read();
  }

  rule(side) {
    const { rule } = this.settings[side];
    const { decay } = this.settings;
    return { decay, rate: GRADIENT.includes(rule) ? this.settings[rule] : 0 };
  }

  /** One update of both codebooks. Lloyd's algorithm moves when it has read the whole cloud, the others at once. */
  step() {
    const points = this.draw();
    for (const side of SIDES) {
      if (this.settings[side].rule === "kmeans") this[side].readCloud(this.cloud, SLICE);
      else this[side].step(points, this.rule(side));
    }
    this.steps += 1;
  }

  /** What a frame has time to read of both codebooks' use; true when another reading is complete. */
  gauge() {
    const whole = SIDES.map((side) => this.gauges[side].advance(this[side].codes, SLICE));
    return whole.includes(true);
  }

  draw() {
    const { batch } = this.settings;
    if (this.points?.length !== 2 * batch) this.points = new Float64Array(2 * batch);
    for (let i = 0; i < batch; i++) {
      const from = 2 * this.streams.batches.below(this.cloud.length / 2);
      this.points[2 * i] = this.cloud[from];
      this.points[2 * i + 1] = this.cloud[from + 1];
    }
    return this.points;
  }

  read(sides = SIDES) {
    for (const side of sides) this.gauges[side].read(this[side].codes);
  }

  /** Every second code, drawn at random, the same on both sides, to 3 radii of the cloud at a random angle. */
  kill(share = 0.5) {
    const size = this.left.size;
    const rows = this.streams.hand.some(Math.round(share * size), size);
    const places = new Float64Array(2 * rows.length);
    for (let i = 0; i < rows.length; i++) {
      const angle = 2 * Math.PI * this.streams.hand.uniform();
      places[2 * i] = this.centre[0] + KILLED_AT * this.radius * Math.cos(angle);
      places[2 * i + 1] = this.centre[1] + KILLED_AT * this.radius * Math.sin(angle);
    }
    for (const side of SIDES) this[side].kill(rows, places, this.rule(side));
    this.read();
    return rows.length;
  }

  /** More codes on points of the cloud, the same on both sides; returns how many there was room for. */
  add(count) {
    const more = Math.min(count, MOST_CODES - this.left.size);
    const places = begin("data", more, this.streams.hand, this.cloud);
    for (const side of SIDES) this[side].add(places, this.rule(side));
    this.read();
    return more;
  }
}
