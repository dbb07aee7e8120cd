// What runs a sandbox: its clock, its curves, and who is told. No page and no canvas in here.

import { SIDES, World } from "./world.js";

export const SPEEDS = ["slow", "normal", "fast"];
const SLOW_FRAMES = 12; // frames for one step
const FAST_STEPS = 8; // steps in one frame
const JUMP = 100; // steps at once where the reader asks for no motion
const MOST_READINGS = 400;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
export const CURVES = ["dead", "perplexity", "distortion"];

export class Engine {
  constructor() {
    this.world = null;
    this.playing = false;
    this.speed = "normal";
    this.visible = () => true;
    this.listeners = new Set();
    this.milliseconds = []; // of script in each frame
    this.frames = 0;
  }

  /** Whether the reader's device asks for no motion: playing is then a hundred steps at once. */
  get still() {
    return STILL.matches;
  }

  /** Calls `listener(change)` with {world, step, gauge, play} flags. */
  subscribe(listener) {
    this.listeners.add(listener);
  }

  notify(change) {
    for (const listener of this.listeners) listener(change);
  }

  /** A cloud and settings to begin with. */
  load(cloud, settings) {
    this.world = new World(cloud, settings);
    this.begin();
  }

  /** Other settings, or the same ones: both codebooks go back to their start. */
  restart(settings = this.world.settings) {
    this.world.restart(settings);
    this.begin();
  }

  /** Settings that a codebook can take as it learns: how fast, from how many. */
  adjust(patch) {
    this.world.settings = { ...this.world.settings, ...patch };
  }

  begin() {
    this.history = { steps: [], ...Object.fromEntries(SIDES.map((side) => [side, Object.fromEntries(CURVES.map((name) => [name, []]))])) };
    this.every = 1;
    this.readings = 0;
    this.note();
    this.notify({ world: true, step: true, gauge: true });
  }

  play(on) {
    if (on && this.still) {
      this.advance(JUMP);
      return;
    }
    if (this.playing === on) return;
    this.playing = on;
    this.notify({ play: true });
    if (on) requestAnimationFrame(() => this.frame());
  }

  setSpeed(speed) {
    this.speed = speed;
    this.notify({ play: true });
  }

  /** Some steps at once, and what the cloud says after them. */
  advance(steps) {
    for (let i = 0; i < steps; i++) this.world.step();
    this.settle();
  }

  /** Everything that was changed by hand is counted and drawn now. */
  settle() {
    this.world.read();
    this.note();
    this.notify({ step: true, gauge: true });
  }

  frame() {
    if (!this.playing) return;
    requestAnimationFrame(() => this.frame());
    if (document.hidden || !this.visible()) return;
    this.frames += 1;
    if (this.speed === "slow" && this.frames % SLOW_FRAMES) return;
    const began = performance.now();
    for (let i = 0; i < (this.speed === "fast" ? FAST_STEPS : 1); i++) this.world.step();
    const gauge = this.world.gauge();
    if (gauge) this.note();
    this.notify({ step: true, gauge });
    this.milliseconds.push(performance.now() - began);
    if (this.milliseconds.length > 1200) this.milliseconds.shift();
  }

  /** Another reading for the curves; when there are many, every second one is let go of. */
  note() {
    this.readings += 1;
    const { steps } = this.history;
    if (steps.at(-1) === this.world.steps) this.cut(-1);
    else if (this.readings % this.every) return;
    steps.push(this.world.steps);
    for (const side of SIDES) {
      for (const name of CURVES) this.history[side][name].push(this.world.gauges[side].value[name]);
    }
    if (steps.length < MOST_READINGS) return;
    this.every *= 2;
    this.each((list) => list.filter((_, i) => i % 2 === 0));
  }

  cut(end) {
    this.each((list) => list.slice(0, end));
  }

  each(change) {
    this.history.steps = change(this.history.steps);
    for (const side of SIDES) for (const name of CURVES) this.history[side][name] = change(this.history[side][name]);
  }
}
