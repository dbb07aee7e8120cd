// Draws from a prior: asked for in parts, so that a long one can show how far it is and be stopped; kept by seed.

import { ask } from "../core/ask.js";
import { store } from "../core/store.js";

const PART = 16; // samples of one question

const kept = new Map(); // run, prior and seed -> array of samples so far

export class Draws {
  /** @param onProgress(done, total) after each part */
  constructor(onProgress) {
    this.onProgress = onProgress;
    this.controller = null;
  }

  /**
   * Promise of `count` samples, latents as `store.decode` takes them; null if it was stopped or overtaken.
   *
   * @param side whose run they are of
   */
  async draw(side, prior, seed, count) {
    this.stop();
    const mine = (this.controller = new AbortController());
    const { run } = store.side(side);
    const codebook = store.side(side).kind === "vqvae" ? await store.codebook(side) : null;
    const key = JSON.stringify([run, prior, seed]);
    const samples = kept.get(key) ?? [];
    while (samples.length < count) {
      const first = samples.length;
      try {
        this.onProgress(first, count);
        const answer = await ask("samples", { run, prior, seed, first, count: PART }, { signal: mine.signal });
        samples.push(...(answer.codes ?? answer.z).map((values) => latentOf(side, values, codebook)));
        kept.set(key, samples);
      } catch (error) {
        if (mine.signal.aborted) return null;
        throw error;
      }
      if (mine.signal.aborted) return null;
    }
    if (mine.signal.aborted) return null;
    this.onProgress(count, count);
    return samples.slice(0, count);
  }

  stop() {
    this.controller?.abort();
    this.controller = null;
  }
}

/** What `store.decode` takes. A grid of vectors travels channels first, the browser's decoder takes it channels last. */
function latentOf(side, values, codebook) {
  if (codebook) return { indices: values, codebook };
  const [channels, height, width] = store.side(side).decoder?.program.input ?? [];
  if (!height) return values;
  const cells = height * width;
  return Object.assign(values.map((_, i) => values[(i % channels) * cells + Math.floor(i / channels)]), { asked: values });
}

/** A latent as a question names it. */
export const asked = (latent) => (latent.indices ? { indices: [...latent.indices] } : { z: latent.asked ?? [...latent] });
