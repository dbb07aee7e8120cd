// Sentences of the tab Start.

import { store } from "../core/store.js";

export const word = (key, params = {}) =>
  (store.scene?.start?.words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
