// The strip of test images: a radio group. The selected image may stand outside of the choice; then it leads the row.
// With Shift, a click or Enter chooses the second image, which is compared with the selected one.

import { h, refill } from "../core/dom.js";
import { pick } from "../core/picking.js";
import { store } from "../core/store.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export function mount(element) {
  const root = element.querySelector(".ex-strip");
  root.addEventListener("keydown", onKey);
  const update = (change) => {
    if (!change.scene && !change.view) return;
    const { strip } = store.scene;
    root.setAttribute("aria-label", strip.label);
    const guest = strip.images.some(({ id }) => id === strip.selected.id) ? null : strip.selected;
    const rebuilt = refill(root, [strip.images, strip.sheet, guest], () => build(strip, guest));
    mark(root, rebuilt);
  };
  store.subscribe(update);
  if (store.scene) update({ scene: true });
}

function build(strip, guest) {
  const last = strip.images.length - 1;
  const thumbs = strip.images.map((image, k) => {
    const style = `background-image:url("${strip.sheet}");background-size:${last + 1}00% 100%;background-position:${(100 * k) / last}% 0`;
    return thumb(image, style, "");
  });
  if (guest) thumbs.unshift(thumb(guest, `background-image:url("${strip.selected_url}");background-size:100% 100%`, " ex-guest"));
  return thumbs;
}

function thumb({ id, name }, style, extra) {
  return h("button", {
    type: "button", class: `ex-thumb${extra}`, role: "radio", "data-image": id, style,
    title: name, "aria-label": `${name} (${id})`, onclick: (event) => pick(id, event),
  });
}

function mark(root, rebuilt) {
  const second = store.view.image_b ?? store.scene.between?.images[1].id; // the usual pair's, while none is chosen
  for (const button of root.children) {
    const selected = Number(button.dataset.image) === store.view.image;
    if (selected && (rebuilt || button.getAttribute("aria-checked") !== "true")) reveal(root, button);
    button.setAttribute("aria-checked", String(selected));
    button.tabIndex = selected ? 0 : -1;
    button.classList.toggle("ex-second", Number(button.dataset.image) === second);
  }
}

/** Scrolls the strip alone: scrollIntoView would move the page too. */
function reveal(root, button) {
  const left = button.offsetLeft - root.offsetLeft;
  if (left < root.scrollLeft || left + button.offsetWidth > root.scrollLeft + root.clientWidth) {
    root.scrollLeft = left - (root.clientWidth - button.offsetWidth) / 2;
  }
}

function onKey(event) {
  const buttons = [...event.currentTarget.children];
  const at = buttons.indexOf(event.target.closest(".ex-thumb"));
  const target = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : at + (STEPS[event.key] ?? NaN);
  const button = buttons[(target + buttons.length) % buttons.length];
  if (!button) return;
  event.preventDefault();
  button.focus({ preventScroll: true });
  store.commit({ image: Number(button.dataset.image) });
}
