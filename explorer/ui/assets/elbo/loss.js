// The loss in two parts, of the selected image and of the set, and what each unit of the latent carries.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { indexed } from "../core/symbols.js";
import { heading, mounted, scene, sentence, theVae, word, written } from "./panel.js";

const FIRST = 16; // units shown before the reader asks for all
const PRIOR = 2; // the whiskers' axis reaches to this many σ of the prior, and beyond where a mean does

export function mount(element) {
  return mounted(element, ".ex-elbo-loss", (root) => new Loss(root));
}

class Loss {
  constructor(root) {
    this.root = root;
    this.all = false;
    this.head = h("div", { class: "ex-elbo-head" });
    this.bars = h("div", { class: "ex-elbo-bars" });
    this.units = h("div", { class: "ex-elbo-units" });
    root.replaceChildren(this.head, h("div", { class: "ex-elbo-two" }, this.bars, this.units));
  }

  update(change) {
    if (!change.scene) return;
    const { vae, no_vae: missing } = scene();
    const { lang } = store.view;
    this.bars.hidden = this.units.hidden = !vae;
    if (!vae) {
      refill(this.head, [missing, lang], () => [...heading("elbo.loss.title", "elbo.loss.what"), sentence(missing)]);
      return;
    }
    refill(this.head, [vae.run, vae.chips, lang], () => [
      ...heading("elbo.loss.title", "elbo.loss.what", theVae()), ...vae.chips.map(sentence)]);
    refill(this.bars, [vae.bars, vae.constant, lang], () => bars(vae));
    refill(this.units, [vae.units, vae.active, this.all, lang], () => this.unitRows(vae));
  }

  unitRows(vae) {
    const shown = this.all ? vae.units : vae.units.slice(0, FIRST);
    const most = Math.max(...vae.units.map((unit) => Math.max(unit.kl, unit.set_kl ?? 0)), 1e-6);
    const reach = Math.max(PRIOR * 1.25, ...vae.units.map((unit) => Math.abs(unit.mean) + unit.sigma));
    return [
      h("h3", {}, word("elbo.units.title")),
      h("p", { class: "ex-elbo-note" }, word("elbo.units.what")),
      h("ul", { class: "ex-elbo-unit-list" }, ...shown.map((unit) => unitRow(unit, most, reach))),
      vae.units.length > FIRST ? this.more(vae) : "",
      h("p", { class: "ex-elbo-note" }, ...indexed(vae.active)),
    ].filter(Boolean);
  }

  more(vae) {
    const label = this.all ? word("elbo.units.fewer", { count: FIRST }) : word("elbo.units.all", { count: vae.units.length });
    return h("button", {
      type: "button", class: "ex-elbo-button", "aria-expanded": String(this.all),
      onclick: () => {
        this.all = !this.all;
        this.update({ scene: true });
        this.units.querySelector(".ex-elbo-button").focus();
      },
    }, label);
  }
}

/** Both bars on one scale, so that the image can be read against the set. */
function bars(vae) {
  const most = Math.max(...vae.bars.map(({ error, kl }) => error + kl), 1e-6);
  return [
    h("div", { class: "ex-elbo-legend" },
      h("span", { class: "ex-elbo-key", "data-term": "error" }, word("elbo.part.error")),
      h("span", { class: "ex-elbo-key", "data-term": "kl" }, word("elbo.part.kl"))),
    ...vae.bars.map((bar) => h("div", { class: "ex-elbo-bar" },
      h("div", { class: "ex-elbo-bar-head" },
        h("b", {}, bar.label), h("span", {}, word("elbo.part.elbo", { nats: bar.texts.elbo }))),
      h("div", {
        class: "ex-elbo-stack", role: "img",
        "aria-label": word("elbo.part.sentence", { whose: bar.label, ...bar.texts }),
      }, segment("error", bar.error, most), segment("kl", bar.kl, most)),
      h("div", { class: "ex-elbo-bar-foot", "aria-hidden": "true" },
        h("span", { "data-term": "error" }, bar.texts.error), h("span", { "data-term": "kl" }, `+ ${bar.texts.kl}`)))),
    h("p", { class: "ex-elbo-note" }, vae.constant),
  ];
}

const segment = (part, nats, most) => h("i", { "data-term": part, style: `width:${(100 * Math.max(0, nats)) / most}%` });

/** KL of the set as a bar, of the image as a tick; the image's posterior as a whisker over the prior's ± 2. */
function unitRow(unit, most, reach) {
  const share = (nats) => `${(100 * Math.max(0, nats)) / most}%`;
  const place = (value) => 50 + (50 * value) / reach;
  const [low, high] = [unit.mean - unit.sigma, unit.mean + unit.sigma].map(place);
  const told = { name: unit.name, kl: written(unit.kl), set: unit.set_kl === null ? "–" : written(unit.set_kl),
    mean: written(unit.mean), sigma: written(unit.sigma, 3) };
  return h("li", { "aria-label": word("elbo.unit.sentence", told), title: word("elbo.unit.sentence", told) },
    h("span", { class: "ex-elbo-unit-name" }, unit.name),
    h("span", { class: "ex-elbo-unit-kl" },
      h("i", { class: "ex-elbo-of-set", style: `width:${share(unit.set_kl ?? 0)}` }),
      h("i", { class: "ex-elbo-of-image", style: `left:${share(unit.kl)}` })),
    h("span", { class: "ex-elbo-unit-value" }, written(unit.set_kl ?? unit.kl)),
    h("span", { class: "ex-elbo-unit-posterior" },
      h("i", { class: "ex-elbo-prior", style: `left:${place(-PRIOR)}%;width:${place(PRIOR) - place(-PRIOR)}%` }),
      h("i", { class: "ex-elbo-sigma", style: `left:${low}%;width:max(2px, ${high - low}%)` }),
      h("i", { class: "ex-elbo-mean", style: `left:${place(unit.mean)}%` })));
}
