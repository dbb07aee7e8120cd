// Symbols in their colours: one each, the same in the guide's formulas (explorer/ui/guide/formula.py), in the lines of an
// opened update and above its table. The names of the code stand for the same things as the letters.

import { h } from "./dom.js";

const SYMBOLS = {
  z: "ze", e: "e", codebook: "e", n: "n", N: "n", Ñ: "n", hits: "n", count: "n", smooth: "n", m: "m", ema_sum: "m",
};

const WORDS = /(?!Σ)[\p{L}_](?:(?!Σ)[\p{L}\d_])*/gu; // a sum stands before its letter

/** Texts and spans of a line of code or of a formula. */
export function coloured(line) {
  const parts = [];
  let from = 0;
  for (const { 0: word, index } of line.matchAll(WORDS)) {
    if (!(word in SYMBOLS)) continue;
    parts.push(line.slice(from, index), h("span", { class: `ex-sym-${SYMBOLS[word]}` }, word));
    from = index + word.length;
  }
  return [...parts, line.slice(from)];
}
