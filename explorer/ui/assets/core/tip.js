// One bubble for every "?": shown by pointing, by focus, or by a tap.

import { h } from "./dom.js";

const CHINESE = /[\u4e00-\u9fff]/;

/** A "?" that tells what a label means; a sentence that begins with its label is not announced twice. */
export const tip = (label, sentence) => {
  const begins = sentence?.startsWith(`${label}:`) || sentence?.startsWith(`${label}：`);
  return h("button", { type: "button", class: "ex-tip", "aria-label": begins ? sentence : `${label}${CHINESE.test(sentence) ? "：" : ": "}${sentence}`, "data-tip": sentence }, "?");
};

/** A heading and its "?" side by side: who listens to headings hears the heading. */
export const titled = (heading, explained) => h("div", { class: "ex-titled" }, heading, explained);

const bubble = h("div", { class: "ex-bubble", role: "tooltip", hidden: true });
let current = null;

function show(button) {
  current = button;
  document.body.append(bubble);
  bubble.textContent = button.dataset.tip;
  bubble.hidden = false;
  place();
}

/** Above its "?", below where there is no room, never out of the window. */
function place() {
  if (!current) return;
  const at = current.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const left = Math.min(innerWidth - width - 8, Math.max(8, at.left + at.width / 2 - width / 2));
  const above = at.top - height - 6;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${above > 8 ? above : at.bottom + 6}px`;
}

function hide() {
  current = null;
  bubble.hidden = true;
}

const tipOf = (event) => event.target.closest?.(".ex-tip");

for (const name of ["pointerover", "focusin", "click"]) {
  document.addEventListener(name, (event) => {
    if (tipOf(event)) show(tipOf(event));
    else if (name === "click") hide();
  });
}
for (const name of ["pointerout", "focusout"]) document.addEventListener(name, (event) => tipOf(event) && hide());
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
addEventListener("scroll", place, { passive: true, capture: true });
