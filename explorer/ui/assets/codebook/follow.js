// One code, followed on both sides: what it is now, its life, and whose pieces choose it.

import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { LifeStrip, story } from "./life.js";
import { SIDES, STATES, twins } from "./twins.js";

const PHOTOS = 12;
const PHOTO_COLUMNS = 20; // explorer.ui.media.codebook
const PHOTO_PIXELS = 56;

const sheets = new Map(); // address -> promise of an image

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const panel = new Follow(element.querySelector(".ex-cb-follow"));
  twins.subscribe((change) => twins.scene && panel.update(change));
  store.subscribe((change) => twins.scene && (change.theme || (change.view && !change.scene)) && panel.update({ code: true }));
  if (twins.scene) panel.update({ scene: true });
}

class Follow {
  constructor(root) {
    this.root = root;
    this.head = h("div", { class: "ex-cb-head" });
    this.none = h("div", { class: "ex-cb-none" });
    this.draws = h("p", { class: "ex-cb-note" });
    this.sides = SIDES.map((name) => new FollowedSide(name));
    root.replaceChildren(this.head, this.none, h("div", { class: "ex-cb-pair" }, ...this.sides.map(({ element }) => element)), this.draws);
  }

  update() {
    const { code, lang } = store.view;
    refill(this.head, [lang], () => [h("h2", {}, twins.word("codebook.code")), this.picker()]);
    const input = this.head.querySelector("input");
    if (document.activeElement !== input) input.value = code ?? "";
    this.head.querySelector("button").disabled = code === null;
    const ready = SIDES.some((name) => twins.film(name) && twins.life(name));
    refill(this.none, [code, lang, ready, store.view.rule, ...SIDES.map((name) => twins.side(name).life)], () =>
      code === null ? [h("p", {}, twins.word("codebook.code.none")), this.suggestions()] : []);
    for (const side of this.sides) side.update(code);
    this.draws.textContent = code !== null && SIDES.some((name) => twins.side(name).photos.length) ? twins.scene.draws : "";
  }

  picker() {
    const most = Math.max(...SIDES.map((name) => twins.side(name).codes[0])) - 1;
    const choose = (event) => {
      const code = event.target.value === "" ? null : Math.min(most, Math.max(0, Math.round(Number(event.target.value))));
      twins.follow(code);
    };
    return h("span", { class: "ex-cb-picker" },
      h("label", { for: "ex-cb-code" }, twins.word("codebook.code.pick")),
      h("input", { id: "ex-cb-code", type: "number", min: 0, max: most, step: 1, inputmode: "numeric", onchange: choose }),
      h("button", { type: "button", onclick: () => twins.follow(null) }, twins.word("codebook.code.drop")));
  }

  /** Codes worth following, of the right side first: one of each fate. */
  suggestions() {
    const found = new Map();
    for (const name of [...SIDES].reverse()) {
      if (!twins.film(name) || !twins.life(name)) continue;
      const [size] = twins.side(name).codes;
      for (let code = 0; code < size; code++) {
        const { born, deaths, returns, used, frames } = story(name, code);
        const fate = born === null ? "codebook.say.unhit" : returns ? "codebook.say.returned" : deaths ? "codebook.say.died" : null;
        if (fate && !found.has(fate) && used < frames) found.set(fate, code);
      }
      const last = twins.side(name).steps.length - 1;
      const hits = twins.life(name).hits.subarray(last * size, (last + 1) * size);
      if (!found.has("codebook.say.busiest")) found.set("codebook.say.busiest", hits.indexOf(Math.max(...hits)));
    }
    return h("p", { class: "ex-cb-suggest" }, found.size ? twins.word("codebook.code.try") : "",
      ...[...found].map(([fate, code]) => h("button", { type: "button", onclick: () => twins.follow(code) }, twins.word(fate, { code }))));
  }
}

class FollowedSide {
  constructor(name) {
    this.name = name;
    this.title = h("h3");
    this.strip = new LifeStrip(name);
    this.now = h("p", { "aria-live": "polite" });
    this.story = h("p", { class: "ex-cb-note" });
    this.users = h("p", { class: "ex-cb-note" });
    this.photos = h("div", { class: "ex-cb-photos" });
    this.element = h("div", { class: `ex-cb-followed ex-cb-followed-${name}` },
      this.title, this.now, this.strip.canvas, this.story, this.users, this.photos);
  }

