// A link for a class: what a lesson does not need is unticked, and the link leaves it off the page.

import { ask } from "../core/ask.js";
import { h, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";

let sheet = null;
let number = 0;

/** Opens the dialog; closing it gives the focus back to where it was. */
export async function openClassLink() {
  sheet ??= styleSheet("page/class_link.css");
  const [{ words, groups }] = await Promise.all([ask("class_link"), sheet]);
  const say = (key) => words[`lesson.${key}`];
  const title = h("h2", { id: "ex-lesson-title" }, say("title"));
  const field = h("input", { type: "text", readonly: true, "aria-label": say("link"), onfocus: () => field.select() });
  const note = h("p", { class: "ex-lesson-note", role: "status" });
  const copy = h("button", { type: "button", class: "ex-lesson-copy", onclick: () => copied(field, note, say) }, say("copy"));
  const close = h("button", { type: "button", onclick: () => dialog.close() }, say("close"));
  const lists = groups.map((group, place) => list(group, () => update(), place === 0));
  const dialog = h("dialog", { class: "ex-lesson", "aria-labelledby": "ex-lesson-title", onclose: () => dialog.remove() },
    title, h("p", {}, say("say")), h("div", { class: "ex-lesson-groups" }, ...lists), field, note,
    h("div", { class: "ex-lesson-row" }, copy, close));

  function update() {
    const boxes = [...dialog.querySelectorAll("input[type=checkbox]")];
    const empty = boxes.filter((box) => box.dataset.tab !== undefined).every((box) => !box.checked);
    const hidden = boxes.filter((box) => !box.checked).map((box) => box.name);
    field.value = empty ? "" : withHidden(hidden);
    copy.disabled = empty;
    note.textContent = empty ? say("none") : "";
  }

  document.body.append(dialog);
  update();
  dialog.showModal();
}

/** The page's own link, which leaves `names` off. */
function withHidden(names) {
  const url = new URL(store.link(store.view));
  if (names.length) url.searchParams.set("hide", names.join(","));
  else url.searchParams.delete("hide");
  return url.href.replaceAll("%2C", ",");
}

function list({ label, parts }, onChange, tabs) {
  const boxes = parts.map((part) => {
    const id = `ex-lesson-${(number += 1)}`;
    const box = h("input", { type: "checkbox", id, name: part.name, "data-tab": tabs, onchange: onChange });
    box.checked = !store.view.hide.includes(part.name);
    return h("div", { class: "ex-lesson-part" }, box, h("label", { for: id }, part.label));
  });
  return h("fieldset", {}, h("legend", {}, label), ...boxes);
}

async function copied(field, note, say) {
  try {
    await navigator.clipboard.writeText(field.value);
    note.textContent = say("copied");
  } catch {
    note.textContent = say("failed"); // no permission inside a foreign frame
    field.focus();
  }
}
