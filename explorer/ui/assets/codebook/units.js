// The VAE's side of the film: each unit's KL as a bar, hollow where it is silent, and posteriors beside the prior.
//
// It goes with the same player as the codebooks' films, and shows its own last frame at or before the player's step.

import { latest } from "../core/ask.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { inSight } from "../core/when_seen.js";
import { filled } from "../generate/words.js";
import { twins } from "./twins.js";

const [WIDTH, HEIGHT, LEAST, THICK] = [320, 100, 3, 26]; // of the drawings' own units; no bar is lower than LEAST
const NAMESPACE = "http://www.w3.org/2000/svg";
const NEAR = 1000; // pixels: it stands below the films, and goes with their player
const REACH = 1.15; // room around what the plane holds

export async function mount(element) {
  await styleSheet("codebook/codebook.css", "codebook/units.css");
  const part = new Units(element.querySelector("[data-part]"));
  twins.subscribe((change) => {
    if (change.scene) part.ask();
    else if (change.step) part.draw();
  });
}

class Units {
  constructor(root) {
    this.root = root;
    this.film = ""; // chosen by the reader; "" follows the left run
    this.picked = null;
    this.asked = "";
    this.question = latest("units");
    this.head = h("div", { class: "ex-cb-head" });
    this.lead = h("p");
    this.message = h("p", { class: "ex-cb-note", role: "status" });
    this.bars = drawing("ex-units-bars", { tabindex: 0, role: "application", "aria-label": "KL" });
    this.lines = drawing("ex-units-lines"); // a picture to a screen reader once it has words
    this.plane = drawing("ex-units-plane");
    this.plane.removeAttribute("preserveAspectRatio"); // a circle stays one
    this.figures = [this.bars, this.lines, this.plane].map((svg) => h("figure", {}, svg, h("figcaption")));
    this.drawn = h("div", { class: "ex-units-drawn" }, ...this.figures);
    this.said = h("p", { class: "ex-units-said", "aria-live": "polite" });
    this.unit = h("p", { class: "ex-units-unit", "aria-live": "polite" });
    this.caption = h("p", { class: "ex-cb-note" });
    root.replaceChildren(this.head, this.lead, this.message, this.said, this.drawn, this.unit, this.caption);
    root.explorer = this; // for the tests
    inSight(root, () => {
      this.seen = true;
      this.ask();
    }, NEAR);
    this.bars.addEventListener("keydown", (event) => this.onKey(event));
    this.bars.addEventListener("click", (event) => this.pick(Number(event.target.dataset.unit ?? NaN)));
  }

  async ask() {
    if (!this.seen || !twins.scene) return;
    const { lang, data, left, mine } = store.view;
    const key = JSON.stringify([lang, data, left, mine, this.film]);
    if (key === this.asked) return;
    if (this.data !== data) [this.data, this.film] = [data, ""];
    this.asked = JSON.stringify([lang, data, left, mine, this.film]);
    try {
      const answer = await this.question(this.film ? { data, film: this.film } : { data, left: left ?? "" });
      if (answer) this.show(answer);
    } catch (error) {
      this.asked = "";
      this.message.textContent = error.message;
    }
  }

  show(answer) {
    this.answer = answer;
    const { words, films, film, note, kl, ellipses, caption } = answer;
    refill(this.head, [words, films, film], () => [
      h("h2", {}, kindGlyph("vae"), words["units.title"]),
      films.length > 1 && h("label", { class: "ex-cb-choice" }, `${words["units.film"]} `,
        h("select", { onchange: (event) => this.choose(event.target.value) },
          ...films.map(([name, label]) => h("option", { value: name, selected: name === film }, label)))),
    ].filter(Boolean));
    this.lead.textContent = words["units.what"];
    this.message.textContent = note;
    for (const part of [this.drawn, this.said, this.unit, this.caption]) part.hidden = !film;
    twins.beside(film ? answer.steps : []);
    if (!film) return;
    this.picked = this.picked !== null && this.picked < kl[0].length ? this.picked : null;
    this.most = Math.max(...kl.flat(), 1e-3);
    this.caption.textContent = [filled(words["units.scale"], { most: this.most.toFixed(2) }), caption].join(store.view.lang === "zh" ? "" : " ");
    this.figures.forEach((figure, place) => (figure.lastChild.textContent = words[["units.bars", "units.lines", "units.plane"][place]]));
    this.figures[2].hidden = !ellipses;
    this.bars.setAttribute("aria-label", words["units.bars"]);
    for (const name of ["lines", "plane"]) {
      this[name].setAttribute("aria-label", words[`units.${name}`]);
      this[name].setAttribute("role", "img");
    }
    this.fill();
    this.draw();
  }

