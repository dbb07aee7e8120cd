// The visitor's own pictures: a zip becomes an image set that only its sender finds.

import { ask } from "../core/ask.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { Sender } from "./send.js";
import { sureButton, word } from "./words.js";

const ENCODINGS = ["utf-8", "gbk", "big5", "shift-jis", "euc-kr", "cp437", "cp850", "cp866", "cp1252"];

export class Own {
  /** @param onSet called with the name of a new set, with null after one is gone */
  constructor(onSet) {
    this.onSet = onSet;
    this.title = h("summary");
    this.note = h("p", { class: "ex-train-note" });
    this.form = h("div", { class: "ex-train-fields" });
    this.file = h("input", { type: "file", accept: ".zip", id: "ex-train-pictures", onchange: () => this.send(this.file.files[0]) });
    this.label = h("label", { for: "ex-train-pictures", class: "ex-train-button" });
    this.said = h("p", { class: "ex-train-told", role: "status" });
    this.sender = new Sender((sentence) => this.say(sentence));
    this.refused = h("ul", { class: "ex-train-refusals" });
    this.list = h("div", { class: "ex-train-row" });
    this.element = h("details", { class: "ex-train-own", "data-part": "own" }, this.title, this.note, this.form,
      h("div", { class: "ex-train-row ex-train-bring" }, this.file, this.label, this.sender.bar, this.said), this.refused, this.list);
  }

  update({ own, settings }) {
    this.limit = own.megabytes;
    this.title.textContent = word("train.own");
    this.note.textContent = word("train.own.note", { limit: own.megabytes });
    this.label.textContent = word("train.own.choose");
    const { choices } = settings.find(({ name }) => name === "data");
    refill(this.form, [own.sizes, store.view.lang], () => [
      field("pixels", own.sizes.map((size) => [size, `${size}×${size}`]), 32),
      field("colours", ["colour", "grey"].map((name) => [name, word(`train.set.data.${name}`)]), "colour"),
      field("split", ["alike", "time", "file"].map((name) => [name, word(`train.own.split.${name}`)]), "alike"),
      field("names", [["", word("train.own.names.guess")], ...ENCODINGS.map((name) => [name, name])], ""),
    ]);
    refill(this.list, [own.sets, store.view.lang], () => choices.filter(({ id }) => own.sets.includes(id)).map(({ id, label }) =>
      sureButton(word("train.own.delete", { name: label }), () => this.remove(id), { "data-set": id })));
  }

  async send(file) {
    if (!file) return;
    const [pixels, colours, split, names] = [...this.form.querySelectorAll("select")].map(({ value }) => value);
    const asked = { files: [[file.name, file.size]], pixels: Number(pixels), colours, split, ...(names ? { names } : {}) };
    const answer = await this.sender.send("explorer/pictures", file, asked, this.limit);
    this.file.value = "";
    this.say(answer.ok ? word("train.own.kept", { ...answer, name: answer.title }) : answer.error, [...(answer.remarks ?? []), ...(answer.refused ?? [])], answer.more);
    this.said.classList.toggle("ex-train-refused", !answer.ok);
    if (!answer.ok) return;
    this.onSet(answer.set);
    store.commit({ mine: answer.mine });
    store.view.mine = answer.mine;
  }

  say(sentence, refused = [], more = 0) {
    this.said.textContent = sentence;
    this.said.classList.remove("ex-train-refused");
    const items = more ? [...refused, word("train.own.more", { count: more })] : refused;
    this.refused.replaceChildren(...items.map((item) => h("li", {}, item)));
  }

  async remove(name) {
    try {
      await ask("train_delete_set", { set: name });
      this.say("");
      this.onSet(null);
      store.commit({});
    } catch (error) {
      this.say(error.message);
    }
  }
}

function field(name, options, usual) {
  const id = `ex-train-own-${name}`;
  return h("div", { class: "ex-train-field" }, h("label", { for: id }, word(`train.own.${name}`)),
    h("select", { id }, ...options.map(([value, label]) => h("option", { value, selected: value === usual }, label))));
}
