// The buttons and sliders of a sandbox.

import { h, refill } from "../core/dom.js";
import { tip } from "../core/tip.js";
import { BATCHES, SEEDS, SIZES } from "./settings.js";
import { SPEEDS } from "./engine.js";
import { EMA, GRADIENT } from "./rules.js";
import { INITS } from "./starts.js";
import { SIDES } from "./world.js";

const MORE = 16; // codes that are added at a time

/** Play, step, from the start; with `all` also how fast, kill and add. */
export class Actions {
  constructor(engine, words, { all = true, kill = all } = {}) {
    Object.assign(this, { engine, words, all, kill });
    this.element = h("div", { class: "ex-sb-actions", role: "group" });
    engine.subscribe((change) => (change.world || change.play) && this.fill());
  }

  fill() {
    const { engine, words } = this;
    this.element.setAttribute("aria-label", words("sandbox.actions"));
    const held = this.element.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const filled = refill(this.element, [engine.playing, engine.speed, engine.still, words("sandbox.play")], () => [
      this.playing(), ...this.others().map(([act, onclick, params]) =>
        h("button", { type: "button", "data-act": act, onclick }, words(`sandbox.${act}`, params))),
      this.all && this.speeds(),
    ].filter(Boolean));
    if (filled && held) this.element.querySelector(`[data-act="${held}"]`)?.focus();
  }

  playing() {
    const { engine, words } = this;
    const key = engine.still ? "jump" : engine.playing ? "pause" : "play";
    const sign = engine.still ? "⏩" : engine.playing ? "❚❚" : "▶";
    return h("button", { type: "button", class: "ex-sb-play", "data-act": "play", onclick: () => engine.play(!engine.playing) },
      h("span", { "aria-hidden": "true" }, sign), ` ${words(`sandbox.${key}`)}`);
  }

  others() {
    const { engine } = this;
    return [
      this.all && ["step", () => engine.advance(1)],
      ["again", () => engine.restart()],
      this.kill && ["kill", () => {
        engine.world.kill();
        engine.settle();
      }],
      this.all && ["add", () => {
        engine.world.add(MORE);
        engine.settle();
      }, { count: MORE }],
    ].filter(Boolean);
  }

  speeds() {
    const { engine, words } = this;
    return h("label", { class: "ex-sb-check" }, words("sandbox.speed"),
      h("select", { class: "ex-sb-select", onchange: (event) => engine.setSpeed(event.target.value) },
        ...SPEEDS.map((speed) => h("option", { value: speed, selected: speed === engine.speed }, words(`sandbox.speed.${speed}`)))));
  }
}

/** Where codes begin, how many, how fast they learn. @param onChange(patch, fresh): fresh ones begin from the start */
export class Settings {
  constructor(engine, words, onChange) {
    Object.assign(this, { engine, words, onChange });
    this.element = h("div", { class: "ex-sb-settings" });
    engine.subscribe((change) => change.world && this.fill());
  }

  fill() {
    const { settings, init } = this.engine.world;
    const rules = SIDES.map((side) => settings[side].rule);
    refill(this.element, [settings, init, this.words("sandbox.init")], () => [
      this.select("init", INITS, init, (value) => value, settings.init !== init || rules.includes("snippet")),
      this.select("codes", SIZES, settings.codes, Number),
      this.select("batch", BATCHES, settings.batch, Number),
      rules.some((rule) => EMA.includes(rule)) && this.slider("decay", { min: 0.5, max: 0.999, to: (v) => 1 - 10 ** -v, from: (v) => -Math.log10(1 - v) }),
      ...GRADIENT.filter((rule) => rules.includes(rule)).map((rule) =>
        this.slider(rule, { ...RATES[rule], to: (v) => 10 ** v, from: (v) => Math.log10(v) })),
      h("button", { type: "button", onclick: () => this.onChange({ seed: (settings.seed + 1) % SEEDS }, true) }, this.words("sandbox.seed")),
    ].filter(Boolean));
  }

  select(name, values, chosen, read, forced = false) {
    const id = `ex-sb-${name}`;
    const label = this.words(`sandbox.${name}`);
    return h("div", { class: "ex-field" },
      h("label", { for: id }, label, " ", tip(label, this.words(`sandbox.${name}.tip`))),
      h("select", { id, disabled: forced, onchange: (event) => this.onChange({ [name]: read(event.target.value) }, true) },
        ...values.map((value) => h("option", { value, selected: value === chosen }, name === "init" ? this.words(`sandbox.init.${value}`) : value))));
  }

  slider(name, { min, max, to, from }) {
    const id = `ex-sb-${name}`;
    const value = this.engine.world.settings[name];
    const output = h("output", { for: id }, shown(value));
    const set = (event) => {
      const now = Number(to(Number(event.target.value)).toPrecision(4));
      output.textContent = shown(now);
      this.engine.adjust({ [name]: now });
      return now;
    };
    return h("div", { class: "ex-field" },
      h("label", { for: id }, this.words(`sandbox.${name}`), " ", tip(this.words(`sandbox.${name}`), this.words(`sandbox.${name}.tip`))),
      h("span", { class: "ex-sb-slider" },
        h("input", { id, type: "range", min: from(min), max: from(max), step: "any", value: from(value), oninput: set, onchange: (event) => this.onChange({ [name]: set(event) }, false) }),
        output));
  }
}

const RATES = { sgd: { min: 0.01, max: 10 }, adam: { min: 0.001, max: 0.3 } };

const shown = (value) => String(Number(value.toPrecision(3)));
