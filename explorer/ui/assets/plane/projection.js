// A latent of more than two numbers is drawn by PCA at once and by UMAP where there is one: the switch between them, and
// the UMAP that a reader asks for, with its epochs.

import { ask } from "../core/ask.js";
import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";

const METHODS = [["pca", "PCA", "client.map.pca.tip"], ["umap", "UMAP", "client.map.umap.tip"]];
const POLL_MS = 1000;

styleSheet("plane/projection.css");

/** One map of one run that this reader waits for. */
class Wait {
  /** @param onChange called with each new state, @param onEnd with the last one */
  constructor(run, onChange) {
    Object.assign(this, { run, onChange, state: "running", epoch: 0, epochs: 0, token: "", error: "" });
    this.follow("start");
  }

  async follow(action) {
    try {
      const { state, epoch = 0, epochs = 0, token = this.token } = await ask("umap", { run: this.run, action, token: this.token });
      Object.assign(this, { state, epoch, epochs, token });
      if (state === "running") setTimeout(() => this.follow("state"), POLL_MS);
    } catch (error) {
      Object.assign(this, { state: "failed", error: error.message });
    }
    this.onChange(this);
  }

  cancel() {
    ask("umap", { run: this.run, action: "cancel", token: this.token }).catch((error) => console.warn(error));
  }

  get sentence() {
    if (this.error) return this.error;
    if (this.state === "running") return this.epochs ? store.t("client.map.epoch", this) : store.t("client.map.neighbours");
    return this.state === "cancelled" ? store.t("client.map.cancelled") : store.t("client.map.failed");
  }
}

export class ProjectionSwitch {
  constructor(name) {
    this.name = name; // side
    this.buttons = h("div", { class: "ex-map-methods", role: "group" });
    this.news = h("div", { class: "ex-map-news", role: "status" });
    this.element = h("div", { class: "ex-map" }, this.buttons, this.news);
    this.wait = null;
  }

  get projection() {
    return store.side(this.name)?.plane?.projection;
  }

  update() {
    const { projection } = this;
    this.element.hidden = !projection;
    if (!projection) return;
    if (this.wait?.run !== projection.run) this.wait = null;
    refill(this.buttons, [projection.method, store.t("client.map")], () => [
      h("span", { class: "ex-map-title" }, store.t("client.map")),
      ...METHODS.map(([method, label, tip]) => this.button(method, label, store.t(tip))),
    ]);
    this.buttons.setAttribute("aria-label", store.t("client.map"));
    this.tell();
  }

  button(method, label, tip) {
    const pressed = String(this.projection.method === method);
    return h("button", { type: "button", title: tip, "data-map": method, "aria-pressed": pressed, onclick: () => choose(method) }, label);
  }

  /** What stands beside the buttons: that there is no UMAP yet, or how far it is. */
  tell() {
    const { wait, projection } = this;
    const absent = projection.wanted === "umap" && !projection.umap;
    const shown = absent && [projection.run, wait?.sentence, wait?.state, wait?.token, store.t("client.map.make")];
    refill(this.news, [shown], () => (absent ? this.absent(wait, projection) : []));
  }

  absent(wait, { run }) {
    if (!wait) return [h("span", {}, store.t("client.map.absent", { run })), this.make()];
    if (wait.state !== "running") return [h("span", {}, wait.sentence), this.make()];
    const bar = h("progress", { max: wait.epochs || 1, ...(wait.epochs ? { value: wait.epoch } : {}) });
    const cancel = h("button", { type: "button", onclick: () => wait.cancel() }, store.t("client.map.cancel"));
    return [bar, h("span", {}, wait.sentence), wait.token ? cancel : null].filter(Boolean);
  }

  make() {
    return h("button", { type: "button", onclick: () => this.begin() }, store.t("client.map.make"));
  }

  begin() {
    this.wait = new Wait(this.projection.run, (wait) => {
      if (wait !== this.wait) return;
      if (wait.state === "made") choose("umap"); // the same View again: now there is something to show
      else if (this.projection) this.tell();
    });
    this.tell();
  }
}

/** The View says which one is wanted; both sides follow. */
function choose(map) {
  store.commit({ map });
}
