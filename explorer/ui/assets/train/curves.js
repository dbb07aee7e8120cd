// Curves that grow: Python gave the figure, each look brings the points since the last one. Zoom survives.

import { Chart } from "../chart/chart.js";
import { h } from "../core/dom.js";
import { joined, word } from "./words.js";

const NARROW = 860; // pixels
const MOST_DECADES = 2; // of an axis that also names 2 and 5
const DRAW_MS = 450; // a chart is the costliest thing here

export class Curves {
  constructor() {
    this.title = h("h3");
    this.note = h("p", { class: "ex-train-note" });
    const plot = h("div");
    this.element = h("section", { class: "ex-train-panel", "data-part": "curves" }, this.title, plot, this.note);
    this.chart = new Chart(plot, { name: "training-curves" });
    this.clear();
  }

  clear() {
    this.figure = null;
    this.steps = []; // of each side
    this.values = []; // of each side: name -> numbers
    this.history = "";
    this.last = 0;
    this.drawn = 0;
    this.element.hidden = true;
  }

  /** How many small charts have room side by side. */
  get columns() {
    return (this.element.parentElement?.clientWidth || innerWidth) < NARROW ? 2 : 3;
  }

  begin(figure, drawn) {
    this.figure = figure;
    this.title.textContent = word("train.curves");
    const alike = drawn.length === 2 && drawn[0].kind === drawn[1].kind;
    this.note.textContent = joined(alike && word("train.curves.alike"), word("train.curves.note"));
    this.draw();
  }

  /** Upright lines where something was changed. */
  marks(history) {
    const signature = JSON.stringify(history);
    if (signature === this.history) return;
    this.history = signature;
    this.changes = history;
    this.draw();
  }

  add(sides) {
    sides.forEach(({ curve_steps: steps, curves }, side) => {
      const known = (this.steps[side] ??= []);
      const values = (this.values[side] ??= {});
      if (steps.length && known.length && steps[0] <= known.at(-1)) this.cut(side, steps[0]); // a trainer that went back
      known.push(...steps);
      for (const [name, points] of Object.entries(curves)) (values[name] ??= []).push(...points);
    });
    this.last = this.steps[0]?.at(-1) ?? 0;
    this.element.hidden = this.last === 0;
    if (performance.now() - this.drawn > DRAW_MS) this.draw();
    else this.later ??= setTimeout(() => this.draw(), DRAW_MS);
  }

  cut(side, step) {
    const count = this.steps[side].findIndex((known) => known >= step);
    this.steps[side].length = count;
    for (const points of Object.values(this.values[side])) points.length = count;
  }

  /** Axes on which 1, 2 and 5 of every power would stand too close: powers of ten alone. */
  ticks(data) {
    const axes = {};
    for (const { yaxis = "y" } of data) {
      const name = yaxis.replace("y", "yaxis");
      const values = data.filter((trace) => (trace.yaxis ?? "y") === yaxis).flatMap(({ y }) => y).filter((value) => value > 0);
      const least = values.reduce((a, b) => Math.min(a, b), Infinity);
      const decades = Math.log10(values.reduce((a, b) => Math.max(a, b), 0) / least);
      if (this.figure.layout[name]?.type === "log" && decades > MOST_DECADES) axes[name] = { ...this.figure.layout[name], dtick: Math.ceil(decades / 5) };
    }
    return axes;
  }

  draw() {
    clearTimeout(this.later);
    this.later = null;
    if (!this.figure || this.element.hidden) return;
    this.drawn = performance.now();
    const data = this.figure.data.map((trace) => ({
      ...trace,
      x: this.steps[trace.meta.side] ?? [],
      y: this.values[trace.meta.side]?.[trace.meta.curve] ?? [],
    }));
    const axes = [...new Set(this.figure.data.map(({ xaxis, yaxis }) => `${xaxis ?? "x"} ${yaxis ?? "y"}`))].map((pair) => pair.split(" "));
    const shapes = (this.changes ?? []).flatMap(({ step }) => axes.map(([x, y]) => ({
      type: "line", xref: x, yref: `${y} domain`, x0: step, x1: step, y0: 0, y1: 1,
      line: { color: "#64748b", width: 1.2, dash: "dot" },
    })));
    this.chart.show({ ...this.figure, data, layout: { ...this.figure.layout, ...this.ticks(data), shapes, uirevision: "training" } }, word("train.curves"));
  }
}
