// One latent: the picture with what each cell knows of the chosen feature, all features by all units, and what follows.

import { bytesOf, h, paintPixels, pictureCanvas, refill, say } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { colour, kindColour } from "../core/theme.js";

const SCALE = 8; // canvas pixels of a picture's pixel
const CELL = 12; // canvas pixels of a row or column of the matrix
const [ROW, MOST_WIDE] = [15, 30]; // CSS pixels of a row, and of a column where there are few
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class Side {
  constructor(side, choose) {
    this.side = side;
    this.choose = choose;
    this.at = null; // [feature, unit] that is pointed at
    this.name = h("h3", { class: "ex-features-name" });
    this.picture = pictureCanvas({ class: "ex-features-picture" });
    this.matrix = h("canvas", {
      class: "ex-features-matrix", tabindex: 0, role: "img",
      onpointermove: (event) => this.point(this.under(event)),
      onpointerleave: () => this.point(null),
      onclick: (event) => this.choose(this.found.features[this.under(event)[0]][0]),
      onkeydown: (event) => this.onKey(event),
      onblur: () => this.point(null),
    });
    this.names = h("div", { class: "ex-features-names", "aria-hidden": "true" });
    this.said = h("p", { class: "ex-features-said", role: "status" });
    this.lines = h("ul", {});
    this.element = h("section", { "data-side": side }, this.name,
      h("div", { class: "ex-features-drawn" }, this.picture, h("div", {}, h("div", { class: "ex-features-table" }, this.names, this.matrix), this.said)), this.lines);
  }

  get mine() {
    return this.found?.sides[this.side];
  }

  show(found, place) {
    Object.assign(this, { found, place });
    const of = store.side(this.side);
    this.element.hidden = !this.mine || !of?.run;
    if (this.element.hidden) return;
    this.kind = of.kind;
    refill(this.name, [of.kind, of.title, of.label], () => [kindGlyph(of.kind), h("span", {}, of.title), h("small", {}, of.label)]);
    const lines = this.mine.missing ? [[this.mine.missing, false]] : this.mine.lines[place];
    refill(this.lines, lines, () => lines.map(([sentence, expert]) => h("li", { "data-expert": expert }, sentence)));
    this.element.querySelector(".ex-features-drawn").hidden = !!this.mine.missing;
    if (!this.mine.missing) this.draw();
  }

  draw() {
    this.drawPicture();
    this.drawMatrix();
    this.tell();
  }

  /** The picture, with each cell's knowledge of the feature laid over it; a vector's numbers have no place in it. */
  drawPicture() {
    const { original } = store.side(this.side).panel;
    const small = document.createElement("canvas");
    paintPixels(small, bytesOf(original.pixels), original.width, original.height, original.channels);
    const { picture } = this;
    Object.assign(picture, { width: original.width * SCALE, height: original.height * SCALE });
    const context = picture.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, picture.width, picture.height);
    say(picture, this.sentence(this.at ?? [this.place, this.best]));
    if (!this.mine.grid) return;
    const [rows, columns] = this.mine.grid;
    const [wide, high] = [picture.width / columns, picture.height / rows];
    const bits = this.mine.bits[this.place];
    const most = Math.max(...bits, 1e-9);
    context.fillStyle = kindColour(this.kind);
    for (const [unit, value] of bits.entries()) {
      context.globalAlpha = 0.75 * Math.max(0, this.mine.above[this.place][unit] ? value / most : 0);
      context.fillRect((unit % columns) * wide, Math.floor(unit / columns) * high, wide, high);
    }
    context.globalAlpha = 1;
    const lit = this.at ? this.at[1] : this.best;
    Object.assign(context, { strokeStyle: colour("--body-text-color") || "black", lineWidth: SCALE / 2 });
    context.strokeRect((lit % columns) * wide, Math.floor(lit / columns) * high, wide, high);
  }

  get best() {
    const bits = this.mine.bits[this.place];
    return bits.indexOf(Math.max(...bits));
  }

  /** Row by row the features, column by column the units: the fuller, the more bits; hollow where chance would do. */
  drawMatrix() {
    const { matrix } = this;
    const { bits, above, highest } = this.mine;
    const units = bits[0].length;
    Object.assign(matrix, { width: units * CELL, height: bits.length * CELL });
    Object.assign(matrix.style, { height: `${bits.length * ROW}px`, maxWidth: `${units * MOST_WIDE}px` });
    refill(this.names, [this.found.features, this.place], () =>
      this.found.features.map(([, name], feature) => h(feature === this.place ? "b" : "span", {}, name)));
    const context = matrix.getContext("2d");
    context.fillStyle = context.strokeStyle = kindColour(this.kind);
    bits.forEach((row, feature) => row.forEach((value, unit) => {
      const [x, y] = [unit * CELL, feature * CELL];
      context.globalAlpha = above[feature][unit] ? Math.min(1, 0.15 + 0.85 * Math.sqrt(Math.max(0, value) / (highest || 1))) : 0.2;
      if (above[feature][unit]) context.fillRect(x + 0.5, y + 0.5, CELL - 1, CELL - 1);
      else context.strokeRect(x + 2.5, y + 2.5, CELL - 5, CELL - 5);
    }));
    context.globalAlpha = 1;
    Object.assign(context, { strokeStyle: colour("--body-text-color") || "black", lineWidth: 2 });
    context.strokeRect(1, this.place * CELL + 1, matrix.width - 2, CELL - 2);
    if (this.at) context.strokeRect(this.at[1] * CELL, this.at[0] * CELL, CELL, CELL);
    matrix.setAttribute("aria-label", `${this.found.words.matrix}. ${this.sentence(this.at ?? [this.place, this.best])}`);
  }

  under(event) {
    const box = this.matrix.getBoundingClientRect();
    const within = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    return [within((event.clientY - box.top) / box.height, this.mine.bits.length),
      within((event.clientX - box.left) / box.width, this.mine.bits[0].length)];
  }

  point(at) {
    if (JSON.stringify(at) === JSON.stringify(this.at) || !this.mine?.bits.length) return;
    this.at = at;
    this.draw();
  }

  onKey(event) {
    const move = STEPS[event.key];
    if (event.key === "Enter" && this.at) this.choose(this.found.features[this.at[0]][0]);
    if (!move) return;
    event.preventDefault();
    const [feature, unit] = this.at ?? [this.place, this.best];
    const within = (value, count) => Math.max(0, Math.min(count - 1, value));
    this.point([within(feature + move[0], this.mine.bits.length), within(unit + move[1], this.mine.bits[0].length)]);
  }

  sentence([feature, unit]) {
    const { bits, above, entropy, names } = this.mine;
    const values = { unit: names[unit], feature: this.found.features[feature][1], bits: Math.max(0, bits[feature][unit]).toFixed(2), entropy: entropy[feature].toFixed(2) };
    return store.t(above[feature][unit] ? "client.features.knows" : "client.features.chance", values);
  }

  tell() {
    this.said.textContent = this.sentence(this.at ?? [this.place, this.best]);
  }
}
