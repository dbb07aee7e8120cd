// The controls of "code by code": play, slow, step; temperature and top-k; what stands before the prior begins.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { filled } from "./words.js";

const SPEEDS = [["slow", 1000], ["plain", 250], ["fast", 70]]; // milliseconds for each code
const TOP_K = [0, 50, 10, 3, 1];
const STILL = matchMedia("(prefers-reduced-motion: reduce)"); // then playing is one step, to the end
const TEMPERATURE = { min: 0.1, max: 2, step: 0.05 };

export class Pen {
  /** @param walk {writing, words, begin(again)} */
  constructor(walk) {
    this.walk = walk;
    this.playing = 0;
    this.pace = SPEEDS[1][1];
    this.fromImage = false;
    this.element = h("div", { class: "ex-gen-pen" });
  }

  get words() {
    return this.walk.words;
  }

  show(scene) {
    const { top_k: topK } = this.walk.writing.settings;
    refill(this.element, [this.words, scene, TOP_K.includes(topK) || topK], () => [
      this.origin(scene),
      h("div", { class: "ex-gen-steps", role: "group", "aria-label": this.words["walk.title"] },
        this.button("first", "|◀", () => this.walk.go(0)),
        this.button("back", "−1", () => this.walk.go(this.walk.writing.at - 1)),
        this.button("play", "▶", () => this.toggle()),
        this.button("step", "+1", () => this.walk.go(this.walk.writing.at + 1)),
        this.button("last", "▶|", () => this.walk.go(Infinity))),
      this.speed(),
      this.temperature(),
      this.topK(scene),
      this.label(scene),
    ]);
    this.mark();
  }

  button(key, sign, onclick) {
    const label = this.words[`walk.${key}`];
    return h("button", { type: "button", class: "ex-gen-button", "data-step": key, "aria-label": label, title: label, onclick }, sign);
  }

  origin({ rows, grid }) {
    const choice = (fromImage, label) =>
      h("button", {
        type: "button", "aria-pressed": String(this.fromImage === fromImage), "data-from-image": String(fromImage),
        onclick: () => {
          this.fromImage = fromImage;
          this.mark();
          this.walk.begin(true);
        },
      }, label);
    return h("div", { class: "ex-gen-choice", role: "group", "aria-label": this.words["walk.origin"] },
      h("span", { class: "ex-gen-choice-label" }, this.words["walk.origin"]),
      choice(false, this.words["walk.origin.nothing"]),
      choice(true, filled(this.words["walk.origin.image"], { rows, grid })));
  }

  speed() {
    const select = h("select", { id: "ex-gen-speed", onchange: (event) => this.setPace(Number(event.target.value)) },
      ...SPEEDS.map(([key, pace]) => h("option", { value: pace, selected: pace === this.pace }, this.words[`walk.speed.${key}`])));
    return h("label", { for: "ex-gen-speed" }, h("span", {}, this.words["walk.speed"]), select);
  }

  temperature() {
    const { temperature } = this.walk.writing.settings;
    const shown = h("output", { for: "ex-gen-temperature" }, temperature.toFixed(2));
    const slider = h("input", {
      type: "range", id: "ex-gen-temperature", ...TEMPERATURE, value: temperature,
      oninput: (event) => (shown.textContent = Number(event.target.value).toFixed(2)),
      onchange: (event) => store.commit({ temperature: Number(event.target.value) }),
    });
    return h("label", { for: "ex-gen-temperature", title: this.words["walk.temperature.tip"] },
      h("span", {}, this.words["walk.temperature"]), slider, shown);
  }

  topK({ codes }) {
    const { top_k: current } = this.walk.writing.settings;
    const options = [...new Set([...TOP_K, current])].filter((k) => k < codes || k === current).map((k) =>
      h("option", { value: k, selected: k === current }, k ? `${k}` : this.words["walk.top_k.all"]));
    return h("label", { for: "ex-gen-top-k", title: this.words["walk.top_k.tip"] },
      h("span", {}, this.words["walk.top_k"]),
      h("select", { id: "ex-gen-top-k", onchange: (event) => store.commit({ top_k: Number(event.target.value) }) }, ...options));
  }

  /** The class that the picture shall be of, for a prior that knows them. */
  label({ classes }) {
    if (!classes.length) return "";
    const { label } = this.walk.writing.settings;
    const options = classes.map((name, k) => h("option", { value: k, selected: k === label }, name));
    const any = h("option", { value: "", selected: label === null }, this.words["walk.any_label"]);
    const take = (event) => store.commit({ label: event.target.value === "" ? null : Number(event.target.value) });
    return h("label", { for: "ex-gen-label" },
      h("span", {}, this.words["walk.label"]), h("select", { id: "ex-gen-label", onchange: take }, any, ...options));
  }

  /** Play at the end begins again. */
  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    const { writing } = this.walk;
    if (STILL.matches) {
      this.walk.go(Infinity);
      return;
    }
    if (writing.at >= writing.size - 1) writing.go(this.fromImage ? writing.given.length - 1 : 0);
    this.run();
  }

  run() {
    clearInterval(this.playing);
    this.playing = setInterval(() => {
      const { writing } = this.walk;
      if (!this.element.isConnected || writing.at >= writing.size - 1) this.pause();
      else if (!writing.waiting) writing.go(writing.at + 1);
    }, this.pace);
    this.mark();
  }

  pause() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = 0;
    this.mark();
    this.walk.draw();
  }

  setPace(pace) {
    this.pace = pace;
    if (this.playing) this.run();
  }

  /** What can be done now. */
  mark() {
    const { at, size } = this.walk.writing;
    const button = (key) => this.element.querySelector(`[data-step="${key}"]`);
    if (!button("play")) return;
    const label = this.words[this.playing ? "walk.pause" : "walk.play"];
    Object.assign(button("play"), { textContent: this.playing ? "❚❚" : "▶", title: label });
    button("play").setAttribute("aria-label", label);
    for (const key of ["first", "back"]) button(key).disabled = at <= 0;
    for (const key of ["step", "last"]) button(key).disabled = at >= size - 1;
    this.markSettings();
    for (const choice of this.element.querySelectorAll("[data-from-image]")) {
      choice.setAttribute("aria-pressed", String(choice.dataset.fromImage === String(this.fromImage)));
    }
  }
  /** What the View says, where no hand is on it. */
  markSettings() {
    const { temperature, top_k: topK, label } = this.walk.writing.settings;
    for (const [id, value] of [["temperature", temperature], ["top-k", topK], ["label", label ?? ""]]) {
      const field = this.element.querySelector(`#ex-gen-${id}`);
      if (field && field !== document.activeElement) field.value = value;
    }
    const shown = this.element.querySelector("output");
    if (shown) shown.textContent = temperature.toFixed(2);
  }
}
