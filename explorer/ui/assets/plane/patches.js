// What the pinned code stands for: patches of test images whose vectors fall to it.

import { newest } from "../core/ask.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class PatchesView {
  constructor(name) {
    this.name = name;
    this.text = h("p", { class: "ex-caption" });
    this.close = h("button", { type: "button", class: "ex-patches-close", onclick: () => store.commit({ code: null }) }, "×");
    this.grid = h("div", { class: "ex-patches-grid", role: "group", onkeydown: (event) => this.key(event) });
    this.element = h("section", { class: "ex-patches", hidden: true },
      h("div", { class: "ex-patches-head" }, this.text, this.close), this.grid);
    this.asked = ""; // run and code that are shown or under way
    this.found = null; // what Python said: a question's answer, or an Error
    this.ask = newest("patches", (answer, question) => this.answered(answer, question));
  }

  update() {
    const side = store.side(this.name);
    const code = side?.kind === "vqvae" && side.plane ? store.pins(this.name).code : null;
    const key = code === null ? "" : `${side.run} ${code} ${store.view.lang}`;
    if (key !== this.asked) {
      Object.assign(this, { asked: key, found: null });
      if (key) this.ask({ run: side.run, code, lang: store.view.lang });
    }
    this.show(code);
  }

  answered(answer, { run, code, lang }) {
    if (`${run} ${code} ${lang}` !== this.asked) return; // another code was pinned meanwhile
    this.found = answer;
    this.show(code);
  }

  show(code) {
    const { found } = this;
    this.element.hidden = !this.asked || !found; // nothing moves until there is something to show
    if (this.element.hidden) return;
    this.close.setAttribute("aria-label", store.t("client.close"));
    this.text.textContent = this.sentence(code);
    refill(this.grid, [this.asked, found.images ?? []], () => this.patches());
  }

  sentence(code) {
    const { found } = this;
    if (found instanceof Error) return found.message;
    const params = { code, shown: found.images.length, total: found.total.toLocaleString() };
    const sentence = store.t(found.total ? "client.patches" : "client.patches_dead", params);
    const moved = store.codes(this.name)?.moved.has(code) ? store.t("client.patches_moved") : "";
    return [sentence, found.draws, moved].filter(Boolean).join(store.view.lang === "zh" ? "" : " ");
  }

  patches() {
    const { images = [], cells, columns, png } = this.found;
    const rows = Math.ceil(images.length / columns);
    return images.map((image, i) => {
      const [x, y] = [i % columns, Math.floor(i / columns)];
      const place = `${(100 * x) / (columns - 1)}% ${rows > 1 ? (100 * y) / (rows - 1) : 0}%`;
      const title = store.t("client.patch", { image, cell: cells[i] });
      return h("button", {
        type: "button", class: "ex-patch", title, "aria-label": title, tabindex: i ? "-1" : "0",
        style: `background-image:url(data:image/png;base64,${png});background-size:${100 * columns}% ${100 * rows}%;background-position:${place}`,
        onclick: () => store.commit({ image }),
      });
    });
  }

  key(event) {
    const buttons = [...this.grid.children];
    const next = buttons[buttons.indexOf(event.target) + (STEPS[event.key] ?? NaN)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
