// The tab Train: set up a run or a pair, watch it, steer it, keep it. The trainings themselves live outside of the page:
// here they are only asked about, and never held.

import { ask } from "../core/ask.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { JobView } from "./job.js";
import { Kept } from "./kept.js";
import { Setup } from "./setup.js";
import { button, word } from "./words.js";
import { remember, visitor, watching } from "../core/visitor.js";

const LIVELY = ["queued", "training", "measuring"];
const LIVE_MS = 400; // between two questions while something trains: more than twice a second
const CALM_MS = 3000;
const PATIENCE_MS = 15_000; // between two looks at the list of all trainings

export async function mount(element) {
  await styleSheet("train/train.css");
  const page = new TrainPage(element.querySelector(".ex-train"));
  store.subscribe((change) => page.update(change));
  page.update({ scene: true });
}

async function shareSteering(pressed) {
  const link = store.link({ ...store.view, tab: "train" }, { steer: true });
  try {
    await navigator.clipboard.writeText(link);
    pressed.textContent = store.t("client.copied_steer");
  } catch {
    prompt(pressed.textContent, link); // no permission inside a foreign frame
  }
}

class TrainPage {
  constructor(root) {
    this.root = root;
    this.current = null; // id of the job that is shown
    this.list = [];
    this.listed = 0;
    this.timer = 0;
    this.notes = h("div", { class: "ex-train-notes" });
    this.setup = new Setup((configs, preset, where) => this.start(configs, preset, where));
    this.jobs = h("div", { class: "ex-train-jobs", role: "group" });
    this.empty = h("p", { class: "ex-train-empty" });
    this.view = new JobView(() => this.soon(0), (id) => this.discarded(id));
    this.kept = new Kept(() => this.refresh(), (job) => {
      this.open(job);
      this.refresh();
    });
    this.whose = h("div", { class: "ex-train-row ex-train-whose" });
    root.replaceChildren(this.notes, this.setup.element, this.jobs, this.empty, this.view.element, this.kept.element, this.whose);
    root.explorer = this;
    document.addEventListener("visibilitychange", () => this.soon(0));
  }

  update(change) {
    const { train } = store.scene ?? {};
    this.root.classList.toggle("ex-train-waiting", !train);
    if (!train) return;
    if (change.scene) {
      refill(this.notes, train.notes, () => train.notes.map((sentence) => h("p", {}, sentence)));
      this.empty.textContent = word("train.none");
      this.root.classList.toggle("ex-train-watching", watching());
      this.drawWhose();
      this.setup.update();
      this.view.words();
      this.kept.show(this.runs ?? []);
      this.refresh();
    }
    if (change.theme) this.view.repaint();
  }

  get seen() {
    return store.view?.tab === "train" && !document.hidden;
  }

  async start(configs, preset, where) {
    const { mine, job } = await ask("train_start", { configs, preset, where: where === "gpu" ? where : undefined });
    remember(mine);
    if (mine !== store.view.mine) store.commit({ mine });
    store.view.mine = mine; // the questions until Python has answered are this visitor's already
    this.open(job);
    if (where === "gpu") this.view.burst();
    await this.refresh();
  }

  /** Asks which trainings and runs there are. */
  async refresh() {
    if (!store.scene?.train) return;
    this.listed = performance.now();
    try {
      const { jobs, runs } = await ask("train_jobs");
      this.list = jobs;
      this.runs = runs;
      const known = jobs.some(({ job }) => job === this.current);
      if (!known) this.open((jobs.find(({ phase }) => LIVELY.includes(phase)) ?? jobs[0])?.job ?? null);
      this.drawList();
      this.kept.show(runs);
    } catch {
      // the server is away: the next look finds it again
    }
    this.soon(0);
  }

  /** The way back from somebody else's trainings, or the link with which one's own are steered from elsewhere. */
  drawWhose() {
    const { mine } = store.view;
    refill(this.whose, [mine, visitor.foreign, store.view.lang], () => {
      if (!mine) return [];
      if (visitor.foreign) return button(word("train.foreign.leave"), () => store.leave());
      return button(word("train.share.steer"), ({ currentTarget }) => shareSteering(currentTarget));
    });
  }

  open(job) {
    if (job === this.current) return;
    this.current = job;
    this.view.open(job);
    this.drawList();
    this.soon(0);
  }

  discarded(id) {
    this.list = this.list.filter(({ job }) => job !== id);
    this.current = null;
    this.view.open(null);
    this.refresh();
  }

  drawList() {
    this.empty.hidden = this.list.length > 0;
    this.setup.calm(this.list.some(({ phase }) => LIVELY.includes(phase)));
    this.jobs.hidden = this.list.length < 2;
    refill(this.jobs, [this.list.map(({ job, phase, labels }) => [job, phase, labels]), this.current, store.view.lang], () => [
      h("span", { class: "ex-train-label" }, word("train.jobs")),
      ...this.list.map((job) => h("button", {
        type: "button", "aria-pressed": String(job.job === this.current), "data-phase": job.phase, onclick: () => this.open(job.job),
      }, `${job.labels.join(" | ")} · ${job.word}`)),
    ]);
  }

  // --- looking

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), delay);
  }

  async look() {
    if (this.busy || !this.seen || !this.current) return;
    this.busy = true;
    const began = performance.now();
    const before = this.view.state?.phase;
    let lively = false;
    try {
      const state = await this.view.look();
      lively = LIVELY.includes(state?.phase);
      if (state && before && state.phase !== before) await this.settled(state);
    } catch (error) {
      this.view.complain(error.message);
    }
    this.busy = false;
    if (performance.now() - this.listed > PATIENCE_MS) this.refresh();
    else this.soon(Math.max(60, (lively ? LIVE_MS : CALM_MS) - (performance.now() - began)));
  }

  /** A job has come to another phase: the list says so, and kept runs come into the drop-downs. */
  async settled(state) {
    this.listed = 0;
    if (state.runs.length) store.commit({});
  }
}
