// The guide beside the tabs: how it invites while it is folded away; its panel is fetched when a reader opens it.

import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";

export async function mount(element) {
  await styleSheet("guide/guide.css");
  new Invitation(element.querySelector(".ex-guide"));
}

class Invitation {
  constructor(root) {
    this.left = 0; // the step that the reader folded away
    this.panel = null;
    this.root = root;
    this.button = h("button", { type: "button", class: "ex-guide-open", onclick: () => this.open() });
    this.place = h("div", {});
    root.replaceChildren(this.button, this.place);
    store.subscribe((change) => this.update(change));
    this.update({ scene: true });
  }

  async update(change) {
    if (!store.scene?.guide || !(change.scene || change.view)) return;
    const { guide, view } = store.scene;
    if (guide.open) this.left = view.guide;
    document.body.classList.toggle("ex-guided", Boolean(guide.open));
    this.root.setAttribute("aria-label", guide.title);
    this.button.hidden = Boolean(guide.open);
    refill(this.button, [guide.invite, this.left], () =>
      h("span", {}, this.left ? guide.resume.replace("{step}", this.left) : guide.invite));
    if (guide.open) this.panel ??= import("./panel.js").then(({ Panel }) => new Panel(this.place, () => this.fold()));
    const panel = await this.panel;
    panel?.update(change);
    if (panel && this.arriving && store.scene.guide.open) {
      this.arriving = false;
      panel.arrive();
    }
  }

  open() {
    store.commit(this.left ? { guide: this.left } : store.scene.guide.places[1]);
    this.arriving = true;
  }

  fold() {
    store.commit({ guide: 0 });
    document.body.classList.remove("ex-guided");
    this.button.hidden = false;
    this.button.focus({ preventScroll: true });
  }
}
