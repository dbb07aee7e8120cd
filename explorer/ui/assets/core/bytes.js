// Heavy things by address. Addresses are relative to the page and name their content, so the browser's own cache keeps
// them for ever.

import { door } from "./door.js";

/**
 * Promise of the bytes at an address.
 *
 * @param length how many there have to be: what arrives is checked before anything is drawn from it
 */
export async function load(address, length = null) {
  const response = await door.open(address);
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  const buffer = await response.arrayBuffer();
  if (length !== null && buffer.byteLength !== length) {
    throw new Error(`expected ${length} bytes, got ${buffer.byteLength}: ${address}`);
  }
  return buffer;
}
