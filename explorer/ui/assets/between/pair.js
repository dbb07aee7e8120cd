// Which two pictures: both are shown, can change places, and the second one can be chosen by touch and by keyboard.

import { h, refill } from "../core/dom.js";
import { compare } from "../core/picking.js";
import { store } from "../core/store.js";

const MOVES = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Pair {
  constructor() {
    this.open = false;
    this.element = h("div", { class: "ex-btw-pair" });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
  }

  update() {
    const { images, urls, chosen, words } = store.scene.between;
    const { strip } = store.scene;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const rebuilt = refill(this.element, [images, urls, chosen, words, strip.sheet, strip.images, this.open], () => [
      h("div", { class: "ex-btw-two" },
        end(urls[0], images[0].name),
        h("button", {
          type: "button", class: "ex-btw-button", "data-name": "swap", "aria-label": words.swap, title: words.swap,
          onclick: () => store.commit({ image: images[1].id, image_b: images[0].id }),
        }, "⇄"),
        end(urls[1], images[1].name),
        h("button", {
          type: "button", class: "ex-btw-button", "data-name": "compare", "aria-expanded": String(this.open),
          onclick: () => this.toggle(),
        }, words.compare),
        chosen ? h("button", {
          type: "button", class: "ex-btw-button", "data-name": "clear", onclick: () => store.commit({ image_b: null }),
        }, words.clear) : null),
      this.open && this.choices(strip, images),
    ].filter(Boolean));
    if (rebuilt && focused) this.focus(focused);
  }

  toggle(open = !this.open) {
    this.open = open;
    this.update();
    this.focus(open ? "choice" : "compare");
  }

  focus(name) {
    const target = name === "choice" ? "[role=radio][tabindex='0']" : `[data-name="${name}"]`;
    (this.element.querySelector(target) ?? this.element.querySelector("[data-name=compare]")).focus({ preventScroll: true });
  }

  /** All pictures of the strip but the first of the two. Arrows go along, Enter chooses. */
  choices(strip, [first, second]) {
    const { words } = store.scene.between;
    const last = strip.images.length - 1;
    const at = Math.max(0, strip.images.findIndex(({ id }) => id === second.id));
    const thumbs = strip.images.map(({ id, name }, k) => h("button", {
      type: "button", role: "radio", class: "ex-thumb", "data-name": "choice", "data-image": id, tabindex: k === at ? 0 : -1,
      "aria-checked": String(id === second.id), "aria-label": store.t("client.between.compare", { image: name }), title: name,
      disabled: id === first.id,
      style: `background-image:url("${strip.sheet}");background-size:${last + 1}00% 100%;background-position:${(100 * k) / last}% 0`,
      onclick: () => {
        this.open = false;
        compare(id);
        this.update();
        this.focus("compare");
      },
    }));
    return h("div", { class: "ex-btw-choices" },
      h("div", { class: "ex-btw-strip", role: "radiogroup", "aria-label": words.compare }, ...thumbs),
      h("p", { class: "ex-caption" }, words.choosing));
  }

  onKey(event) {
    if (event.key === "Escape" && this.open) {
      event.preventDefault();
      this.toggle(false);
      return;
    }
    const thumb = event.target.closest("[role=radio]");
    if (!thumb || !(event.key in MOVES)) return;
    event.preventDefault();
    const thumbs = [...this.element.querySelectorAll("[role=radio]:not(:disabled)")];
    const next = thumbs[(thumbs.indexOf(thumb) + MOVES[event.key] + thumbs.length) % thumbs.length];
    thumb.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({ preventScroll: false });
  }
}

const end = (url, name) =>
  h("figure", { class: "ex-btw-end" },
    h("div", { class: "ex-thumb", style: `background-image:url("${url}");background-size:100% 100%` }), h("figcaption", {}, name));
