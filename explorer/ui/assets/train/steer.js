// Interventions: what to change, to which value, on which side; and what was changed so far.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { button, numberOf, word } from "./words.js";

const OPEN = ["queued", "training", "paused", "failed"];

export class Steer {
  /** @param onApply called with {what, value, side}; a promise */
  constructor(onApply) {
    this.onApply = onApply;
    this.what = "";
    this.title = h("h3");
    this.form = h("div", { class: "ex-train-fields ex-train-steer" });
    this.said = h("p", { class: "ex-train-answer ex-train-refused ex-train-wide", role: "status" });
    this.note = h("p", { class: "ex-train-note" });
    this.past = h("ol", { class: "ex-train-history" });
    this.element = h("section", { class: "ex-train-panel", "data-part": "steer" }, this.title, this.form, this.note, this.past);
  }

  begin(possible, drawn) {
    this.possible = possible;
    this.drawn = drawn;
    this.changes = store.scene.train?.changes ?? this.changes;
    this.title.textContent = word("train.steer");
    this.note.textContent = word("train.steer.note");
  }

  update(state) {
    const { phase, history } = (this.latest = state);
    if (!this.possible) return;
    this.form.hidden = !OPEN.includes(phase);
    const offered = this.changes.filter(({ what }) => this.possible.some((names) => names.includes(what)));
    if (!offered.some(({ what }) => what === this.what)) this.what = offered[0].what;
    refill(this.form, [offered, this.what, this.possible, store.view.lang], () => this.fields(offered));
    refill(this.past, [history, store.view.lang], () => (history.length ? history : [null]).map((change) =>
      h("li", {}, change ? `${word("train.history.at", change)}${this.where(change.sides)} · ${change.sentence}` : word("train.history.none"))));
  }

  where(sides) {
    return this.possible.length === 1 || sides.length === 2 ? "" : ` · ${word(sides[0] ? "train.right" : "train.left")}`;
  }

  fields(offered) {
    const change = offered.find(({ what }) => what === this.what);
    const labelled = (key, input) => h("div", { class: "ex-train-field" }, h("label", { for: input.id }, word(key)), input);
    const what = h("select", { id: "ex-train-what", onchange: (event) => this.choose(event.target.value) },
      ...offered.map((each) => h("option", { value: each.what, selected: each.what === this.what }, each.label)));
    const value = this.value(change);
    const sides = this.possible.flatMap((names, k) => (names.includes(this.what) ? [k] : []));
    const side = h("select", { id: "ex-train-where" },
      ...(sides.length > 1 ? [h("option", { value: "" }, word("train.steer.both"))] : []),
      ...sides.map((k) => h("option", { value: k }, this.possible.length === 1 ? this.drawn[k].label : `${word(k ? "train.right" : "train.left")}: ${this.drawn[k].label}`)));
    return [
      labelled("train.steer.what", what),
      value && labelled(change.value === "share" ? "train.steer.share" : "train.steer.value", value),
      labelled("train.steer.side", side),
      button(word("train.steer.apply"), (event) => this.apply(change, value, side, event.currentTarget), { "data-apply": this.what }),
      this.said,
      h("p", { class: "ex-train-note ex-train-wide" }, change.tip),
    ].filter(Boolean);
  }

  value({ value, choices, what }) {
    const id = "ex-train-to";
    if (value === "none") return null;
    if (value === "policy") return h("select", { id }, ...choices.map((choice) => h("option", { value: choice.id }, choice.label)));
    const usual = { beta: 4, commitment_cost: 1, lr: 0.0003, decay: 0.9, kill: 0.5 }[what];
    return h("input", { id, type: "number", step: "any", value: usual });
  }

  choose(what) {
    this.what = what;
    this.said.textContent = "";
    this.update(this.latest);
  }

  async apply(change, value, side, pressed) {
    pressed.disabled = true;
    const number = change.value === "number" || change.value === "share";
    const asked = { what: change.what };
    if (value) asked.value = number ? numberOf(value.value) : value.value;
    if (side.value !== "") asked.side = Number(side.value);
    this.said.textContent = await this.onApply(asked).then(() => "", (error) => error.message);
    pressed.disabled = false;
  }
}
