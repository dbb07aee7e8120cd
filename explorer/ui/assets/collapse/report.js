// What the reader brings, or one of the examples, and what it shows.

import { ask, latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill, save, styleSheet } from "../core/dom.js";
import { door } from "../core/door.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { remember, visitorHeader, watching } from "../core/visitor.js";
import { collapse } from "./answer.js";
import { pasted } from "./remedies.js";
import { Replay } from "./replay.js";

const RUN = "run"; // of the images on screen
const EXAMPLES = ["gradient", "record", "codebook", "indices"];
const CHARTS = ["plane", "usage", "lengths"];
const FILES = { html: "text/html", md: "text/markdown", json: "application/json" };
const ENDINGS = ".npy,.npz,.safetensors,.zip,.pt,.pth,.ckpt";
const LINES = `import numpy as np  # indices: a list of integer tensors (B, ...), one for each batch
codes = np.concatenate([i.cpu().numpy().ravel() for i in indices])
np.savez_compressed("my_codes.npz", codebook=codebook.detach().float().cpu().numpy(), indices=codes)`;

const word = (key, params) => collapse.word(`collapse.${key}`, params);

export async function mount(element) {
  await styleSheet("collapse/collapse.css");
  const panel = new Report(element.querySelector("[data-part]"));
  store.subscribe((change) => change.scene && collapse.scene && panel.update());
  if (collapse.scene) panel.update();
}

class Report {
  constructor(root) {
    this.root = root;
    this.named = null; // the View's record, as it was followed last
    this.followed = null; // what was shown for it
    this.shown = null; // {example}, {record} or {files}
    this.asked = "";
    this.sending = null;
    this.questions = { example: latest("collapse_example"), record: latest("collapse_record") };
    this.head = h("div");
    this.tools = h("div", { class: "ex-col-bring" });
    this.message = h("p", { class: "ex-chart-message", role: "status" });
    this.stop = h("button", { type: "button", class: "ex-col-button", hidden: true, onclick: () => this.sending?.abort() });
    this.body = h("div", { class: "ex-col-reported" });
    this.verdict = h("div", { class: "ex-col-head" });
    this.said = h("div");
    this.figures = CHARTS.map((name) => {
      const place = h("div");
      const title = h("h3");
      return { name, title, element: h("div", { class: `ex-col-chart-${name}` }, title, place), chart: new Chart(place, { name: `collapse-${name}` }) };
    });
    this.paste = h("details", { class: "ex-col-paste" });
    this.causes = h("div", { class: "ex-col-causes" });
    this.replay = new Replay();
    this.body.append(this.verdict, this.causes, this.replay.element, this.said, ...this.figures.map(({ element }) => element));
    root.replaceChildren(this.head, this.tools, this.paste, h("div", { class: "ex-col-progress" }, this.message, this.stop), this.body);
    root.explorer = this; // for the tests
    for (const type of ["dragover", "drop"]) root.addEventListener(type, (event) => this.onDrag(event));
  }

  update() {
    const { lang } = store.view;
    refill(this.head, [lang], () => [h("h2", {}, word("title")), h("p", { class: "ex-col-note" }, word("lead", { limit: collapse.scene.upload }))]);
    const { records, own, run } = collapse.scene;
    refill(this.tools, [lang, records, own, run], () => this.controls());
    refill(this.paste, [lang], () => [h("summary", {}, word("paste")), ...pasted(LINES, "", "save_codebook.py")]);
    this.stop.textContent = word("stop");
    for (const { name, title, chart } of this.figures) {
      title.textContent = word(`chart.${name}`);
      chart.plot.setAttribute("aria-label", title.textContent);
    }
    this.follow();
    if (!this.shown.files) this.ready(this.shown);
    else if (this.lang !== lang) this.send(this.shown.files); // the sentences are the server's
  }

  /** The record that the View names: of a link, of another part of the page, or the browser's way back. */
  follow() {
    const { record } = store.view;
    const named = record !== this.named && (record || this.shown === this.followed);
    const moved = this.shown === this.followed && JSON.stringify(this.shown) !== JSON.stringify(this.first); // to other images
    this.named = record;
    if (!this.shown || named || moved) this.shown = this.followed = this.first;
  }

