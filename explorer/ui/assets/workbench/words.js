// The workbench's sentences: they came with its scene.

import { store } from "../core/store.js";

/** A sentence of the reader's language, filled in. */
export function t(key, params = {}) {
  const template = store.scene?.workbench?.words[key] ?? "";
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** A number with so many digits, and a true minus. */
export const number = (value, digits = 2) => value.toFixed(digits).replace("-", "−");
