// Colours as the style sheet says them: a canvas cannot inherit, so it asks.

import { size } from "./shown.js";

const cache = new Map();

new MutationObserver(() => cache.clear()).observe(document.body, { attributes: true, attributeFilter: ["class"] });

/** The value of a CSS variable where the page's parts stand. */
export function colour(name) {
  if (!cache.has(name)) {
    const root = document.querySelector(".ex-root") ?? document.body;
    cache.set(name, getComputedStyle(root).getPropertyValue(name).trim());
  }
  return cache.get(name);
}

/** The class of a picture that does not show what points are coloured by. */
export const UNSEEN = 255;

export const classColour = (index) => colour(index === UNSEEN ? "--ex-unseen" : `--ex-class-${index % 10}`);

/** The colour of a model kind: the same everywhere. */
export const kindColour = (kind) => colour(`--ex-${kind}`);

/** The same for letters, which need more contrast than dots. */
export const kindInk = (kind) => colour(`--ex-${kind}-ink`);

/** What a symbol of the formulas is drawn in. Latents have their model's colour, the others the one of their letters. */
export const symbolColour = (symbol) => colour({ z: "--ex-vae", ae: "--ex-ae", e: "--ex-vqvae" }[symbol] ?? `--ex-sym-${symbol}`);

/** Sizes and fonts in CSS pixels, for text on a canvas. */
export const canvasFont = (pixels, weight = 400) => `${weight} ${pixels * size()}px ${colour("--font")}`;
