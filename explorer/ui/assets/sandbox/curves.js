// What became of both codebooks, step by step: dead codes, perplexity, distortion.

import { h, pictureCanvas, say } from "../core/dom.js";
import { canvasFont, colour } from "../core/theme.js";
import { ruleColour } from "./colours.js";
import { CURVES } from "./engine.js";
import { SIDES } from "./world.js";

const HEIGHT = 74; // CSS pixels
const [TOP, BOTTOM] = [8, 4];

export class Curves {
  /** @param engine of engine.js; @param words(key, params) */
  constructor(engine, words) {
    Object.assign(this, { engine, words });
    this.charts = CURVES.map((name) => ({
      name, label: h("span"), value: h("span", { class: "ex-sb-values" }), canvas: pictureCanvas(),
    }));
    this.element = h("div", { class: "ex-sb-curves" }, ...this.charts.map(({ label, value, canvas }) =>
      h("figure", {}, h("figcaption", {}, label, value), canvas)));
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  draw() {
    if (!this.engine.world || !this.element.clientWidth) return;
    for (const chart of this.charts) {
      const label = this.words(`sandbox.${chart.name}`);
      const now = SIDES.map((side) => figure(chart.name, this.engine.world.gauges[side].value[chart.name]));
      chart.label.textContent = label;
      chart.value.textContent = now.join(" · ");
      say(chart.canvas, this.words("sandbox.say.curve", { label, left: now[0], right: now[1], step: this.engine.world.steps }));
      this.drawChart(chart);
    }
  }

  drawChart({ name, canvas }) {
    const width = canvas.clientWidth;
    const ratio = devicePixelRatio || 1;
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(HEIGHT * ratio) });
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { steps } = this.engine.history;
    const series = SIDES.map((side) => this.engine.history[side][name]);
    const scale = name === "distortion" ? (value) => Math.log10(Math.max(value, 1e-6)) : (value) => value;
    const values = series.flat().map(scale);
    const low = name === "distortion" ? Math.min(...values) : 0;
    const high = Math.max(...values, low + 1e-6);
    const x = (i) => 1 + ((width - 2) * steps[i]) / Math.max(1, steps.at(-1));
    const y = (value) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - scale(value))) / (high - low);
    this.axis(context, width, name === "distortion" ? 10 ** high : high);
    SIDES.forEach((side, s) => this.line(context, side, series[s].map((value, i) => [x(i), y(value)])));
  }

  axis(context, width, most) {
    context.strokeStyle = colour("--ex-axis");
    context.lineWidth = 1;
    context.strokeRect(0.5, TOP + 0.5, width - 1, HEIGHT - TOP - BOTTOM);
    context.fillStyle = colour("--body-text-color-subdued");
    context.font = canvasFont(10);
    context.textBaseline = "top";
    context.textAlign = "right";
    context.fillText(figure("", most), width - 4, TOP + 2);
  }

  /** The left side's line is dashed: both may have one colour. */
  line(context, side, points) {
    context.strokeStyle = ruleColour(this.engine.world[side].name);
    context.lineWidth = 2;
    context.setLineDash(side === "left" ? [5, 3] : []);
    context.beginPath();
    points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x, y));
    context.stroke();
    context.setLineDash([]);
  }
}

export const figure = (name, value) =>
  name === "dead" || value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toPrecision(2);
