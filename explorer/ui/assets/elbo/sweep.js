// Every VAE of the set by its β, and two ways to waste a latent: silent units and dead codes.

import { latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { inSight } from "../core/when_seen.js";
import { store } from "../core/store.js";
import { heading, mounted, scene, word } from "./panel.js";

export function mount(element) {
  return mounted(element, ".ex-elbo-sweep", (root) => new Sweep(root));
}

class Sweep {
  constructor(root) {
    this.root = root;
    this.asked = "";
    this.question = latest("sweep");
    this.head = h("div", { class: "ex-elbo-head" });
    this.caption = h("p", { class: "ex-elbo-note", role: "status" });
    this.figures = Object.fromEntries(["sweep", "units", "codes"].map((name) => [name, h("div", {})]));
    this.titles = { units: h("h4", { "data-kind": "vae" }), codes: h("h4", { "data-kind": "vqvae" }) };
    this.mirror = h("div", { class: "ex-elbo-mirror-head" });
    const load = ({ id }) => id && store.commit({ [scene().vae?.side ?? "left"]: id });
    const loadRight = ({ id }) => id && store.commit({ right: id });
    this.charts = {
      sweep: new Chart(this.figures.sweep, { name: "beta-sweep", height: 588, onclick: load }),
      units: new Chart(this.figures.units, { name: "active-units", height: 250, onclick: load }),
      codes: new Chart(this.figures.codes, { name: "used-codes", height: 300, onclick: loadRight }),
    };
    root.replaceChildren(
      this.head,
      h("div", { class: "ex-elbo-two" },
        h("div", {}, this.figures.sweep, this.caption),
        h("div", {}, this.mirror, this.titles.units, this.figures.units, this.titles.codes, this.figures.codes)));
    inSight(root, () => {
      this.seen = true;
      if (store.scene?.elbo) this.ask();
    });
  }

  update(change) {
    if (!change.scene) return;
    const { lang } = store.view;
    refill(this.head, [lang], () => heading("elbo.sweep.title", "elbo.sweep.what"));
    refill(this.mirror, [lang], () => [h("h3", {}, word("elbo.waste.title")), h("p", { class: "ex-elbo-note" }, word("elbo.waste.what"))]);
    for (const [name, kind] of [["units", "vae"], ["codes", "vqvae"]]) {
      refill(this.titles[name], [lang], () => [kindGlyph(kind), word(`elbo.waste.${kind}.axis`)]);
    }
    this.ask();
  }

  async ask() {
    const { data, lang } = store.view;
    const shown = Object.fromEntries(["left", "right"].map((side) => [side, store.side(side)?.run]).filter(([, run]) => run));
    const key = JSON.stringify([data, lang, shown]);
    if (!this.seen || key === this.asked) return;
    this.asked = key;
    try {
      const answer = await this.question({ data, ...shown });
      if (!answer) return;
      this.caption.textContent = answer.caption;
      for (const name of ["sweep", "units", "codes"]) {
        this.figures[name].hidden = !answer[name];
        if (name in this.titles) this.titles[name].hidden = !answer[name];
        if (answer[name]) this.charts[name].show(answer[name], word(name === "sweep" ? "elbo.sweep.title" : "elbo.waste.title"));
      }
    } catch (error) {
      this.asked = "";
      this.caption.textContent = error.message;
    }
  }
}
