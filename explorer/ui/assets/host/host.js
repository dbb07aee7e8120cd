// The host of an exported exploration, in Gradio's place: it mounts the page's parts, shows its tabs, and answers Views and
// questions from files (explorer/export). No part knows the difference.

import { door } from "../core/door.js";
import { h } from "../core/dom.js";
import { store } from "../core/store.js";
import { Answers, NotAnswered } from "./answers.js";
import { MissingFile, PACKED, unpacked } from "./files.js";
import { NotRecorded, Scenes } from "./scenes.js";
import { Views } from "./view.js";

const frozen = JSON.parse(document.getElementById("ex-frozen").textContent);
const [views, scenes, answers] = [new Views(frozen), new Scenes(frozen), new Answers(frozen)];
const browserLang = (navigator.language ?? "").startsWith("zh") ? "zh" : "en";
const waiting = new Map(); // tab -> its blocks, until it is opened for the first time
let shown = null; // the View of the last scene

const say = (key, lang, params = {}) =>
  frozen.texts[key][lang].replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));

// --- Views

/** The scene of names and values that a link or a part asks for; where there is none, the one that is shown, and why. */
async function answer(asked, serial) {
  const { view, doubts } = views.read(asked, shown?.lang ?? browserLang);
  const notes = doubts.map(([key, value]) => say("export.value", view.lang, { key, value }));
  let scene;
  try {
    scene = await scenes.of(await placed(asked, view));
  } catch (error) {
    notes.push(sentence(error, view.lang));
    scene = await fallback(view, error);
  }
  shown = scene.view;
  show(shown.tab, shown.lang);
  store.receive({ scene: { ...scene, notes }, query: views.query(shown, browserLang), serial });
}

/** A link that names a step of the guide but no tab opens it as the step sets the page up. */
async function placed(asked, view) {
  if (asked.tab || !asked.guide || !view.guide) return view;
  const { guide } = await scenes.of(view);
  return guide.open ? views.read({ ...guide.open.place, v: frozen.version, ...asked }, view.lang).view : view;
}

/** What is shown instead: what was there, else how the set begins; the language is the reader's in any case. */
async function fallback(view, error) {
  const before = shown ?? { ...frozen.sets[view.data].view, tab: error instanceof NotRecorded ? view.tab : frozen.first.view.tab };
  return scenes.of({ ...before, lang: view.lang }).catch(() => ({ ...frozen.first, notes: [] }));
}

function sentence(error, lang) {
  if (error instanceof MissingFile) return say("export.file", lang, { name: error.message });
  if (error instanceof NotAnswered) return say("export.asked", lang);
  if (!(error instanceof NotRecorded)) throw error;
  const { axis, value } = error;
  return say(`export.${axis === "image" || axis === "pair" ? axis : "value"}`, lang, { key: axis, value });
}

store.connect(({ view, serial }) => answer({ ...view, v: frozen.version }, serial));

door.ask = async (name, params) => {
  try {
    return { ...(await answers.to(name, params)), ok: true };
  } catch (error) {
    return { ok: false, error: sentence(error, params.lang ?? "en") };
  }
};

door.open = async (address) => {
  const response = await fetch(new URL(address, document.baseURI));
  return response.ok && address.endsWith(PACKED) ? unpacked(response) : response;
};

door.closed = () => say("export.send", store.view?.lang ?? "en");

// --- blocks

function block(node) {
  if (node.type === "row") return h("div", { class: `row ${node.classes.join(" ")}` }, ...node.children.map(block));
  if (node.type === "tabs") return tabs(node);
  const element = h("div", { class: "html-container" });
  if (node.module in frozen.absent) absent(element, node);
  else {
    element.innerHTML = node.template; // it is the page's own, as Python wrote it
    mount(element, node);
  }
  return h("div", { class: "block", id: node.id || null }, element);
}

/** A part may watch for values that Gradio would change, and send events: here nothing changes by itself. */
async function mount(element, { module, props }) {
  const part = await import(new URL(module, document.baseURI).href);
  part.mount(element, { props, trigger() {}, watch() {} });
}

function absent(element, { module, id }) {
  const update = () => element.replaceChildren(
    h("p", { class: "ex-absent", "data-absent": id }, say(frozen.absent[module], store.view.lang),
      frozen.app && h("a", { href: frozen.app }, ` ${say("export.app", store.view.lang)}`)));
  store.subscribe((change) => change.scene && update());
  if (store.scene) update();
}

// --- tabs

function tabs({ id, children }) {
  const buttons = children.map(({ name }) =>
    h("button", { type: "button", role: "tab", "data-tab-id": name, "aria-selected": "false", onclick: () => opened(name) }));
  const panels = children.map((tab) => {
    waiting.set(tab.name, tab.children);
    return h("div", { class: "tabitem", role: "tabpanel", id: `ex-tab-${tab.name}`, hidden: true }, h("div", { class: "column" }));
  });
  buttons.forEach((button, k) => button.setAttribute("aria-controls", panels[k].id));
  return h("div", { class: "tabs", id }, h("div", { class: "tab-wrapper" }, h("div", { class: "tab-container", role: "tablist" }, ...buttons)), ...panels);
}

async function opened(name) {
  await begun; // a hand may be quicker than the first scene
  show(name, shown.lang);
  store.open(name);
}

/** Shows a tab, whose parts are mounted when it is first seen, and names all of them. */
function show(tab, lang) {
  for (const button of document.querySelectorAll('#ex-tabs [role="tab"]')) {
    const name = button.dataset.tabId;
    button.textContent = frozen.labels[name][lang];
    button.setAttribute("aria-selected", String(name === tab));
    document.getElementById(`ex-tab-${name}`).hidden = name !== tab;
  }
  const blocks = waiting.get(tab);
  if (!blocks) return;
  waiting.delete(tab);
  document.querySelector(`#ex-tab-${tab} > .column`).append(...blocks.map(block));
}

document.getElementById("ex-page").append(...frozen.tree.map(block));
const begun = answer(Object.fromEntries(new URLSearchParams(location.search)), 0);
