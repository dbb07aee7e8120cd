// What the parts of the tab ELBO share: their sheet, their words, their headings, and when they are drawn.

import { h, styleSheet } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { filled } from "../generate/words.js";
import { formula, indexed } from "../core/symbols.js";

/** Mounts a part: `update(change)` is called with every change while the tab has something to say. */
export async function mounted(element, selector, make) {
  await styleSheet("panel/box.css", "elbo/elbo.css");
  const root = element.querySelector(selector);
  const part = make(root);
  root.explorer = part; // for the tests
  const update = (change) => {
    root.classList.toggle("ex-elbo-waiting", !store.scene?.elbo);
    if (store.scene?.elbo) part.update(change);
  };
  store.subscribe(update);
  update({ scene: true });
}

export const scene = () => store.scene.elbo;

/** A sentence of the tab, filled in. */
export const word = (key, params = {}) => filled(scene().words[key] ?? "", params);

/** Heading of a panel: title, the run it speaks of, one paragraph. */
export function heading(title, what, shown = null) {
  return [
    h("h2", { "data-kind": shown?.kind }, shown ? kindGlyph(shown.kind) : null, h("span", {}, ...formula(word(title))),
      shown ? h("span", { class: "ex-run-label" }, shown.label) : null,
      shown ? h("code", { class: "ex-run" }, shown.run) : null),
    h("p", { class: "ex-elbo-what" }, ...indexed(word(what))),
  ];
}

/** The VAE as a heading names it. */
export const theVae = () => ({ kind: "vae", label: scene().vae.label, run: scene().vae.run });

/** A number as it is written, with a true minus. */
export const written = (value, digits = 2) => value.toFixed(digits).replace("-", "−");

/** In place of everything else where there is nothing to show. */
export const sentence = (text) => h("p", { class: "ex-chip" }, text);
