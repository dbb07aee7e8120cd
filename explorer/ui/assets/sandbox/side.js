// One codebook of the sandbox: its rule, its plane, and how many of its codes nobody chooses.

import { h, refill } from "../core/dom.js";
import { family } from "./colours.js";
import { factsOf } from "./facts.js";
import { figure } from "./curves.js";
import { SandboxPlane } from "./plane.js";
import { RULES } from "./rules.js";

export class SandboxSide {
  /**
   * @param name "left" or "right"; @param words(key, params)
   * @param onChoose({rule, restart}) where the reader may choose; without it only the rule's name is shown
   */
  constructor(engine, name, words, onChoose = null) {
    Object.assign(this, { engine, name, words, onChoose });
    this.plane = new SandboxPlane(engine, name, words);
    this.plane.onKey = () => this.say();
    this.head = h("header", { class: "ex-sb-head" });
    this.dead = h("b");
    this.of = h("span");
    this.more = h("p", { class: "ex-sb-more" });
    this.fact = h("p", { class: "ex-sb-fact" });
    this.spoken = h("p", { class: "ex-sb-spoken", role: "status" });
    this.element = h("section", { class: `ex-sb-side ex-sb-${name}` }, this.head,
      h("p", { class: "ex-sb-dead" }, this.dead, this.of), this.plane.element, this.more, this.fact, this.spoken);
    engine.subscribe((change) => this.update(change));
  }

  get how() {
    return this.engine.world.settings[this.name];
  }

  update(change) {
    if (change.world) {
      this.name_();
      this.plane.begin();
    } else if (change.step) this.plane.draw();
    if (change.gauge) {
      this.plane.resize();
      this.count();
    }
  }

  name_() {
    const { rule, restart } = this.how;
    this.element.dataset.family = family(rule);
    refill(this.head, [rule, restart, this.words("sandbox.restart")], () => (this.onChoose ? this.controls() : this.title()));
    this.plane.canvas.setAttribute("aria-label", this.words("sandbox.say.plane", {
      side: this.words(`sandbox.side.${this.name}`), rule: this.words(`sandbox.rule.${rule}`),
    }));
  }

  title() {
    const { rule, restart } = this.how;
    return h("h3", {}, this.words(`sandbox.rule.${rule}`), restart ? ` + ${this.words("sandbox.restart")}` : "");
  }

  controls() {
    const { rule, restart } = this.how;
    const label = this.words("sandbox.rule.of", { side: this.words(`sandbox.side.${this.name}`) });
    return [
      h("select", { class: "ex-sb-select", "aria-label": label, onchange: (event) => this.onChoose({ rule: event.target.value, restart: this.how.restart }) },
        ...RULES.map((name) => h("option", { value: name, selected: name === rule }, this.words(`sandbox.rule.${name}`)))),
      h("label", { class: "ex-sb-check" },
        h("input", { type: "checkbox", checked: restart, disabled: rule === "kmeans", onchange: (event) => this.onChoose({ rule: this.how.rule, restart: event.target.checked }) }),
        this.words("sandbox.restart")),
    ];
  }

  count() {
    const { dead, used, starved, perplexity, distortion } = this.engine.world.gauges[this.name].value;
    const learner = this.engine.world[this.name];
    this.dead.textContent = dead;
    this.of.textContent = ` ${this.words("sandbox.say.dead", { total: dead + used })}`;
    this.more.textContent = this.words("sandbox.say.more", { used, starved, perplexity: figure("", perplexity), distortion: figure("", distortion) });
    const restarted = learner.restarted ? ` ${this.words("sandbox.say.restarted", { count: learner.restarted })}` : "";
    this.fact.textContent = factsOf(learner, this.engine.world.settings).map(([key, params]) => this.words(key, params)).join(" ") + restarted;
    this.plane.canvas.setAttribute("aria-description", `${dead}${this.of.textContent}. ${this.fact.textContent}`);
  }

  /** What the keyboard's hand is at. */
  say() {
    const { at, holding } = this.plane.hand;
    this.spoken.textContent = at === null ? "" : this.words(holding ? "sandbox.say.held" : "sandbox.say.code", {
      code: at, hits: this.engine.world.gauges[this.name].hits[at] ?? 0,
    });
  }
}
