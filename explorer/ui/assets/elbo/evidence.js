// For one image the bounds rising towards log p(x), and the true posterior beside q; for the set what the report has.

import { ask } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill } from "../core/dom.js";
import { inSight } from "../core/when_seen.js";
import { store } from "../core/store.js";
import { heading, mounted, scene, sentence, theVae, word, written } from "./panel.js";

export function mount(element) {
  return mounted(element, ".ex-elbo-evidence", (root) => new EvidencePanel(root));
}

class EvidencePanel {
  constructor(root) {
    this.root = root;
    this.asked = this.askedSet = "";
    this.controller = null;
    this.found = {}; // what has come for the selected image
    this.head = h("div", { class: "ex-elbo-head" });
    this.titles = Object.fromEntries(["image", "posterior", "set"].map((name) => [name, h("div", {})]));
    this.figures = Object.fromEntries(["image", "posterior", "set"].map((name) => [name, h("div", {})]));
    this.rows = h("dl", { class: "ex-elbo-facts" });
    this.progress = h("p", { class: "ex-elbo-note", role: "status" });
    this.caption = h("p", { class: "ex-elbo-note" });
    this.integral = h("p", { class: "ex-elbo-note", role: "status" });
    this.sentences = h("div", {});
    this.more = h("p", { class: "ex-elbo-note ex-elbo-beginners" });
    this.charts = {
      image: new Chart(this.figures.image, { name: "bounds-of-one-image", height: 300 }),
      posterior: new Chart(this.figures.posterior, { name: "two-posteriors", height: 380 }),
      set: new Chart(this.figures.set, { name: "bounds-of-the-set", height: 300 }),
    };
    this.body = h("div", { class: "ex-elbo-three" },
      h("section", { "data-expert": true }, this.titles.image, this.figures.image, this.progress, this.caption),
      h("section", {}, this.titles.posterior, this.figures.posterior, this.integral),
      h("section", { "data-expert": true }, this.titles.set, this.figures.set, this.sentences));
    root.replaceChildren(this.head, this.rows, this.body, this.more);
    inSight(root, () => {
      this.seen = true;
      if (store.scene?.elbo) this.ask();
    });
  }

  update(change) {
    if (!change.scene) return;
    const { vae, no_vae: missing } = scene();
    const { lang } = store.view;
    this.body.hidden = this.rows.hidden = this.more.hidden = !vae;
    this.more.textContent = word("elbo.evidence.more");
    refill(this.head, [vae?.run, missing, lang], () =>
      vae ? [...heading("elbo.evidence.title", "elbo.evidence.what", theVae()),
        h("p", { class: "ex-elbo-what", "data-expert": true }, word("elbo.evidence.iwae"))]
        : [...heading("elbo.evidence.title", "elbo.evidence.what"), sentence(missing)]);
    if (!vae) {
      this.stop();
      return;
    }
    refill(this.titles.image, [lang], () => h("h3", {}, word("elbo.iwae.image")));
    refill(this.titles.set, [lang], () => h("h3", {}, word("elbo.set.title")));
    refill(this.titles.posterior, [lang, vae.no_integral], () => [
      h("h3", {}, word("elbo.posterior.title")),
      h("p", { class: "ex-elbo-note" }, vae.integrable ? word("elbo.posterior.what") : vae.no_integral),
    ]);
    this.ask();
  }

  stop() {
    this.controller?.abort();
    this.asked = "";
  }

  ask() {
    if (!this.seen || !scene().vae) return;
    this.askSet();
    const { image, lang } = store.view;
    const { run, integrable } = scene().vae;
    const key = JSON.stringify([run, image, lang]);
    if (key === this.asked) return;
    this.controller?.abort();
    this.controller = new AbortController();
    Object.assign(this, { asked: key, found: {} });
    this.root.classList.add("ex-elbo-old");
    this.figures.posterior.hidden = !integrable;
    this.integral.textContent = integrable ? word("elbo.posterior.integrating") : "";
    this.askImage({ run, image }, integrable, this.controller.signal);
  }

  /** One part of the draws, the integral, then the other parts: something stands after the first second. */
  async askImage(params, integrable, signal) {
    try {
      this.showBounds(await ask("iwae", { ...params, parts: 0 }, { signal }));
      if (integrable) {
        this.showPosterior(await ask("posterior", params, { signal }));
        this.showBounds(await ask("iwae", { ...params, parts: 0, evidence: 1 }, { signal }));
      }
      for (let parts = 1; this.found.bounds.done < this.found.bounds.total; parts++) {
        this.showBounds(await ask("iwae", { ...params, parts, evidence: Number(integrable) }, { signal }));
      }
    } catch (error) {
      if (signal.aborted) return;
      this.asked = "";
      this.progress.textContent = error.message;
      this.integral.textContent = "";
    }
  }

  showBounds(answer) {
    const { done, total, caption, figure } = answer;
    this.found.bounds = answer;
    this.root.classList.remove("ex-elbo-old");
    this.charts.image.show(figure, word("elbo.iwae.image"));
    this.progress.textContent = done < total ? word("elbo.iwae.drawing", { done: done.toLocaleString(), total: total.toLocaleString() }) : "";
    this.caption.textContent = caption;
    this.showRows();
  }

  showPosterior(answer) {
    this.found.posterior = answer;
    this.charts.posterior.show(answer.figure, word("elbo.posterior.title"));
    this.integral.textContent = answer.sentence;
    this.showRows();
  }

  /** The numbers in a row: the bounds, and what they rise towards. */
  showRows() {
    const { bounds, posterior } = this.found;
    const nats = (value) => word("elbo.evidence.nats", { value });
    const rows = bounds.rows.map(({ name, value }, place) => [name, nats(value), place > 0]); // all but the ELBO are IWAE
    if (posterior) {
      rows.push([word("elbo.evidence.gap"), nats(written(posterior.gap)), false]);
      rows.push([word("elbo.evidence.sum"), nats(written(bounds.elbo + posterior.gap)), false]);
      rows.push([word("elbo.evidence.log_px"), nats(written(posterior.log_px)), false]);
    }
    refill(this.rows, rows, () => rows.map(([name, value, expert]) =>
      h("div", { "data-expert": expert }, h("dt", {}, name), h("dd", {}, value.replaceAll("-", "−")))));
  }

  async askSet() {
    const { lang } = store.view;
    const { run } = scene().vae;
    const key = JSON.stringify([run, lang]);
    if (key === this.askedSet) return;
    this.askedSet = key;
    try {
      const { figure, sentences } = await ask("set_bounds", { run });
      if (this.askedSet !== key) return;
      this.figures.set.hidden = !figure;
      if (figure) this.charts.set.show(figure, word("elbo.set.title"));
      refill(this.sentences, sentences, () => sentences.map((text) => h("p", { class: figure ? "ex-elbo-note" : "ex-chip" }, text)));
    } catch (error) {
      this.askedSet = "";
      refill(this.sentences, [error.message], () => sentence(error.message));
    }
  }
}
