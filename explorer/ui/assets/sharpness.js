// The tab Reconstruct's second part: how sharp both models are, beside the bits they were given.

import { latest } from "./ask.js";
import { Chart, save } from "./chart.js";
import { h, refill, styleSheet } from "./dom.js";
import { Closer } from "./sharpness/closer.js";
import { store } from "./store.js";
import "./tip.js";

export async function mount(element) {
  await styleSheet("sharpness.css");
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
    this.asked = "";
    this.answer = null;
    this.askPair = latest("sharpness");
    this.askPlane = latest("rate_distortion");
    this.closer = new Closer();
    this.status = h("p", { class: "ex-sharp-status", role: "status" });
    this.head = h("header", { class: "ex-sharp-head" });
    this.chartHeads = Object.fromEntries(["detail", "differences", "plane"].map((name) => [name, h("div", { class: "ex-sharp-chart-head" })]));
    this.foot = h("p", { class: "ex-sharp-note" });
    const figures = Object.fromEntries(Object.keys(this.chartHeads).map((name) => [name, h("div", {})]));
    this.body = h("div", { hidden: true },
      this.head, this.closer.element,
      h("div", { class: "ex-sharp-charts" },
        ...Object.entries(figures).map(([name, figure]) => h("section", { class: `ex-sharp-${name}` }, this.chartHeads[name], figure))),
      this.foot);
    root.replaceChildren(this.status, this.body);
    const load = ({ id }) => id && store.commit({ [kindOf(id) === "vqvae" ? "right" : "left"]: id });
    this.charts = {
      detail: new Chart(figures.detail, { name: "detail-by-frequency" }),
      differences: new Chart(figures.differences, { name: "right-minus-left" }),
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
    this.status.textContent = store.t("live.measuring");
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
    refill(this.head, [answer.headline, answer.scope, answer.warnings, answer.classic, words.title], () => this.heading(answer));
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
    this.foot.textContent = answer.summary;
  }

  heading({ words, headline, scope, warnings, classic, numbers }) {
    return [
      h("h2", {}, words.title),
      h("p", { class: "ex-sharp-headline" }, headline),
      h("p", { class: "ex-sharp-scope" }, scope),
      ...warnings.map((sentence) => h("p", { class: "ex-chip ex-sharp-warning" }, sentence)),
      h("div", { class: "ex-sharp-tools" },
        classic && h("button", { type: "button", class: "ex-sharp-classic", onclick: () => store.commit(classic) }, words.classic),
        h("button", { type: "button", onclick: () => this.saveTable() }, words.csv),
        h("button", { type: "button", onclick: () => saveText("comparison.json", JSON.stringify(numbers, null, 2)) }, words.json)),
    ];
  }

  /** Means and intervals of every measure, a row each. */
  saveTable() {
    const { measures, runs, rate_bits: rates } = this.answer.numbers;
    const rows = [["measure", ...runs, "difference", "low", "high", "second higher", "n"]];
    for (const [name, { mean, difference: d }] of Object.entries(measures)) {
      rows.push([name, ...mean, d.mean, d.low, d.high, d.second_higher, d.n]);
    }
    for (const name of new Set(rates.flatMap(Object.keys))) rows.push([`bits ${name}`, ...rates.map((r) => r[name] ?? ""), "", "", "", "", ""]);
    saveText("comparison.csv", rows.map((row) => row.join(",")).join("\n") + "\n");
  }

  async showPlane(pair) {
    const head = this.chartHeads.plane;
    try {
      const answer = await this.askPlane({ ...pair, data: store.view.data, quality: this.quality });
      if (!answer) return;
      const words = { title: answer.title, tip: answer.tip };
      refill(head, [words, answer.qualities, answer.left_out, this.quality], () => [
        title(words.title, words.tip),
        chooser(answer.qualities, this.quality, words.title, (quality) => {
          this.quality = quality;
          this.showPlane(this.pair);
        }),
        answer.left_out ? h("p", { class: "ex-sharp-note" }, answer.left_out) : null,
      ].filter(Boolean));
      this.charts.plane.show(answer.figure, words.title);
    } catch (error) {
      refill(head, [error.message], () => h("p", { class: "ex-chip" }, error.message));
    }
  }
}

const kindOf = (id) => store.scene.bar.runs.find(({ options }) => options.some((option) => option.id === id))?.kind;

const title = (words, tip = "") =>
  h("h3", {}, words, tip ? h("button", { type: "button", class: "ex-tip", "aria-label": `${words}: ${tip}`, "data-tip": tip }, "?") : null);

function chooser(choices, chosen, label, onchange) {
  const select = h("select", { "aria-label": label, onchange: (event) => onchange(event.target.value) },
    ...Object.entries(choices).map(([value, words]) => h("option", { value }, words)));
  select.value = chosen;
  return select;
}

const saveText = (name, content) => save(name, new Blob([content], { type: "text/plain" }));
