// Curves over all steps, and how evenly codes are used at this one.

import { latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { inSight } from "../core/when_seen.js";
import { tip, titled } from "../core/tip.js";
import { SIDES, twins } from "./twins.js";

const COLUMN_PIXELS = 330; // a chart narrower than this is hard to read
const [PANELS, PANEL_PIXELS, USAGE_PIXELS] = [6, 210, 210]; // explorer.plots.codebook: what is reserved until it has come

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const panel = new Curves(element.querySelector(".ex-cb-curves"));
  twins.subscribe((change) => twins.scene && panel.update(change));
  new ResizeObserver(() => twins.scene && panel.ask()).observe(panel.root);
  if (twins.scene) panel.update({ scene: true });
}

class Curves {
  constructor(root) {
    this.root = root;
    this.steps = "log";
    this.asked = "";
    this.question = latest("codebook_curves");
    this.head = h("div", { class: "ex-cb-head" });
    this.message = h("p", { class: "ex-chart-message", role: "status" });
    this.note = h("p", { class: "ex-cb-note" });
    this.usageHead = h("div");
    const [curves, usage] = [h("div"), h("div")];
    this.curves = new Chart(curves, { name: "codebook-curves", onclick: ({ x }) => twins.go(x, { commit: true }) });
    this.usage = new Chart(usage, { name: "codebook-usage" });
    root.replaceChildren(this.head, this.message, curves, this.note, this.usageHead, usage);
    inSight(root, () => {
      this.seen = true;
      if (twins.scene) this.ask();
    });
  }

  update(change) {
    if (change.scene) {
      this.words();
      this.ask();
    }
    if (change.step) this.curves.cursor(this.steps === "log" && twins.at === 0 ? null : twins.at);
    if (change.rest || change.data) this.drawUsage();
  }

  words() {
    refill(this.head, [store.view.lang], () => [
      h("h2", {}, twins.word("codebook.curves")),
      h("label", { class: "ex-cb-choice" }, `${twins.word("codebook.curves.steps")} `,
        h("select", { onchange: (event) => this.scale(event.target.value) },
          h("option", { value: "log", selected: this.steps === "log" }, twins.word("codebook.curves.log")),
          h("option", { value: "linear", selected: this.steps === "linear" }, twins.word("codebook.curves.linear")))),
    ]);
    this.note.textContent = twins.word("codebook.curves.note");
    const usage = twins.word("codebook.usage");
    refill(this.usageHead, [usage], () => titled(h("h2", {}, usage), tip(usage, twins.word("codebook.usage.tip"))));
  }

  scale(steps) {
    this.steps = steps;
    this.ask();
  }

  /** The figures belong to the runs, the rule, the language and the room there is: asked again when one of them changes. */
  async ask() {
    const width = this.root.clientWidth;
    if (!width) return;
    const columns = Math.min(3, Math.max(1, Math.floor(width / COLUMN_PIXELS)));
    this.curves.reserve((PANELS / columns) * PANEL_PIXELS);
    this.usage.reserve(USAGE_PIXELS);
    if (!this.seen) return;
    const runs = SIDES.map((name) => [twins.side(name).recorded ? "record" : name, twins.side(name).run]).filter(([, run]) => run);
    if (!runs.length) return;
    const { rule, windows, starved, lang } = store.view;
    const asked = { ...Object.fromEntries(runs), rule, windows: String(windows), starved, columns: String(columns), steps: this.steps };
    const signature = JSON.stringify([asked, lang]);
    if (signature === this.asked) return;
    this.asked = signature;
    try {
      const answer = await this.question(asked);
      if (!answer) return;
      this.message.textContent = "";
      // another scale is another axis: what was zoomed to on the old one means nothing there
      this.curves.show(revised(answer.curves, [asked.left ?? asked.record, asked.right, this.steps, columns]), twins.word("codebook.curves.label"));
      this.usage.show(revised(answer.usage, [asked.left ?? asked.record, asked.right]), twins.word("codebook.usage.label"));
      this.drawUsage();
      this.curves.cursor(this.steps === "log" && twins.at === 0 ? null : twins.at);
    } catch (error) {
      this.asked = "";
      this.message.textContent = error.message;
    }
  }

  /** Sorted use at this step, in units of even use. */
  drawUsage() {
    if (!this.usage.figure) return;
    const filmed = SIDES.filter((name) => twins.side(name)?.film);
    if (filmed.length !== this.usage.figure.data.length || !filmed.every((name) => twins.life(name))) return;
    this.usage.restyle(filmed.map((name) => {
      const [size] = twins.side(name).codes;
      const t = twins.frame(name);
      const life = twins.life(name);
      const even = life.vectors[t] / size || 1;
      return Array.from(life.hits.subarray(t * size, (t + 1) * size)).sort((a, b) => b - a).map((hits) => (hits ? hits / even : null));
    }));
  }
}

const revised = (figure, parts) => ({ ...figure, layout: { ...figure.layout, uirevision: JSON.stringify(parts) } });
