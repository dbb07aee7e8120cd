// Symbols in their colours: one each, the same in the guide's formulas (explorer/ui/guide/formula.py), in lines of code and
// of formulas, and where they are drawn (`symbolColour` of theme.js).

import { h } from "./dom.js";

/** Of the opened update: the names of the code stand for the same things as the letters, and z is the encoder's output. */
const UPDATE = {
  z: "ze", e: "e", codebook: "e", n: "n", N: "n", Ñ: "n", hits: "n", count: "n", smooth: "n", m: "m", ema_sum: "m",
};

/** Everywhere else. */
const FORMULA = {
  x: "x", "x̂": "x", z: "z", μ: "z", σ: "z", KL: "z", ε: "eps", zₑ: "ze", z_e: "ze", e: "e", eₖ: "e", z_q: "e", μ_j: "z",
};

const WORDS = /(?!Σ)[\p{L}_](?:(?!Σ)[\p{L}\p{M}\d_])*/gu; // a sum stands before its letter

/** Texts and spans of a line of the opened update. */
export const coloured = (line) => spans(line, UPDATE);

/** The same of a formula, or of a line of words with symbols in it. */
export const formula = (line) => spans(line, FORMULA);

/** A sentence whose symbols only get their index below the line. */
export const indexed = (line) => spans(line, FORMULA, false);

/** z_q with its index below the line. */
function lowered(word) {
  const [letter, index] = word.split("_");
  return index ? [letter, h("sub", {}, index)] : [word];
}

function spans(line, symbols, colours = true) {
  const parts = [];
  let from = 0;
  for (const { 0: word, index } of line.matchAll(WORDS)) {
    if (!Object.hasOwn(symbols, word)) continue;
    parts.push(line.slice(from, index), h("span", { class: colours && `ex-sym-${symbols[word]}` }, ...(symbols === FORMULA ? lowered(word) : [word])));
    from = index + word.length;
  }
  return [...parts, line.slice(from)];
}
