// One image large, through both models: zoomed together, swiped between left and right, chosen by what one looks for.

import { ask, latest } from "../core/ask.js";
import { bytesOf, h, paintPixels, pictureCanvas, refill, say } from "../core/dom.js";
import { store } from "../core/store.js";
import { OwnPicture } from "./own.js";
import { belongs, possible, rebuilt } from "./rebuilt.js";

const PICTURES = ["original", "left", "right", "between", "blur_left", "blur_right"];
const SHOWN = 24; // thumbnails of an order

export class Closer {
  constructor() {
    this.own = null; // pixels of the reader's picture
    this.looks = 0; // of which only the newest counts
    this.askCloser = latest("closer");
    this.head = h("div", { class: "ex-closer-head" });
    this.thumbs = h("div", { class: "ex-closer-thumbs", role: "group" });
    this.figures = Object.fromEntries(PICTURES.map((name) => [name, figure(name)]));
    this.swipe = swipeFigure();
    this.ownPicture = new OwnPicture((pixels) => {
      this.own = pixels;
      this.look();
    });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.stage = h("div", { class: "ex-closer-stage" }, ...PICTURES.map((name) => this.figures[name].element), this.swipe.element);
    this.element = h("section", { class: "ex-closer" }, this.head, this.ownPicture.element, this.thumbs, this.message, this.stage);
    this.element.explorer = this; // for the tests
    this.shown = 0; // answers drawn, for the tests
    this.stage.addEventListener("pointermove", (event) => this.aim(event));
  }

  /** Words and orders of a new pair. */
  show({ words, orders, own }) {
    Object.assign(this, { words, orders, encoders: own });
    refill(this.head, words, () => this.controls(words));
    this.ownPicture.show(words);
    this.swipe.label(words.swipe);
    this.fillThumbs();
    if (this.own) this.look(); // now there are this pair's encoders and this language's words
  }

  update(pair) {
    const { data, image, lang } = store.view;
    const key = JSON.stringify([pair, data, image, lang]);
    if (this.words) this.fillThumbs();
    if (key === this.key) return;
    if (this.data !== data || this.image !== image) this.own = null; // another image was chosen in its place
    Object.assign(this, { key, data, image, pair });
    this.look();
  }

  async look() {
    const mine = (this.looks += 1);
    try {
      const answer = await this.answer();
      if (!answer || mine !== this.looks) return;
      this.message.hidden = true;
      this.draw(answer);
    } catch (error) {
      if (mine !== this.looks) return;
      this.message.textContent = error.message;
      this.message.hidden = false;
    }
  }

  /** A picture of the reader's own is asked about only where the browser cannot do it. */
  answer() {
    if (!this.own) return this.askCloser({ ...this.pair, image: this.image });
    if (!belongs(this.encoders, this.pair)) return null; // `show` will look again
    if (possible(this.encoders)) return rebuilt(this.encoders, this.own, this.words);
    return this.askCloser({ ...this.pair, pixels: base64(this.own) });
  }

  draw({ pictures, notes, own }) {
    for (const [name, picture] of Object.entries(pictures)) paint(this.figures[name], picture);
    this.figures.left.note.textContent = notes[0];
    this.figures.right.note.textContent = notes[1];
    this.swipe.draw(pictures.left, pictures.right);
    this.ownPicture.mark(own);
    this.shown += 1;
  }

  controls(words) {
    const orders = ["strip", "differ", "gain", "left", "right"];
    const select = h("select", { onchange: (event) => store.commit({ order: event.target.value }) },
      ...orders.map((name) => h("option", { value: name }, words[`order.${name}`])));
    const zoom = h("input", {
      type: "range", min: 1, max: 6, step: 0.1, value: 1,
      oninput: (event) => this.stage.style.setProperty("--ex-zoom", event.target.value),
    });
    return [h("h3", {}, words.closer), h("label", {}, words.order, " ", select), h("label", {}, words.zoom, " ", zoom)];
  }

  async fillThumbs() {
    const { order } = store.view;
    this.head.querySelector("select").value = order;
    const ids = this.orders[order]?.slice(0, SHOWN) ?? [];
    const key = JSON.stringify([store.view.data, store.view.lang, ids]);
    if (this.listed === key) return this.markThumbs();
    this.listed = key;
    this.thumbs.hidden = !ids.length;
    if (!ids.length) return;
    try {
      const sheet = await ask("thumbs", { data: store.view.data, count: ids.length, images: ids });
      if (this.listed !== key) return;
      this.thumbs.replaceChildren(...thumbButtons(ids, sheet));
      this.markThumbs();
    } catch (error) {
      this.listed = ""; // a later choice may try again
      this.thumbs.replaceChildren(h("p", { class: "ex-chip" }, error.message));
    }
  }

  markThumbs() {
    for (const button of this.thumbs.querySelectorAll("[data-image]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.image) === store.view.image));
    }
  }

  /** All pictures are enlarged about the same place: the one under the pointer. */
  aim(event) {
    const box = event.target.closest(".ex-closer-frame")?.getBoundingClientRect();
    if (!box || event.pointerType !== "mouse") return;
    this.stage.style.setProperty("--ex-zoom-x", `${(100 * (event.clientX - box.left)) / box.width}%`);
    this.stage.style.setProperty("--ex-zoom-y", `${(100 * (event.clientY - box.top)) / box.height}%`);
  }
}

function thumbButtons(ids, { width, height, channels, names, pixels }) {
  const bytes = bytesOf(pixels);
  const size = width * height * channels;
  return ids.map((id, k) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    paintPixels(canvas, bytes.subarray(k * size, (k + 1) * size), width, height, channels);
    const label = `${names[k]} (${id})`;
    return h("button", { type: "button", "data-image": id, title: label, "aria-label": label, onclick: () => store.commit({ image: id }) }, canvas);
  });
}

function figure(name) {
  const canvas = pictureCanvas({ "data-closer": name });
  const label = h("b", {});
  const note = h("span", {});
  const side = name.replace("blur_", "");
  const element = h("figure", { class: `ex-closer-picture ex-closer-${side}` }, h("div", { class: "ex-closer-frame" }, canvas), h("figcaption", {}, label, note));
  return { canvas, label, note, element };
}

function paint({ canvas, label }, picture) {
  paintPixels(canvas, bytesIn(picture), picture.width, picture.height, picture.channels);
  say(canvas, picture.label);
  label.textContent = picture.label;
}

/** What came from Python came as text. */
const bytesIn = ({ pixels }) => (typeof pixels === "string" ? bytesOf(pixels) : pixels);

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Left below, right above it and cut off where the slider stands. */
function swipeFigure() {
  const [below, above] = [h("canvas", { "aria-hidden": "true" }), h("canvas", { "aria-hidden": "true", class: "ex-closer-above" })];
  const frame = h("div", { class: "ex-closer-frame" }, below, above);
  const slider = h("input", { type: "range", min: 0, max: 100, value: 50, oninput: () => frame.style.setProperty("--ex-swipe", `${slider.value}%`) });
  const words = h("b", {});
  return {
    element: h("figure", { class: "ex-closer-picture ex-closer-swipe" }, frame, h("figcaption", {}, words, slider)),
    label(sentence) {
      words.textContent = sentence;
      slider.setAttribute("aria-label", sentence);
    },
    draw(left, right) {
      for (const [canvas, picture] of [[below, left], [above, right]]) {
        paintPixels(canvas, bytesIn(picture), picture.width, picture.height, picture.channels);
      }
    },
  };
}
