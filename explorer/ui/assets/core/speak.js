// One voice for the page: what a key did on a canvas, for who cannot see it.

import { h } from "./dom.js";

const voice = h("div", { class: "ex-spoken", role: "status", "aria-live": "polite" });
let last = "";

/** Says a sentence; the same one twice is one. */
export function speak(sentence) {
  if (!voice.isConnected) document.body.append(voice);
  if (sentence === last && voice.textContent) return;
  last = voice.textContent = sentence;
}
