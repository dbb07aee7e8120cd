// Who answers? Left: one unit of z moves by one SD of the test set's means. Right: one code becomes another. Which pixels
// change, how much of the picture they are, here and on average over test images.

import { latest } from "../core/ask.js";
import { bytesOf, h, paintPixels, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { paintError } from "../reconstruct/errors.js";
import { store } from "../core/store.js";
import { Cells } from "./cells.js";
import { decodeAnywhere, shapeOf } from "./decode.js";
import { changeOf, footprint } from "./influence.js";
import { tip, titled } from "../core/tip.js";
import { inSight } from "../core/when_seen.js";
import { number, t } from "./words.js";

const RESTING_MS = 60; // without a change, before this image's pictures are decoded
const ASKING_MS = 250; // and before the server is asked for an average over images
const UNITS = { vae: "workbench.answers.unit.vae", ae: "workbench.answers.unit.ae" };

export class Answers {
  constructor(board) {
    this.board = board;
    this.unit = 0;
    this.cards = { left: new Card("left"), right: new Card("right") };
    this.title = h("h3");
    this.intro = h("p", { class: "ex-bench-intro" });
    this.verdict = h("p", { class: "ex-bench-verdict" });
    this.units = h("div", { class: "ex-bench-group", role: "group" });
    this.cards.left.controls.prepend(this.units);
    this.element = h("div", { class: "ex-bench-card" }, (this.top = h("header")), this.intro,
      h("div", { class: "ex-bench-cards" }, this.cards.left.element, this.cards.right.element), this.verdict);
    this.seen = false;
    this.asks = { left: latest("influence"), right: latest("influence"), pooled: latest("influence") };
    this.found = { left: null, right: null, pooled: null }; // what Python averaged
    this.asked = { left: "", right: "", pooled: "" };
    this.drawn = { left: 0, right: 0 };
    for (const name of ["before", "after", "map", "average"]) board.join(this.cards.right[name]);
    inSight(this.element, () => {
      this.seen = true;
      this.draw();
      this.ask();
    });
  }

  get left() {
    return this.board.scene.left;
  }

  /** The unit of the left latent, as its run counts them: of a spatial latent, this channel at the cell. */
  unitAt(cell) {
    const { scene, bench } = this.board;
    if (!scene.left_field) return this.unit;
    const side = Math.sqrt(scene.latent.length / scene.units.length);
    if (side !== bench.grid) return this.unit;
    return cell * scene.units.length + this.unit;
  }

  update() {
    const { scene, side } = this.board;
    this.title.textContent = t("workbench.answers.title");
    this.top.replaceChildren(titled(this.title, tip(t("workbench.answers.title"), t("workbench.footprint.tip"))));
    this.intro.textContent = t("workbench.answers.intro");
    this.unit = Math.min(this.unit, Math.max(0, scene.units.length - 1));
    refill(this.units, [scene.units, this.unit, scene.left], () => scene.units.map((name, unit) =>
      h("button", { type: "button", "aria-pressed": String(unit === this.unit), "data-unit": unit, onclick: () => this.move(unit) }, name)));
    const left = store.side("left");
    this.cards.left.name(left.kind, left.title, left.label, left.run ? t(UNITS[left.kind]) : left.empty);
    this.cards.right.name(side.kind, side.title, side.label, t("workbench.answers.code"));
    for (const card of Object.values(this.cards)) card.words();
    this.cards.left.pictures.hidden = !left.run;
    if (this.seen) this.ask();
  }

  move(unit) {
    this.unit = unit;
    for (const button of this.units.children) button.setAttribute("aria-pressed", String(Number(button.dataset.unit) === unit));
    this.ask();
  }

  // --- averages

  /** Asks for what is not here yet: of the unit, of the chosen cell, of any cell. The server may work beside the hand. */
  ask() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.askNow(), ASKING_MS);
  }

  askNow() {
    if (!this.seen || !this.board.bench) return;
    const { chosen, side } = this.board;
    if (this.left) this.fetch("left", { run: store.side("left").run, unit: this.unitAt(chosen) });
    this.fetch("right", { run: side.run, cell: chosen });
    this.fetch("pooled", { run: side.run });
  }

  async fetch(name, params) {
    const key = JSON.stringify(params);
    if (this.asked[name] === key) return;
    this.asked[name] = key;
    const card = this.cards[name === "pooled" ? "right" : name];
    this.found[name] = null;
    if (name !== "pooled") card.wait(name === "left");
    try {
      const answer = await this.asks[name](params);
      if (!answer || this.asked[name] !== key) return;
      this.found[name] = answer;
      if (name !== "pooled") card.showAverage(answer);
    } catch (error) {
      this.asked[name] = ""; // the next look tries again
      card.average.note.textContent = error.message;
      if (name === "left") card.move.textContent = "";
    }
    this.draw();
  }

  // --- this image, live

  follow() {
    if (this.seen && (this.right !== this.board.cell || this.of !== this.board.bench)) this.draw();
  }

  /** When the hand rests: four pictures are decoded for it. */
  draw() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.drawNow(), RESTING_MS);
  }

  drawNow() {
    if (!this.seen || !this.board.bench) return;
    this.right = this.board.cell;
    this.of = this.board.bench;
    this.drawCode();
    if (this.left) this.drawUnit();
  }

  /** The code at the cell becomes the one in the hand, or the most used other one. */
  drawCode() {
    const { bench, codebook, cell, brush, scene } = this.board;
    const here = bench.codes[cell];
    const other = brush === here ? mostUsedBut(codebook.hits, here) : brush;
    const after = bench.codes.slice();
    after[cell] = other;
    const params = { here, other, row: Math.floor(cell / bench.grid) + 1, column: (cell % bench.grid) + 1 };
    this.cards.right.move.textContent = t("workbench.answers.exchanged", params);
    this.show("right", { indices: bench.codes.slice(), codebook }, { indices: after, codebook }, boxOf(scene.field, cell, bench.grid));
  }

  drawUnit() {
    const { scene, cell } = this.board;
    const found = this.found.left;
    if (!found) return;
    const unit = this.unitAt(cell);
    const after = Float32Array.from(scene.latent);
    after[unit] += found.amount;
    this.cards.left.move.textContent = t("workbench.answers.moved", { unit: scene.units[this.unit], amount: number(found.amount) });
    const grid = Math.sqrt(scene.latent.length / scene.units.length);
    this.show("left", scene.latent, after, scene.left_field && boxOf(scene.left_field, cell, grid));
  }

  async show(name, before, after, box) {
    const mine = (this.drawn[name] += 1);
    const card = this.cards[name];
    try {
      const a = await decodeAnywhere(name, before);
      const b = await decodeAnywhere(name, after);
      if (mine !== this.drawn[name] || !a || !b) return;
      const { cell, bench } = this.board;
      card.showChange(a, b, shapeOf(name), box, name === "right" || box ? { cell, grid: bench.grid } : null);
    } catch (error) {
      card.map.note.textContent = error.message;
    }
    this.conclude();
  }

  /** Both averages in one sentence. */
  conclude() {
    const { left, pooled } = this.found;
    if (!left?.footprint || !pooled?.footprint) {
      this.verdict.textContent = "";
      return;
    }
    this.verdict.textContent = t("workbench.answers.verdict", {
      kind: store.side("left").title, unit: this.board.scene.units[this.unit], left: share(left.footprint), right: share(pooled.footprint),
      n: Math.min(left.n, pooled.n).toLocaleString(), times: number(left.footprint / pooled.footprint, 1),
    });
  }
}

