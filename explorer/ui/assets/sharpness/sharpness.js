// The tab Reconstruct's second part: how sharp both models are, beside the bits they were given.

import { latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill, save, styleSheet } from "../core/dom.js";
import { Closer } from "./enlarged.js";
import { store } from "../core/store.js";
import { tip, titled } from "../core/tip.js";

const CHARTS = ["detail", "differences", "seeds", "plane"];

export async function mount(element) {
  await styleSheet("sharpness/sharpness.css");
  const view = new SharpnessView(element.querySelector(".ex-sharp"));
  store.subscribe((change) => change.scene && view.update());
  view.update();
}

class SharpnessView {
  constructor(root) {
    this.root = root;
    root.explorer = this; // for the tests
    this.measure = "sigma_eq_px";
    this.quality = "psnr_db";
    this.rung = "learned";
    this.asked = "";
    this.answer = null;
    this.askPair = latest("sharpness");
    this.askPlane = latest("rate_distortion");
    this.closer = new Closer();
    this.status = h("p", { class: "ex-sharp-status", role: "status" });
    this.head = h("header", { class: "ex-sharp-head" });
    const each = (make) => Object.fromEntries(CHARTS.map((name) => [name, make()]));
    this.chartHeads = each(() => h("div", { class: "ex-sharp-chart-head" }));
    this.notes = each(() => h("p", { class: "ex-sharp-note" }));
    const figures = each(() => h("div", {}));
    this.body = h("div", { hidden: true },
      this.head, this.closer.element,
      h("div", { class: "ex-sharp-charts" },
        ...CHARTS.map((name) => h("section", { class: `ex-sharp-${name}` }, this.chartHeads[name], figures[name], this.notes[name]))));
    root.replaceChildren(this.status, this.body);
    const load = ({ id }) => id && store.commit({ [kindOf(id) === "vqvae" ? "right" : "left"]: id });
    this.charts = {
      detail: new Chart(figures.detail, { name: "detail-by-frequency" }),
      differences: new Chart(figures.differences, { name: "right-minus-left" }),
      seeds: new Chart(figures.seeds, { name: "training-by-training" }),
      plane: new Chart(figures.plane, { name: "quality-over-rate", onclick: load }),
    };
  }

  /** The pair on screen, or null where a side has no run. */
  get pair() {
    const [left, right] = ["left", "right"].map((name) => store.side(name)?.run);
    return store.scene?.reconstruct && left && right ? { left, right } : null;
  }

  update() {
    const { pair } = this;
    this.root.hidden = !pair;
    if (!pair) return;
    const key = JSON.stringify([pair, store.view.lang]);
    if (key !== this.asked) {
      this.asked = key;
      this.measurePair(pair);
      this.showPlane(pair);
    }
    this.closer.update(pair);
  }

  async measurePair(pair) {
    this.status.textContent = store.t("client.measuring");
    this.root.classList.add("ex-sharp-waiting");
    try {
      const answer = await this.askPair({ ...pair, measure: this.measure });
      if (!answer) return; // another pair was chosen meanwhile
      this.status.textContent = "";
      this.show(answer);
    } catch (error) {
      this.status.textContent = error.message;
      this.body.hidden = true;
      this.asked = "";
    }
    this.root.classList.remove("ex-sharp-waiting");
  }

  show(answer) {
    this.answer = answer;
    const { words } = answer;
    this.body.hidden = false;
    refill(this.head, [answer.headline, answer.scope, answer.warnings, answer.pairs, words.title], () => this.heading(answer));
    this.closer.show(answer);
    refill(this.chartHeads.detail, [words.curves, !answer.detail], () => [
      title(words.curves, words["curves.tip"]),
      answer.detail ? null : h("p", { class: "ex-chip" }, words.no_curves),
    ].filter(Boolean));
    if (answer.detail) this.charts.detail.show(answer.detail, words.curves);
    refill(this.chartHeads.differences, [words.histogram, this.measure, answer.measures], () => [
      title(words.histogram),
      chooser(answer.measures, this.measure, words.histogram, (measure) => {
        this.measure = measure;
        this.measurePair(this.pair);
      }),
    ]);
    this.charts.differences.show(answer.differences, answer.summary);
    this.notes.differences.textContent = answer.summary;
    this.showSeeds(answer);
  }

  /** Only where one side was trained from several seeds. */
  showSeeds({ seeds, words }) {
    this.chartHeads.seeds.parentElement.hidden = !seeds;
    if (!seeds) return;
    refill(this.chartHeads.seeds, [words.seeds, words["seeds.tip"]], () => [title(words.seeds, words["seeds.tip"])]);
    this.charts.seeds.show(seeds.figure, seeds.summary || words.seeds);
    this.notes.seeds.textContent = seeds.summary;
  }

