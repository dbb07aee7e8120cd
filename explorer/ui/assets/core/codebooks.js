// Codebooks by address, and the codes that the reader has moved: moves live in this page only, and are never mixed into
// what was loaded.

import { load } from "./bytes.js";

const loading = new Map(); // address -> promise of a codebook
const loaded = new Map(); // address -> codebook as the run has it
const edited = new Map(); // address -> codebook with the reader's moves

const NONE = new Map();

/**
 * Promise of the codebook of a plane as its run has it: {size: D, vectors: Float32Array (K*D), hits: Uint32Array (K),
 * places: Float32Array (2K)}; places are where the codes are drawn: the vectors themselves, or their projection.
 */
export function loadCodebook({ codebook: address, codes: [count, size], projected }) {
  if (!loading.has(address)) {
    const length = 4 * count * (size + 1 + (projected ? 2 : 0));
    const promise = load(address, length).then((buffer) => {
      const vectors = new Float32Array(buffer, 0, count * size);
      const hits = new Uint32Array(buffer, 4 * count * size, count);
      const places = projected ? new Float32Array(buffer, 4 * count * (size + 1), 2 * count) : vectors;
      loaded.set(address, { size, vectors, hits, places, moved: NONE });
      return loaded.get(address);
    });
    promise.catch(() => loading.delete(address)); // the next one who asks may have more luck
    loading.set(address, promise);
  }
  return loading.get(address);
}

/** The codebook with the reader's moves, `moved` being code -> where it was; null before it has been loaded. */
export function currentCodebook(address) {
  return edited.get(address) ?? loaded.get(address) ?? null;
}

/** Moves a code of two numbers; false where that means nothing: a projection cannot be dragged back into D numbers. */
export function moveCode(address, code, [x, y]) {
  const original = loaded.get(address);
  if (!original || original.size !== 2 || !(code >= 0 && code < original.hits.length)) return false;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  if (!edited.has(address)) {
    const vectors = original.vectors.slice();
    edited.set(address, { ...original, vectors, places: vectors, moved: new Map() });
  }
  const { vectors, moved } = edited.get(address);
  if (!moved.has(code)) moved.set(code, [original.vectors[2 * code], original.vectors[2 * code + 1]]);
  vectors.set([x, y], 2 * code);
  return true;
}

/** Every code back to where the run has it. */
export function putBack(address) {
  return edited.delete(address);
}

/**
 * The codes that vectors fall to after the reader's moves, of equals the first, as everywhere. What no move concerns
 * keeps the index it had.
 *
 * @param vectors [[x, y], ...]; @param indices their codes in the run's own codebook
 */
export function reassigned({ places, moved }, vectors, indices) {
  if (!moved.size) return indices;
  const candidates = [...moved.keys()].sort((a, b) => a - b);
  return indices.map((index, p) => {
    if (moved.has(index)) return nearestCode(places, vectors[p]);
    let [best, least] = [index, squared(places, index, vectors[p])];
    for (const code of candidates) {
      const distance = squared(places, code, vectors[p]);
      if (distance < least || (distance === least && code < best)) [best, least] = [code, distance];
    }
    return best;
  });
}

/** Where the codes are that are in use: [[x, y], ...]. */
export function usedPlaces({ places, hits }) {
  return [...hits.keys()].filter((k) => hits[k]).map((k) => [places[2 * k], places[2 * k + 1]]);
}

/** The code nearest to a point; of equals the first, as everywhere. */
export function nearestCode(places, point) {
  let best = 0;
  let least = Infinity;
  for (let k = 0; k < places.length / 2; k++) {
    const distance = squared(places, k, point);
    if (distance < least) [least, best] = [distance, k];
  }
  return best;
}

function squared(places, code, [x, y]) {
  return (places[2 * code] - x) ** 2 + (places[2 * code + 1] - y) ** 2;
}
