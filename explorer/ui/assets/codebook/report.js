// Bring your own collapse: files of the reader's, or one of the examples, and what they show.

import { latest } from "../core/ask.js";
import { Chart } from "../chart/chart.js";
import { h, refill, save, styleSheet } from "../core/dom.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { twins } from "./twins.js";

const EXAMPLES = ["gradient", "codebook", "indices"];
const CHARTS = ["plane", "usage", "lengths"];
const ENDINGS = ".npy,.npz,.safetensors,.pt,.pth,.ckpt";
const LINES = `import numpy as np  # indices: a list of integer tensors (B, ...), one for each batch
codes = np.concatenate([i.cpu().numpy().ravel() for i in indices])
np.savez_compressed("my_codes.npz", codebook=codebook.detach().float().cpu().numpy(), indices=codes)`;

export async function mount(element) {
  await Promise.all([styleSheet("codebook/codebook.css"), styleSheet("codebook/report.css")]);
  const panel = new Report(element.querySelector(".ex-cb-report"));
  store.subscribe((change) => change.scene && twins.scene && panel.update());
  if (twins.scene) panel.update();
}

class Report {
  constructor(root) {
    this.root = root;
    this.shown = { example: EXAMPLES[0] }; // or {files}
    this.asked = "";
    this.sending = null;
    this.question = latest("collapse_example");
    this.head = h("div", {});
    this.tools = h("div", { class: "ex-cb-bring" });
    this.message = h("p", { class: "ex-chart-message", role: "status" });
    this.stop = h("button", { type: "button", hidden: true, onclick: () => this.sending?.abort() });
    this.body = h("div", { class: "ex-cb-reported" });
    this.said = h("div", {});
    this.figures = CHARTS.map((name) => {
      const place = h("div");
      const title = h("h3");
      return { name, title, element: h("div", { class: `ex-cb-chart-${name}` }, title, place), chart: new Chart(place, { name: `collapse-${name}` }) };
    });
    this.paste = h("div", { class: "ex-cb-paste" });
    this.body.append(this.said, ...this.figures.map(({ element }) => element));
    root.replaceChildren(this.head, this.tools, h("div", { class: "ex-cb-progress" }, this.message, this.stop), this.body, this.paste);
    root.explorer = this; // for the tests
    for (const type of ["dragover", "drop"]) root.addEventListener(type, (event) => this.onDrag(event));
  }

  update() {
    const { lang } = store.view;
    const word = (key, params) => twins.word(`codebook.report.${key}`, params);
    refill(this.head, [lang], () => [h("h2", {}, word("title")), h("p", { class: "ex-cb-note" }, word("lead", { limit: twins.scene.upload }))]);
    refill(this.tools, [lang], () => this.controls(word));
    refill(this.paste, [lang], () => pasted(word));
    this.stop.textContent = word("stop");
    for (const { name, title, chart } of this.figures) {
      title.textContent = word(`chart.${name}`);
      chart.plot.setAttribute("aria-label", title.textContent);
    }
    if (this.shown.example) this.example(this.shown.example);
    else if (this.lang !== lang) this.send(this.shown.files); // the sentences are the server's
  }

  controls(word) {
    this.input = h("input", { type: "file", multiple: true, accept: ENDINGS, class: "ex-cb-file", id: "ex-cb-file", onchange: () => this.send([...this.input.files]) });
    const field = (name, key, type) => h("span", {},
      h("label", {}, `${word(key)} `, h("input", { type, "data-field": name, autocomplete: "off", size: 8 })), tip(word(key), word(`${key}.tip`)));
    this.again = h("button", { type: "button", disabled: !this.shown.files, onclick: () => this.send(this.shown.files) }, word("again"));
    return [
      h("div", { class: "ex-cb-choose" }, this.input, h("label", { for: "ex-cb-file", class: "ex-cb-button" }, word("choose")), h("span", { class: "ex-cb-note" }, word("drop"))),
      h("div", { class: "ex-cb-fields" }, field("num_embeddings", "k", "number"), field("ignore", "ignore", "number"), field("levels", "levels", "number"), field("key", "key", "text"), field("cosine", "cosine", "checkbox"), this.again),
      h("div", { class: "ex-cb-suggest" }, h("span", { class: "ex-cb-note" }, word("examples")),
        ...EXAMPLES.map((name) => h("button", { type: "button", "data-example": name, onclick: () => this.example(name) }, word(`example.${name}`)))),
    ];
  }

