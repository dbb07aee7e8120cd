// Scenes put together from what was recorded (explorer/export/scenes.py): one scene for a pair of runs, a tab and a
// language, changes along each axis of choice, and the View itself laid over it.

import { json } from "./files.js";
import { changed, resolved } from "./patches.js";

/** A View that was not recorded: {axis, value}; axis "pair" for its runs. */
export class NotRecorded extends Error {
  constructor(axis, value) {
    super(`${axis} ${value}`);
    Object.assign(this, { axis, value });
  }
}

export class Scenes {
  /** @param frozen {folder, sets: {name: {pairs: [{left, right, folder, axes, files}]}}} */
  constructor(frozen) {
    this.frozen = frozen;
  }

  /** Promise of the scene of a View. Rejected with NotRecorded or MissingFile. */
  async of(view) {
    const pair = this.frozen.sets[view.data].pairs.find(({ left, right }) => left === view.left && right === view.right);
    if (!pair) throw new NotRecorded("pair", `${view.left} · ${view.right}`);
    const names = this.changing(pair, view);
    const key = `${view.tab}.${view.lang}`;
    const read = (name) => json(this.frozen.folder, `${pair.folder}/${name}.json`);
    const [base, ...more] = await Promise.all([read(key), ...names.map(read)]);
    const changes = more.flatMap(({ changes: along, objects }) => resolved(along[key] ?? [], objects));
    return overlaid(changed(base, changes), view);
  }

  /** Names of the files of changes for what differs from the axes' first values: one for each, then for two together. */
  changing({ axes, files }, view) {
    const values = Object.entries(axes).map(([axis, known]) => [axis, written(view[axis]), known]);
    const beside = values.filter(([, value, known]) => value !== known[0]);
    for (const [axis, value, known] of beside) if (!known.includes(value)) throw new NotRecorded(axis, view[axis]);
    const pairs = beside.flatMap(([axis, value]) => beside.map(([other, its]) => `${axis}+${other}-${value}+${its}`));
    const together = pairs.filter((name) => files.includes(name));
    // two pairs of axes that share one were recorded apart, not all three together
    if (together.filter((name) => name.startsWith("guide+")).length > 1) throw new NotRecorded("image_b", view.image_b);
    return [...beside.map(([axis, value]) => `${axis}-${value}`).filter((name) => files.includes(name)), ...together];
  }
}

const written = (value) => (value === null || value === undefined ? "" : String(value));

/** What of a scene only repeats the View: pinned point and code, the sandbox's settings. */
function overlaid(scene, view) {
  const sides = Object.fromEntries(Object.entries(scene.sides).map(([name, side]) => [name, pinned(name, side, view)]));
  const sandbox = scene.sandbox && view.sandbox ? { ...scene.sandbox, settings: sandboxOf(view.sandbox) ?? scene.sandbox.settings } : scene.sandbox;
  return { ...scene, view, notes: [], sides, sandbox };
}

/** A code belongs to a codebook that has it, a point to a latent of as many numbers; a third side has none. */
function pinned(name, side, view) {
  if (!side.run || name === "ae") return side;
  if (side.kind !== "vqvae") return { ...side, z: view.z.length === side.latent ? view.z : [] };
  return { ...side, code: view.code !== null && view.code < side.plane.codes[0] ? view.code : null };
}

const SANDBOX = ["left", "right", "init", "codes", "batch", "decay", "sgd", "adam", "seed"];

/** The other half of sandbox/settings.js. */
function sandboxOf(text) {
  const parts = text.split("_");
  if (parts.length !== SANDBOX.length) return null;
  const how = (part) => ({ rule: part.replace(/-restart$/, ""), restart: part.endsWith("-restart") });
  return Object.fromEntries(SANDBOX.map((name, k) => [name, k < 2 ? how(parts[k]) : name === "init" ? parts[k] : Number(parts[k])]));
}
