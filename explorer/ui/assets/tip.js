// One bubble for every "?": shown by pointing, by focus, or by a tap.

import { h } from "./dom.js";

const bubble = h("div", { class: "ex-bubble", role: "tooltip", hidden: true });

function show(button) {
  const root = button.closest(".ex-root") ?? document.body;
  root.append(bubble);
  bubble.textContent = button.dataset.tip;
  bubble.hidden = false;
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const left = Math.min(innerWidth - width - 8, Math.max(8, at.left + at.width / 2 - width / 2));
  const above = at.top - height - 6;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${above > 8 ? above : at.bottom + 6}px`;
}

const hide = () => (bubble.hidden = true);
const tipOf = (event) => event.target.closest?.(".ex-tip");

for (const [name, action] of [["pointerover", show], ["focusin", show], ["click", show]]) {
  document.addEventListener(name, (event) => (tipOf(event) ? action(tipOf(event)) : name === "click" && hide()));
}
for (const name of ["pointerout", "focusout"]) document.addEventListener(name, (event) => tipOf(event) && hide());
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
addEventListener("scroll", hide, { passive: true, capture: true });
