// One step opened up: a real mini-batch, the lines of the update beside their numbers, and the same as arrows.

import { h, refill, say, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { coloured } from "../core/symbols.js";
import { emaStep, gradientStep, placed, readBatch } from "./arithmetic.js";
import { ArrowPlane } from "./arrows.js";
import { written } from "./follow.js";
import { linesOf } from "./lines.js";
import { Settings } from "./settings.js";
import { StepTable } from "./table.js";
import { reader, SIDES, twins } from "./twins.js";

const MOVED = 1e-6; // of its length: a code that moved less than this stands still

const batches = new Map(); // address -> promise of a mini-batch

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const panel = new StepPanel(element.querySelector(".ex-cb-step"));
  twins.subscribe((change) => twins.scene && (change.scene || change.rest || change.data) && panel.update(change));
  store.subscribe((change) => {
    if (!twins.scene || !panel.batch) return;
    if (change.theme) panel.plane.draw();
    else if (change.hover || (change.view && !change.scene)) panel.point(change);
  });
  if (twins.scene) panel.update({ scene: true });
}

class StepPanel {
  constructor(root) {
    this.root = root;
    this.chosen = null; // side the reader chose; null takes the one that the guide speaks of, else one with an EMA
    this.guided = false; // whether the guide speaks of a gradient
    this.batch = null; // with `frame`, its place in the film, and `opened`, its address
    this.head = h("div", { class: "ex-cb-head" });
    this.lead = h("div", { class: "ex-cb-lead" });
    this.what = h("p", { class: "ex-cb-what", "aria-live": "polite" });
    this.lines = h("ol", { class: "ex-cb-lines" });
    this.notes = h("div", { class: "ex-cb-note" });
    this.caption = h("p", { class: "ex-caption" });
    this.plane = new ArrowPlane();
    this.settings = new Settings(() => this.compute());
    this.table = new StepTable();
    const left = h("div", {}, this.lead, this.settings.element, this.lines, this.notes);
    const right = h("div", {}, this.plane.element, this.caption);
    this.body = h("div", {}, h("div", { class: "ex-cb-opened" }, left, right), this.table.element);
    root.replaceChildren(this.head, this.what, this.body);
    root.explorer = this; // for the tests
  }

  get name() {
    const open = SIDES.filter((name) => twins.side(name)?.batches.length);
    const spokenOf = (name) => (twins.side(name).moves.start === "") === this.guided;
    return open.includes(this.chosen) ? this.chosen : ([...open].reverse().find(spokenOf) ?? open[0]);
  }

  get side() {
    return twins.side(this.name);
  }

  update() {
    const guided = store.view.guide > 0 && store.scene.guide.open?.name === "gradient";
    if (guided !== this.guided) Object.assign(this, { guided, chosen: null });
    const { name } = this;
    this.body.hidden = !name;
    refill(this.head, [name, store.view.lang, ...SIDES.map((each) => twins.side(each).run)], () => this.heading());
    if (!name) {
      this.what.textContent = twins.word("codebook.step.empty");
      return;
    }
    const { start } = this.side.moves;
    refill(this.lead, [store.view.lang, start], () => [
      h("p", {}, twins.word("codebook.step.lead")),
      h("p", {}, twins.word(start ? "codebook.step.ema" : "codebook.step.gradient")),
    ]);
    refill(this.lines, [start, store.view.lang], () => linesOf(start).map((line) => this.line(line)));
    if (this.settings.update(this.side, twins.frame(this.name))) this.compute();
    this.fetch();
  }

  heading() {
    const choice = (name) =>
      h("button", {
        type: "button", role: "radio", "aria-checked": String(name === this.name),
        onclick: () => {
          this.chosen = name;
          this.update();
        },
      }, `${twins.word(`codebook.side.${name}`)}${store.colon}${twins.side(name).title}`);
    const open = SIDES.filter((name) => twins.side(name).batches.length);
    const kept = this.name ? this.side.kept.filter((step) => this.side.steps.includes(step)) : [];
    return [
      h("h2", {}, twins.word("codebook.step")),
      h("div", { class: "ex-cb-chips", role: "radiogroup", "aria-label": twins.word("codebook.step.which") }, ...open.map(choice)),
      kept.length
        ? h("div", { class: "ex-cb-chips" }, h("span", {}, twins.word("codebook.step.kept")),
          ...kept.map((step) => h("button", { type: "button", onclick: () => twins.go(step, { commit: true }) }, step.toLocaleString())))
        : "",
    ];
  }

  line({ key, code, formula, columns, layer }) {
    const light = (on) => () => {
      this.plane.light(on ? layer : null);
      this.table.light(on ? columns : []);
      for (const item of this.lines.children) item.classList.toggle("ex-cb-lit", on && item.dataset.key === key);
    };
    const [on, off] = [light(true), light(false)];
    return h("li", { tabindex: 0, "data-key": key, onpointerenter: on, onpointerleave: off, onfocus: on, onblur: off },
      h("code", {}, ...coloured(code)), h("span", { class: "ex-cb-formula" }, ...coloured(formula)),
      h("span", { class: "ex-cb-words" }, twins.word(`codebook.line.${key}`)));
  }