/** One side's four pictures and two numbers. */
class Card {
  constructor(side) {
    this.head = h("h4");
    this.what = h("p", { class: "ex-bench-muted" });
    this.move = h("p", { class: "ex-bench-move" });
    this.controls = h("div", { class: "ex-bench-row" }, this.move);
    for (const name of ["before", "after", "map", "average"]) this[name] = new Cells(name);
    this.pictures = h("div", { class: "ex-bench-four" }, this.before.element, this.after.element, this.map.element, this.average.element);
    this.element = h("article", { class: "ex-bench-answer", "data-side": side }, this.head, this.what, this.controls, this.pictures);
  }

  name(kind, title, label, what) {
    this.element.dataset.kind = kind;
    this.head.replaceChildren(kindGlyph(kind), title, h("span", { class: "ex-run-label" }, label));
    this.what.textContent = what;
  }

  words() {
    this.before.name("", t("workbench.answers.before"));
    this.after.name("", t("workbench.answers.after"));
    this.map.name("", t("workbench.answers.map"));
    this.average.name("", t("workbench.answers.average"));
  }

  /** Until the server has answered; where nothing moves before that, the line above the pictures says so too. */
  wait(still) {
    this.average.note.textContent = t("workbench.waiting");
    if (still) this.move.textContent = t("workbench.waiting");
  }

  showChange(before, after, { width, height, channels }, box, place) {
    paintPixels(this.before.canvas, before, width, height, channels, 255);
    paintPixels(this.after.canvas, after, width, height, channels, 255);
    const change = changeOf(before, after, channels);
    const peak = Math.max(...change);
    paintError(this.map.canvas, new Float32Array(change.length), change, [width, height, 1], peak || 1);
    const found = footprint(change);
    this.element.dataset.footprint = found;
    this.map.note.replaceChildren(h("b", {}, Number.isNaN(found) ? t("workbench.answers.nothing") : share(found)), " ", t("workbench.answers.peak", { peak: number(peak) }));
    for (const cells of [this.before, this.after, this.map, this.average]) {
      cells.grid = place?.grid ?? 1;
      cells.mark({ chosen: place && place.cell, box: box ?? [0, 0, width, width], of: width });
    }
  }

  showAverage({ map, width, height, peak, footprint: found, spread, n, total }) {
    paintError(this.average.canvas, new Float32Array(width * height), Float32Array.from(bytesOf(map), (value) => value / 255), [width, height, 1], 1);
    this.average.note.replaceChildren(h("b", {}, found === null ? t("workbench.answers.nothing") : `${share(found)} ± ${share(spread)}`), " ",
      t("workbench.answers.n", { n: n.toLocaleString(), total: total.toLocaleString(), peak: number(peak) }));
  }
}

/** Pixels a cell can reach, within the picture: [x0, y0, x1, y1]. */
function boxOf({ step, before, after }, cell, grid) {
  const size = step * grid;
  const ends = (at) => [Math.max(0, step * at - before), Math.min(size, step * at + after + 1)];
  const [[x0, x1], [y0, y1]] = [ends(cell % grid), ends(Math.floor(cell / grid))];
  return [x0, y0, x1, y1];
}

function mostUsedBut(hits, code) {
  let best = code === 0 && hits.length > 1 ? 1 : 0;
  hits.forEach((count, k) => k !== code && count > hits[best] && (best = k));
  return best;
}

/** `.46`, in Chinese `0.46`. */
const share = (value) => (store.view.lang === "zh" ? value.toFixed(2) : value.toFixed(2).replace(/^0/, ""));
