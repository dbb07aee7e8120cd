// Error maps: absolute differences on one fixed scale.

import { paintPixels } from "../core/dom.js";

// black, violet, red, amber, pale yellow: even steps in lightness, so that it reads without its colours too
const RAMP = [[6, 4, 20], [74, 16, 107], [165, 44, 96], [237, 105, 37], [251, 180, 26], [252, 255, 164]];

/** The scale as a CSS gradient. */
export const GRADIENT = `linear-gradient(90deg, ${RAMP.map((colour) => `rgb(${colour})`).join(", ")})`;

/**
 * Draws the mean absolute difference over colours; `limit` and more is the last colour of the scale.
 *
 * @param original, picture values in [0, 1], channels-last
 */
export function paintError(canvas, original, picture, [width, height, channels], limit) {
  const pixels = new Float32Array(width * height * 3);
  for (let p = 0; p < width * height; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += Math.abs(original[p * channels + c] - picture[p * channels + c]);
    pixels.set(ramp(sum / channels / limit), 3 * p);
  }
  paintPixels(canvas, pixels, width, height, 3);
}

/** The colour of a share of the scale. */
function ramp(share) {
  const at = Math.min(1, share) * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(at));
  return RAMP[low].map((value, c) => value + (at - low) * (RAMP[low + 1][c] - value));
}