  async fetch() {
    const { side } = this;
    const frame = twins.frame(this.name);
    const address = side.batches[frame];
    if (this.address === address && this.lang === store.view.lang) return;
    Object.assign(this, { address, lang: store.view.lang });
    if (!batches.has(address)) {
      const reading = store.bytes(address).then((buffer) => readBatch(reader(buffer), side.codes, buffer.byteLength));
      batches.set(address, reading);
      reading.catch(() => batches.delete(address));
    }
    try {
      const batch = await batches.get(address);
      if (this.address !== address) return; // the scrubber went on
      Object.assign(this, { batch, frame, opened: address });
      this.settings.update(side, frame);
      this.compute();
    } catch (error) {
      console.warn(error);
      this.what.textContent = twins.word("codebook.say.failed");
    }
  }

  /** The arithmetic, with the sliders' numbers; of a side that was just chosen, once its own mini-batch is here. */
  compute() {
    const { batch, side, frame } = this;
    if (!batch || side?.batches[frame] !== this.opened) return;
    const { start } = side.moves;
    const rule = this.settings.values;
    this.result = start ? emaStep(batch, { ...rule, start, step: side.steps[frame] + 1 }) : gradientStep(batch, rule);
    const dim = side.codes[1];
    const means = batch.sums.map((sum, i) => (batch.hits[Math.floor(i / dim)] ? sum / batch.hits[Math.floor(i / dim)] : batch.codebook[i]));
    this.plane.show({
      batch, hits: batch.hits, counts: this.result.count ?? null, before: placed(batch.codebook, batch),
      after: placed(this.result.codebook, batch), means: placed(means, batch),
    });
    this.table.show({ batch, result: this.result, start, dim });
    this.say();
  }

  say() {
    const { batch, side, frame } = this;
    const { moves, steps } = side;
    const hit = batch.hits.filter((n) => n > 0).length;
    const [vectors, all] = [batch.vectors, side.per_step].map((n) => n.toLocaleString());
    const whole = side.kept.includes(steps[frame]);
    const unhit = batch.hits.length - hit;
    this.what.textContent = [
      twins.word("codebook.say.update", { step: steps[frame], next: steps[frame] + 1, vectors, hit, unhit }),
      whole ? twins.word("codebook.say.whole") : twins.word(side.recorded ? "codebook.record.step" : side.columns ? "codebook.say.columns" : "codebook.say.sampled", { vectors, all, columns: side.columns, grid: side.grid }),
      frame === steps.length - 1 && !side.recorded ? twins.word("codebook.say.last") : "",
    ].join(" ");
    const notes = side.recorded ? [] : moves.start
      ? [twins.word(`codebook.step.${moves.start}`), this.checked(whole)]
      : [twins.word("codebook.say.zero_rows", { count: unhit, total: batch.hits.length }), twins.word("codebook.step.adam", { lr: moves.lr, rate: moves.rates[frame].toPrecision(2) })];
    notes.push(this.travelled());
    this.notes.replaceChildren(...notes.filter(Boolean).map((sentence) => h("p", {}, sentence)));
    const count = this.movedUnhit();
    this.caption.textContent = twins.word(count ? "codebook.say.arrows_unhit" : "codebook.say.arrows", { times: this.plane.times.toLocaleString(), count });
    say(this.plane.canvas, `${twins.word("codebook.step.plane")}. ${this.caption.textContent}`);
  }

  /** How far used codes really went until the film's next frame: under Adam far more than the step of SGD shown here. */
  travelled() {
    const { side, frame } = this;
    const [here, next] = [side.steps[frame], side.steps[frame + 1]];
    const median = side.motion.used[frame];
    return median === null || next === undefined ? "" : twins.word("codebook.say.travelled", { here, next, median: median < 1e-3 ? written(median) : median });
  }

  movedUnhit() {
    const { before, after } = this.plane.shown;
    const moved = (k) => Math.hypot(after[2 * k] - before[2 * k], after[2 * k + 1] - before[2 * k + 1]);
    const size = (k) => Math.hypot(before[2 * k], before[2 * k + 1]) || 1;
    return [...this.batch.hits.keys()].filter((k) => !this.batch.hits[k] && moved(k) > MOVED * size(k)).length;
  }

  /** Where the film has the very next step, the run's own result stands beside ours. */
  checked(whole) {
    const { side, frame, result } = this;
    const film = twins.film(this.name);
    const next = side.steps[frame + 1] === side.steps[frame] + 1;
    if (!whole || !next || !film || !this.settings.own || side.projected) return "";
    const [size] = side.codes;
    let off = 0;
    for (let k = 0; k < size; k++) {
      const at = 2 * ((frame + 1) * size + k);
      const [x, y] = [film.places[at], film.places[at + 1]];
      off = Math.max(off, Math.hypot(result.codebook[2 * k] - x, result.codebook[2 * k + 1] - y) / Math.max(Math.hypot(x, y), 1e-3));
    }
    return twins.word("codebook.say.checked", { off: (100 * off).toPrecision(2) });
  }

  /** The pointer, or the followed code. */
  point(change) {
    this.plane.draw();
    this.table.mark();
    if (change.view) this.table.draw();
  }
}
