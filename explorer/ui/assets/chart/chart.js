// Charts: Python builds the figure (explorer/plots), this draws it with plotly.js.
//
//   const chart = new Chart(element, { name: "curves", label: "Curves over steps", onclick: ({ x }) => … });
//   chart.show(figure);      // {data, layout, dark} of explorer.plots.theme.plain
//   chart.cursor(688);       // an upright line in every panel, without drawing the figure again
//
// Zoom and legend survive `show`. plotly.js is fetched when the first chart is shown or two windows away, never before; a
// chart is first drawn when it is nearly in sight, and one a frame: seven at once would stand still for a second.

import { h, save, say, styleSheet } from "../core/dom.js";
import { size } from "../core/shown.js";
import { store } from "../core/store.js";
import { summary } from "./summary.js";
import { colour } from "../core/theme.js";
import { inSight } from "../core/when_seen.js";

const CONFIG = { displayModeBar: false, displaylogo: false, doubleClick: "reset", showTips: false };
const AHEAD = 1600; // pixels
const NEAR = 400;
const COARSE = matchMedia("(pointer: coarse)"); // a finger scrolls the page, it does not draw boxes

let [library, ahead] = [null, null];
let sheet = null;
let turns = Promise.resolve();

const src = new URL("./plotly.min.js", import.meta.url).href;

/** Fetches Plotly, but leaves it for a chart to run. */
function fetchAhead() {
  ahead ??= document.head.appendChild(h("link", { rel: "prefetch", as: "script", href: src }));
}

/** Promise of Plotly, fetched once. */
function plotly() {
  library ??= new Promise((done, failed) => {
    const onerror = () => {
      library = null; // the next chart tries again
      failed(new Error(store.t("client.chart_failed")));
    };
    document.head.append(h("script", { src, onload: () => done(globalThis.Plotly), onerror }));
  });
  return library;
}

/** Resolves when this is the only chart that is drawn in its frame. */
function turn() {
  return (turns = turns.then(() => new Promise(requestAnimationFrame)));
}

export class Chart {
  /**
   * @param name of the files it saves
   * @param label what it shows, for who cannot see it
   * @param height pixels that are kept for it until the first figure has come
   * @param onclick called with {x, y, series, index, id} of the point that was clicked; `id` is its `customdata`
   */
  constructor(element, { name, label = "", height = 300, onclick = null }) {
    sheet ??= styleSheet("chart/chart.css");
    this.name = name;
    this.onclick = onclick;
    this.figure = null;
    this.shown = null; // promise of the last drawing
    this.drawings = 0; // for the tests
    this.at = null;
    this.plot = h("div", { class: "ex-chart-plot", role: "img" });
    say(this.plot, label);
    this.label = label;
    this.lines = h("div", { class: "ex-chart-cursors", "aria-hidden": "true" });
    this.message = h("p", { class: "ex-chart-message", role: "status" });
    this.tools = h("div", { class: "ex-chart-tools" });
    this.element = h("figure", { class: "ex-chart" }, h("div", { class: "ex-chart-body" }, this.plot, this.lines), this.message, this.tools);
    this.element.explorer = this;
    element.replaceChildren(this.element);
    this.reserve(height);
    inSight(this.element, fetchAhead, AHEAD);
    this.near = new Promise((arrive) => inSight(this.element, arrive, NEAR));
    new ResizeObserver(() => this.resize()).observe(this.plot);
    store.subscribe((change) => change.theme && this.figure && this.draw());
  }

  /** Draws a figure; of quick successors the last one counts. */
  show(figure, label = null) {
    this.figure = figure;
    if (label !== null) this.label = label;
    this.plot.style.height = `${figure.layout.height ?? 300}px`;
    this.describe();
    this.fillTools();
    return this.draw();
  }

  /** Keeps the place of a figure of so many pixels that has not come yet, so that nothing below it jumps. */
  reserve(height) {
    if (!this.figure) this.plot.style.height = `${height}px`;
  }

  /** What it shows in words, for who cannot see it: its title, and the numbers of each line. */
  describe() {
    say(this.plot, [this.label?.replace(/[.。]$/, ""), ...summary(this.figure)].filter(Boolean).join(store.view.lang === "zh" ? "。" : ". "));
  }

  draw() {
    this.wanted = true;
    this.shown ??= this.drawLatest().finally(() => (this.shown = null));
    return this.shown;
  }

