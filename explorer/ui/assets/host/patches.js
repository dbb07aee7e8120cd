// Changes laid over plain JSON values: the other half of explorer/export/patches.py.

/** `value` with changes [[place, new value], ...] made, itself untouched: what does not change is shared. */
export function changed(value, changes) {
  return changes.reduce((at, [place, made]) => set(at, place, 0, made), value);
}

function set(value, place, depth, made) {
  if (depth === place.length) return made;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[place[depth]] = set(value[place[depth]], place, depth + 1, made);
  return copy;
}

/** Changes as they are stored, [[place, number of an object], ...], with the objects themselves. */
export const resolved = (changes, objects) => changes.map(([place, number]) => [place, objects[number]]);
