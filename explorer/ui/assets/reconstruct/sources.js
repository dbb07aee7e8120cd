// What the gallery decodes: the strip's originals and each run's latents, fetched once.

import { h } from "../dom.js";
import { store } from "../store.js";

const fetched = new Map(); // address -> promise

function once(address, make) {
  if (!fetched.has(address)) {
    fetched.set(address, make(address).catch((error) => {
      fetched.delete(address); // a later visit may try again
      throw error;
    }));
  }
  return fetched.get(address);
}

/** Promise of a function from a place in the strip to its picture in [0, 1]. */
export async function originals() {
  const { sheet: address, images } = store.scene.strip;
  const { data, width, height } = await once(address, async () => {
    const bitmap = await createImageBitmap(new Blob([await store.bytes(address)]), { colorSpaceConversion: "none" });
    const context = h("canvas", { width: bitmap.width, height: bitmap.height }).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  });
  const wide = width / images.length;
  return (place, [, , channels]) => {
    const values = new Float32Array(wide * height * channels);
    for (let p = 0; p < wide * height; p++) {
      const from = 4 * (Math.floor(p / wide) * width + place * wide + (p % wide));
      for (let c = 0; c < channels; c++) values[p * channels + c] = data[from + c] / 255;
    }
    return values;
  };
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
