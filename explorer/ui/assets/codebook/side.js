// One side of the tab Codebook: which run, its film, and what the rule counts at this step.

import { h, refill, styleSheet } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { tip, titled } from "../core/tip.js";
import { panelName } from "../panel/name.js";
import { FilmView } from "./film.js";
import { STATES, twins } from "./twins.js";

const ENOUGH = 10; // vectors per code, below which a count of dead codes says little

export async function mount(element, { props }) {
  await styleSheet("codebook/codebook.css");
  const name = props.side;
  const root = element.querySelector(".ex-side");
  const film = new FilmView(name);
  const head = h("header", { class: "ex-side-head" });
  const counts = h("div", { class: "ex-cb-counts" });
  const caption = h("p", { class: "ex-caption" });
  const fill = () => {
    root.dataset.rule = twins.side(name).rule;
    root.setAttribute("aria-label", panelName(name, twins.side(name)));
    fillSide({ name, head, counts, caption });
  };
  root.replaceChildren(head, film.element, counts, caption);

  twins.subscribe((change) => {
    if (!twins.scene) return;
    if (change.scene || change.data) {
      film.update();
      fill();
    } else if (change.step) {
      if (twins.frame(name) !== film.drawn) {
        film.draw();
        film.describe();
      }
      fillCounts(name, counts);
    }
  });
  store.subscribe((change) => {
    if (!twins.scene) return;
    if (change.theme) film.resize(true);
    else if (change.hover || change.view) film.drawMoving();
  });
  if (twins.scene) {
    film.update();
    fill();
  }
}

function fillSide({ name, head, counts, caption }) {
  const side = twins.side(name);
  refill(head, [side.title, side.label, side.run, side.empty], () => [
    titled(h("h2", {}, kindGlyph("vqvae"), side.title, " ", h("span", { class: "ex-run-label" }, side.label)), tip(side.label, store.t("client.label.tip"))),
    h("code", { class: "ex-run" }, side.run),
    side.empty ? h("p", { class: "ex-chip" }, side.empty) : null,
  ].filter(Boolean));
  caption.textContent = [side.caption, side.evaluated].filter(Boolean).join(" ");
  fillCounts(name, counts);
}

/** The counts at this step, with what stands behind them. */
function fillCounts(name, element) {
  const side = twins.side(name);
  const life = twins.life(name);
  if (!side.film || !life) {
    refill(element, "", () => []);
    return;
  }
  const frame = twins.frame(name);
  const [total] = side.codes;
  const counts = twins.counts(name, frame);
  const shown = [frame, counts, life.vectors[frame], life.perplexity[frame], life.distinct[frame], store.view.lang];
  refill(element, shown, () => [
    h("p", { class: "ex-cb-dead" }, h("b", {}, twins.word("codebook.say.of", { value: counts.dead, total })), ` ${twins.word("codebook.dead")} ${twins.counted(name, frame)}`,
      h("span", { class: "ex-cb-at" }, twins.word("codebook.say.step", { step: side.steps[frame], last: side.steps.at(-1) }))),
    h("ul", { class: "ex-cb-states" },
      ...STATES.map((state) => h("li", { "data-state": state }, h("i", { "aria-hidden": "true" }), `${counts[state]} ${twins.word(`codebook.state.${state}`)}`)),
      h("li", {}, `${twins.word("codebook.perplexity")} ${life.perplexity[frame].toFixed(0)}`, tip(twins.word("codebook.perplexity"), twins.word("codebook.perplexity.tip"))),
      h("li", {}, `${life.distinct[frame]} ${twins.word("codebook.distinct")}`, tip(twins.word("codebook.distinct"), twins.word("codebook.merge.tip")))),
    behind(life, frame, total, twins.batches(name, frame)),
    ...unmoved(side, frame),
  ]);
}

/** What became of codes without a hit since the frame before. */
function unmoved({ steps, motion, width, recorded }, frame) {
  if (!frame) return [];
  const [from, step] = [steps[frame - 1], steps[frame]];
  const window = recorded ? step - from : Math.min(width, step); // a record counts from frame to frame
  const blind = Math.max(0, step - from - window);
  const about = twins.word("codebook.say.unmoved", { window, from, count: motion.unhit[frame - 1], moved: motion.moved[frame - 1] });
  return [h("p", { class: "ex-cb-behind ex-cb-unmoved" }, about, blind ? twins.word("codebook.say.blind", { blind }) : "",
    tip(about, twins.word("codebook.unmoved.tip")))];
}

function behind(life, frame, total, steps) {
  const vectors = life.vectors[frame];
  const each = vectors / total;
  const params = {
    vectors: vectors.toLocaleString(), each: each >= 10 ? Math.round(each).toLocaleString() : each.toFixed(1),
    steps,
  };
  if (!vectors) return h("p", { class: "ex-cb-behind ex-cb-few" }, twins.word("codebook.say.none"));
  if (each < ENOUGH) return h("p", { class: "ex-cb-behind ex-cb-few" }, twins.word("codebook.say.few", params));
  return h("p", { class: "ex-cb-behind" }, twins.word("codebook.say.behind", params));
}
