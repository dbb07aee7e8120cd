// What the parts of the tab Collapse share: the tab's words, and the answer that is on screen.

import { store } from "../core/store.js";

const listeners = new Set();

export const collapse = {
  name: "", // of what the answer is about
  answer: null, // explorer.ui.collapse.reader_report
  level: 0, // of its codebooks

  get scene() {
    return store.scene?.collapse ?? null;
  },

  word(key, params = {}) {
    const template = collapse.scene?.words[key] ?? "";
    return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
  },

  /** The only codebook, or the one of several that is looked at. */
  get book() {
    return collapse.answer?.codebooks[collapse.level] ?? collapse.answer;
  },

  /** Whether it is the record of a training, which can say why. */
  get isRecord() {
    return Boolean(collapse.answer?.record);
  },

  show(name, answer, level) {
    Object.assign(collapse, { name, answer, level });
    for (const listener of listeners) listener();
  },

  /** Calls `listener()` whenever the tab's words or the answer changed; returns a function that stops it. */
  subscribe(listener) {
    listeners.add(listener);
    const stop = store.subscribe((change) => change.scene && collapse.scene && listener());
    if (collapse.scene) listener();
    return () => listeners.delete(listener) && stop();
  },
};
