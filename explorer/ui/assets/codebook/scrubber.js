// One scrubber for both films: a slider over every recorded step, play, slow, one frame back and on.

import { h, refill, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { SIDES, twins } from "./twins.js";

const KEPT_PIXELS = 2;

export async function mount(element) {
  await styleSheet("codebook/codebook.css");
  const root = element.querySelector(".ex-cb-scrubber");
  const build = () => {
    const { steps } = twins;
    root.hidden = steps.length < 2;
    if (root.hidden) return;
    refill(root, [steps, kept(), store.view.lang], () => controls(steps));
    place(root);
  };
  twins.subscribe((change) => {
    if (!twins.scene) return;
    if (change.scene) build();
    else if (change.step || change.play || change.data) place(root);
  });
  if (twins.scene) build();
}

const kept = () => SIDES.flatMap((name) => twins.side(name)?.kept ?? []);

function controls(steps) {
  const button = (name, onclick) => h("button", { type: "button", class: `ex-cb-${name}`, onclick });
  const slider = h("input", {
    type: "range", id: "ex-cb-scrub", min: 0, max: steps.length - 1, step: 1, "aria-label": twins.word("codebook.scrub"),
    oninput: (event) => {
      if (twins.playing) twins.play(false);
      twins.go(steps[event.target.value]);
    },
    onchange: () => twins.commit(), // the hand lets go, or a key
  });
  const marks = [...new Set(kept())].filter((step) => steps.includes(step)).map((step) => {
    const share = steps.indexOf(step) / (steps.length - 1);
    return h("i", { style: `left: calc(${100 * share}% - ${KEPT_PIXELS * share}px)` });
  });
  return [
    h("div", { class: "ex-cb-line" },
      h("div", { class: "ex-cb-buttons" },
        button("back", () => twins.advance(-1)), button("play", () => twins.play(!twins.playing)),
        button("forward", () => twins.advance(1)),
        h("label", { class: "ex-cb-slow" },
          h("input", { type: "checkbox", onchange: (event) => twins.setSlow(event.target.checked) }), twins.word("codebook.slow"))),
      h("div", { class: "ex-cb-track" }, slider, h("span", { class: "ex-cb-kept", "aria-hidden": "true" }, ...marks))),
    h("output", { for: "ex-cb-scrub", class: "ex-cb-where" }),
    h("div", { class: "ex-cb-tally" }, ...SIDES.map((name) => h("span", { class: `ex-cb-tally-${name}` }))),
  ];
}

function place(root) {
  const { steps, at, playing } = twins;
  if (root.hidden || !root.firstChild) return;
  const slider = root.querySelector("#ex-cb-scrub");
  const index = steps.indexOf(at);
  slider.value = index;
  for (const name of SIDES) tally(root.querySelector(`.ex-cb-tally-${name}`), name);
  const where = twins.word("codebook.say.step", { step: at, last: steps.at(-1) });
  slider.setAttribute("aria-valuetext", where);
  refill(root.querySelector("output"), [where], () => [ // a phone has room for the numbers alone
    h("span", { class: "ex-cb-said" }, where), h("span", { class: "ex-cb-short" }, `${at} / ${steps.at(-1)}`)]);
  root.querySelector(".ex-cb-slow input").checked = twins.slow;
  say(root.querySelector(".ex-cb-back"), "◀❙", twins.word("codebook.back"), index === 0);
  say(root.querySelector(".ex-cb-forward"), "❙▶", twins.word("codebook.forward"), index === steps.length - 1);
  say(root.querySelector(".ex-cb-play"), playing ? "❚❚" : "▶", twins.word(playing ? "codebook.pause" : "codebook.play"), false);
  if (twins.still) root.querySelector(".ex-cb-play").title = twins.word("codebook.play.still");
}

/** The dead of one side at this step, in sight wherever the films are. */
function tally(element, name) {
  const side = twins.side(name);
  element.hidden = !side.film || !twins.life(name);
  if (element.hidden) return;
  element.dataset.rule = side.rule;
  const [total] = side.codes;
  const { dead } = twins.counts(name, twins.frame(name));
  const counted = twins.counted(name, twins.frame(name));
  const whose = [twins.word(`codebook.side.${name}`), counted].filter(Boolean).join(store.view.lang === "zh" ? "，" : ", ");
  refill(element, [dead, counted, total, side.title, store.view.lang], () => [
    h("small", {}, twins.word("codebook.say.tally", { side: whose, name: side.title, label: side.label })),
    h("b", {}, String(dead)), ` ${twins.word("codebook.say.tally.of", { total })}`,
  ]);
}

function say(button, text, label, disabled) {
  button.textContent = text;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.disabled = disabled;
}
