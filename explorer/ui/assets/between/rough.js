// Is an AE's latent unorganised? Its plane beside the VAE's, the same step to scale in both, and what such steps do.

import { ask } from "../core/ask.js";
import { h, paintPixels, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { PlaneView } from "../plane/plane.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { colour } from "../core/theme.js";

const KINDS = ["ae", "vae"];
const SIZES = [2, 1, 0, 3, 4, 5]; // numbers of the server's sizes, the one of the sentence first
const KEY = "step";

export class Rough {
  constructor() {
    this.near = false; // whether a reader is near it
    this.drawn = false; // whether its circles are drawn on the planes
    this.busy = false;
    this.asked = "";
    this.rows = new Map(); // number of a size -> its answer
    this.chosen = 2;
    this.planes = {}; // side -> PlaneView
    this.head = h("div", { class: "ex-btw-head" });
    this.stage = h("div", { class: "ex-rough-planes" });
    this.table = h("div", { class: "ex-rough-table" });
    this.say = h("p", { class: "ex-btw-answer", "aria-live": "polite" });
    this.element = h("section", { class: "ex-btw-rough" }, this.head,
      h("div", { class: "ex-rough-body" }, this.stage, h("div", { class: "ex-rough-figures" }, this.table, this.say)));
    this.element.explorer = this; // the debug hook of the tests
  }

  get scene() {
    return store.scene.between;
  }

  get sides() {
    return KINDS.map((kind) => this.scene.sides[kind]).filter(Boolean);
  }

  update(change) {
    if (change.scene) {
      const { words } = this.scene;
      this.element.hidden = this.sides.length < 2;
      refill(this.head, [words["ae.title"], words["ae.lead"]], () =>
        [h("h2", {}, words["ae.title"]), h("p", { class: "ex-caption" }, words["ae.lead"])]);
      this.look();
    } else this.follow(change);
  }

  look() {
    if (this.element.hidden) return;
    if (this.near) {
      this.arrange();
      this.question();
    } else if (this.asked && JSON.parse(this.asked).lang !== store.scene.view.lang) this.forget();
    this.mark();
  }

  /** Both planes, the AE's first; made when a reader first comes near. */
  arrange() {
    refill(this.stage, this.sides.map((name) => [name, store.side(name).title, store.side(name).label]), () =>
      this.sides.map((name) => {
        const { kind, title, label } = store.side(name);
        this.planes[name] ??= new PlaneView(name);
        const canvas = h("canvas", { class: "ex-rough-picture", role: "img", "aria-label": title, "data-side": name, width: 1, height: 1 });
        return h("div", { class: "ex-rough-plane", "data-kind": kind },
          h("h3", {}, kindGlyph(kind), title, h("span", { class: "ex-run-label" }, label)),
          h("div", { class: "ex-rough-frame" }, this.planes[name].element, canvas));
      }));
    for (const name of this.sides) {
      this.planes[name].update();
      this.decode(name);
    }
  }

  /** What the hand does on a side, as the tab's own planes do. */
  follow(change) {
    for (const name of this.sides) {
      const plane = this.planes[name];
      if (!plane || !this.near) continue;
      if (change.theme) plane.resize(true);
      else if (change.options || change.weights) plane.look();
      else if (change.overlay) {
        if (change.overlay === name) plane.drawMoving();
      } else if (change.hover || change.view) {
        plane.light(store.hover.cls);
        plane.drawMoving();
      }
      if (change.hover || change.view || change.weights) this.decode(name);
    }
  }

  /** The picture under the pointer, else that of the selected image. */
  decode(name) {
    const canvas = this.stage.querySelector(`canvas[data-side="${name}"]`);
    const { panel, plane } = store.side(name);
    if (!canvas || !panel || !plane || plane.projected || plane.mode === "none") return;
    const point = store.hover.z?.side === name ? store.hover.z.point : plane.selected.mean;
    const image = store.decode(name, point);
    if (image) paintPixels(canvas, image, panel.original.width, panel.original.height, panel.original.channels, 255);
  }

  /** One size after another: the first row is there soon, and nothing more is asked for a reader who has gone on. */
  async question() {
    const [ae, vae] = this.sides.map((name) => store.side(name).run);
    const asked = JSON.stringify({ ae, vae, lang: store.scene.view.lang });
    if (asked !== this.asked) {
      this.asked = asked;
      this.rows = new Map();
      this.fill();
    }
    if (this.busy) return; // what is under way goes on with the new question
    this.busy = true;
    try {
      while (this.near && this.missing !== undefined) await this.measure(this.missing);
    } catch (error) {
      this.say.textContent = error.message;
    } finally {
      this.busy = false;
    }
  }

  /** No sentences of another language; what is under way finds its question gone. */
  forget() {
    this.asked = "";
    this.rows = new Map();
    this.table.replaceChildren();
    delete this.table.dataset.signature;
    this.say.textContent = "";
  }

  get missing() {
    return SIZES.find((size) => !this.rows.has(size));
  }

  async measure(size) {
    const { asked } = this;
    const row = await ask("roughness", { ...JSON.parse(asked), size });
    if (asked !== this.asked) return;
    this.rows.set(size, row);
    this.fill();
    this.mark();
  }

  fill() {
    const { words } = this.scene;
    const sentence = this.rows.get(SIZES[0])?.sentence;
    this.say.textContent = sentence ?? words["ae.loading"];
    refill(this.table, [this.asked, [...this.rows.keys()]], () => this.rows.size ? this.figures() : []);
  }

  figures() {
    const { words } = this.scene;
    const explained = (key) => h("th", { colspan: 2, scope: "colgroup", "aria-label": words[key] }, words[key], tip(words[key], words[`${key}.tip`]));
    const model = (kind) => h("th", { scope: "col", "data-kind": kind }, h("span", { class: "ex-rough-kind" }, kindGlyph(kind), store.side(this.scene.sides[kind]).title));
    const sizes = [...this.rows.keys()].sort((a, b) => a - b);
    return h("table", {},
      h("thead", {},
        h("tr", {}, h("th", { rowspan: 2, scope: "col" }, words["ae.size"]),
          explained("ae.mind"), explained("ae.pixels")),
        h("tr", {}, model("ae"), model("vae"), model("ae"), model("vae"))),
      h("tbody", {}, ...sizes.map((size) => this.line(size))),
      h("caption", {}, words["ae.hint"]));
  }

  line(size) {
    const { words } = this.scene;
    const row = this.rows.get(size);
    const cell = (kind, key) => {
      const [value, interval] = row[kind][key];
      return h("td", { "data-kind": kind, style: `--share: ${row[key][kind]}` }, `${value} `, h("span", {}, interval));
    };
    const label = row.size
      ? h("button", { type: "button", class: "ex-rough-size", "data-size": size, onclick: () => this.choose(size) }, row.label)
      : h("span", { class: "ex-rough-jump" }, row.label, tip(words["ae.jump"], words["ae.jump.tip"]));
    return h("tr", { "data-size": size }, h("th", { scope: "row" }, label),
      cell("ae", "mind"), cell("vae", "mind"), cell("ae", "pixels"), cell("vae", "pixels"));
  }

  choose(size) {
    this.chosen = size;
    this.mark();
  }

  /** The chosen step as a circle around the selected image, on both planes. */
  mark() {
    for (const button of this.table.querySelectorAll(".ex-rough-size")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.size) === this.chosen));
    }
    const row = this.rows.get(this.chosen);
    for (const kind of KINDS) {
      const name = this.scene.sides[kind];
      const plane = name && store.side(name).plane;
      const shown = this.drawn && row && plane && !plane.projected && plane.mode !== "none";
      if (name) store.overlay(name, KEY, shown ? circle(plane.selected.mean, row.size * row.spreads[kind]) : null);
    }
  }
}

/** A circle of a radius in units of the latent. */
function circle([x, y], radius) {
  return (context, frame) => {
    for (const [style, width, dash] of [[colour("--ex-plane"), 4, []], [colour("--body-text-color"), 1.75, [5, 4]]]) {
      context.save();
      context.strokeStyle = style;
      context.lineWidth = width;
      context.setLineDash(dash);
      context.beginPath();
      context.arc(frame.x(x), frame.y(y), radius * frame.scale, 0, 2 * Math.PI);
      context.stroke();
      context.restore();
    }
  };
}
