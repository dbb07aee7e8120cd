// The encoder outputs of a run as every plane has them, fetched once: (N, 2) float16 and a class for each.

import { halvesToFloats } from "../core/decoder.js";
import { store } from "../core/store.js";
import { cloudOf } from "./world.js";

const clouds = new Map(); // address -> promise of flat float64

/** Promise of the cloud that a scene names; a failed one may be asked for again. */
export function loadCloud({ points, count }) {
  if (!clouds.has(points)) {
    const promise = store.bytes(points).then((buffer) => cloudOf(halvesToFloats(buffer.slice(0, 4 * count))));
    promise.catch(() => clouds.delete(points));
    clouds.set(points, promise);
  }
  return clouds.get(points);
}

/** A sentence of the scene, filled in. */
export function words(key, params = {}) {
  const template = store.scene?.sandbox?.words[key] ?? "";
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}
