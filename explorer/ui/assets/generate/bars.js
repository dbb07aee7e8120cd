// The distribution over the next code as bars: the likeliest ones, the one that stands, and all others in one.

import { h } from "../core/dom.js";
import { filled } from "./words.js";

const SHOWN = 9;

export class Bars {
  /** @param onPick(code) one of them is wanted in the cell */
  constructor(onPick) {
    this.rows = Array.from({ length: SHOWN + 1 }, () => row(onPick));
    this.rest = h("li", { class: "ex-gen-rest" });
    this.element = h("ul", { class: "ex-gen-bars" }, ...this.rows.map(({ element }) => element), this.rest);
  }

  /**
   * @param weights Float32Array (K), or null while they are on the way
   * @param chosen the code that stands in the cell
   */
  show(weights, chosen, words) {
    this.element.classList.toggle("ex-gen-old", !weights);
    if (!weights) return;
    const codes = shown(weights, chosen);
    const most = Math.max(...codes.map((code) => weights[code]), 1e-9);
    this.rows.forEach((line, k) => {
      const code = codes[k];
      line.element.hidden = code === undefined;
      if (code === undefined) return;
      line.code = code;
      line.name.textContent = `${code}`;
      line.share.textContent = percent(weights[code]);
      line.bar.style.width = `${(100 * weights[code]) / most}%`;
      line.button.setAttribute("aria-pressed", String(code === chosen));
      line.button.setAttribute("aria-label", filled(words["walk.bar"], { code, share: percent(weights[code]) }));
    });
    const left = codes.reduce((rest, code) => rest - weights[code], 1);
    this.rest.textContent = filled(words["walk.rest"], { count: weights.length - codes.length, share: percent(Math.max(0, left)) });
  }

  /** Canvases of the rows that are shown, with their codes: what each would draw is painted on them. */
  pictures() {
    return this.rows.filter(({ element }) => !element.hidden).map(({ code, canvas }) => ({ code, canvas }));
  }
}

function shown(weights, chosen) {
  const order = [...weights.keys()].sort((a, b) => weights[b] - weights[a]).filter((code) => weights[code] > 0);
  const first = order.slice(0, SHOWN);
  return first.includes(chosen) ? first : [...first, chosen];
}

function row(onPick) {
  const line = { code: null };
  line.canvas = h("canvas", { width: 1, height: 1, "aria-hidden": "true" });
  line.name = h("span", { class: "ex-gen-code" });
  line.bar = h("i", {});
  line.share = h("span", { class: "ex-gen-share" });
  line.button = h("button", { type: "button", onclick: () => onPick(line.code) },
    line.canvas, line.name, h("span", { class: "ex-gen-track" }, line.bar), line.share);
  line.element = h("li", { hidden: true }, line.button);
  return line;
}

/** A share with about two digits. */
export function percent(share) {
  if (share >= 0.0995) return `${Math.round(100 * share)} %`;
  return share >= 0.00095 ? `${(100 * share).toFixed(1)} %` : share > 0 ? "< 0.1 %" : "0 %";
}
