// The files of an exploration, each read once. One that is missing or cut short is an error that names it.

/** Behind the name of what is packed (explorer/export/frozen.py). */
export const PACKED = ".packed";

const read = new Map(); // path -> promise

export class MissingFile extends Error {}

/** Promise of the plain JSON values in a file of the frozen folder. */
export function json(folder, path) {
  if (!read.has(path)) {
    const promise = fetched(new URL(folder + path, document.baseURI), path);
    promise.catch(() => read.delete(path)); // the next one who asks may have more luck
    read.set(path, promise);
  }
  return read.get(path);
}

async function fetched(url, path) {
  const response = await fetch(url + PACKED).catch(() => null);
  if (!response?.ok) throw new MissingFile(path);
  return unpacked(response).json().catch(() => {
    throw new MissingFile(path);
  });
}

/** A response whose body is packed, as one that is not. */
export const unpacked = (response) => new Response(response.body.pipeThrough(new DecompressionStream("gzip")));