  heading({ words, headline, scope, warnings, pairs, numbers }) {
    return [
      h("h2", {}, words.title),
      h("p", { class: "ex-sharp-headline" }, headline),
      h("p", { class: "ex-sharp-scope" }, scope),
      ...warnings.map((sentence) => h("p", { class: "ex-chip ex-sharp-warning", "data-expert": true }, sentence)),
      h("div", { class: "ex-sharp-tools" },
        ...pairs.map(({ name, label, left, right }) =>
          h("button", { type: "button", class: `ex-sharp-${name}`, onclick: () => store.commit({ left, right }) }, label)),
        h("button", { type: "button", onclick: () => this.saveTable() }, words.csv),
        h("button", { type: "button", onclick: () => saveText("comparison.json", JSON.stringify(numbers, null, 2)) }, words.json)),
    ];
  }

  /** Means and intervals of every measure, a row each. */
  saveTable() {
    const { measures, runs, seeds, rates, by_seed: bySeed } = this.answer.numbers;
    const rows = [["measure", ...runs, "difference", "low", "high", "second higher", "n"]];
    for (const [name, { mean, difference: d }] of Object.entries(measures)) {
      rows.push([name, ...mean, d.mean, d.low, d.high, d.second_higher, d.n]);
    }
    const means = bySeed.runs.map((group) => Object.fromEntries(group.map(({ run, mean }) => [run, mean])));
    for (const { seed, runs: pair, measures: found } of bySeed.differences.length > 1 ? bySeed.differences : []) {
      for (const [name, d] of Object.entries(found)) {
        rows.push([`${name} seed ${seed}`, ...pair.map((run, k) => means[k][run][name]), d.mean, d.low, d.high, d.second_higher, d.n]);
      }
    }
    rows.push(["seed", ...seeds, "", "", "", "", ""]);
    for (const name of new Set(rates.flatMap(Object.keys))) rows.push([`bits ${name}`, ...rates.map((r) => r[name] ?? ""), "", "", "", "", ""]);
    saveText("comparison.csv", rows.map((row) => row.join(",")).join("\n") + "\n");
  }

  async showPlane(pair) {
    const head = this.chartHeads.plane;
    try {
      const answer = await this.askPlane({ ...pair, data: store.view.data, quality: this.quality, rung: this.rung });
      if (!answer) return;
      const words = { title: answer.title, tip: answer.tip };
      refill(head, [words, answer.qualities, this.quality, answer.rungs, this.rung, answer.numbers], () => [
        title(words.title, words.tip),
        chooser(answer.qualities, this.quality, words.title, (quality) => {
          this.quality = quality;
          this.showPlane(this.pair);
        }),
        chooser(answer.rungs, this.rung, answer.words.rungs, (rung) => {
          this.rung = rung;
          this.showPlane(this.pair);
        }),
        h("button", { type: "button", class: "ex-sharp-csv", onclick: () => saveText("runs.csv", csvOfRuns(answer.numbers)) }, answer.words.csv),
        h("button", { type: "button", onclick: () => saveText("runs.json", JSON.stringify(answer.numbers, null, 2)) }, answer.words.json),
      ]);
      this.notes.plane.textContent = answer.left_out;
      this.charts.plane.show(answer.figure, words.title);
    } catch (error) {
      refill(head, [error.message], () => h("p", { class: "ex-chip" }, error.message));
    }
  }
}

const kindOf = (id) => store.scene.bar.runs.find(({ options }) => options.some((option) => option.id === id))?.kind;

const title = (words, said = "") => titled(h("h3", {}, words), said ? tip(words, said) : null);

function chooser(choices, chosen, label, onchange) {
  const select = h("select", { "aria-label": label, onchange: (event) => onchange(event.target.value) },
    ...Object.entries(choices).map(([value, words]) => h("option", { value }, words)));
  select.value = chosen;
  return select;
}

/** A row for each run: what it costs and how good it is. */
function csvOfRuns({ runs }) {
  const rungs = [...new Set(runs.flatMap(({ rates }) => Object.keys(rates)))];
  const plain = Object.keys(runs[0] ?? {}).filter((key) => key !== "rates");
  const rows = [[...plain, ...rungs.map((name) => `bits ${name}`)]];
  for (const run of runs) rows.push([...plain.map((key) => run[key] ?? ""), ...rungs.map((name) => run.rates[name] ?? "")]);
  return rows.map((row) => row.join(",")).join("\n") + "\n";
}

const saveText = (name, content) => save(name, new Blob([content], { type: "text/plain" }));
