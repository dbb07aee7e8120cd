// What the parts of the tab Codebook share: both films, their lives under the rule, and where the scrubber is.
//
// The View holds the step when it is at rest; while a hand or the player moves it, it is here.

import { halvesToFloats } from "../core/decoder.js";
import { store } from "../core/store.js";
import { kindColour, kindInk } from "../core/theme.js";

export const SIDES = ["left", "right"];
export const STATES = ["used", "starved", "stale", "never"]; // explorer.metrics.codebook_life
const DEAD_FROM = { stale: 2, starved: 1, never: 3 };
const FRAME_MS = { fast: 220, slow: 800 };
const REST_MS = 150;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

const listeners = new Set();
let others = []; // steps of a film beside the codebooks', which the scrubber has where they have none
const loaded = new Map(); // address -> {value, failed}
let timer = 0;
let resting = 0;
let settled; // the View's step that `at` was taken from

export const twins = {
  at: 0, // training step
  playing: false,

  /** Whether the reader's device asks for no motion: playing is then one step, to the end. */
  get still() {
    return STILL.matches;
  },

  slow: STILL.matches,

  /**
   * Calls `listener(change)` with {scene, step, rest, data, play} flags; returns a function that stops it. `rest` follows
   * `step` once the scrubber has stood still for a moment: what takes long waits for it.
   */
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  get scene() {
    return store.scene?.codebook ?? null;
  },

  side(name) {
    return twins.scene?.sides[name];
  },

  word(key, params = {}) {
    const template = twins.scene?.words[key] ?? "";
    return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
  },

  /** The colour of the rule that moves a side's codes, and the same for letters. */
  colour: (name) => kindColour(twins.side(name).rule),
  ink: (name) => kindInk(twins.side(name).rule),

  /** A side's film once it is there: {places, norms, images, drawn, codes, cells, restarted}, flat arrays over frames. */
  film(name) {
    return loaded.get(twins.side(name)?.film)?.value ?? null;
  },

  /** What its hits say under the rule: {hits, vectors, windows, distinct, perplexity, states}. */
  life(name) {
    return loaded.get(twins.side(name)?.life)?.value ?? null;
  },

  failed(name) {
    return [twins.side(name)?.film, twins.side(name)?.life].some((address) => loaded.get(address)?.failed);
  },

  /** The steps of both films together; where there is none, those of the film beside them. */
  get steps() {
    const all = SIDES.flatMap((name) => twins.side(name)?.steps ?? []);
    return all.length ? [...new Set(all)].sort((a, b) => a - b) : others;
  },

  /** The steps of a film that is shown beside the codebooks'. */
  beside(steps) {
    if (JSON.stringify(others) === JSON.stringify(steps)) return;
    others = steps;
    settled = undefined;
    if (twins.scene) arrive();
  },

  /** Index of the last frame of a side at or before the scrubber. */
  frame(name) {
    const { steps } = twins.side(name);
    let frame = 0;
    while (frame + 1 < steps.length && steps[frame + 1] <= twins.at) frame += 1;
    return frame;
  },

  /** Whether the rule counts code k as dead at a frame. */
  isDead: (life, size, frame, k) => life.states[frame * size + k] >= DEAD_FROM[store.view.rule],

  /** Codes of each state at a frame, and how many of them the rule counts as dead. */
  counts(name, frame) {
    const [size] = twins.side(name).codes;
    const life = twins.life(name);
    const counts = { used: 0, starved: 0, stale: 0, never: 0, dead: 0 };
    for (let k = 0; k < size; k++) {
      counts[STATES[life.states[frame * size + k]]] += 1;
      if (twins.isDead(life, size, frame, k)) counts.dead += 1;
    }
    return counts;
  },

  /** Over how many batches of training a frame's codes were counted, in words; "" before the first. */
  counted(name, frame) {
    const batches = twins.batches(name, frame);
    return batches ? twins.word("codebook.say.counted", { batches }) : "";
  },

  batches(name, frame) {
    return Math.round(twins.life(name).vectors[frame] / twins.side(name).per_step);
  },

  /** Moves the scrubber; `commit` when the hand lets go. */
  go(step, { commit = false } = {}) {
    const { steps } = twins;
    if (!steps.length) return;
    const nearest = steps.reduce((best, each) => (Math.abs(each - step) < Math.abs(best - step) ? each : best), steps[0]);
    if (nearest !== twins.at) {
      twins.at = nearest;
      notify({ step: true });
      clearTimeout(resting);
      resting = setTimeout(() => twins.scene && notify({ rest: true }), REST_MS);
    }
    if (commit) twins.commit();
  },

  /** `count` frames on. */
  advance(count, { commit = true } = {}) {
    const { steps } = twins;
    const at = steps.findIndex((step) => step >= twins.at);
    twins.go(steps[Math.min(steps.length - 1, Math.max(0, at + count))], { commit });
  },

  commit() {
    const step = twins.at === twins.steps.at(-1) ? null : twins.at;
    if (step === store.view.step) return;
    settled = step;
    store.commit({ step });
  },

  play(on) {
    clearInterval(timer);
    const { steps } = twins;
    twins.playing = on && steps.length > 1 && !STILL.matches;
    if (on && STILL.matches) twins.go(steps.at(-1), { commit: true });
    else if (twins.playing) {
      if (twins.at === steps.at(-1)) twins.go(steps[0]);
      timer = setInterval(tick, twins.slow ? FRAME_MS.slow : FRAME_MS.fast);
    } else if (twins.scene) twins.commit();
    notify({ play: true });
  },

  setSlow(slow) {
    twins.slow = slow;
    if (twins.playing) twins.play(true);
    else notify({ play: true });
  },

  /** Follows a code on both sides; null lets go. */
  follow(code) {
    if (code !== store.view.code) store.commit({ code });
  },
};

