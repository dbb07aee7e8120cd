// The bar: image set, runs, language, link, and how the page is shown.

import { h, refill, styleSheet } from "../core/dom.js";
import { kindGlyph, lineGlyph, linkGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";

const PATHS = {
  class: "M2 4.5h12v7H2zM5 13.5h6M4.5 7h4M4.5 9h2.5",
  expert: "M2.5 13.5 6 8l3 3 4.5-8M10.5 3h3v3",
  present: "M1.5 12.5 4.5 4l3 8.5M2.6 9.5h3.8M8.5 12.5l3-10 3 10M9.5 9h4",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M2.5 2v3h3",
};
const LANGUAGES = [["en", "EN", "English"], ["zh", "中文", "简体中文"]];

export function mount(element) {
  if (matchMedia("(any-pointer: coarse)").matches) styleSheet("page/finger.css");
  const root = element.querySelector(".ex-bar");
  const update = (change) => {
    if (!change.scene && !change.view) return;
    const { bar, words } = store.scene;
    refill(root, [bar, words.title, words.subtitle, store.view.lang], () => build(bar, words));
    for (const key of ["data", "left", "right"]) {
      const select = root.querySelector(`#ex-choose-${key}`);
      select.value = store.view[key];
      select.title = select.selectedOptions[0]?.textContent ?? "";
      const group = bar.runs.find(({ options }) => options.some(({ id }) => id === store.view[key]));
      if (group) select.dataset.kind = group.kind;
    }
    for (const name of ["expert", "present"]) {
      root.querySelector(`[data-part=${name}]`).setAttribute("aria-pressed", String(Boolean(store.view[name])));
    }
  };
  store.subscribe(update);
  if (store.scene) update({ scene: true });
}

function build(bar, words) {
  const { labels } = bar;
  return [
    h("div", { class: "ex-brand" },
      h("span", { class: "ex-brand-mark" }, kindGlyph("vae"), kindGlyph("vqvae")),
      h("h1", {}, words.title),
      h("span", { class: "ex-brand-sub" }, words.subtitle)),
    h("div", { class: "ex-choices" },
      field("data", labels.data, options(bar.sets)),
      field("left", labels.left, bar.runs.map(group)),
      field("right", labels.right, bar.runs.map(group))),
    h("div", { class: "ex-tools" }, languages(labels.language), copyButton(labels.copy),
      tool("class", labels, { "data-expert": "", onclick: classLink }),
      tool("expert", labels, { "aria-pressed": "false", onclick: () => store.commit({ expert: !store.view.expert }) }),
      tool("present", labels, { "aria-pressed": "false", onclick: () => store.commit({ present: !store.view.present }) }),
      tool("reset", labels, { onclick: () => store.reset() })),
  ];
}

function field(key, label, children) {
  const id = `ex-choose-${key}`;
  return h("div", { class: `ex-field ex-field-${key}`, "data-part": key },
    h("label", { for: id }, label),
    h("select", { id, disabled: !children.length, onchange: (event) => store.commit({ [key]: event.target.value }) }, ...children));
}

const options = (list) => list.map(({ id, label }) => h("option", { value: id }, label));

const group = ({ label, options: list }) => h("optgroup", { label }, ...options(list));

function languages(label) {
  const buttons = LANGUAGES.map(([lang, short, name]) =>
    h("button", {
      type: "button", lang: lang === "zh" ? "zh-CN" : "en", title: name,
      "aria-pressed": String(store.view.lang === lang), onclick: () => store.commit({ lang }),
    }, short));
  return h("div", { class: "ex-languages", "data-part": "language", role: "group", "aria-label": label }, ...buttons);
}

function copyButton(label) {
  const text = h("span", {}, label);
  return h("button", { type: "button", class: "ex-copy", "data-part": "link", "data-state": "", "aria-label": label, onclick: () => copy(text, label) }, linkGlyph(), text);
}

function tool(name, labels, more) {
  const label = labels[name];
  return h("button", { type: "button", class: "ex-tool-bar", "data-part": name, "aria-label": label, title: labels[`${name}.tip`], ...more },
    lineGlyph(PATHS[name]), h("span", {}, label));
}

/** Fetched when it is wanted: few need it. */
const classLink = () => import("./class_link.js").then(({ openClassLink }) => openClassLink()).catch(console.warn);

async function copy(text, label) {
  const link = store.link(store.view);
  let done = new URL(link).hash ? "client.copied_own" : "client.copied";
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    if (new URL(link).hash) prompt(label, link); // no permission inside a foreign frame; no token is in the address bar
    else done = "client.copy_failed"; // and the rest of the link is
  }
  const show = (state, sentence) => {
    text.parentElement.dataset.state = state; // a phone shows words only while there is something to say
    text.textContent = sentence;
  };
  show(done, store.t(done));
  setTimeout(() => show("", label), done === "client.copied" ? 1600 : 4000);
}
