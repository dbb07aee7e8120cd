// γ and ε, or a learning rate, as sliders: the run's own until the reader moves them.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { twins } from "./twins.js";

// each slider runs over a power of ten: 1−γ, ε and η
const RANGES = { decay: [-4, 0], epsilon: [-8, 0], lr: [-4, 3] };
const STEP = 0.05;
const toSlider = { decay: (value) => Math.log10(1 - value), epsilon: Math.log10, lr: Math.log10 };
const fromSlider = { decay: (power) => 1 - 10 ** power, epsilon: (power) => 10 ** power, lr: (power) => 10 ** power };

export class Settings {
  constructor(onChange) {
    this.onChange = onChange;
    this.element = h("div", { class: "ex-cb-settings" });
    this.moved = {}; // name -> value, since the reader touched it
  }

  get values() {
    return { ...this.defaults, ...this.moved };
  }

  /** Whether these are the run's own numbers. */
  get own() {
    return Object.entries(this.moved).every(([name, value]) => value === this.defaults[name]);
  }

  /** A new scene or another frame; returns whether other numbers count now. */
  update({ run, moves }, frame = 0) {
    const before = JSON.stringify(this.values);
    this.defaults = moves.start ? { decay: moves.decays[frame], epsilon: moves.epsilon } : { lr: moves.lr };
    const given = Object.keys(this.defaults).filter((name) => Number.isFinite(store.view[name]));
    this.moved = Object.fromEntries(given.map((name) => [name, store.view[name]]));
    refill(this.element, [run, store.view.lang], () => [
      ...Object.keys(this.defaults).map((name) => this.slider(name)),
      h("button", { type: "button", onclick: () => this.reset() }, twins.word("codebook.step.own")),
    ]);
    this.mark();
    return JSON.stringify(this.values) !== before;
  }

  slider(name) {
    const id = `ex-cb-${name}`;
    const [min, max] = RANGES[name];
    const input = h("input", {
      id, type: "range", min, max, step: STEP, "data-name": name,
      oninput: (event) => {
        this.moved[name] = rounded(name, fromSlider[name](Number(event.target.value)));
        this.mark();
        this.onChange();
      },
      onchange: () => store.commit({ [name]: this.moved[name] }), // the hand lets go, or a key
    });
    const label = twins.word(`codebook.step.${name}`);
    return h("div", { class: "ex-cb-setting" },
      h("label", { for: id }, label), input, h("output", { for: id }), tip(label, twins.word(`codebook.step.${name}.tip`)));
  }

  mark() {
    for (const input of this.element.querySelectorAll("input")) {
      const { name } = input.dataset;
      const value = this.values[name];
      if (document.activeElement !== input) input.value = Math.max(Number(input.min), toSlider[name](value));
      input.nextElementSibling.textContent = input.ariaValueText = shown(name, value);
    }
    this.element.querySelector(":scope > button").disabled = this.own;
  }

  reset() {
    this.moved = {};
    document.activeElement?.blur();
    this.mark();
    this.onChange();
    store.commit({ decay: null, epsilon: null, lr: null });
  }
}

/** A slider gives round numbers, and comes back to exactly .99 and 1e-5. */
const rounded = (name, value) =>
  name === "decay" ? 1 - Number((1 - value).toPrecision(2)) : Number(value.toPrecision(2));

function shown(name, value) {
  if (name === "decay") return String(Number(value.toFixed(6)));
  return value < 1e-3 ? value.toExponential().replace("e-", "e−") : String(value);
}