STILL.addEventListener("change", () => twins.playing && STILL.matches && twins.play(false));

function tick() {
  if (!twins.scene || document.hidden) return;
  if (twins.at === twins.steps.at(-1)) twins.play(false);
  else twins.advance(1, { commit: false });
}

function notify(change) {
  for (const listener of listeners) listener(change);
}

store.subscribe((change) => {
  if (!change.scene) return;
  if (twins.scene) arrive();
  else if (twins.playing) twins.play(false);
});

/** A new scene: what it names is fetched, and the scrubber goes where the View is, unless a hand or the player has it. */
function arrive() {
  for (const name of SIDES) {
    const side = twins.side(name);
    if (!side.film) continue;
    fetchOnce(side.film, (buffer) => readFilm(side, buffer));
    fetchOnce(side.life, (buffer) => readLife(side, buffer));
  }
  const { steps } = twins;
  const { step } = store.scene.view;
  if (step !== settled && !twins.playing) {
    settled = step;
    twins.at = step ?? steps.at(-1) ?? 0;
  }
  if (!steps.includes(twins.at) && steps.length) twins.at = steps.findLast((each) => each <= twins.at) ?? steps[0];
  notify({ scene: true, step: true, rest: true });
}

function fetchOnce(address, read) {
  if (loaded.has(address) && !loaded.get(address).failed) return;
  const entry = { value: null, failed: false };
  loaded.set(address, entry);
  store
    .bytes(address)
    .then((buffer) => (entry.value = read(buffer)))
    .catch((error) => {
      console.warn(error);
      entry.failed = true;
    })
    .finally(() => notify({ data: true }));
}

/** Takes typed arrays off a buffer, one after the other. */
export function reader(buffer) {
  let at = 0;
  return (type, count) => {
    const bytes = count * type.BYTES_PER_ELEMENT;
    const array = at % type.BYTES_PER_ELEMENT ? new type(buffer.slice(at, at + bytes)) : new type(buffer, at, count);
    at += bytes;
    return array;
  };
}

// the order of explorer.ui.media.codebook

function readFilm({ codes: [size], steps, drawn, fixed }, buffer) {
  const take = reader(buffer);
  const frames = steps.length;
  const origins = (fixed ? 1 : frames) * drawn;
  return {
    places: take(Float32Array, frames * size * 2),
    norms: take(Float32Array, frames * size),
    images: take(Uint32Array, origins),
    drawn: halvesToFloats(take(Uint16Array, frames * drawn * 2).slice().buffer),
    codes: take(Uint16Array, frames * drawn),
    cells: take(Uint16Array, origins),
    restarted: take(Uint8Array, frames * size),
  };
}

function readLife({ codes: [size], steps }, buffer) {
  const take = reader(buffer);
  const frames = steps.length;
  return {
    hits: take(Uint32Array, frames * size),
    vectors: take(Uint32Array, frames),
    windows: take(Uint32Array, frames),
    distinct: take(Uint32Array, frames),
    perplexity: take(Float32Array, frames),
    states: take(Uint8Array, frames * size),
  };
}

if (twins.scene) arrive();
