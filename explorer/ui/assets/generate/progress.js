// A bar for what takes longer than a moment, with a way to stop it.

import { h } from "../core/dom.js";
import { store } from "../core/store.js";

/** {element, show(share, sentence), hide()}; it comes into sight only after a moment. @param stop called by its button */
export function progress(stop) {
  const bar = h("progress", { max: 1 });
  const label = h("span", {});
  const button = h("button", { type: "button", class: "ex-gen-button", onclick: stop });
  const element = h("div", { class: "ex-gen-progress", hidden: true }, label, bar, button);
  return {
    element,
    show(share, sentence) {
      if (share) bar.value = share;
      else bar.removeAttribute("value"); // nobody knows yet
      bar.setAttribute("aria-label", sentence);
      label.textContent = sentence;
      button.textContent = store.scene.generate.words.stop;
      element.hidden = false;
    },
    hide() {
      element.hidden = true;
    },
  };
}
