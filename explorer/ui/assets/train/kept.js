// The visitor's own runs: in every tab's drop-downs, to take home, to bring back, to delete.

import { ask } from "../core/ask.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { watching } from "../core/visitor.js";
import { Sender } from "./send.js";
import { button, showInLatent, sureButton, word } from "./words.js";

export class Kept {
  /** @param onChange after a run came or went; @param onJob with the id of a job that was begun */
  constructor(onChange, onJob) {
    this.onChange = onChange;
    this.onJob = onJob;
    this.title = h("h3");
    this.note = h("p", { class: "ex-train-note" });
    this.list = h("ul", { class: "ex-train-kept" });
    this.said = h("p", { class: "ex-train-answer", role: "status" });
    this.file = h("input", { type: "file", accept: ".zip", id: "ex-train-upload", onchange: () => this.bring(this.file.files[0]) });
    this.label = h("label", { for: "ex-train-upload", class: "ex-train-button" });
    this.sender = new Sender((sentence) => (this.said.textContent = sentence));
    this.element = h("section", { class: "ex-train-panel", "data-part": "kept" }, this.title, this.list, this.note,
      h("div", { class: "ex-train-row ex-train-bring" }, this.file, this.label, this.sender.bar, this.said));
  }

  show(runs) {
    this.title.textContent = word("train.kept");
    this.note.textContent = runs.length ? word("train.kept.note") : "";
    this.label.textContent = word("train.kept.upload");
    refill(this.list, [runs, store.view.lang], () => runs.map((run) => h("li", { "data-run": run.id },
      h("span", {}, `${run.label} · ${word("train.kept.step", run)} `, h("code", {}, run.id)),
      button(word("train.kept.show"), () => showInLatent(run)),
      run.zip ? h("a", { class: "ex-train-button", href: new URL(run.zip, document.baseURI).href, download: `${run.id}.zip` }, word("train.kept.download")) : null,
      run.prior || watching() ? null : button(word("train.kept.prior"), () => this.learn(run.id), { "data-learn": run.id }),
      watching() ? null : sureButton(word("train.kept.delete"), () => this.remove(run.id)))));
  }

  /** Its prior over codes or latents, in the queue of trainings. */
  async learn(run) {
    try {
      this.onJob((await ask("train_prior", { run })).job);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  async remove(run) {
    try {
      await ask("train_delete", { run });
      this.gone(run);
    } catch (error) {
      this.said.textContent = error.message;
    }
    this.onChange();
  }

  /** Wherever it is shown, the default takes its place; the drop-downs let go of it. */
  gone(run) {
    const patch = {};
    for (const side of ["left", "right"]) if (store.view[side] === run) patch[side] = "";
    store.commit(patch);
  }

  async bring(file) {
    if (!file) return;
    const answer = await this.sender.send("explorer/kept", file, { size: file.size });
    this.said.textContent = answer.ok ? "" : answer.error;
    this.file.value = "";
    if (!answer.ok) return;
    store.commit({ mine: answer.mine });
    store.view.mine = answer.mine;
    this.onChange();
  }
}
