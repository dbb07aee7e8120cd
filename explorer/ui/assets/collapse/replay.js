// What if: the outputs of a record that the server has, once more through other settings.

import { latest } from "../core/ask.js";
import { h } from "../core/dom.js";
import { store } from "../core/store.js";
import { collapse } from "./answer.js";

const RULES = ["ema", "gradient"];
const INITS = ["kmeans", "recorded", "data", "normal", "uniform"];

const word = (key, params) => collapse.word(`collapse.replay${key}`, params);

export class Replay {
  constructor() {
    this.element = h("section", { class: "ex-col-replay", hidden: true });
    this.question = latest("collapse_replay");
    this.signature = "";
  }

  /** Of a record, {example} or {record}; null takes the form away. */
  offer(what) {
    this.element.hidden = !what;
    const signature = JSON.stringify([what, store.view.lang]);
    if (!what || signature === this.signature) return;
    this.signature = signature;
    this.what = what.record ? { record: what.record } : {};
    const choice = (name, values) => h("select", { "data-replay": name }, ...values.map((value) => h("option", { value }, word(`.${name}.${value}`))));
    this.rule = choice("rule", RULES);
    this.init = choice("init", INITS);
    this.restart = h("input", { type: "checkbox", "data-replay": "restart" });
    this.said = h("div", { role: "status" });
    this.element.replaceChildren(
      h("h3", {}, word("")),
      h("div", { class: "ex-col-row" }, h("label", {}, `${word(".rule")} `, this.rule), h("label", {}, `${word(".init")} `, this.init),
        h("label", {}, `${word(".restart")} `, this.restart),
        h("button", { type: "button", class: "ex-col-button ex-col-main", onclick: () => this.go() }, word(".go"))),
      this.said, h("p", { class: "ex-col-note" }, word(".note")));
  }

  async go() {
    this.said.textContent = word(".busy");
    try {
      const answer = await this.question({ ...this.what, rule: this.rule.value, init: this.init.value, restart: Number(this.restart.checked) });
      if (answer) this.said.replaceChildren(...["happened", "replayed"].map((name) => h("p", { "data-replayed": name }, word(`.${name}`, answer[name]))));
    } catch (error) {
      this.said.textContent = error.message;
    }
  }
}