  async example(name) {
    this.shown = { example: name };
    this.again.disabled = true;
    const signature = JSON.stringify([name, store.view.lang]);
    if (signature === this.asked) return;
    this.asked = signature;
    try {
      const answer = await this.question({ example: name });
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
  async send(files) {
    if (!files?.length) return;
    this.shown = { files };
    this.asked = "";
    this.again.disabled = false;
    this.lang = store.view.lang;
    this.sending?.abort();
    const mine = (this.sending = new AbortController());
    const name = files.map((file) => file.name).join(", ");
    this.message.textContent = twins.word("codebook.report.busy", { name });
    this.stop.hidden = false;
    const asked = { lang: store.view.lang, files: files.map((file) => [file.name, file.size]), ...this.settings() };
    const address = new URL(`explorer/report?${new URLSearchParams({ asked: JSON.stringify(asked) })}`, document.baseURI);
    const body = fits(files, twins.scene.upload) ? new Blob(files) : null; // what is too large is refused by its announced size
    try {
      const response = await fetch(address, { method: "POST", body, signal: mine.signal });
      const answer = await response.json();
      if (mine.signal.aborted) return;
      if (answer.ok) this.show(name, answer);
      else this.fail(answer.error);
    } catch (error) {
      if (this.sending === mine) this.fail(error.name === "AbortError" ? "" : store.t("live.offline"));
    } finally {
      if (this.sending === mine) {
        this.sending = null;
        this.stop.hidden = true;
      }
      this.input.value = ""; // the same file may be chosen again
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
    this.body.classList.toggle("ex-cb-old", Boolean(sentence));
  }

  show(name, answer) {
    this.fail("");
    for (const button of this.tools.querySelectorAll("[data-example]")) {
      button.setAttribute("aria-pressed", String(button.dataset.example === this.shown.example));
    }
    this.draw(name, answer, answer.shown);
    this.root.dataset.report = name;
  }

  /** The only codebook, or one of several, with what was remarked on all of them. */
  draw(name, answer, level) {
    const word = (key, params) => twins.word(`codebook.report.${key}`, params);
    const { sources, warns, remarks = [], codebooks, cannot_tell: cannot } = answer;
    const { verdict, numbers, shows, tries, charts } = codebooks[level] ?? answer;
    const list = (title, sentences) => [h("h3", {}, word(title)), h("ul", {}, ...sentences.map((sentence) => h("li", {}, ...[sentence].flat())))];
    const labelled = (label, about) => h("dt", {}, label, about ? tip(label, about) : null);
    refill(this.said, [name, sources, level, verdict, numbers, warns, shows, tries, cannot], () => [
      h("h3", {}, word("of", { name })),
      h("p", { class: "ex-cb-note" }, sources.join(" · ")),
      ...warns.map((sentence) => h("p", { class: "ex-cb-warn", role: "alert" }, sentence)),
      ...remarks.map((sentence) => h("p", { class: "ex-cb-note" }, sentence)),
      ...(codebooks.length ? [h("div", { class: "ex-cb-levels" }, ...codebooks.map((book, n) => h("button", {
        type: "button", "data-level": n, "data-verdict": book.verdict[0], "aria-pressed": String(n === level), onclick: () => this.draw(name, answer, n),
      }, `${book.title} · ${book.verdict[1]}`)))] : []),
      h("dl", { class: "ex-cb-numbers" },
        h("div", { "data-verdict": verdict[0] }, labelled(word("verdict"), verdict[2]), h("dd", {}, verdict[1])), ...numbers.map(([label, value, about]) => h("div", {}, labelled(label, about), h("dd", {}, value)))),
      ...(shows.length ? list("shows", shows) : []),
      ...(tries.length ? list("try", tries.map(([remedy, title, sentence]) => [jump(word, remedy, title), store.view.lang === "zh" ? "：" : ": ", sentence])) : []),
      ...list("cannot", cannot),
    ]);
    for (const { name: chart, element, chart: drawn } of this.figures) {
      element.hidden = !charts[chart];
      if (charts[chart]) drawn.show({ ...charts[chart], layout: { ...charts[chart].layout, uirevision: `${name} ${level}` } });
    }
  }
}

const fits = (files, megabytes) => files.reduce((sum, file) => sum + file.size, 0) <= megabytes * 1e6;

/** A cure's name, which leads to its row in the part "Remedies", or to the table where it has none of its own. */
function jump(word, remedy, name) {
  const row = () => document.querySelector(`.ex-cb-remedies [data-remedy="${remedy}"]`) ?? document.querySelector(".ex-cb-remedies h3");
  return h("button", {
    type: "button", class: "ex-cb-jump", "aria-label": word("try.jump", { name }),
    onclick: () => row()?.scrollIntoView({ block: "center" }),
  }, name);
}

function pasted(word) {
  const code = h("code", {}, LINES);
  const copy = h("button", {
    type: "button",
    onclick: async () => {
      await navigator.clipboard?.writeText(LINES).catch(() => save("save_codebook.py", new Blob([LINES])));
      copy.textContent = word("copied");
    },
  }, word("copy"));
  return [h("p", { class: "ex-cb-note" }, word("paste")), h("div", { class: "ex-cb-code" }, h("pre", { tabindex: 0 }, code), copy)];
}