  /** What a link names, a record of the server's, or the first example: of the images on screen where there is one. */
  get first() {
    const { records } = collapse.scene;
    if (store.view.record) return store.view.record === "example" ? { example: "record" } : { record: store.view.record };
    return records.length ? { record: records[0] } : this.example(this.examples[0]);
  }

  get examples() {
    return collapse.scene.run ? [RUN, ...EXAMPLES] : EXAMPLES;
  }

  example(name) {
    return name === RUN ? { example: RUN, data: store.view.data } : { example: name };
  }

  controls() {
    this.input = h("input", { type: "file", multiple: true, accept: ENDINGS, class: "ex-col-file", id: "ex-col-file", onchange: () => this.send([...this.input.files]) });
    const field = (name, key, type) => h("span", {},
      h("label", {}, `${word(key)} `, h("input", { type, "data-field": name, autocomplete: "off", size: 8 })), tip(word(key), word(`${key}.tip`)));
    this.again = h("button", { type: "button", class: "ex-col-button", disabled: !this.shown?.files, onclick: () => this.send(this.shown.files) }, word("again"));
    return [
      h("div", { class: "ex-col-row" }, this.input, h("label", { for: "ex-col-file", class: "ex-col-button ex-col-main" }, word("choose")), h("span", { class: "ex-col-note" }, word("drop"))),
      h("div", { class: "ex-col-row" }, h("span", { class: "ex-col-note" }, word("examples")),
        ...this.examples.map((name) => h("button", { type: "button", class: "ex-col-button", "data-example": name, onclick: () => this.ready(this.example(name)) },
          name === RUN ? collapse.scene.run : word(`example.${name}`)))),
      ...["records", "own"].filter((whose) => collapse.scene[whose].length).map((whose) => h("div", { class: "ex-col-row" }, h("span", { class: "ex-col-note" }, word(whose)),
        ...collapse.scene[whose].map((name) => h("button", { type: "button", class: "ex-col-button", "data-record": name, onclick: () => this.choose(name) }, name)))),
      h("details", { class: "ex-col-more" }, h("summary", {}, word("more")), h("div", { class: "ex-col-row" },
        field("num_embeddings", "k", "number"), field("ignore", "ignore", "number"), field("levels", "levels", "number"), field("key", "key", "text"), field("cosine", "cosine", "checkbox"), this.again)),
    ];
  }

  /** A record by name, which the link has from then on. */
  choose(record) {
    store.commit({ record });
    return this.ready({ record });
  }

  /** What is there without a file of the reader's: {example} or {record}. */
  async ready(what) {
    this.shown = what;
    this.again.disabled = true;
    const signature = JSON.stringify([what, store.view.lang]);
    if (signature === this.asked) return;
    this.asked = signature;
    try {
      const answer = await this.questions[Object.keys(what)[0]](what);
      if (answer) this.show(answer.file, answer);
    } catch (error) {
      this.asked = "";
      this.fail(error.message);
    }
  }

