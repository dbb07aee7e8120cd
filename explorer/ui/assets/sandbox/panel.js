// The whole sandbox, in the tab Codebook: everything can be chosen, and the link says what was.

import { h, refill, styleSheet } from "../core/dom.js";
import { inSight } from "../core/when_seen.js";
import { store } from "../core/store.js";
import { loadCloud, words } from "./cloud.js";
import { Actions, Settings } from "./controls.js";
import { Curves } from "./curves.js";
import { Engine } from "./engine.js";
import { written } from "./settings.js";
import { SandboxSide } from "./side.js";
import { SIDES } from "./world.js";

export async function mount(element) {
  await styleSheet("sandbox/sandbox.css");
  const root = element.querySelector(".ex-sb");
  inSight(root, () => new SandboxPanel(root), 600);
}

class SandboxPanel {
  constructor(root) {
    this.root = root;
    this.engine = new Engine();
    this.engine.visible = () => root.offsetParent !== null && onScreen(root);
    this.head = h("div", { class: "ex-sb-lead" });
    this.message = h("p", { class: "ex-chart-message", role: "status" });
    this.step = h("p", { class: "ex-sb-step" });
    this.settings = new Settings(this.engine, words, (patch, fresh) => this.change(patch, fresh));
    this.actions = new Actions(this.engine, words);
    this.sides = SIDES.map((side) => new SandboxSide(this.engine, side, words, (how) => this.change({ [side]: how }, true)));
    this.curves = new Curves(this.engine, words);
    this.body = h("div", { class: "ex-sb-body", hidden: true }, this.settings.element, this.actions.element,
      h("div", { class: "ex-sb-sides" }, ...this.sides.map(({ element }) => element)), this.step, this.curves.element);
    root.replaceChildren(this.head, this.message, this.body);
    root.explorer = this; // for the tests and the benchmark
    this.engine.subscribe((change) => this.follow(change));
    store.subscribe((change) => this.update(change));
    this.update({ scene: true });
  }

  get scene() {
    return store.scene?.sandbox;
  }

  update(change) {
    if (!this.scene) this.engine.play(false);
    else if (change.theme && this.engine.world) this.redraw();
    else if (change.scene) this.show();
  }

  async show() {
    const { scene } = this;
    refill(this.head, [scene.title, scene.what, scene.films, scene.empty], () => [
      h("h2", {}, scene.title),
      ...[scene.what, ...scene.films].filter(Boolean).map((sentence) => h("p", {}, sentence)),
    ]);
    this.message.textContent = scene.empty || (this.engine.world ? "" : words("sandbox.loading"));
    this.body.hidden = Boolean(scene.empty) || !this.engine.world;
    if (scene.empty) return;
    const cloud = await loadCloud(scene).catch((error) => {
      this.message.textContent = words("sandbox.failed");
      console.warn(error);
    });
    if (!cloud || this.scene !== scene) return;
    this.message.textContent = "";
    this.body.hidden = false;
    this.begin(scene, cloud);
  }

  /** A new cloud or other settings begin anew; what is only said in another language goes on. */
  begin({ points, settings }, cloud) {
    if (this.shown === points && written(this.engine.world.settings) === written(settings)) {
      this.engine.notify({ play: true, gauge: true });
      this.settings.fill();
      for (const side of this.sides) side.name_();
    } else if (this.shown === points) this.engine.restart(settings);
    else this.engine.load(cloud, settings);
    this.shown = points;
  }

  /** What the reader chose: at once here, and in the link. */
  change(patch, fresh) {
    const settings = { ...this.engine.world.settings, ...patch };
    if (fresh) this.engine.restart(settings);
    else this.engine.adjust(patch);
    store.commit({ sandbox: written(settings) });
  }

  follow(change) {
    if (change.gauge) this.curves.draw();
    if (change.step) this.step.textContent = words("sandbox.say.step", { step: this.engine.world.steps });
  }

  redraw() {
    for (const { plane } of this.sides) plane.resize(true);
    this.curves.draw();
  }
}

function onScreen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
