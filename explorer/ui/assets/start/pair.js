// Screens 3 and 4: the sandbox with play, from the start, and one choice only.

import { h, refill } from "../core/dom.js";
import { loadCloud, words } from "../sandbox/cloud.js";
import { Actions } from "../sandbox/controls.js";
import { Engine } from "../sandbox/engine.js";
import { coasted } from "../sandbox/facts.js";
import { SandboxSide } from "../sandbox/side.js";
import { INITS } from "../sandbox/starts.js";
import { SIDES } from "../sandbox/world.js";
import { store } from "../core/store.js";
import { word } from "./words.js";

const SEEN = 5e-3; // of the cloud's radius, less than a pixel: Laplace smoothing ends with a code's last hit, and shifts it so far
const RULES = ["hold", "sgd"]; // the two that leave a killed code exactly where it is

/** What can be chosen on each screen: its values, the one that is chosen, and the settings that follow. */
const CHOICES = {
  die: { key: "init", values: INITS, chosen: ({ init }) => init, change: (init) => ({ init }), name: (value) => words(`sandbox.init.${value}`) },
  back: {
    key: "rule", values: RULES, chosen: ({ left }) => left.rule, name: (value) => words(`sandbox.rule.${value}`),
    change: (rule) => ({ left: { rule, restart: false }, right: { rule, restart: true } }),
  },
};

export class Pair {
  /** @param name "die" or "back" */
  constructor(name) {
    this.name = name;
    this.choice = CHOICES[name];
    this.engine = new Engine();
    this.engine.visible = () => this.element.offsetParent !== null;
    this.actions = new Actions(this.engine, words, { all: false, kill: name === "back" });
    this.chooser = h("label", { class: "ex-sb-check" });
    this.sides = SIDES.map((side) => new SandboxSide(this.engine, side, words));
    this.became = SIDES.map(() => h("p", { class: "ex-start-became" }));
    if (name === "die") this.sides.forEach(({ element }, i) => element.append(this.became[i]));
    this.else = h("p", { class: "ex-start-else" });
    this.message = h("p", { role: "status" });
    this.element = h("div", { class: "ex-start-pair ex-sb" },
      h("div", { class: "ex-start-controls" }, this.actions.element, this.chooser), this.message,
      h("div", { class: "ex-sb-sides" }, ...this.sides.map(({ element }) => element)), name === "die" ? this.else : "");
    this.element.explorer = this; // for the tests
    this.engine.subscribe((change) => {
      if (change.world) this.fill();
      if (change.gauge) this.tell();
    });
  }

  close() {
    this.engine.play(false);
  }

  async update(change) {
    const { sandbox, start } = store.scene;
    if (change.theme && this.engine.world) for (const { plane } of this.sides) plane.resize(true);
    if (!change.scene) return;
    this.message.textContent = sandbox.empty;
    if (sandbox.empty) return;
    const cloud = await loadCloud(sandbox).catch(console.warn);
    if (!cloud || store.scene.sandbox !== sandbox) return;
    if (this.points === sandbox.points) {
      this.engine.notify({ play: true, gauge: true });
      for (const side of this.sides) side.name_();
      this.fill();
      this.tell();
    } else this.engine.load(cloud, start.settings[this.name]);
    this.points = sandbox.points;
  }

  /** What became of the codes without a hit, read off the codes themselves: how many, whether more, and whether anything moves them. */
  tell() {
    const { world } = this.engine;
    if (!world.steps) this.begun = SIDES.map((side) => world.gauges[side].value.dead);
    const moves = (side) => (coasted(world[side], world.radius) > SEEN ? "coast" : "still");
    SIDES.forEach((side, i) => {
      const counts = { from: this.begun[i], to: world.gauges[side].value.dead };
      const more = counts.to > counts.from ? ".more" : "";
      this.became[i].textContent = world.steps ? word(`start.3.${moves(side)}${more}`, counts) : "";
    });
    this.else.textContent = world.steps ? word("start.3.else") : "";
  }

  fill() {
    const { key, values, chosen, change, name } = this.choice;
    const { settings } = this.engine.world;
    refill(this.chooser, [chosen(settings), word(`start.choice.${key}`), store.view.lang], () => [
      word(`start.choice.${key}`),
      h("select", { class: "ex-sb-select", onchange: (event) => this.engine.restart({ ...settings, ...change(event.target.value) }) },
        ...values.map((value) => h("option", { value, selected: value === chosen(settings) }, name(value)))),
    ]);
  }
}
