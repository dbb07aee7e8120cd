// What a codebook of the sandbox shows at this moment, in a sentence: each number is read off the codes themselves.

import { GRADIENT } from "./rules.js";

/** @returns [key, params] of sentences: what became of killed codes, and what the rule does to codes without a hit */
export function factsOf(learner, settings) {
  return [killedFact(learner), ruleFact(learner, settings)].filter(Boolean);
}

function killedFact({ killed, codes, killedInAll }) {
  if (!killedInAll) return null;
  const still = [...killed].filter(([row, place]) => codes[2 * row] === place[0] && codes[2 * row + 1] === place[1]).length;
  const back = killedInAll - killed.size;
  return ["sandbox.fact.killed", { killed: killedInAll, still, back, moved: killed.size - still }];
}

function ruleFact(learner, settings) {
  const { name } = learner;
  if (name === "adam") return ["sandbox.fact.adam", { coast: coasted(learner, settings.adam).toFixed(1) }];
  if (GRADIENT.includes(name) || name === "hold" || name === "kmeans") return [`sandbox.fact.${name}`, {}];
  const left = lengthLeft(learner);
  return left === null ? [`sandbox.fact.${name}`, {}] : ["sandbox.fact.shrunk", { share: percent(left) }];
}

/** The farthest that a code without a hit has gone since its last one, in learning rates and per coordinate. */
export function coasted({ codes, hits, lastHit, killed }, rate) {
  let most = 0;
  for (let k = 0; k < hits.length; k++) {
    if (hits[k] || killed.has(k)) continue;
    for (const i of [2 * k, 2 * k + 1]) most = Math.max(most, Math.abs(codes[i] - lastHit[i]));
  }
  return most / rate;
}

/** Of the length at which they were killed, what the killed codes have left; null without any. */
function lengthLeft({ killed, codes }) {
  const shares = [...killed].map(([row, place]) => Math.hypot(codes[2 * row], codes[2 * row + 1]) / Math.hypot(...place));
  return shares.length ? shares.sort((a, b) => a - b)[shares.length >> 1] : null;
}

const percent = (share) => (share >= 0.0995 ? `${Math.round(100 * share)}` : (100 * share).toPrecision(2));
