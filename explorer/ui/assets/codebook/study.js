// The study: dots for each cell of one image set and size.

import { latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { tip, titled } from "../core/tip.js";
import { inSight } from "../core/when_seen.js";
import { twins } from "./twins.js";

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const panel = new Study(element.querySelector(".ex-cb-study"));
  store.subscribe((change) => change.scene && panel.ask());
}

class Study {
  constructor(root) {
    this.root = root;
    this.size = null; // chosen by the reader; null takes the one on screen
    this.sizes = [];
    this.asked = "";
    this.question = latest("study");
    this.head = h("div", { class: "ex-cb-head" });
    this.lead = h("div", { class: "ex-cb-lead" });
    this.message = h("p", { class: "ex-chart-message", role: "status" });
    this.figure = h("div");
    this.chart = new Chart(this.figure, { name: "codebook-study" });
    root.replaceChildren(this.head, this.lead, this.message, this.figure);
    root.explorer = this; // for the tests
    inSight(root, () => {
      this.seen = true;
      this.ask();
    });
  }

  async ask() {
    if (!this.seen || !twins.scene) return;
    const size = this.size ?? this.onScreen();
    const signature = JSON.stringify([store.view.lang, size]);
    if (signature === this.asked) return;
    this.asked = signature;
    try {
      const answer = await this.question({ size });
      if (!answer) return;
      const first = !this.sizes.length;
      this.sizes = answer.sizes;
      this.show(answer);
      if (first) this.ask(); // now that the sizes are known
    } catch (error) {
      this.asked = "";
      this.message.textContent = error.message;
    }
  }

  /** The size of the left codebook, else one of its images; "" is the first that has runs. */
  onScreen() {
    const [codes, depth] = twins.side("left")?.codes ?? [];
    const { data } = store.view;
    const names = this.sizes.map(([name]) => name);
    return names.find((name) => name === `${data}-d${depth}-k${codes}`) ?? names.find((name) => name.startsWith(`${data}-`)) ?? "";
  }

  show({ sizes, size, figure, lead, standing }) {
    const { lang } = store.view;
    this.message.textContent = "";
    refill(this.head, [lang, sizes, size], () => [
      titled(h("h2", {}, twins.word("codebook.study.title")), tip(twins.word("codebook.study.labels"), twins.word("codebook.study.labels.tip"))),
      sizes.length > 1 && h("label", { class: "ex-cb-choice" }, `${twins.word("codebook.study.size")} `,
        h("select", { onchange: (event) => this.choose(event.target.value) },
          ...sizes.map(([name, label]) => h("option", { value: name, selected: name === size }, label)))),
    ].filter(Boolean));
    refill(this.lead, [lead, standing], () => [h("p", {}, lead), h("p", { class: "ex-cb-note" }, standing)]);
    this.figure.hidden = !figure;
    if (figure) this.chart.show({ ...figure, layout: { ...figure.layout, uirevision: size } }, twins.word("codebook.study.axis"));
  }

  choose(size) {
    this.size = size;
    this.ask();
  }
}
