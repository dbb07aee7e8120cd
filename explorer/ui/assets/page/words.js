// Notes about what a link got wrong, and the two lines "you see", "try".

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { visitor, watching } from "../core/visitor.js";

export function mount(element) {
  const notes = element.querySelector(".ex-notes");
  const lines = element.querySelector(".ex-lines");
  let closed = ""; // the notes the reader has sent away
  const update = (change) => {
    if (!change.scene && !change.view) return;
    const { words } = store.scene;
    document.title = words.title;
    refill(lines, words, () => [line(words.see_label, words.see), line(words.try_label, words.try_)]);
    const foreign = visitor.foreign && store.view.mine ? [store.t(watching() ? "client.foreign.watch" : "client.foreign.steer")] : [];
    const shown = [...(store.offline ? [store.t("client.offline")] : []), ...foreign, ...store.scene.notes];
    const signature = JSON.stringify(shown);
    refill(notes, [shown, closed === signature], () => {
      if (!shown.length || closed === signature) return [];
      const close = () => {
        closed = signature;
        update({ view: true });
      };
      return h("div", { class: "ex-note" },
        h("div", {}, ...shown.map((sentence) => h("p", {}, sentence))),
        h("button", { type: "button", "aria-label": words.close, title: words.close, onclick: close }, "×"));
    });
  };
  store.subscribe(update);
  if (store.scene) update({ scene: true });
}

const line = (label, sentence) => h("p", {}, h("b", {}, label), h("span", {}, sentence));
