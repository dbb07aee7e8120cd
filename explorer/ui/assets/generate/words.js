// Sentences of the tab, filled in, and the "?" beside a term.

export { tip } from "../core/tip.js";

export const filled = (template, params) => template.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);