  /** What stays while the film plays: a column and a line for each unit, the prior, and an ellipse for each posterior. */
  fill() {
    const { kl, ellipses, steps } = this.answer;
    const columns = kl[0].length;
    const wide = WIDTH / columns;
    this.columns = kl[0].map((_, unit) => {
      const thick = Math.min(0.7 * wide, THICK);
      const bar = shape("rect", { class: "ex-units-bar", x: wide * (unit + 0.5) - thick / 2, width: thick });
      const hit = shape("rect", { class: "ex-units-hit", x: wide * unit, y: 0, width: wide, height: HEIGHT, "data-unit": unit });
      return { bar, hit };
    });
    this.bars.replaceChildren(...this.columns.flatMap(({ bar, hit }) => [bar, hit]));
    const x = (frame) => (steps.length > 1 ? (WIDTH * frame) / (steps.length - 1) : 0);
    this.paths = kl[0].map((_, unit) => shape("polyline", {
      class: "ex-units-line", points: kl.map((row, frame) => `${x(frame)},${this.y(row[unit])}`).join(" "),
    }));
    this.now = shape("line", { class: "ex-units-now", y1: 0, y2: HEIGHT });
    this.lines.replaceChildren(...this.paths, this.now);
    this.x = x;
    if (!ellipses) return;
    const ends = ellipses.mean.flat().map(([a, b]) => Math.max(Math.abs(a), Math.abs(b))).sort((a, b) => a - b);
    const reach = REACH * Math.max(1, ends[Math.floor(0.98 * (ends.length - 1))]);
    this.plane.setAttribute("viewBox", `${-reach} ${-reach} ${2 * reach} ${2 * reach}`);
    this.ellipses = ellipses.mean[0].map(() => shape("ellipse", { class: "ex-units-ellipse" }));
    this.plane.replaceChildren(...this.ellipses, shape("circle", { class: "ex-units-prior", r: 1 }));
  }

  y(nats) {
    return HEIGHT - (HEIGHT - 2 * LEAST) * (nats / this.most);
  }

  get frame() {
    const { steps } = this.answer;
    const next = steps.findIndex((step) => step > twins.at);
    return next < 0 ? steps.length - 1 : Math.max(0, next - 1);
  }

  draw() {
    if (!this.answer?.film) return;
    const { kl, sentences, ellipses, words } = this.answer;
    const { frame } = this;
    const { silent } = this;
    kl[frame].forEach((nats, unit) => {
      const { bar, hit } = this.columns[unit];
      const tall = Math.max(LEAST, HEIGHT - this.y(nats));
      set(bar, { y: HEIGHT - tall - 1, height: tall, "data-silent": silent(frame, unit) });
      hit.setAttribute("aria-selected", unit === this.picked);
      this.paths[unit].setAttribute("data-picked", unit === this.picked);
    });
    set(this.now, { x1: this.x(frame), x2: this.x(frame) });
    if (ellipses) this.ellipses.forEach((ellipse, place) => {
      const [[cx, cy], [rx, ry]] = [ellipses.mean[frame][place], ellipses.sigma[frame][place]];
      set(ellipse, { cx, cy: -cy, rx, ry });
    });
    this.said.textContent = sentences[frame];
    this.bars.setAttribute("aria-description", sentences[frame]);
    const nats = this.picked === null ? null : kl[frame][this.picked];
    const word = nats !== null && silent(frame, this.picked) ? "units.unit.silent" : "units.unit";
    this.unit.textContent = nats === null ? "" : filled(words[word], { unit: this.picked + 1, nats: nats.toFixed(3), bits: (nats / Math.LN2).toFixed(3) });
  }

  silent = (frame, unit) => this.answer.kl[frame][unit] < this.answer.least;

  pick(unit) {
    if (!Number.isInteger(unit)) return;
    this.picked = unit === this.picked ? null : unit;
    this.draw();
  }

  choose(film) {
    this.film = film;
    this.ask();
  }

  onKey(event) {
    if (!this.answer?.film || event.altKey || event.metaKey || event.ctrlKey) return;
    const units = this.answer.kl[0].length;
    const go = (by) => {
      this.picked = this.picked === null ? (by > 0 ? 0 : units - 1) : Math.min(units - 1, Math.max(0, this.picked + by));
      this.draw();
    };
    const act = {
      ArrowLeft: () => go(-1), ArrowRight: () => go(1), ",": () => twins.advance(-1), ".": () => twins.advance(1),
      Escape: () => this.pick(this.picked ?? NaN),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

function shape(tag, attributes) {
  const element = document.createElementNS(NAMESPACE, tag);
  set(element, attributes);
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

const drawing = (name, attributes) => shape("svg", {
  class: name, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", ...attributes,
});

