// Sentences of the tab Train, and small pieces that all of its parts use.

import { h } from "../core/dom.js";
import { store } from "../core/store.js";

/** A sentence of the tab, filled in; holes that are not named stay as they are. */
export function word(key, params = {}) {
  const template = store.scene?.train?.words[key] ?? kept[key] ?? "";
  if (template) kept[key] = template;
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

const kept = {}; // the words are of the tab's scene; while another tab is open, its last ones do

export const button = (text, onclick, attributes = {}) =>
  h("button", { type: "button", class: "ex-train-button", onclick, ...attributes }, text);

/** A button for what nothing brings back: it asks first. */
export const sureButton = (text, onclick, attributes = {}) =>
  button(text, ({ currentTarget: pressed }) => {
    if (pressed.dataset.sure) return onclick();
    pressed.dataset.sure = "true";
    pressed.textContent = word("train.sure.delete");
    return null;
  }, attributes);

/** Opens a run on its side of the tab Latent, from the top: this page may be scrolled far down. */
export function showInLatent({ id, data, kind }) {
  scrollTo(0, 0);
  store.commit({ data, [kind === "vqvae" ? "right" : "left"]: id, tab: "latent" });
}

/** Sentences one after the other, as the language writes them. */
export const joined = (...sentences) => sentences.filter(Boolean).join(store.view.lang === "zh" ? "" : " ");

/** The number in a field; null while there is none. */
export const numberOf = (text) => (text.trim() === "" ? null : Number(text));

/** Four digits, as much as changes from step to step. */
export function short(value) {
  if (value === null || value === undefined) return "–";
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1000 || size < 0.001 ? value.toExponential(2) : value.toPrecision(3);
}

export function duration(seconds) {
  if (seconds < 60) return word("train.seconds", { seconds: Math.max(1, Math.round(seconds)) });
  return word("train.minutes", { minutes: Math.floor(seconds / 60), seconds: Math.round(seconds % 60) });
}
