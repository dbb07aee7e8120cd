// One sample, large, and the three training images nearest to it: is it new, or remembered?

import { latest } from "../core/ask.js";
import { bytesOf, h, paintPixels, say } from "../core/dom.js";
import { store } from "../core/store.js";
import { asked } from "./draws.js";
import { shapeOf } from "./gallery.js";
import { progress } from "./progress.js";
import { tip } from "./words.js";

const AGAIN_MS = 400; // between two looks at a job that is not done

export class Detail {
  /** @param side whose latents are shown */
  constructor(side) {
    this.side = side;
    this.ask = latest("nearest");
    this.asked = 0;
    this.canvas = h("canvas", { role: "img", "aria-hidden": "true", width: 1, height: 1 });
    this.title = h("b", {});
    this.note = h("span", {});
    this.label = h("p", { class: "ex-gen-near-label" });
    this.near = h("div", { class: "ex-gen-near", "aria-live": "polite" });
    this.progress = progress(() => this.stop());
    this.element = h("div", { class: "ex-gen-detail" },
      h("figure", { class: "ex-gen-large" }, this.canvas, h("figcaption", {}, this.title, this.note)),
      h("div", { class: "ex-gen-neighbours" }, this.label, this.near, this.progress.element));
    this.element.explorer = this;
  }

  get words() {
    return store.scene.generate.words;
  }

  /** A picture that is only looked at for a moment: its neighbours are not asked for. */
  preview(latent, title, note = "") {
    const values = latent && store.decode(this.side, latent);
    const shape = shapeOf(this.side);
    if (values && shape) paintPixels(this.canvas, values, ...shape, 255);
    this.title.textContent = title;
    this.note.textContent = note;
    say(this.canvas, [title, note].filter(Boolean).join(": "));
  }

  async show(latent, title, note = "") {
    this.preview(latent, title, note);
    const mine = (this.asked += 1);
    this.label.textContent = this.words["near.label"];
    this.near.classList.add("ex-gen-old");
    const { run } = store.side(this.side);
    const params = { run, ...asked(latent) };
    try {
      let answer = await this.ask(params);
      while (answer && !answer.images && mine === this.asked) {
        this.progress.show(answer.done, this.words["near.reading"]);
        await new Promise((done) => setTimeout(done, AGAIN_MS));
        if (mine === this.asked) answer = await this.ask(params);
      }
      if (answer?.images && mine === this.asked) this.fill(answer);
    } catch (error) {
      if (mine === this.asked) this.say(error.message);
    }
  }

  fill({ images, usual, what }) {
    this.progress.hide();
    this.near.classList.remove("ex-gen-old");
    this.near.replaceChildren(...images.map(({ pixels, width, height, channels, name, distance }) => {
      const canvas = h("canvas", { role: "img", "aria-label": name });
      paintPixels(canvas, bytesOf(pixels), width, height, channels);
      return h("figure", {}, canvas, h("figcaption", {}, h("span", {}, name), h("span", {}, distance)));
    }));
    this.label.replaceChildren(this.words["near.label"], tip(this.words["near.label"], what), h("span", {}, usual));
  }

  say(sentence) {
    this.progress.hide();
    this.near.classList.remove("ex-gen-old");
    this.near.replaceChildren(h("p", { class: "ex-gen-note" }, sentence));
  }

  stop() {
    this.asked += 1;
    this.say(this.words["near.stopped"]);
  }
}
