// The learned prior of a run of one's own, trained from here in the trainings' queue: a button, then how far it is.

import { ask } from "../core/ask.js";
import { h } from "../core/dom.js";
import { store } from "../core/store.js";
import { watching } from "../core/visitor.js";
import { progress } from "./progress.js";
import { filled } from "./words.js";

const LIVELY = ["queued", "training", "measuring"];
const LOOK_MS = 1000;

export class PriorTraining {
  constructor() {
    this.run = "";
    this.job = null;
    this.button = h("button", { type: "button", class: "ex-gen-button ex-gen-train", onclick: () => this.start() });
    this.progress = progress(() => this.stop());
    this.said = h("p", { class: "ex-gen-note", role: "status" });
    this.element = h("div", { class: "ex-gen-training", hidden: true }, this.button, this.progress.element, this.said);
  }

  get words() {
    return store.scene.generate?.words ?? {};
  }

  /** @param run that lacks its learned prior and is the reader's own; "" where there is none to train */
  show(run) {
    const wanted = watching() ? "" : run;
    this.element.hidden = !wanted;
    this.button.textContent = this.words.learn;
    if (wanted === this.run) return;
    Object.assign(this, { run: wanted, job: null });
    this.said.textContent = "";
    this.idle();
    if (wanted) this.find();
  }

  idle() {
    this.progress.hide();
    this.button.hidden = false;
  }

  /** One that was begun before a reload, or in the tab Train. */
  async find() {
    const { run } = this;
    const { jobs } = await ask("train_jobs").catch(() => ({ jobs: [] }));
    const job = jobs.find(({ prior, phase }) => prior === run && LIVELY.includes(phase));
    if (job && run === this.run) this.watch(job.job);
  }

  async start() {
    const { run } = this;
    this.said.textContent = "";
    try {
      const { job } = await ask("train_prior", { run });
      if (run === this.run) this.watch(job);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  watch(job) {
    this.job = job;
    this.button.hidden = true;
    this.look();
  }

  /** Asks how it goes until it has ended; then the scene has its rung. */
  async look() {
    const { job } = this;
    if (!job) return;
    const state = await ask("train_state", { job }).catch((error) => ({ phase: "failed", error: error.message }));
    if (job !== this.job) return;
    this.state = state;
    if (LIVELY.includes(state.phase)) {
      this.progress.show(state.step / state.steps, this.sentence(state));
      setTimeout(() => this.look(), LOOK_MS);
      return;
    }
    this.job = null;
    this.idle();
    this.said.textContent = state.error;
    if (!state.error) store.commit({});
  }

  sentence({ phase, step, steps, ahead }) {
    return filled(this.words[`learn.${phase}`], { step, steps, ahead });
  }

  /** What was learned so far is kept. */
  async stop() {
    const { job, state } = this;
    const act = state.phase === "queued" && !state.step ? "discard" : "keep"; // nothing was learned yet
    await ask("train_command", { job, do: act }).catch((error) => (this.said.textContent = error.message));
  }
}