  onDrag(event) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") this.send([...event.dataTransfer.files]);
  }

  /** The files' bytes one after the other; names, sizes and settings go in the address. */
  async send(files, keep = 0) {
    if (!files?.length) return;
    if (door.closed()) {
      this.fail(door.closed());
      return;
    }
    this.shown = { files };
    this.asked = "";
    this.again.disabled = false;
    this.lang = store.view.lang;
    this.sending?.abort();
    const mine = (this.sending = new AbortController());
    const name = files.map((file) => file.name).join(", ");
    this.message.textContent = word("busy", { name });
    this.stop.hidden = false;
    const asked = { lang: store.view.lang, files: files.map((file) => [file.name, file.size]), ...this.settings(), ...(keep ? { keep } : {}) };
    const address = new URL(`explorer/report?${new URLSearchParams({ asked: JSON.stringify(asked) })}`, document.baseURI);
    const body = fits(files, collapse.scene.upload) ? new Blob(files) : null; // what is too large is refused by its announced size
    try {
      const response = await fetch(address, { method: "POST", body, signal: mine.signal, headers: visitorHeader(keep ? store.view.mine : "") });
      const answer = await response.json();
      if (mine.signal.aborted) return;
      if (answer.ok && answer.kept) this.kept(answer);
      else if (answer.ok) this.show(name, answer);
      else this.fail(answer.error);
    } catch (error) {
      if (this.sending === mine) this.fail(error.name === "AbortError" ? "" : store.t("client.offline"));
    } finally {
      if (this.sending === mine) {
        this.sending = null;
        this.stop.hidden = true;
      }
      this.input.value = ""; // the same file may be chosen again
    }
  }

  /** A record that is the visitor's own now: shown from here on as one that the server has. */
  kept({ mine, kept }) {
    remember(mine);
    store.commit({ mine, record: kept });
    store.view.mine = mine;
    this.ready({ record: kept });
  }

  async forget(record) {
    try {
      await ask("train_delete_record", { record });
      this.shown = this.example(this.examples[0]);
      store.commit({ record: "" });
    } catch (error) {
      this.fail(error.message);
    }
  }

  settings() {
    const value = (input) => (input.type === "checkbox" ? Number(input.checked) : input.type === "number" && input.value ? Number(input.value) : input.value.trim());
    const given = [...this.tools.querySelectorAll("[data-field]")].map((input) => [input.dataset.field, value(input)]);
    return Object.fromEntries(given.filter(([name, said]) => said !== "" && !(name === "cosine" && !said)));
  }

  /** What was there is kept, and looks old. */
  fail(sentence) {
    this.message.textContent = sentence;
    this.body.classList.toggle("ex-col-old", Boolean(sentence));
  }

  show(name, answer) {
    this.fail("");
    for (const button of this.tools.querySelectorAll("[data-example], [data-record]")) {
      const { example, record } = button.dataset;
      button.setAttribute("aria-pressed", String(example ? example === this.shown.example : record === this.shown.record));
    }
    this.draw(name, answer, answer.shown);
    this.root.dataset.report = name;
  }

  /** The only codebook, or one of several, with what was remarked on all of them. */
  draw(name, answer, level) {
    collapse.show(name, answer, level);
    const { sources, warns, remarks = [], codebooks, cannot_tell: cannot } = answer;
    const { verdict, numbers, shows, tries, charts } = collapse.book;
    refill(this.verdict, [name, sources, level, verdict, numbers, warns, this.shown, collapse.scene.own, store.view.lang], () => [
      h("h3", {}, word("of", { name })),
      h("p", { class: "ex-col-note" }, sources.join(" · ")),
      ...warns.map((sentence) => h("p", { class: "ex-col-warn", role: "alert" }, sentence)),
      ...remarks.map((sentence) => h("p", { class: "ex-col-note" }, sentence)),
      ...(codebooks.length ? [h("div", { class: "ex-col-choice" }, ...codebooks.map((book, n) => h("button", {
        type: "button", "data-level": n, "data-verdict": book.verdict[0], "aria-pressed": String(n === level), onclick: () => this.draw(name, answer, n),
      }, `${book.title} · ${book.verdict[1]}`)))] : []),
      h("p", { class: "ex-col-verdict", "data-verdict": verdict[0] }, h("b", {}, verdict[1]), h("span", {}, verdict[2])),
      h("dl", { class: "ex-col-numbers" }, ...numbers.map(([label, value, about]) => h("div", {}, labelled(label, about), h("dd", {}, value)))),
      this.keep(name, answer.files),
      this.ofRecord(),
    ].filter(Boolean));
    this.replay.offer(collapse.isRecord && !codebooks.length && !this.shown.files ? this.shown : null);
    this.why(`${name} ${level}`, collapse.book.findings ?? [], verdict[0], collapse.isRecord);
    refill(this.said, [name, level, shows, tries, cannot], () => [
      ...(shows.length ? list("shows", shows) : []),
      ...(tries.length ? list("first", tries.map(([remedy, title, sentence]) => [jump(remedy, title), store.colon, sentence])) : []),
      ...list("cannot", cannot),
    ]);
    for (const { name: chart, element, chart: drawn } of this.figures) {
      element.hidden = !charts[chart];
      if (charts[chart]) drawn.show({ ...charts[chart], layout: { ...charts[chart].layout, uirevision: `${name} ${level}` } });
    }
  }

  /** What can be done with a record: keep it, see its film, delete it. */
  ofRecord() {
    if (!collapse.isRecord) return null;
    const { files, record, example } = this.shown;
    const name = record ?? (example ? "example" : "");
    const button = (key, onclick) => h("button", { type: "button", class: "ex-col-button", "data-do": key, onclick }, word(key));
    return h("div", { class: "ex-col-row" },
      files && !watching() ? button("keep", () => this.send(files, 1)) : null, files ? tip(word("keep"), word("keep.tip")) : null,
      name ? button("film", () => store.commit({ record: name, tab: "codebook", step: null, code: null })) : null,
      collapse.scene.own.includes(record) && !watching() ? button("delete", ({ currentTarget: pressed }) => this.sure(pressed, record)) : null);
  }

  /** Nothing brings a deleted record back: it is asked for twice. */
  sure(pressed, record) {
    if (pressed.dataset.sure) this.forget(record);
    pressed.dataset.sure = "true";
    pressed.textContent = word("delete.sure");
  }

  /** Causes, the surest first, each with its figure and what to change. */
  why(name, findings, verdict, isRecord) {
    this.causes.hidden = !isRecord;
    if (!isRecord) return;
    const places = findings.map(() => h("div"));
    const none = word(verdict === "collapse" || verdict === "warning" ? "causes.none" : "causes.healthy");
    this.causes.replaceChildren(h("h3", {}, word("causes")), ...(findings.length ? findings.map((found, n) => h("article", { "data-cause": found.cause },
      h("p", {}, h("b", { class: "ex-col-sure" }, found.confidence), " ", found.says),
      h("p", { class: "ex-col-do" }, h("b", {}, word("causes.do")), " ", found.try),
      found.recipe.length ? h("p", { class: "ex-col-note ex-col-recipe" }, found.recipe[0], " ", h("code", {}, found.recipe[1])) : null, places[n])) : [h("p", {}, none)]));
    findings.forEach(({ figure, cause, says }, n) => {
      if (!figure) return;
      const chart = new Chart(places[n], { name: `collapse-${cause}`, label: says });
      chart.show({ ...figure, layout: { ...figure.layout, uirevision: name } }, says);
    });
  }

  /** The report as a file. */
  keep(name, files) {
    const stem = name.replace(/[^\w.-]+/g, "-").slice(0, 60) || "codebook";
    const ending = (kind) => h("button", {
      type: "button", class: "ex-col-button", "data-save": kind,
      onclick: () => save(`${stem}-report.${kind}`, new Blob([files[kind]], { type: `${FILES[kind]};charset=utf-8` })),
    }, kind.toUpperCase());
    return h("div", { class: "ex-col-row" }, h("span", { class: "ex-col-note" }, word("save")), ...Object.keys(FILES).map(ending), tip(word("save"), word("save.tip")));
  }
}

const fits = (files, megabytes) => files.reduce((sum, file) => sum + file.size, 0) <= megabytes * 1e6;
const labelled = (label, about) => h("dt", {}, label, about ? tip(label, about) : null);
const list = (title, sentences) => [h("h3", {}, word(title)), h("ul", {}, ...sentences.map((sentence) => h("li", {}, ...[sentence].flat())))];

/** A cure's name, which leads to its row in the part "Remedies", or to the table where it has none of its own. */
function jump(remedy, name) {
  const row = () => document.querySelector(`.ex-col-remedies [data-remedy="${remedy}"]`) ?? document.querySelector("#ex-col-remedies h2");
  return h("button", {
    type: "button", class: "ex-col-jump", "aria-label": word("first.jump", { name }),
    onclick: () => row()?.scrollIntoView({ block: "center" }),
  }, name);
}
