// What the gallery decodes: the strip's originals and each run's latents, fetched once.

import { once, sheet } from "../core/sheet.js";
import { store } from "../core/store.js";

/** Promise of a function from a place in the strip to its picture in [0, 1]. */
export async function originals() {
  const { sheet: address, images } = store.scene.strip;
  const picture = await sheet(address, images.length);
  return (place, [, , channels]) => picture(place, channels);
}

/** Promise of the latents of the strip: {latent(place)} as `store.decode` takes it, or {values} of ready pixels. */
export async function latentsOf(name, row) {
  if (!row) return null;
  const vectors = row.format === "codes" ? store.codebook(name) : null; // asked for at once: the side may change
  const buffer = await once(row.source, store.bytes);
  if (row.format === "pixels") return { values: new Uint8Array(buffer) };
  const values = vectors ? new Uint32Array(buffer) : new Float32Array(buffer);
  const size = values.length / store.scene.strip.images.length;
  const part = (place) => values.subarray(place * size, (place + 1) * size);
  const codebook = await vectors;
  return { latent: (place) => (codebook ? { indices: part(place), codebook } : part(place)) };
}

/** Values in [0, 1] of bytes. */
export const unit = (bytes) => Float32Array.from(bytes, (value) => value / 255);
