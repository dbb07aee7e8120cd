// The form: presets, then every setting of one run or two. Python checks it while it is filled in.

import { latest } from "../core/ask.js";
import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { Own } from "./own.js";
import { button, joined, numberOf, word } from "./words.js";

const CHECK_MS = 150;

export class Setup {
  /** @param onStart called with the settings of one run or two, the preset, and "cpu" or "gpu"; a promise */
  constructor(onStart) {
    this.onStart = onStart;
    this.sides = null;
    this.check = latest("train_check");
    this.timer = 0;
    this.preset = ""; // as long as nothing of it was changed
    this.title = h("summary");
    this.presets = h("div", { class: "ex-train-presets", "data-part": "presets" });
    this.form = h("div", { class: "ex-train-form" });
    this.own = new Own((name) => this.pick(name ?? store.view.data));
    this.answer = h("p", { class: "ex-train-answer", role: "status" });
    this.where = h("div", { class: "ex-train-field ex-train-where" });
    this.go = button("", () => this.start(), { class: "ex-train-button ex-train-go", disabled: true });
    this.element = h("details", { class: "ex-train-panel ex-train-setup", "data-part": "setup", open: true },
      this.title, this.presets, this.form, this.own.element, this.where, h("div", { class: "ex-train-row" }, this.go, this.answer));
    this.element.explorer = this;
  }

  get scene() {
    return store.scene.train;
  }

  update() {
    const { presets } = this.scene;
    if (!this.sides) this.choose(presets[0].id, presets[0].configs);
    if (this.data !== store.view.data) {
      this.data = store.view.data;
      for (const side of this.sides) side.data = this.data;
    }
    this.title.textContent = word("train.setup");
    this.go.textContent = word("train.start");
    refill(this.presets, [presets, this.preset], () => presets.map(({ id, name, promise, configs }) =>
      h("button", { type: "button", class: "ex-train-preset", "data-preset": id, "aria-pressed": String(id === this.preset), onclick: () => this.choose(id, configs) },
        h("b", {}, name), h("span", {}, promise))));
    this.own.update(this.scene);
    this.drawWhere(this.scene.lent);
    this.draw();
  }

  /** Where a GPU is lent, what trains is a choice; the CPU unless another is made. */
  drawWhere(steps) {
    this.where.hidden = !steps;
    refill(this.where, [steps, store.view.lang], () => {
      const chosen = this.trainer?.value;
      const options = ["cpu", "gpu"].map((value) => h("option", { value, selected: value === chosen }, word(`train.where.${value}`, { steps })));
      this.trainer = h("select", { id: "ex-train-trained-by" }, ...options);
      return [h("label", { for: this.trainer.id }, word("train.where")), this.trainer];
    });
  }

  /** Trains on another image set. */
  pick(data) {
    for (const side of this.sides) side.data = data;
    this.draw();
  }

  /** While something trains the form folds away, once. */
  calm(busy) {
    if (busy && !this.wasBusy) this.element.open = false;
    this.wasBusy = busy;
  }

  choose(id, configs) {
    this.preset = id;
    this.take(configs);
    this.update();
  }

  take(configs) {
    this.pair = configs.length === 2;
    const { plain } = this.scene;
    const data = this.sides?.[0].data ?? store.view.data; // a preset says nothing of images
    this.sides = [0, 1].map((k) => ({ ...plain, data, ...(configs[k] ?? configs[0]) }));
    this.batch = this.sides[0].batch_size;
  }

  // --- the form

  /** A batch cannot be larger than its set: for a small one it falls by itself, and comes back with a larger one. */
  fit() {
    const images = this.scene.images[this.sides[0].data] ?? Infinity;
    const batch = this.batch > images ? 2 ** Math.floor(Math.log2(images)) : this.batch;
    for (const side of this.sides) side.batch_size = batch;
    this.fell = batch === this.batch ? "" : word("train.batch.fell", { batch, images });
  }

