// Pictures side by side in one PNG, taken apart: fetched once, exact to the last bit.

import { h } from "./dom.js";
import { store } from "./store.js";

const fetched = new Map(); // address -> promise

/** `make(address)` the first time; a later call may try again after a failure. */
export function once(address, make) {
  if (!fetched.has(address)) {
    fetched.set(address, make(address).catch((error) => {
      fetched.delete(address);
      throw error;
    }));
  }
  return fetched.get(address);
}

/**
 * Promise of a function (place, channels) -> values in [0, 1], channels-last, of one picture.
 *
 * @param count pictures side by side
 */
export async function sheet(address, count) {
  const { data, width, height } = await once(address, pixelsOf);
  const wide = width / count;
  return (place, channels) => {
    const values = new Float32Array(wide * height * channels);
    for (let p = 0; p < wide * height; p++) {
      const from = 4 * (Math.floor(p / wide) * width + place * wide + (p % wide));
      for (let c = 0; c < channels; c++) values[p * channels + c] = data[from + c] / 255;
    }
    return values;
  };
}

async function pixelsOf(address) {
  const bitmap = await createImageBitmap(new Blob([await store.bytes(address)]), { colorSpaceConversion: "none" });
  const context = h("canvas", { width: bitmap.width, height: bitmap.height }).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
