// The workbench: five stages of one picture, tools that paint codes, who answers, the atlas, and what codes say.

import { h } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { Answers } from "./answers.js";
import { Atlas } from "./atlas.js";
import { Bench } from "./bench.js";
import { Information } from "./information.js";
import { Places } from "./places.js";
import { Source } from "./source.js";
import { Stages } from "./stages.js";
import { Tools } from "./tools.js";
import { t } from "./words.js";
import "../core/tip.js";

const RESTING_MS = 250;
const MARKING_MS = 50;

export class Board {
  constructor(root) {
    this.root = root;
    this.benches = new Map(); // run and image -> Bench: what was painted is there when the reader comes back
    this.tool = "pick";
    this.chosen = null; // the cell that stays when the pointer leaves
    this.codebook = null;
    this.places = null;
    this.bench = null; // null while what it belongs to is on its way
    this.key = this.loading = "";
    this.visible = true;
    this.stale = false;
    this.timings = []; // ms from the handler's start to pixels, of the last strokes: benchmarks/page.py reads them
    this.stages = new Stages(this);
    this.tools = new Tools(this);
    this.source = new Source(this);
    this.tools.row.append(this.source.swap);
    this.answers = new Answers(this);
    this.atlas = new Atlas(this);
    this.information = new Information(this);
    this.parts = [this.stages, this.tools, this.source, this.answers, this.atlas, this.information];
    this.title = h("h2");
    this.state = h("p", { class: "ex-bench-state", role: "status" });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.intro = h("p", { class: "ex-bench-intro" });
    this.body = h("div", { class: "ex-bench-body" },
      h("div", { class: "ex-bench-card" },
        h("header", {}, this.title, this.state), this.intro, this.stages.element, this.tools.element, this.source.element),
      this.answers.element, this.atlas.element, this.information.element);
    root.replaceChildren(this.message, this.body);
    root.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.bench && this.draw()).observe(this.stages.element);
    new IntersectionObserver((entries) => this.sight(entries.at(-1).isIntersecting)).observe(root);
    store.subscribe((change) => this.update(change));
    this.update({ scene: true });
  }

  get scene() {
    return store.scene?.workbench;
  }

  get side() {
    return store.side("right");
  }

  /** The cell that everything shows: under the hand, else the chosen one. */
  get cell() {
    return store.hover.cell ?? this.chosen;
  }

  /** The code that tools write: the pinned one, else the most used. */
  get brush() {
    return store.pins("right").code ?? this.usual;
  }

  update(change) {
    if (!store.scene) return;
    if (!this.visible && !change.scene) this.stale = true;
    else if (!this.scene) this.rest();
    else if (change.scene) this.load();
    else if (!this.bench) return;
    else if (change.codebook) this.moved(change.codebook);
    else if (change.theme || change.weights) this.draw();
    else if (change.view) this.tools.show();
    else if (change.hover) this.light();
  }

  /** Scrolled back into sight: what happened meanwhile is drawn now. */
  sight(visible) {
    this.visible = visible;
    if (!visible || !this.stale) return;
    this.stale = false;
    this.update({ scene: true });
  }

  /** Nothing to work on: another tab is open, or the side has no run and says why above. */
  rest() {
    this.bench = null;
    this.body.hidden = store.view.tab === "latent";
    this.say(this.body.hidden ? this.side.empty : "");
  }

  say(sentence) {
    this.message.textContent = sentence;
    this.message.hidden = !sentence;
  }

  async load() {
    const key = `${this.side.run} ${store.scene.view.data} ${store.scene.view.image}`;
    this.loading = key;
    if (this.key !== key) this.bench = null; // never one image's codes in another's stages
    this.root.classList.toggle("ex-bench-loading", !this.bench);
    try {
      const codebook = await store.codebook("right");
      if (this.loading !== key || !this.scene) return; // another image was chosen meanwhile
      if (this.loaded !== codebook) this.places = new Places(codebook);
      this.loaded = codebook;
      this.take(key);
    } catch (error) {
      console.warn(error);
      this.body.hidden = true; // never another run's codes
      this.say(store.t("client.points_failed"));
    }
  }

  take(key) {
    const { plane } = this.side;
    this.key = key;
    this.say("");
    this.body.hidden = false;
    this.root.classList.remove("ex-bench-loading");
    this.follow();
    if (!this.benches.has(key)) this.benches.set(key, new Bench(store.indices("right"), plane.grid));
    this.bench = this.benches.get(key);
    this.bench.end();
    this.bench.rebase(store.indices("right"));
    if (this.grid !== plane.grid) this.chosen = middle(plane.grid);
    this.grid = plane.grid;
    this.title.replaceChildren(kindGlyph("vqvae"), t("workbench.title"), h("span", { class: "ex-run-label" }, this.side.label));
    const intro = t("workbench.intro", { cells: plane.grid ** 2, codes: plane.codes[0] });
    this.intro.textContent = [intro, this.scene.draws].join(store.view.lang === "zh" ? "" : " ");
    for (const part of this.parts) part.update();
    this.draw();
  }

  /** The codebook with the reader's own moves. */
  follow() {
    this.codebook = store.codes("right");
    this.usual = this.codebook.hits.indexOf(Math.max(...this.codebook.hits));
    this.places.follow(this.codebook);
  }

  /** A code was dragged on the plane: codes, vectors and the picture follow at once, the rest when the hand rests. */
  moved(side) {
    if (side !== "right") return;
    this.follow();
    this.bench.rebase(store.indices("right"));
    this.stages.draw();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.bench && this.take(this.key), RESTING_MS);
  }

  draw() {
    this.stages.draw();
    this.tools.show();
    this.source.draw();
    this.answers.draw();
    this.atlas.draw();
    this.information.draw();
    this.showState();
  }

  /** The grid has changed: what shows it is drawn now; marks, words and buttons may miss a frame or two of a stroke. */
  changed() {
    this.stages.drawGrid();
    this.pending ||= setTimeout(() => {
      this.pending = 0;
      if (!this.bench) return;
      this.light();
      this.tools.show();
      this.answers.draw();
      this.showState();
    }, MARKING_MS);
  }

  showState() {
    const { edited, codes } = this.bench;
    this.root.classList.toggle("ex-bench-edited", edited > 0);
    const sentence = edited ? t("workbench.edited", { edited, total: codes.length }) : t("workbench.untouched");
    if (this.state.dataset.sentence === sentence) return;
    this.state.dataset.sentence = sentence;
    const restore = h("button", { type: "button", onclick: () => this.edit((bench) => bench.clear()) }, t("workbench.restore"));
    this.state.replaceChildren(h("span", {}, sentence), ...(edited ? [restore] : []));
  }

  // --- the hand

  /** The pointer is over a cell, or over none. */
  hover(cell) {
    if (!this.bench && cell !== null) return;
    store.preview(cell === null ? { cell: null, code: null } : { cell, code: this.bench.codes[cell] });
  }

  /** A picture made of the same cells: it lights with the others, and a click on it chooses. */
  join(cells) {
    const { marks } = cells;
    marks.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.bench && this.hover(cells.cellOf(event)));
    marks.addEventListener("pointerleave", () => this.hover(null));
    marks.addEventListener("click", (event) => this.bench && this.choose(cells.cellOf(event)));
  }

  choose(cell) {
    this.chosen = cell;
    this.answers.ask();
    this.light();
  }

  light() {
    this.stages.mark();
    this.answers.follow();
    this.information.mark();
  }

  /** Any change that is one step: `edit(bench)`. */
  edit(edit) {
    if (!this.bench) return;
    edit(this.bench);
    this.changed();
  }

  /** Takes a code into the hand: the View's pinned code. */
  pick(code, paint = false) {
    if (paint && this.tool === "pick") this.use("paint");
    if (store.pins("right").code !== code) store.commit({ code });
  }

  use(tool) {
    this.tool = tool;
    this.root.dataset.tool = tool;
    this.tools.show();
    this.source.show();
    this.stages.mark();
  }

  /** Uses the tool on a cell; `began` is false for the later cells of a stroke. */
  apply(cells, began = true) {
    const { bench, tool } = this;
    const [cell] = cells;
    if (tool === "paint") {
      if (bench.set(cells, this.brush)) this.changed();
    } else if (!began) return;
    else if (tool === "pick") this.pick(bench.codes[cell]);
    else if (tool === "fill") this.edit(() => bench.flood(cell, this.brush));
    else this.source.pasteAt(cell);
  }

  onKey(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    this.edit((bench) => (key === "y" || event.shiftKey ? bench.redo() : bench.undo()));
  }
}

export const middle = (grid) => Math.floor(grid / 2) * grid + Math.floor(grid / 2);
