// Pictures of latents in [0, 1]: decoded here at once, or by the server where the decoder is too large for a browser.

import { ask } from "../core/ask.js";
import { bytesOf } from "../core/dom.js";
import { store } from "../core/store.js";

/** Values (H, W, C), a copy, or null while the weights are not there. Latents as `store.decode` takes them. */
export function decodeNow(side, latent) {
  const image = store.decode(side, latent);
  return image && Float32Array.from(image, (value) => Math.min(1, Math.max(0, value)));
}

/** Promise of the same, from wherever it comes. */
export async function decodeAnywhere(side, latent) {
  if (store.decoderState(side) !== "none") return decodeNow(side, latent);
  const { run } = store.side(side);
  const { pixels } = await ask("decode", latent.indices ? { run, indices: [...latent.indices] } : { run, z: channelsFirst(latent, side) });
  return Float32Array.from(bytesOf(pixels), (value) => value / 255);
}

/** The server takes a grid as PyTorch holds it. */
function channelsFirst(latent, side) {
  const channels = store.scene.workbench.units.length;
  const cells = latent.length / channels;
  return side === "left" && cells > 1
    ? Array.from({ length: latent.length }, (_, i) => latent[(i % cells) * channels + Math.floor(i / cells)])
    : [...latent];
}

/** {width, height, channels} of the set's pictures. */
export function shapeOf(side) {
  const { width, height, channels } = store.side(side).panel.original;
  return { width, height, channels };
}
