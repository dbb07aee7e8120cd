// Predict, then reveal: one of a few options or a number, and then what the server measured.

import { latest } from "../core/ask.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { ahead } from "./ahead.js";

const CLOSE = 0.03; // of the scale: a guess that near was right

export class Prediction {
  /** @param onReveal called with the answer when it is shown for the first time */
  constructor(onReveal) {
    this.onReveal = onReveal;
    this.asking = latest("guide");
    this.guess = null;
    this.answer = null; // of the server
    this.stamp = "";
    this.lang = "";
    this.title = h("h3");
    this.question = h("p", { id: "ex-guide-question" });
    this.field = h("div", { class: "ex-guide-field" });
    this.button = h("button", { type: "button", class: "ex-guide-reveal", onclick: () => this.reveal() });
    this.said = h("div", { class: "ex-guide-answer", "aria-live": "polite" });
    this.element = h("section", { class: "ex-guide-ask" }, this.title, this.question, this.field, this.button, this.said);
  }

  update(asked, step, words) {
    this.element.hidden = !asked;
    if (!asked) return;
    Object.assign(this, { asked, step, words });
    if (asked.stamp !== this.stamp) Object.assign(this, { stamp: asked.stamp, guess: null, answer: null });
    else if (this.answer && this.lang !== store.scene.view.lang) this.reveal(); // the same in the other language
    this.lang = store.scene.view.lang;
    this.draw();
  }

  draw() {
    const { asked, words, answer } = this;
    this.title.textContent = words.predict;
    this.question.textContent = asked.question;
    this.button.textContent = words.reveal;
    this.button.hidden = Boolean(answer);
    this.button.disabled = ahead();
    refill(this.field, [asked, this.lang, Boolean(answer)], () => (asked.options.length ? this.choices() : this.number()));
    this.mark();
    refill(this.said, [asked.stamp, answer, this.guess, this.lang], () => (answer ? this.result() : []));
  }

  choices() {
    const choice = ([name, label]) => h("button", {
      type: "button", "data-option": name, disabled: Boolean(this.answer), onclick: () => {
        this.guess = name;
        this.mark();
      },
    }, label);
    return h("div", { class: "ex-guide-options", role: "group", "aria-labelledby": "ex-guide-question" }, ...this.asked.options.map(choice));
  }

  number() {
    const { high, unit } = this.asked;
    const value = this.guess ?? Math.round(high / 2);
    this.output = h("output", {}, this.written(value));
    const input = h("input", {
      type: "range", min: 0, max: high, step: 1, value, disabled: Boolean(this.answer), "aria-labelledby": "ex-guide-question",
      oninput: (event) => {
        this.guess = Number(event.target.value);
        this.output.textContent = this.written(this.guess);
      },
    });
    return h("div", { class: "ex-guide-number", "data-unit": unit }, input, this.output);
  }

  written(value) {
    const { unit } = this.asked;
    const digits = Number.isInteger(value) ? 0 : 1;
    return `${value.toLocaleString("en-US", { maximumFractionDigits: digits })}${unit && ` ${unit}`}`;
  }

  mark() {
    for (const button of this.field.querySelectorAll("[data-option]")) {
      const { option } = button.dataset;
      button.setAttribute("aria-pressed", String(option === this.guess));
      button.classList.toggle("ex-guide-true", option === this.answer?.truth);
    }
  }

  /** Asks with the View that the question was posed for, and drops what comes after another one was asked for. */
  async reveal() {
    if (ahead()) return;
    const { step, stamp } = this;
    const stale = () => this.step !== step || this.stamp !== stamp || ahead();
    const again = Boolean(this.answer);
    if (!again) this.said.replaceChildren(h("p", {}, this.words.measuring));
    delete this.said.dataset.signature;
    try {
      const answer = await this.asking({ step: step - 1, part: "answer", view: store.scene.view });
      if (!answer || stale()) return;
      this.answer = answer;
      this.draw();
      if (again) return;
      this.said.scrollIntoView({ block: "nearest" }); // within the panel: the page stays where it is
      this.onReveal(answer);
    } catch (error) {
      if (!stale()) this.said.replaceChildren(h("p", { class: "ex-guide-trouble" }, error.message));
    }
  }

  result() {
    const { answer, words, guess } = this;
    const right = guess !== null && this.near(guess, answer.truth);
    return [
      typeof answer.truth === "number" ? this.scale() : null,
      h("p", {}, right ? h("b", {}, `${words.right} `) : null, answer.said),
    ].filter(Boolean);
  }

  near(guess, truth) {
    return typeof truth === "number" ? Math.abs(guess - truth) <= CLOSE * this.asked.high : guess === truth;
  }

  /** Guess and truth on one line. */
  scale() {
    const { answer, guess, words, asked } = this;
    const mark = (name, label, value) => {
      const share = (100 * Math.min(value, asked.high)) / asked.high;
      return h("div", { class: `ex-guide-mark ex-guide-mark-${name}`, style: `left: ${share}%` },
        h("span", { style: `transform: translateX(-${share}%)` }, `${label} ${this.written(value)}`)); // within the line, at both ends
    };
    return h("div", { class: "ex-guide-scale", "aria-hidden": "true" },
      guess === null ? null : mark("guess", words.guess, guess), mark("truth", words.truth, answer.truth));
  }
}