  update(code) {
    const side = twins.side(this.name);
    const life = twins.life(this.name);
    const film = twins.film(this.name);
    this.element.hidden = code === null || !side.film || !life || !film;
    if (this.element.hidden) return;
    const [size] = side.codes;
    this.element.dataset.rule = side.rule;
    this.title.textContent = `${side.title} · ${side.label}`;
    const inside = code < size;
    this.strip.canvas.hidden = this.story.hidden = this.users.hidden = this.photos.hidden = !inside;
    if (!inside) {
      this.now.textContent = twins.word("codebook.say.no_code", { last: size - 1 });
      return;
    }
    const t = twins.frame(this.name);
    this.now.textContent = twins.word("codebook.say.life", {
      step: side.steps[t], state: twins.word(`codebook.state.${STATES[life.states[t * size + code]]}`),
      hits: life.hits[t * size + code].toLocaleString(), norm: written(film.norms[t * size + code]),
    });
    this.story.textContent = told(story(this.name, code));
    this.strip.draw(code);
    this.showUsers(side, film, t, code);
  }

  showUsers(side, film, t, code) {
    const { drawn, fixed } = side;
    const users = [];
    for (let i = 0; i < drawn; i++) if (film.codes[t * drawn + i] === code) users.push(i);
    const key = users.length ? "codebook.say.users" : "codebook.say.no_users";
    this.users.textContent = twins.word(key, { count: users.length, drawn: drawn.toLocaleString() });
    if (side.recorded) {
      this.photos.replaceChildren(h("p", { class: "ex-cb-note" }, twins.word("codebook.record.photos")));
      return;
    }
    const first = fixed ? 0 : t * drawn;
    const address = side.photos[fixed ? 0 : t];
    const order = new Map(); // image -> its place in the sheet
    for (let i = 0; i < drawn; i++) if (!order.has(film.images[first + i])) order.set(film.images[first + i], order.size);
    const shown = users.slice(0, PHOTOS).map((i) => [order.get(film.images[first + i]), film.cells[first + i]]);
    const drawing = (this.drawing = {});
    if (!shown.length) this.photos.replaceChildren();
    else {
      sheet(address).then((image) => this.drawing === drawing && this.drawPhotos(image, shown, side.grid), console.warn);
    }
  }

  /** Each picture with the piece in it that chooses the code. */
  drawPhotos(image, shown, grid) {
    const size = image.naturalWidth / PHOTO_COLUMNS;
    const ratio = Math.max(2, Math.ceil(devicePixelRatio || 1));
    const pixels = PHOTO_PIXELS * ratio;
    while (this.photos.children.length > shown.length) this.photos.lastChild.remove();
    while (this.photos.children.length < shown.length) this.photos.append(h("canvas", { "aria-hidden": "true" }));
    shown.forEach(([place, cell], k) => {
      const canvas = this.photos.children[k];
      canvas.width = canvas.height = pixels;
      const context = canvas.getContext("2d");
      context.imageSmoothingEnabled = false;
      context.drawImage(image, (place % PHOTO_COLUMNS) * size, Math.floor(place / PHOTO_COLUMNS) * size, size, size, 0, 0, pixels, pixels);
      const step = pixels / grid;
      const [x, y] = [(cell % grid) * step, Math.floor(cell / grid) * step];
      for (const [style, width] of [["#000", 3 * ratio], ["#ff9640", 1.5 * ratio]]) {
        context.strokeStyle = style;
        context.lineWidth = width;
        context.strokeRect(x, y, step, step);
      }
    });
  }
}

function told({ born, deaths, returns, used, frames, restarts }) {
  const life = born === null
    ? twins.word("codebook.say.unborn", { frames })
    : twins.word("codebook.say.story", { born, deaths, returns, used, frames });
  return restarts ? `${life} ${twins.word("codebook.say.restarts", { count: restarts })}` : life;
}

/** Four digits, or a power of ten where they would not be read. */
export function written(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e4 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
  return text.replaceAll("-", "−").replace("e+", "e");
}

function sheet(address) {
  if (!sheets.has(address)) {
    sheets.set(address, new Promise((done, failed) => {
      const image = new Image();
      image.onload = () => done(image);
      image.onerror = () => {
        sheets.delete(address);
        failed(new Error(address));
      };
      image.src = new URL(address, document.baseURI).href;
    }));
  }
  return sheets.get(address);
}
