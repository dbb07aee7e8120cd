// Codes in levels, one after the other: a slider of levels, the picture after each, and the plane that they fill.

import { latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { bytesOf, h, paintPixels, pictureCanvas, refill, say, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";

export async function mount(element) {
  await styleSheet("panel/box.css", "levels/levels.css");
  const root = element.querySelector(".ex-levels");
  const part = new Levels(root);
  root.explorer = part; // for the tests
  store.subscribe((change) => change.scene && part.ask());
  if (store.scene) part.ask();
}

class Levels {
  constructor(root) {
    this.root = root;
    this.asked = "";
    this.level = 1;
    this.question = latest("levels");
    this.head = h("div", {});
    this.slider = h("input", { type: "range", min: 1, max: 1, step: 1, value: 1, class: "ex-levels-slider" });
    this.label = h("label", { class: "ex-levels-label" });
    this.canvases = ["original", "picture"].map(() => pictureCanvas({ class: "ex-levels-picture" }));
    this.captions = this.canvases.map(() => h("figcaption", {}));
    this.note = h("p", { class: "ex-levels-note", role: "status" });
    this.figure = h("div", {});
    this.chart = new Chart(this.figure, { name: "levels" });
    this.rates = h("p", { class: "ex-levels-note" });
    this.study = h("p", { class: "ex-levels-note" });
    this.plane = h("div", {});
    this.planeChart = new Chart(this.plane, { name: "levels-rate" });
    this.body = h("div", { class: "ex-levels-body" },
      h("div", {}, this.label,
        h("div", { class: "ex-levels-row" }, ...this.canvases.map((canvas, place) => h("figure", {}, canvas, this.captions[place]))),
        this.note, this.rates, this.study),
      h("div", {}, this.figure, this.plane));
    root.replaceChildren(this.head, this.body);
    root.classList.add("ex-levels-none");
    this.slider.addEventListener("input", () => {
      this.level = Number(this.slider.value);
      this.show();
    });
  }

  async ask() {
    const run = store.side("right")?.run;
    const { image, lang, tab } = store.view;
    const key = JSON.stringify([run, image, lang]);
    if (!run || tab !== "latent" || key === this.asked) return;
    this.asked = key;
    try {
      const answer = await this.question({ run, image });
      if (!answer) return;
      this.found = answer;
      this.root.classList.toggle("ex-levels-none", !answer.levels);
      if (!answer.levels) return;
      this.slider.max = answer.levels;
      this.level = Math.min(this.level, answer.levels);
      this.show();
    } catch (error) {
      this.asked = "";
      this.note.textContent = error.message;
    }
  }

  show() {
    const { rows, original, words } = this.found;
    const row = rows[this.level - 1];
    refill(this.head, [words], () => [h("h2", {}, words.title), h("p", {}, words.what)]);
    this.slider.value = this.level;
    this.slider.setAttribute("aria-valuetext", row.sentence);
    this.label.replaceChildren(h("span", {}, `${words.slider}${store.colon}${this.level} / ${rows.length}`), this.slider);
    [original, row.picture].forEach(({ pixels, width, height, channels, label }, place) => {
      paintPixels(this.canvases[place], bytesOf(pixels), width, height, channels);
      say(this.canvases[place], label);
      this.captions[place].textContent = label;
    });
    this.note.textContent = row.sentence;
    this.figure.hidden = !row.figure;
    if (row.figure) this.chart.show(row.figure, words.title);
    this.rates.textContent = this.found.rates;
    this.study.textContent = this.found.study ?? "";
    this.plane.hidden = !row.plane;
    if (row.plane) this.planeChart.show(row.plane, words.title);
  }
}