  draw() {
    this.fit();
    const shown = [this.pair, this.scene.settings, this.sides];
    refill(this.form, shown, () => [
      h("div", { class: "ex-train-fields" },
        ...this.of("shared").map((setting) => this.field(setting, null)),
        h("label", { class: "ex-train-check" },
          h("input", { type: "checkbox", checked: this.pair, onchange: (event) => this.pairUp(event.target.checked) }), word("train.pair"))),
      h("div", { class: "ex-train-columns" }, ...(this.pair ? [0, 1] : [0]).map((side) => this.column(side))),
    ]);
    this.ask();
  }

  of(group) {
    return this.scene.settings.filter((setting) => setting.group === group);
  }

  /** What means something for a side as it is set now. */
  fields(side) {
    return this.scene.settings.filter(({ name, group, kinds }) => {
      if (group === "shared" || !kinds.includes(side.model)) return false;
      if (name === "ema_start") return side.codebook_update === "ema";
      return name !== "decay" || side.codebook_update !== "gradient";
    });
  }

  column(side) {
    const fields = this.fields(this.sides[side]);
    const name = this.pair ? word(side ? "train.right" : "train.left") : word("train.only");
    const [more, plain] = [fields.filter(({ group }) => group === "more"), fields.filter(({ group }) => group !== "more")];
    return h("fieldset", { class: "ex-train-column", "data-kind": this.sides[side].model },
      h("legend", {}, name),
      h("div", { class: "ex-train-fields" }, ...plain.map((setting) => this.field(setting, side))),
      h("details", { open: this.more, ontoggle: (event) => (this.more = event.target.open) },
        h("summary", {}, word("train.more")),
        h("div", { class: "ex-train-fields" }, ...more.map((setting) => this.field(setting, side)))));
  }

  field({ name, label, tip: sentence, choices, low, high, whole }, side) {
    const id = `ex-train-${name}-${side ?? "both"}`;
    const value = this.sides[side ?? 0][name];
    const onchange = (event) => this.set(name, side, choices.length ? event.target.value : numberOf(event.target.value));
    const input = choices.length
      ? h("select", { id, onchange }, ...choices.map((choice) => h("option", { value: choice.id, selected: choice.id === value }, choice.label)))
      : h("input", { id, type: "number", value, min: low, max: high, step: whole ? 1 : "any", inputmode: whole ? "numeric" : "decimal", onchange });
    return h("div", { class: "ex-train-field" }, h("label", { for: id }, label, tip(label, sentence)), input);
  }

  /** The plan of a preset belongs to its settings: with others it is not followed. */
  changed() {
    this.preset = "";
    for (const each of this.presets.children) each.setAttribute("aria-pressed", "false");
  }

  set(name, side, value) {
    if (name !== "data" && name !== "seed") this.changed();
    for (const each of side === null ? this.sides : [this.sides[side]]) each[name] = value;
    if (name === "batch_size") this.batch = value;
    const id = document.activeElement?.id;
    this.draw();
    if (id) document.getElementById(id)?.focus();
  }

  pairUp(pair) {
    this.changed();
    this.pair = pair;
    this.draw();
  }

  /** The settings as they are sent: what means nothing for a model is left out. */
  configs() {
    const shared = this.of("shared").map(({ name }) => name);
    return (this.pair ? this.sides : this.sides.slice(0, 1)).map((side) => {
      const names = [...shared, ...this.fields(side).map(({ name }) => name)];
      return Object.fromEntries(names.map((name) => [name, side[name]]));
    });
  }

  // --- Python's word

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        const answer = await this.check({ configs: this.configs() });
        if (answer) this.say(joined(word("train.ready", { names: answer.names.join(", ") }), word("train.measured"), this.fell, ...answer.remarks), false);
      } catch (error) {
        this.say(error.message, true);
      }
    }, CHECK_MS);
  }

  say(sentence, refused) {
    this.answer.textContent = sentence;
    this.answer.classList.toggle("ex-train-refused", refused);
    this.go.disabled = refused;
  }

  async start() {
    this.go.disabled = true;
    try {
      await this.onStart(this.configs(), this.preset, this.scene.lent ? this.trainer.value : "cpu");
      this.go.disabled = false;
    } catch (error) {
      this.say(error.message, true);
    }
  }
}
