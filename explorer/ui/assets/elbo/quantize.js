// A VAE turned into codes without training: a slider of the codebook's size, the picture, and errors over log2 K.

import { ask, latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { bytesOf, h, paintPixels, pictureCanvas, refill, say } from "../core/dom.js";
import { inSight } from "../core/when_seen.js";
import { store } from "../core/store.js";
import { heading, mounted, scene, sentence, theVae, word } from "./panel.js";

const MOST_BITS = 14;
const PICTURES = ["original", "mean", "code"];

export function mount(element) {
  return mounted(element, ".ex-elbo-quantize", (root) => new Quantize(root));
}

class Quantize {
  constructor(root) {
    this.asked = this.askedOne = "";
    this.question = latest("quantize");
    this.bits = 8;
    this.head = h("div", { class: "ex-elbo-head" });
    this.slider = h("input", { type: "range", min: 1, max: MOST_BITS, step: 1, value: this.bits, class: "ex-elbo-slider" });
    this.label = h("label", { class: "ex-elbo-quantize-size" });
    this.canvases = Object.fromEntries(PICTURES.map((name) => [name, pictureCanvas({ class: "ex-elbo-quantize-picture" })]));
    this.captions = Object.fromEntries(PICTURES.map((name) => [name, h("figcaption", { class: "ex-elbo-note" })]));
    this.note = h("p", { class: "ex-elbo-note", role: "status" });
    this.sentences = h("div", {});
    this.figure = h("div", {});
    this.chart = new Chart(this.figure, { name: "quantized-vae", height: 520 });
    this.body = h("div", { class: "ex-elbo-two" },
      h("div", {}, this.label,
        h("div", { class: "ex-elbo-quantize-row" }, ...PICTURES.map((name) => h("figure", {}, this.canvases[name], this.captions[name]))),
        this.note),
      h("div", {}, this.figure, this.sentences));
    root.replaceChildren(this.head, this.body);
    this.slider.addEventListener("input", () => {
      this.bits = Number(this.slider.value);
      this.name();
      this.askOne();
    });
    inSight(root, () => {
      this.seen = true;
      if (store.scene?.elbo) this.ask();
    });
  }

  update(change) {
    if (!change.scene) return;
    const { vae, no_vae: missing } = scene();
    const { lang } = store.view;
    this.body.hidden = !vae;
    refill(this.head, [vae?.run, missing, lang], () =>
      vae ? heading("elbo.quantize.title", "elbo.quantize.what", theVae())
        : [...heading("elbo.quantize.title", "elbo.quantize.what"), sentence(missing)]);
    this.name();
    if (vae) this.ask();
  }

  name() {
    const words = word("elbo.quantize.size", { codes: (2 ** this.bits).toLocaleString(), bits: this.bits });
    this.slider.setAttribute("aria-valuetext", words);
    this.label.replaceChildren(h("span", {}, words), this.slider);
  }

  ask() {
    if (!this.seen || !scene().vae) return;
    this.askOne();
    this.askSet();
  }

  async askOne() {
    const { image, lang } = store.view;
    const key = JSON.stringify([scene().vae.run, image, lang, this.bits]);
    if (!this.seen || key === this.askedOne) return;
    this.askedOne = key;
    try {
      const answer = await this.question({ run: scene().vae.run, image, bits: this.bits });
      if (!answer) return;
      for (const name of PICTURES) this.paint(name, answer[name]);
      this.note.textContent = answer.sentence;
    } catch (error) {
      this.askedOne = "";
      this.note.textContent = error.message;
    }
  }

  paint(name, { pixels, width, height, channels, label }) {
    paintPixels(this.canvases[name], bytesOf(pixels), width, height, channels);
    say(this.canvases[name], label);
    this.captions[name].textContent = label;
  }

  async askSet() {
    const { lang } = store.view;
    const { run } = scene().vae;
    const key = JSON.stringify([run, lang]);
    if (key === this.asked) return;
    this.asked = key;
    try {
      const { figure, sentences } = await ask("quantize", { run });
      if (this.asked !== key) return;
      this.chart.show(figure, word("elbo.quantize.title"));
      refill(this.sentences, sentences, () => sentences.map((text) => h("p", { class: "ex-elbo-note" }, text)));
    } catch (error) {
      this.asked = "";
      refill(this.sentences, [error.message], () => sentence(error.message));
    }
  }
}
