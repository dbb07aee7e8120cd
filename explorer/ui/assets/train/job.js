// One training, watched: where it stands, both sides, pictures, curves, and what can be done to it.

import { ask } from "../core/ask.js";
import { bytesOf, h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { Curves } from "./curves.js";
import { lender } from "./lender.js";
import { LiveSide } from "./side.js";
import { Steer } from "./steer.js";
import { button, duration, showInLatent, word } from "./words.js";

const BETWEEN_BURSTS = ["paused", "failed"];
const CAN = {
  training: ["pause", "keep", "discard"],
  queued: ["discard"],
  between: ["pause", "keep", "discard"], // its next turn will come
  measuring: [],
  paused: ["resume", "keep", "discard"],
  failed: ["resume", "keep", "discard"],
  kept: ["discard"],
  finished: ["discard"],
};

export class JobView {
  /** @param onChange after a command; @param onDiscard with the id of a job that was thrown away */
  constructor(onChange, onDiscard) {
    this.onChange = onChange;
    this.onDiscard = onDiscard;
    this.updates = 0; // for the tests: snapshots that were drawn
    this.head = h("div", { class: "ex-train-head" });
    this.bar = h("progress", { max: 1, value: 0 });
    this.said = h("p", { class: "ex-train-said", role: "status" });
    this.numbers = h("p", { class: "ex-train-numbers" });
    this.actions = h("div", { class: "ex-train-row ex-train-actions" });
    this.sides = h("div", { class: "ex-train-sides" });
    this.lent = null; // how a burst on a lent GPU goes: {job, step, last}, step null before it has begun
    lender.onTold = (told) => this.told(told);
    this.curves = new Curves();
    this.steer = new Steer((command) => this.command("intervene", command));
    this.element = h("section", { class: "ex-train-job", "data-part": "training", hidden: true },
      this.head, this.bar, this.numbers, this.said, this.actions, this.sides, this.curves.element, this.steer.element);
    this.element.explorer = this;
  }

  open(id) {
    this.id = id;
    this.state = null;
    this.known = false;
    this.stamp = "";
    this.drawn = [];
    this.element.hidden = id === null;
    this.sides.replaceChildren();
    this.said.textContent = "";
    this.refused = null;
    this.curves.clear();
  }

  words() {
    this.known = false; // labels come with the first answer
    if (this.state) this.drawHead(this.state);
  }

  /** Asks how it goes, and draws that. */
  async look() {
    const { id } = this;
    if (!id) return null;
    const asked = { job: id, have: this.stamp, after: this.curves.last };
    if (!this.known && !this.state?.prior) Object.assign(asked, { first: true, have: "", columns: this.curves.columns });
    const state = await ask("train_state", asked);
    if (id !== this.id) return null;
    if (this.lent?.last && state.phase !== "training") this.lent = null; // its last word was lost on the way
    if (state.figure) this.begin(state);
    this.state = state;
    this.drawHead(state);
    this.curves.marks(state.history);
    if (state.sides) {
      this.stamp = state.stamp;
      this.updates += 1;
      state.sides.forEach((side, k) => this.drawn[k]?.show(side, state.phase));
      this.curves.add(state.sides);
    }
    this.drawn.forEach((side) => side.follow(id));
    return state;
  }

  begin({ figure, drawn, originals, possible }) {
    this.known = true;
    const pictures = { ...originals, pixels: bytesOf(originals.pixels) };
    if (this.drawn.length !== drawn.length) {
      this.drawn = drawn.map((description, k) => new LiveSide(k, description, pictures));
      this.sides.replaceChildren(...this.drawn.map(({ element }) => element));
      this.sides.dataset.sides = drawn.length;
    }
    this.drawn.forEach((side, k) => side.words(drawn[k]));
    this.curves.begin(figure, drawn);
    this.steer.begin(possible, drawn);
  }

  drawHead(state) {
    const { phase, steps, ahead, images_per_second: rate, seconds_left: left, error } = state;
    const lent = this.lent?.job === this.id ? this.lent : null;
    const step = Math.max(state.step, lent?.step ?? 0);
    refill(this.head, [state.word, state.labels, store.view.lang], () => [
      h("h2", {}, state.labels.join(" | ")),
      h("span", { class: "ex-train-phase", "data-phase": phase }, state.word)]);
    this.element.dataset.phase = phase;
    this.sides.hidden = this.curves.element.hidden = this.steer.element.hidden = Boolean(state.prior);
    this.bar.value = step / steps;
    this.bar.setAttribute("aria-label", word("train.progress", { step, steps }));
    const parts = [word("train.progress", { step, steps })];
    if (lent) parts.push(lent.last ? word("train.burst.on", { last: lent.last }) : word("train.burst.wait"));
    else if (phase === "training" && rate) parts.push(word("train.rate", { rate: rate.toLocaleString("en") }));
    if (!lent && phase === "training" && left !== null && left !== undefined) parts.push(word("train.left_time", { time: duration(left) }));
    if (phase === "queued") parts.push(word("train.ahead", { ahead, time: duration(state.seconds_to_turn) }));
    this.numbers.textContent = parts.join(" · ");
    const refused = this.refused?.phase === phase ? this.refused.sentence : "";
    this.complain(error || refused || (phase === "measuring" ? word("train.measuring") : "") || (state.stamp || state.prior ? "" : word("train.waiting")), Boolean(error || refused));
    refill(this.actions, [phase, state.runs, Boolean(lent), store.view.lang], () => this.buttons(state));
    this.steer.update(state);
  }

  complain(sentence, fault = false) {
    this.said.textContent = sentence;
    this.said.classList.toggle("ex-train-refused", fault);
  }

  buttons({ phase, step, runs, kinds, labels, data, prior }) {
    const opened = runs.map((run, k) => button(word("train.open", { label: labels[k] }), () =>
      showInLatent({ id: run, data, kind: kinds[k] }), { "data-open": run }));
    const can = this.lent ? ["keep", "discard"] : CAN[phase === "queued" && step ? "between" : phase] ?? [];
    const act = can.map((action) => {
      const text = word(action === "keep" && phase === "failed" ? "train.keep_good" : `train.${action}`);
      return button(text, (event) => this.act(action, event.currentTarget), { "data-do": action });
    });
    const { lent } = store.scene.train ?? {};
    const burst = lent && !this.lent && !prior && BETWEEN_BURSTS.includes(phase)
      ? [button(word("train.burst", { steps: lent }), () => this.burst(), { "data-do": "burst" })] : [];
    return [...opened, ...burst, ...act];
  }

  // --- a GPU that is lent

  burst() {
    this.refused = null;
    this.lent = { job: this.id, step: null, last: null };
    lender.ask({ mine: store.view.mine, job: this.id, lang: store.view.lang });
    this.onChange();
  }

  told({ ok, job, step, last, over, error }) {
    this.lent = ok && !over ? { job, step, last } : null;
    if (!ok) this.refused = { sentence: error, phase: "paused" };
    if (this.state && job === this.id) this.drawHead(this.state);
    if (!this.lent) this.onChange();
  }

  act(action, pressed) {
    if (action === "discard" && !pressed.dataset.sure && this.state.phase !== "finished" && this.state.phase !== "kept") {
      pressed.dataset.sure = "true";
      pressed.textContent = word("train.sure");
      return null;
    }
    return this.command(action).catch((error) => {
      this.refused = { sentence: error.message, phase: this.state?.phase }; // stays while it is true
      this.complain(error.message, true);
    });
  }

  /** Rejected with the sentence of a refusal: whoever asked says it where the hand is. */
  async command(action, more = {}) {
    const { id } = this;
    this.refused = null;
    await ask("train_command", { job: id, do: action, ...more });
    if (action === "discard") this.onDiscard(id);
    this.onChange();
  }

  repaint() {
    this.drawn?.forEach((side) => side.repaint());
  }
}
