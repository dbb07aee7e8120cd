// Sentences of the tab, filled in, and the "?" beside a term.

import { h } from "../core/dom.js";
import "../core/tip.js";

export const filled = (template, params) => template.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);

export const tip = (label, sentence) =>
  h("button", { type: "button", class: "ex-tip", "aria-label": `${label}: ${sentence}`, "data-tip": sentence }, "?");
