// Cells of the nearest code, as polygons: the box, cut by the bisector with each other code, nearest first.
//
// Once the next code is more than twice as far as the cell's farthest corner, no later one can cut it: with a few
// hundred codes a cell is done after a dozen cuts.

/** Codes whose cells are cut: time grows with their square. Sums of levels can be 65,536, and are finer than a pixel. */
const MOST = 2048;
const tooMany = (vectors) => vectors.length / 2 > MOST;

/**
 * @param vectors Float32Array (2K)
 * @param box [left, bottom, right, top]
 * @returns array of K flat polygons [x, y, x, y, ...], empty for cells outside the box, and all empty for too many codes
 */
export function voronoi(vectors, box) {
  const count = vectors.length / 2;
  if (tooMany(vectors)) return Array(count).fill([]);
  return Array.from({ length: count }, (_, k) => cell(vectors, k, box));
}

const NEAR = 1e-9; // relative: a corner this much nearer still counts as equally far

/**
 * Cells after one code has moved: only those that it touched or now touches are cut anew.
 *
 * @param cells of `voronoi` before the move; changed in place
 * @param code the one that moved; `vectors` has its new place, `from` its old one
 * @returns the codes whose cells were cut anew
 */
export function recut(cells, vectors, box, code, from) {
  if (tooMany(vectors)) return [];
  const to = [vectors[2 * code], vectors[2 * code + 1]];
  const touched = cells.flatMap((polygon, k) => {
    if (k === code || !polygon.length) return [k];
    return touches(polygon, vectors, k, from) || touches(polygon, vectors, k, to) ? [k] : [];
  });
  for (const k of touched) cells[k] = cell(vectors, k, box);
  return touched;
}

/** Whether a point is as near to a corner of the cell of k as k is. */
function touches(polygon, vectors, k, [u, v]) {
  for (let i = 0; i < polygon.length; i += 2) {
    const own = (polygon[i] - vectors[2 * k]) ** 2 + (polygon[i + 1] - vectors[2 * k + 1]) ** 2;
    const other = (polygon[i] - u) ** 2 + (polygon[i + 1] - v) ** 2;
    if (other <= own * (1 + NEAR)) return true;
  }
  return false;
}

function cell(vectors, k, [left, bottom, right, top]) {
  const x = vectors[2 * k];
  const y = vectors[2 * k + 1];
  let polygon = [left, bottom, right, bottom, right, top, left, top];
  for (const other of neighbours(vectors, k)) {
    const squared = (vectors[2 * other] - x) ** 2 + (vectors[2 * other + 1] - y) ** 2;
    if (squared > 4 * reach(polygon, x, y)) break;
    if (squared === 0) {
      // of identical codes the first answers
      if (other < k) return [];
      continue;
    }
    polygon = cut(polygon, x, y, vectors[2 * other], vectors[2 * other + 1]);
    if (!polygon.length) break;
  }
  return polygon;
}

const INDEX_BITS = 20; // a million codes; what is left of a double orders distances to one part in 2^32
const INDEX_MASK = 2 ** INDEX_BITS - 1;

/**
 * The other codes, nearest first, equally near ones by their number. Each squared distance carries its code's number in
 * its last bits, so that the browser's own sort of doubles does it all: three times as fast as sorting pairs.
 */
function* neighbours(vectors, k) {
  const count = vectors.length / 2;
  const keys = new Float64Array(count);
  const words = new Uint32Array(keys.buffer); // low word first, as on every machine that runs a browser
  for (let j = 0; j < count; j++) {
    keys[j] = (vectors[2 * j] - vectors[2 * k]) ** 2 + (vectors[2 * j + 1] - vectors[2 * k + 1]) ** 2;
    words[2 * j] = ((words[2 * j] & ~INDEX_MASK) | j) >>> 0;
  }
  keys.sort();
  for (let j = 0; j < count; j++) {
    const other = words[2 * j] & INDEX_MASK;
    if (other !== k) yield other;
  }
}

/** Squared distance from (x, y) to the polygon's farthest corner. */
function reach(polygon, x, y) {
  let most = 0;
  for (let i = 0; i < polygon.length; i += 2) most = Math.max(most, (polygon[i] - x) ** 2 + (polygon[i + 1] - y) ** 2);
  return most;
}

/** The part of the polygon nearer to (x, y) than to (u, v). */
function cut(polygon, x, y, u, v) {
  const out = [];
  const side = (px, py) => (px - (x + u) / 2) * (u - x) + (py - (y + v) / 2) * (v - y); // above 0: nearer to (u, v)
  for (let i = 0; i < polygon.length; i += 2) {
    const [ax, ay] = [polygon[i], polygon[i + 1]];
    const j = (i + 2) % polygon.length;
    const [bx, by] = [polygon[j], polygon[j + 1]];
    const a = side(ax, ay);
    const b = side(bx, by);
    if (a <= 0) out.push(ax, ay);
    if (a < 0 !== b < 0 && a !== b) out.push(ax + ((bx - ax) * a) / (a - b), ay + ((by - ay) * a) / (a - b));
  }
  return out;
}
