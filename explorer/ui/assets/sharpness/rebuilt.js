// The reader's picture through both runs, here: it is sent to nobody. What comes out has the form of an answer to `closer`
// (explorer/ui/questions/enlarged.py), whose twin this is.

import { load } from "../core/bytes.js";
import { halvesToFloats } from "../core/decoder.js";
import { makeEncoder } from "../core/encoder.js";
import { store } from "../core/store.js";
import { blurred, equivalentBlur } from "./blur.js";

const SIDES = ["left", "right"];
const encoders = new Map(); // address of weights -> promise of an encoder

/** Whether the browser can do it: both encoders are here, and both decoders. */
export const possible = (own) => SIDES.every((name) => own?.[name] && store.decoderState(name) !== "none");

/** Whether the encoders are those of the pair on screen: they come with an answer, a while after the sides. */
export const belongs = (own, pair) => SIDES.every((name) => !own?.[name] || own[name].run === pair[name]);

/**
 * Promise of {pictures, notes, own}. It is rejected with an Error whose message is a sentence for the reader.
 *
 * @param own {left, right}: {run, name, program, weights}
 * @param pixels uint8 (H, W, C)
 */
export async function rebuilt(own, pixels, words) {
  const { width: size, channels } = store.side("left").panel.original;
  const x = Float32Array.from(pixels, (value) => value / 255);
  const rebuild = await Promise.all(SIDES.map((name) => through(name, own[name])));
  const [left, right] = rebuild.map((decoded) => decoded(x));
  const sigmas = [left, right].map((y) => equivalentBlur(x, y, size, channels));
  const shown = (label, values) => ({ label, width: size, height: size, channels, pixels: bytes(values) });
  const blur = (sigma) => shown(filled(words.blurred, { sigma: written(sigma, 2) }), blurred(x, size, channels, sigma || 0));
  return {
    pictures: {
      original: shown(words.original, x),
      left: shown(own.left.name, left),
      right: shown(own.right.name, right),
      between: shown(words.between, left.map((value, k) => Math.abs(value - right[k]))),
      blur_left: blur(sigmas[0]),
      blur_right: blur(sigmas[1]),
    },
    notes: [left, right].map((y, k) => filled(words.note, { psnr: written(decibel(x, y), 1), sigma: written(sigmas[k], 2) })),
    own: true,
  };
}

/** Promise of a function from a picture to its reconstruction in [0, 1]; nothing in it waits: the sides may change. */
async function through(name, { program, weights }) {
  try {
    const codebook = store.side(name).kind === "vqvae" ? store.codebook(name) : null;
    const encode = await encoder(program, weights, codebook);
    if ((await decoderThere(name)) === "ready") return (x) => store.decode(name, encode(x)).map((value) => Math.min(1, Math.max(0, value)));
  } catch (error) {
    console.warn(error);
  }
  throw new Error(store.t("client.weights_failed"));
}

function encoder(program, weights, codebook) {
  if (!encoders.has(weights)) {
    const made = Promise.all([load(weights, 2 * program.numbers), codebook]).then(([buffer, codes]) =>
      makeEncoder(program, halvesToFloats(buffer), codes));
    made.catch(() => encoders.delete(weights)); // the next one who asks may have more luck
    encoders.set(weights, made);
  }
  return encoders.get(weights);
}

/** Promise of a side's decoder being there or not: "ready", "failed" or "none". */
function decoderThere(name) {
  return new Promise((done) => {
    let stop = () => {};
    const look = () => {
      const state = store.decoderState(name);
      if (state === "loading") return false;
      stop();
      done(state);
      return true;
    };
    if (!look()) stop = store.subscribe((change) => change.weights && look());
  });
}

/** uint8 of values in [0, 1], rounded as Python rounds. */
const bytes = (values) => Uint8Array.from(Uint8ClampedArray.from(values, (value) => 255 * value));

function decibel(x, y) {
  const error = x.reduce((sum, value, k) => sum + (value - y[k]) ** 2, 0) / x.length;
  return -10 * Math.log10(error);
}

const written = (value, digits) => (Number.isNaN(value) ? "–" : Number.isFinite(value) ? value.toFixed(digits) : "∞");

const filled = (template, params) => template.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);
