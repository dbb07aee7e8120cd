// The guide's open step: words, formulas, a question, and what it points at. Every step sets the page up through the View.

import { latest } from "../core/ask.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { ahead } from "./ahead.js";
import { mathOf } from "./math.js";
import { Prediction } from "./prediction.js";
import { Ring } from "./ring.js";

export class Panel {
  /** @param onFold called when the reader folds the guide away */
  constructor(root, onFold) {
    this.shown = 0;
    this.small = false;
    this.ring = new Ring();
    this.prediction = new Prediction((found) => this.revealed(found));
    this.doubt = latest("guide");
    this.title = h("h2", { id: "ex-guide-title", tabindex: -1 });
    this.at = h("span", { class: "ex-guide-at" });
    this.fold = h("button", { type: "button", class: "ex-guide-fold", onclick: onFold }, "×");
    this.size = h("button", { type: "button", class: "ex-guide-size", onclick: () => this.resize(!this.small) });
    this.body = h("div", { class: "ex-guide-body" });
    this.say = h("div", { class: "ex-guide-say" });
    this.noted = h("p", { class: "ex-guide-noted" });
    this.noteTitle = h("summary");
    this.note = h("details", { class: "ex-guide-note", ontoggle: () => this.note.open && this.measure() }, this.noteTitle, this.noted);
    this.back = h("button", { type: "button", onclick: () => this.go(store.view.guide - 1) });
    this.next = h("button", { type: "button", class: "ex-guide-next", onclick: () => this.go(store.view.guide + 1) });
    this.reset = h("button", { type: "button", class: "ex-guide-reset", onclick: () => this.go(store.view.guide) });
    this.print = h("a", { class: "ex-guide-print", target: "_blank" });
    this.body.append(this.say, this.note, this.prediction.element, this.reset, this.print);
    this.element = h("section", { class: "ex-guide-panel", "aria-labelledby": "ex-guide-title" },
      h("header", {}, h("div", {}, this.at, this.title), this.size, this.fold),
      this.body,
      h("footer", {}, this.back, this.next));
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && onFold());
    root.replaceChildren(this.element);
    root.explorer = this; // for the tests
  }

  get step() {
    return store.scene.guide.open;
  }

  update(change) {
    const { step } = this;
    this.element.hidden = !step || !store.view.guide;
    if (this.element.hidden) {
      this.shown = 0;
      this.ring.point("");
      return;
    }
    const { words, steps } = store.scene.guide;
    const number = store.scene.view.guide;
    this.element.setAttribute("aria-busy", String(ahead())); // muted: the words are the last step's
    this.label(words, steps);
    refill(this.say, step, () => this.words(words));
    this.reset.hidden = this.stands();
    this.prediction.update(step.asked, number, words);
    if (change.scene) this.ask(words);
    if (this.shown !== number) {
      this.shown = number;
      this.body.scrollTop = 0;
      this.ring.point(step.look, step.watch, true);
    }
  }

  /** The way on counts from the step that was asked for last, which may be ahead of the one that is shown. */
  label(words, steps) {
    const number = store.view.guide;
    this.at.textContent = `${store.scene.guide.title} · ${this.step.at}`;
    this.title.textContent = this.step.title;
    this.back.textContent = words.back;
    this.back.disabled = number === 1;
    this.next.textContent = number === steps ? words.first : words.next;
    this.reset.textContent = words.reset;
    this.print.textContent = words.print;
    this.print.href = `explorer/guide?data=${store.view.data}&lang=${store.view.lang}`;
    for (const [button, label] of [[this.fold, words.fold], [this.size, this.small ? words.larger : words.smaller]]) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    this.element.classList.toggle("ex-guide-small", this.small);
    this.size.textContent = this.small ? "▴" : "▾";
    this.size.setAttribute("aria-expanded", String(!this.small));
  }

  words(words) {
    const { say, trouble, formulas, try_, more, elsewhere } = this.step;
    return [
      say && h("p", {}, say),
      boxed(formulas),
      try_ && h("p", { class: "ex-guide-try" }, h("b", {}, words.try), ` ${try_}`),
      ...more.map((each) => h("details", { class: "ex-guide-more" }, h("summary", {}, each.title),
        boxed(each.formulas), h("p", {}, each.say))),
      ...[trouble, elsewhere].map((sentence) => sentence && h("p", { class: "ex-guide-trouble" }, sentence)),
    ].filter(Boolean);
  }

  /** Whether the page is as the step has it. */
  stands() {
    const { view } = store.scene;
    return Object.entries(this.step.place).every(([key, value]) => view[key] === value);
  }

  /** The doubt is folded: it is measured when a reader unfolds it, and again when what it is about changes meanwhile. */
  ask(words) {
    const { name, note } = this.step;
    const { view } = store.scene;
    const about = JSON.stringify([name, view.lang, view.data, view.left, view.right, view.image, view.image_b]);
    this.note.hidden = !note;
    this.noteTitle.textContent = note;
    if (about === this.about) return;
    const [before] = JSON.parse(this.about ?? "[null]");
    this.about = about;
    if (before !== name) this.note.open = false;
    else if (this.note.open) this.measure();
  }

  async measure() {
    const { about } = this;
    if (!about || this.measured === about) return;
    this.measured = about;
    this.noted.textContent = store.scene.guide.words.measuring;
    const { view } = store.scene;
    const said = await this.doubt({ step: view.guide - 1, part: "doubt", view }).catch((error) => ({ said: error.message }));
    if (said && this.about === about) this.noted.textContent = said.said;
  }

  go(number) {
    const { steps, places } = store.scene.guide;
    const wanted = number > steps ? 1 : number;
    if (!places[wanted]) return;
    if (wanted === store.view.guide) this.shown = 0; // it is pointed out once more
    store.commit(places[wanted]);
  }

  /** The answer is there: the page follows it. */
  revealed({ place, look }) {
    if (Object.keys(place).length) store.commit(place);
    this.ring.point(look || this.step.look, look ? "" : this.step.watch, Boolean(look));
  }

  resize(small) {
    this.small = small;
    this.update({ view: true });
  }

  /** The reader has opened the guide: that is where the keyboard goes. */
  arrive() {
    this.small = false;
    this.title.focus({ preventScroll: true });
  }
}

/** Formulas in their box; nothing where there are none. */
const boxed = (formulas) => formulas.length > 0 && h("div", { class: "ex-guide-formulas" }, ...formulas.map(mathOf));