  async drawLatest() {
    try {
      await this.near;
      const Plotly = await plotly();
      while (this.wanted) {
        await turn();
        this.wanted = false;
        const { data, layout } = dressed(this.figure);
        if (!this.plot.clientWidth) return; // hidden: `resize` draws it when it is seen
        await Plotly.react(this.plot, data, layout, CONFIG);
        this.listen();
        this.drawings += 1;
        this.placeCursor();
      }
      this.message.textContent = "";
    } catch (error) {
      this.message.textContent = error.message;
    }
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_click", ({ points: [point] }) =>
      this.onclick?.({ x: point.x, y: point.y, series: point.data.name, index: point.pointIndex, id: point.customdata }));
    for (const event of ["plotly_relayout", "plotly_afterplot"]) this.plot.on(event, () => this.placeCursor());
  }

  resize() {
    if (!this.figure || !this.plot.clientWidth) return;
    if (this.plot.clientWidth === this.width) return;
    this.width = this.plot.clientWidth;
    this.draw();
  }

  /** Other numbers in the same lines, at most once a frame: `values` is one array for each trace. */
  restyle(values) {
    if (!this.figure) return;
    this.figure = { ...this.figure, data: this.figure.data.map((trace, k) => ({ ...trace, y: values[k] })) };
    this.next ??= requestAnimationFrame(() => {
      this.next = null;
      this.describe();
      this.draw();
    });
  }

  /** An upright line at `x` in every panel; null takes it away. */
  cursor(x) {
    this.at = x;
    this.placeCursor();
  }

  placeCursor() {
    const { _fullLayout: full } = this.plot;
    const panels = full ? Object.entries(full._plots ?? {}) : [];
    const places = this.at === null ? [] : panels.map(([, { xaxis, yaxis }]) => placeOf(this.at, xaxis, yaxis)).filter(Boolean);
    while (this.lines.children.length < places.length) this.lines.append(h("i"));
    [...this.lines.children].forEach((line, k) => {
      line.hidden = !places[k];
      if (places[k]) line.style.cssText = `left:${places[k].x}px;top:${places[k].top}px;height:${places[k].height}px`;
    });
  }

  // --- what can be taken home

  fillTools() {
    const { lang } = store.view ?? {};
    if (this.lang === lang && this.tools.children.length) return;
    this.lang = lang;
    const tool = (text, title, onclick) => h("button", { type: "button", title, "aria-label": lang === "zh" ? `${title}（${this.name}）` : `${title} (${this.name})`, onclick }, text);
    this.tools.replaceChildren(
      tool("⤢", store.t("client.chart_reset"), () => this.reset()),
      tool("PNG", store.t("client.chart_save", { format: "PNG" }), () => this.picture("png")),
      tool("SVG", store.t("client.chart_save", { format: "SVG" }), () => this.picture("svg")),
      tool("CSV", store.t("client.chart_save", { format: "CSV" }), () => this.table()));
  }

  async reset() {
    const Plotly = await plotly();
    const axes = Object.keys(this.plot._fullLayout ?? {}).filter((key) => /^[xy]axis\d*$/.test(key));
    const { layout } = this.figure;
    const ranges = axes.map((axis) => (layout[axis]?.range ? [`${axis}.range`, [...layout[axis].range]] : [`${axis}.autorange`, true]));
    await Plotly.relayout(this.plot, Object.fromEntries(ranges));
  }

  async picture(format) {
    const Plotly = await plotly();
    const { clientWidth: width, clientHeight: height } = this.plot;
    const { data, layout } = dressed(this.figure);
    const opaque = { ...layout, ...zoomOf(this.plot), paper_bgcolor: colour("--background-fill-primary") };
    await Plotly.downloadImage({ data, layout: opaque }, { format, width, height, scale: format === "png" ? 2 : 1, filename: this.name });
  }

  table() {
    save(`${this.name}.csv`, new Blob([csv(this.plot._fullData ?? [])], { type: "text/csv" }));
  }
}

/** The figure as it is drawn here: the page's font, and the dark twins of its colours where it is dark. */
function dressed(figure) {
  const dark = document.body.classList.contains("dark") ? figure.dark ?? {} : {};
  const { data, layout } = recoloured({ data: figure.data, layout: figure.layout }, dark);
  const dragmode = COARSE.matches ? false : (layout.dragmode ?? "zoom");
  if (size() !== 1) enlarge({ data, layout });
  return { data, layout: { ...layout, font: { ...layout.font, family: colour("--font") }, autosize: true, dragmode } };
}

/** Letters, lines and dots for a projector: every `size` and `width` of a font, a line or a marker. */
function enlarge(value, key = "") {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return;
  for (const [name, item] of Object.entries(value)) {
    const grows = (name === "size" && /font|marker/.test(key)) || (name === "width" && key === "line");
    if (grows && typeof item === "number") value[name] = item * size();
    else if (!Array.isArray(item) || typeof item[0] === "object") enlarge(item, name);
  }
}

function recoloured(value, dark) {
  if (typeof value === "string") return Object.hasOwn(dark, value) ? dark[value] : value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((item) => recoloured(item, dark));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recoloured(item, dark)]));
}

function placeOf(x, xaxis, yaxis) {
  const at = xaxis.d2p(x); // pixels from the panel's left edge
  if (!Number.isFinite(at) || at < 0 || at > xaxis._length) return null;
  return { x: xaxis._offset + at, top: yaxis._offset, height: yaxis._length };
}

/** What the reader has zoomed to, so that a saved picture shows the same. */
function zoomOf(plot) {
  const axes = Object.entries(plot._fullLayout ?? {}).filter(([key]) => /^[xy]axis\d*$/.test(key));
  return Object.fromEntries(axes.map(([key, axis]) => [key, { ...plot.layout[key], range: [...axis.range], autorange: false }]));
}

/** One row for each number drawn: panel, series, x, y (and z of a heat map). */
function csv(traces) {
  const rows = [["panel", "series", "x", "y", "z"]];
  for (const { meta, name, x = [], y = [], z } of traces) {
    const head = [meta?.panel ?? "", name ?? ""];
    if (z) z.forEach((line, r) => [...line].forEach((value, c) => rows.push([...head, x[c] ?? c, y[r] ?? r, value])));
    else for (let i = 0; i < Math.max(x.length, y.length); i++) rows.push([...head, x[i] ?? i, y[i] ?? "", ""]);
  }
  return rows.map((row) => row.map(field).join(",")).join("\n") + "\n";
}

const field = (value) => (/[",\n]/.test(String(value ?? "")) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? ""));
