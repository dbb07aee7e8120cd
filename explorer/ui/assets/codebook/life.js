// A code's life as a strip: hits, length and state at every frame, on the scrubber's own axis.

import { h, say } from "../core/dom.js";
import { canvasFont, colour } from "../core/theme.js";
import { STATES, twins } from "./twins.js";

const ROWS = { hits: [4, 30], norm: [40, 26], state: [72, 14] }; // top and height, CSS pixels
const HEIGHT = 92;
const LEFT = 46; // room for the rows' names
const LOG_SPAN = 30; // lengths that differ more than this are drawn on a logarithmic axis

export class LifeStrip {
  constructor(name) {
    this.name = name;
    this.canvas = h("canvas", { class: "ex-cb-strip", role: "img", "aria-hidden": "true" });
    this.canvas.addEventListener("pointerdown", (event) => this.go(event, false));
    this.canvas.addEventListener("pointermove", (event) => event.buttons & 1 && this.go(event, false));
    this.canvas.addEventListener("pointerup", (event) => this.go(event, true));
    new ResizeObserver(() => this.draw(this.code)).observe(this.canvas);
  }

  go(event, commit) {
    const box = this.canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT);
    const { steps } = twins;
    twins.go(steps[Math.round(Math.min(1, Math.max(0, share)) * (steps.length - 1))], { commit });
  }

  draw(code) {
    this.code = code;
    const { clientWidth: width } = this.canvas;
    const film = twins.film(this.name);
    const life = twins.life(this.name);
    if (code === null || code === undefined || !film || !life || !width) return;
    const ratio = devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(HEIGHT * ratio) });
    say(this.canvas, twins.word("codebook.say.strip", { code, side: twins.word(`codebook.side.${this.name}`) }));
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { steps: own, codes: [size] } = twins.side(this.name);
    const { steps } = twins;
    const x = (step) => LEFT + ((width - LEFT - 6) * steps.indexOf(step)) / Math.max(1, steps.length - 1);
    const cells = own.map((step, t) => ({
      left: x(step), right: t + 1 < own.length ? x(own[t + 1]) : width - 1,
      hits: life.hits[t * size + code], norm: film.norms[t * size + code], state: STATES[life.states[t * size + code]],
      restarted: film.restarted[t * size + code],
    }));
    this.labels(context);
    drawHits(context, cells, twins.colour(this.name));
    drawNorms(context, cells);
    for (const cell of cells) drawState(context, cell, twins.colour(this.name));
    this.cursor(context, x(twins.at));
  }

  labels(context) {
    context.font = canvasFont(11);
    context.fillStyle = colour("--body-text-color-subdued");
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const [row, key] of [["hits", "codebook.strip.hits"], ["norm", "codebook.strip.norm"], ["state", "codebook.strip"]]) {
      context.fillText(twins.word(key), 0, ROWS[row][0] + ROWS[row][1] / 2);
    }
  }

  cursor(context, x) {
    context.strokeStyle = colour("--body-text-color");
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x + 0.5, 0);
    context.lineTo(x + 0.5, HEIGHT);
    context.stroke();
  }
}

/** Square roots, so that a starved code still shows. */
function drawHits(context, cells, fill) {
  const [top, height] = ROWS.hits;
  const most = Math.max(1, ...cells.map(({ hits }) => hits));
  context.fillStyle = fill;
  for (const { left, right, hits } of cells) {
    const tall = hits ? Math.max(1.5, height * Math.sqrt(hits / most)) : 0;
    context.fillRect(left, top + height - tall, Math.max(1, right - left - 0.5), tall);
  }
}

function drawNorms(context, cells) {
  const [top, height] = ROWS.norm;
  const known = cells.map(({ norm }) => norm);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const scale = high > LOG_SPAN * low && low > 0 ? Math.log : (value) => value;
  const span = scale(high) - scale(low) || 1;
  context.strokeStyle = colour("--body-text-color-subdued");
  context.lineWidth = 1.5;
  context.beginPath();
  cells.forEach(({ left, norm }, t) => {
    const y = top + height - (height * (scale(norm) - scale(low))) / span;
    context[t ? "lineTo" : "moveTo"](left, y);
  });
  context.stroke();
}

/** Used: full. Starved: the lower half. Stale: an outline. Never hit: a dotted line. Restarted: a mark above. */
function drawState(context, { left, right, state, restarted }, fill) {
  const [top, height] = ROWS.state;
  const width = Math.max(1, right - left - 0.5);
  context.fillStyle = context.strokeStyle = fill;
  context.lineWidth = 1;
  if (state === "used") context.fillRect(left, top, width, height);
  else if (state === "starved") context.fillRect(left, top + height / 2, width, height / 2);
  else if (state === "stale") context.strokeRect(left + 0.5, top + 0.5, Math.max(0.5, width - 1), height - 1);
  else context.fillRect(left, top + height / 2, Math.min(2, width), 1);
  if (!restarted) return;
  context.fillStyle = colour("--body-text-color");
  context.beginPath();
  context.moveTo(left - 4, top - 6);
  context.lineTo(left + 4, top - 6);
  context.lineTo(left, top);
  context.fill();
}

/** What a life amounts to: when it was first used, how often it lost its hits and found them again. */
export function story(name, code) {
  const { steps, codes: [size] } = twins.side(name);
  const life = twins.life(name);
  const film = twins.film(name);
  const hit = steps.map((_, t) => life.hits[t * size + code] > 0);
  const turns = (from) => hit.filter((now, t) => t > 0 && hit[t - 1] === from && now !== from).length;
  const born = hit.indexOf(true);
  return {
    born: born < 0 ? null : steps[born],
    deaths: turns(true),
    returns: Math.max(0, turns(false) - (born > 0 ? 1 : 0)),
    used: hit.filter(Boolean).length,
    frames: steps.length,
    restarts: steps.filter((_, t) => film.restarted[t * size + code]).length,
  };
}
